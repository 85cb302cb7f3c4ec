"""`labeler forget`: it asks, it does, and it says what is left elsewhere."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from labeler.flows.forget import Forgetting, Meant
from tests.conftest import Labeler
from tests.judgements.factories import judgement, written

BO = "bo@example.org"


class Terminal(io.StringIO):
    """Somebody at a terminal, who has typed something."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def judged(workspace: Path) -> Path:
    """A workspace without a model, in which ada and bo have judged a paper each."""
    rows = [judgement("llm"), judgement("vision", number=2, annotator=BO, title="Another made up paper about it")]
    written(workspace / "annotations/judgements.jsonl", rows)
    return workspace


def test_nothing_is_forgotten_that_nobody_has_confirmed(judged: Path, labeler: Labeler) -> None:
    before = (judged / "annotations/judgements.jsonl").read_bytes()
    outcome = labeler("forget", "--annotator", BO)
    assert (outcome.code, outcome.err) == (
        6,
        f"labeler: nothing was forgotten of {BO}: 1 judgement in the log; it cannot be undone: say --yes if that is "
        "meant\n",
    )
    assert (judged / "annotations/judgements.jsonl").read_bytes() == before
    assert not (judged / "annotations/forgotten.jsonl").exists()


@pytest.mark.parametrize(("answer", "code", "left"), [("n\n", 6, 2), ("\n", 6, 2), ("y\n", 0, 1)])
def test_a_person_at_a_terminal_is_asked(
    judged: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch, answer: str, code: int, left: int
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    assert labeler("forget", "--annotator", BO).code == code
    assert (judged / "annotations/judgements.jsonl").read_bytes().count(b"\n") == left


def test_it_says_what_was_done_and_what_is_left_elsewhere(judged: Path, labeler: Labeler) -> None:
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"]):
        subprocess.run([*git, *command], check=True)
    (judged / "mine.txt").write_text(f"ask {BO}")
    (judged / ".labeler").mkdir()
    pulled = {"server": "http://x", "project": 3, "made": "2026-03-01"}
    (judged / ".labeler/pull.json").write_text(json.dumps(pulled))
    outcome = labeler("forget", "--annotator", BO, "--yes")
    assert outcome.code == 0, outcome.err
    for said in (
        f"Forgotten: {BO}.",
        "  annotations/judgements.jsonl: 1 entry taken out",
        "These files of yours still hold it; edit or remove them:\n  mine.txt",
        "(Filters > Annotated by) and account there, at http://x/projects/3.",
        "git filter-repo --force --invert-paths --path annotations/ --path labeler.toml",
        "~/.cache/labeler",
    ):
        assert said in outcome.err
    again = labeler("forget", "--annotator", BO)
    assert (again.code, "Nothing of what was forgotten is left" in again.err) == (0, True)
    record = json.loads(labeler("forget", "--json").out)
    assert record == {
        "files": {}, "models": [], "remains": [], "in_settings": [], "projects": ["http://x/projects/3"], "git": True,
        "judgements": 0, "dry_run": False,
    }  # fmt: skip


def test_a_paper_is_named_by_its_title(judged: Path, labeler: Labeler) -> None:
    record = json.loads(labeler("forget", "--paper", "another made", "--yes", "--json").out)
    assert (record["files"], record["judgements"]) == ({"annotations/judgements.jsonl": 1}, 1)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--annotator", "cy"), 4, "nobody called 'cy' has judged a paper here"),
        (("--paper", "arxiv:2503.11731"), 4, "no paper has the identifier"),
        (("--paper", " "), 2, "no paper is named"),
        (("--paper", "x", "--annotator", "y"), 2, "two things to forget"),
    ],
)
def test_what_cannot_be_forgotten_is_told(
    judged: Path, labeler: Labeler, arguments: tuple[str, ...], code: int, message: str
) -> None:
    outcome = labeler("forget", *arguments)
    assert (outcome.code, message in outcome.err, outcome.err.count("\n")) == (code, True, 1)


def test_long_lists_are_cut_and_settings_are_left_to_a_person() -> None:
    from labeler.cli.forget import _done, _elsewhere

    meant = Meant("bo", (), ("bo",), (), 1, ())
    done = Forgetting({}, (), tuple(f"f{n}" for n in range(12)), ("bo",))
    assert "Take 'bo' out of [annotators] in the settings yourself." in _done(meant, done)
    assert "  and 2 more files" in _elsewhere(meant, done, "annotations")


def test_everything_that_leaves_has_pseudonyms_where_they_are_wanted(trained: Path, labeler: Labeler) -> None:
    named: dict[str, set[str]] = {}
    for arguments in (
        ("annotators", "--json"), ("status", "--json"), ("agreement", "--json"), ("suspects", "--json"),
        ("label", trained / "annotations/judgements.jsonl", "--to", "jsonl"),
        ("label", trained / "annotations/judgements.jsonl", "--to", "csv"),
        ("label", trained / "annotations/judgements.jsonl", "--to", "html"),
        ("agreement", Path(__file__).parents[2] / "annotations/samples/export.json", "--json"),
    ):  # fmt: skip
        plain, hidden = labeler(*arguments), labeler(*arguments, "--pseudonyms")
        assert (plain.code, hidden.code) == (0, 0), hidden.err
        assert "example.org" not in hidden.out + hidden.err
        words = (hidden.out + hidden.err).replace('"', " ").replace("<", " ").replace(",", " ").split()
        named[str(arguments[-1])] = {word for word in words if word.startswith("person-") and len(word) == 15}
        if "example.org" in plain.out:
            assert named[str(arguments[-1])]
    assert len(set.union(*named.values())) == 2


@pytest.mark.slow
def test_reports_mails_and_what_watches_publish_have_them_too(trained: Path, labeler: Labeler) -> None:
    log = trained / "annotations/judgements.jsonl"
    with Path("labeler.toml").open("a") as stream:
        stream.write(
            '\n[mail]\nhost = "127.0.0.1"\nsender = "p@list.invalid"\n[[mail.subscriber]]\naddress = "s@list.invalid"\n'
            '[[watch]]\nname = "daily"\ninputs = ["inbox/"]\noutputs = ["out/day.md", "out/day.csv"]\n'
        )
    Path("inbox").mkdir()
    shutil.copy(log, "inbox/papers.jsonl")
    Path("out").mkdir()
    for arguments in (
        ("evaluate", "--report", "out/report.html"), ("mail", log, "--dry-run", "out/mails"), ("watch", "--once"),
    ):  # fmt: skip
        outcome = labeler(*arguments, "--pseudonyms")
        assert outcome.code == 0, outcome.err
    files = [path for path in Path("out").rglob("*") if path.is_file()]
    texts = {path.name: _readable(path) for path in files}
    assert len(texts) >= 4
    assert [name for name, text in texts.items() if "example.org" in text] == []
    people = {one for text in texts.values() for one in re.findall(r"person-[0-9a-f]{8}", text)}
    assert len(people) == 2
    assert all("person-" in text for name, text in texts.items() if name != "report.html")


def _readable(path: Path) -> str:
    """The text of a file; that of a mail, decoded."""
    if path.suffix != ".eml":
        return path.read_text()
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    return "\n".join(part.get_content() for part in mail.walk() if part.get_content_maintype() == "text")
