"""Dry runs of all commands: each that writes has one, which tells what would happen and changes nothing."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer

from labeler.cli.app import app_for
from labeler.files import sha256
from labeler.judgements import index, pseudonyms
from labeler.watching import inputs
from tests.conftest import Labeler
from tests.mail.factories import write_settings
from tests.paths import ROOT, SAMPLES
from tests.sources import invented
from tests.sources.replay import Replay
from tests.studio.annotating import choices, project_of, tasks_of

PRINTS = "it only prints"
KEEPS = "it prints, and keeps only what makes the next run faster"
WITHOUT = {
    "agreement": PRINTS,
    "annotators": PRINTS,
    "background build": "its output is new, or named again on purpose, and to learn is nearly all of its work",
    "completion": PRINTS,
    "curve": KEEPS,
    "demo": "it takes a new folder, and refuses any other",
    "doctor": PRINTS,
    "models compare": PRINTS,
    "models list": PRINTS,
    "models show": PRINTS,
    "plugins": PRINTS,
    "serve": "it answers until it is ended",
    "simulate": KEEPS,
    "status": PRINTS,
    "studio env": PRINTS,
    "studio start": "it starts a program",
    "studio status": PRINTS,
    "studio stop": "it ends a program",
    "suspects": PRINTS,
    "themes": PRINTS,
    "topics check": PRINTS,
    "topics show": PRINTS,
}
SERVER = ("push", "pull")  # which have tests of their own here, with a Label Studio server
LONG = ("evaluate", "forget", "train")  # which take a second or more
State = dict[str, tuple[int, int, str]]


class Example(NamedTuple):
    """A command as it is run in a trained workspace, and what its dry run says.

    ``OUT`` stands for a folder outside of the workspace, ``DIGEST`` for the sample digest.
    """

    words: str
    told: str
    prepare: Callable[[Path, Labeler], object] = lambda _, __: None


def watched(workspace: Path, labeler: Labeler) -> None:
    """A watch of a folder with a digest that is mailed to nobody; one of its outputs is a file of somebody's own."""
    (workspace / "inbox").mkdir()
    shutil.copy(SAMPLES / "digest.txt", workspace / "inbox")
    os.utime(workspace / "inbox/digest.txt", (1, 1))  # nobody waits for its end
    Path("day.csv").write_text("By hand.\n", encoding="utf-8")
    settings = '[[watch]]\nname = "daily"\ninputs = ["inbox/"]\noutputs = ["site/day.html", "day.csv"]\n'
    (workspace / "labeler.toml").write_text(settings)


def merged_topics(workspace: Path, labeler: Labeler) -> None:
    """A scheme in which one topic has gone into another."""
    path = workspace / "annotations/topics.toml"
    topics = path.read_text().split("[[topic]]")
    kept = [topic for topic in topics if 'id = "agents"' not in topic]
    path.write_text("[[topic]]".join(kept).replace('aliases = ["LLM"]', 'aliases = ["LLM", "agents"]'))


def table(workspace: Path, labeler: Labeler) -> None:
    """A judged table of one paper."""
    (workspace / "judged.csv").write_text("title,abstract,topics\nArms,Robots that grasp things at length.,robotics\n")


def other_in_use(workspace: Path, labeler: Labeler) -> None:
    """The model that comes with labeler is in use."""
    assert labeler("models", "use", "arxiv").code == 0


def many(workspace: Path, labeler: Labeler) -> None:
    """A folder of digests."""
    (workspace / "pile").mkdir()
    for name in ("one", "two"):
        shutil.copy(SAMPLES / "digest.txt", workspace / f"pile/{name}.txt")


EXAMPLES = {
    "init": Example("init OUT/new", "Would make a workspace in"),
    "topics add": Example("topics add Gardens", "1 topic would be added to"),
    "topics config": Example("topics config -o OUT/interface.xml", "Would write"),
    "topics migrate": Example("topics migrate", "would be carried over", merged_topics),
    "read": Example("read DIGEST -o OUT/papers.jsonl", "Would write"),
    "explain": Example("explain DIGEST --topic vision -o OUT/words.txt", "Would write"),
    "fetch": Example("fetch hf 2026-11-26 -o OUT/papers.jsonl", "3 papers"),
    "label": Example("label DIGEST -o OUT/page.html -o OUT/sheet.xlsx", "Visual understanding"),
    "label (to standard output)": Example("label DIGEST", "on standard output"),
    "label (many papers)": Example("label pile/ -o OUT/labels/", "Would label the papers of 2 files by mine@1", many),
    "label (one file of many)": Example("label pile/ -o OUT/all.parquet", "in 2 parts, and write", many),
    "export": Example("export DIGEST --count 5 -o OUT/tasks.json", "5 tasks of 24 papers"),
    "export (review)": Example("export --review ties -o OUT/ties.csv", "papers to settle (ties)"),
    "import": Example("import judged.csv --topics-column topics", "1 would be added", table),
    "train": Example("train --precision 0.7", "Would learn from 163 judged papers, and keep the model as mine@2."),
    "models use": Example("models use arxiv", "Commands would use arxiv@1."),
    "models remove": Example("models remove mine@1", "Would remove mine@1.", other_in_use),
    "models export": Example("models export OUT/model.joblib", "Would write"),
    "evaluate": Example("evaluate judged.csv --topics-column topics --report OUT/report.html", "Would write", table),
    "forget": Example("forget --annotator ada@example.org --yes", "Would train mine@2 from what is left, and remove"),
    "watch": Example("watch --once", "to be labelled by mine@1. Would make: site/day.html, day.csv", watched),
}


def commands() -> Iterator[tuple[str, Any]]:
    """All commands that do something, by their full names."""
    for name, command in typer.main.get_command(app_for(())).commands.items():  # type: ignore[attr-defined]
        inside = getattr(command, "commands", None)
        yield from ((f"{name} {one}", each) for one, each in inside.items()) if inside else [(name, command)]


def state_of(folder: Path) -> State:
    """All files and folders: their modes, when they were changed (a folder: by what came or went), and contents."""
    found = {}
    for path in [folder, *folder.rglob("*")]:
        status = path.lstat()
        content = sha256(path.read_bytes()) if path.is_file() else ""
        found[str(path.relative_to(folder))] = (status.st_mode, status.st_mtime_ns, content)
    return found


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "PAUSE", 0.0)


def test_each_command_has_a_dry_run_or_a_reason_to_have_none() -> None:
    having = {name for name, one in commands() if any("--dry-run" in each.opts for each in one.params)}
    assert having == {name.partition(" (")[0] for name in EXAMPLES} | {*SERVER, "mail"}
    assert {name for name, _ in commands()} - having == set(WITHOUT)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] if name in LONG else []) for name in EXAMPLES]
)
def test_a_dry_run_tells_what_would_happen_and_changes_nothing(
    name: str, trained: Path, out: Path, digest: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = EXAMPLES[name]
    example.prepare(trained, labeler)
    words = [word.replace("OUT", str(out)).replace("DIGEST", str(digest)) for word in example.words.split()]
    with Replay() as web:
        web.answers("/api/daily_papers", invented.hf(1, 2, 3))
        monkeypatch.setenv("LABELER_FETCH_HF_URL", web.url)
        before = state_of(trained), state_of(out)
        dry, for_programs = labeler(*words, "--dry-run"), labeler(*words, "--dry-run", "--json")
        assert (dry.code, for_programs.code) == (0, 0), dry.err + for_programs.err
        assert example.told in dry.out + dry.err
        assert (state_of(trained), state_of(out)) == before
        record = json.loads(for_programs.out)
        assert record["dry_run"] is True
        wet = labeler(*words)
    assert wet.code == 0, wet.err
    assert (state_of(trained), state_of(out)) != before
    for one in record.get("would_write", ()):
        if one["file"] is not None:
            size = Path(one["file"]).stat().st_size
            assert one["bytes"] == size or not one["file"].endswith((".jsonl", ".xml", ".csv"))


def test_a_dry_run_of_a_mail_writes_the_messages_and_notes_nothing(
    trained: Path, out: Path, digest: Path, labeler: Labeler
) -> None:
    write_settings(trained, None)
    before = state_of(trained)
    assert labeler("mail", digest, "--dry-run", out / "messages").code == 0
    assert len(list((out / "messages").iterdir())) == 2
    assert state_of(trained) == before


def test_a_dry_run_changes_nothing_on_a_server(studio: Any, trained: Path, digest: Path, labeler: Labeler) -> None:
    projects = [project.id for project in studio.projects.list()]
    before = state_of(trained)
    dry = labeler("push", digest, "--count", "3", "--dry-run")
    assert (dry.code, "3 papers of 24 would be sent" in dry.err) == (0, True), dry.err
    assert ([project.id for project in studio.projects.list()], state_of(trained)) == (projects, before)
    number = project_of(labeler("push", digest, "--count", "3").err)
    assert state_of(trained) != before
    task, *_ = tasks_of(studio, number).values()
    studio.annotations.create(id=task.id, result=[choices("llm")])
    before, tasks = state_of(trained), tasks_of(studio, number)
    for command in (["pull"], ["push", digest, "--count", "9"], ["topics", "migrate"]):
        dry = labeler(*command, "--dry-run")
        assert dry.code == 0, dry.err
        assert (state_of(trained), tasks_of(studio, number)) == (before, tasks)
    assert "1 would be added" in labeler("pull", "--dry-run").err
    assert labeler("pull").code == 0
    assert state_of(trained) != before


def test_a_watch_tells_what_it_would_train_send_and_mail(trained: Path, labeler: Labeler) -> None:
    watched(trained, labeler)
    table(trained, labeler)
    assert labeler("import", "judged.csv", "--topics-column", "topics").code == 0
    text = Path("labeler.toml").read_text()
    write_settings(trained, None)  # of a mail server that is not there
    Path("labeler.toml").write_text(
        f"{Path('labeler.toml').read_text()}\n{text}\nmail = true\ntrain = 1\npull = true\n"
    )
    before = state_of(trained)
    outcome = labeler("watch", "--dry-run", "--json")
    assert outcome.code == 0, outcome.err
    record = json.loads(outcome.out)["watches"][0]
    assert (record["papers"], record["model"]) == (24, "mine@1")
    assert record["notes"][0] == "would train mine with 1 newly judged paper"
    assert record["done"] == ["site/day.html", "day.csv", "2 messages"]
    Path("site").touch()
    assert labeler("watch", "--dry-run").code == 3
    Path("site").unlink()
    assert state_of(trained).keys() == before.keys()
    assert not Path(".labeler/watch").exists()


def test_nothing_is_kept_on_the_way(
    trained: Path, digest: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "_WORTH_KEEPING", 0)
    monkeypatch.setattr(index, "_RACY", -1.0)
    kept = {f".labeler/{name}" for name in (index.INDEX, pseudonyms.FILE)}
    before = state_of(trained)
    assert labeler("label", digest, "--pseudonyms", "--dry-run").code == 0
    assert state_of(trained) == before
    assert labeler("label", digest, "--pseudonyms").code == 0
    assert kept <= state_of(trained).keys()


def test_the_examples_of_the_page_run(trained: Path, digest: Path, labeler: Labeler) -> None:
    page = (ROOT / "docs/howto/shell.md").read_text(encoding="utf-8")
    lines = [line for line in page.splitlines() if line.startswith("labeler ") and "--dry-run" in line]
    assert len(lines) == 4
    watched(trained, labeler)
    shutil.copy(digest, "digest.txt")
    before = state_of(trained)
    for line in lines:
        outcome = labeler(*line.split()[1:])
        assert outcome.code == 0, outcome.err
        assert outcome.err
    assert state_of(trained) == before


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("label nowhere.txt -o OUT/page.html", 3),
        ("label DIGEST -o OUT/nowhere/page.html", 3),
        ("label DIGEST -o labeler.toml/page.html", 3),
        ("label DIGEST -o annotations/topics.toml", 2),
        ("label DIGEST --topic gardens -o OUT/page.html", 4),
        ("label DIGEST -o OUT/page.nonsense", 2),
        ("label annotations/*.toml -o OUT/labels/", 3),
        ("label DIGEST -o annotations/", 6),
        ("export DIGEST --strategy mix -o OUT/tasks.json", 2),
        ("train --hold-out 0.9", 2),
        ("train --unread nowhere.txt", 3),
        ("train --table nowhere.csv --topics-column topics", 3),
        ("models use nobody", 4),
        ("models remove mine@1", 6),
        ("models export OUT", 3),
        ("forget --annotator nobody", 4),
        ("init labeler.toml", 3),
        ("watch", 4),
        ("read DIGEST -o OUT/nowhere/papers.jsonl", 3),
    ],
)
def test_a_dry_run_refuses_what_the_run_refuses_in_the_same_words(
    words: str, code: int, trained: Path, out: Path, digest: Path, labeler: Labeler
) -> None:
    arguments = [word.replace("OUT", str(out)).replace("DIGEST", str(digest)) for word in words.split()]
    before = state_of(trained), state_of(out)
    dry = labeler(*arguments, "--dry-run")
    assert (state_of(trained), state_of(out)) == before
    wet = labeler(*arguments, *(["--once"] if arguments[0] == "watch" else []))
    assert (dry.code, wet.code) == (code, code), (dry.err, wet.err)
    assert dry.err.splitlines()[-1] == wet.err.splitlines()[-1]
