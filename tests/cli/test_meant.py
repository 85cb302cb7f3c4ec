"""Commands as people mistype them, and the one that each of them meant."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.cli.app import _options_of_all
from labeler.cli.meant import meant
from tests.cli.test_app import one_line
from tests.conftest import Labeler
from tests.paths import SAMPLES

MISTYPED = [
    ("train digest.txt", "labeler train --unread digest.txt"),
    ('train "my digest.txt"', "labeler train --unread 'my digest.txt'"),
    ("push digest.txt 20", "labeler push digest.txt --count 20"),
    ("--to md label digest.txt", "labeler label digest.txt --to md"),
    ("digest.txt", "labeler label digest.txt"),
    ("lable digest.txt", "labeler label digest.txt"),
    ("help label", "labeler label --help"),
    ("label digest.txt --topics Vision", "labeler label digest.txt --topic Vision"),
    ("label digest.txt --output=csv", "labeler label digest.txt --to csv"),
    ("import table.csv topics", "labeler import table.csv --topics-column topics"),
    ("import digest.txt", "labeler label digest.txt"),
    ("models mine@2", "labeler models show mine@2"),
    ("use mine@2", "labeler models use mine@2"),
    ("list", "labeler models list"),
    ("start", "labeler studio start"),
    ("check", "labeler topics check"),
    ("config", "labeler topics config"),
    ("migrate", "labeler topics migrate"),
    ("pull digest.txt", "labeler push digest.txt"),
    ("status digest.txt", "labeler label digest.txt"),
    ("train mine", "labeler train --name mine"),
    ("push digest.txt --count=twenty", "labeler push digest.txt --count 20"),
    ("train --precision 90", "labeler train --precision 0.9"),
    ("train --precision 90%", "labeler train --precision 0.9"),
    ("label digest.txt --jobs all", "labeler label digest.txt --jobs -1"),
    ("label digest.txt --model models/mine/1", "labeler label digest.txt --model mine@1"),
    ("label digest.txt --only unsure", "labeler label digest.txt --only review"),
    ("label digest.txt --to excel", "labeler label digest.txt -o labels.xlsx"),
    ("label digest.txt --html", "labeler label digest.txt --to html"),
    ("label digest.txt -to md", "labeler label digest.txt --to md"),
    ("label digest.txt –to md", "labeler label digest.txt --to md"),
    ("label “digest.txt”", "labeler label digest.txt"),
    ("version", "labeler --version"),
    ("upgrade", "pip install --upgrade labeler"),
    ("read digest.txt --to md", "labeler label digest.txt --to md"),
    ("label digest.txt --count 5", "labeler push digest.txt --count 5"),
    ("label digest.txt --to", "labeler label digest.txt --to md"),
    ("label digset.txt", "labeler label digest.txt"),
    ("https://arxiv.org/list", "labeler label https://arxiv.org/list"),
    ("label .", "labeler label . -o labels/"),
    ("topics chek", "labeler topics check"),
    ("import table.csv --topics-colum topics", "labeler import table.csv --topics-column topics"),
    ("models lst", "labeler models list"),
    ("label digest.txt --quite", "labeler label digest.txt --quiet"),
    ("tran", "labeler train"),
    ("--workspace . lable digest.txt", "labeler --workspace . label digest.txt"),
    ("--json lable digest.txt", "labeler --json label digest.txt"),
    ("labels digest.txt", "labeler label digest.txt"),
    (
        "import table.csv --delimiter / --topics-column topics",
        "labeler import table.csv --separator / --topics-column topics",
    ),
    ("label digest.txt --sep /", "labeler import digest.txt --separator /"),
    ("label -t robotics digest.txt", "labeler label --topic robotics digest.txt"),
    ("label digest.txt -m mine", "labeler label digest.txt --model mine"),
    ("explain digest.txt next-patch", "labeler explain digest.txt --paper next-patch"),
    ("explain next-patch digest.txt", "labeler explain digest.txt --paper next-patch"),
    ("explain digest.txt --title next-patch", "labeler explain digest.txt --paper next-patch"),
    ("explain digest.txt --topics robotics", "labeler explain digest.txt --topic robotics"),
    ("push digest.txt --top 20", "labeler push digest.txt --count 20"),
    ("push digest.txt --limit 20", "labeler push digest.txt --count 20"),
    ("push digest.txt --dry", "labeler push digest.txt --dry-run"),
    ("train unread digest.txt", "labeler train --unread digest.txt"),
    ("train --epochs 10", "labeler train"),
    ("train --on digest.txt", "labeler train --unread digest.txt"),
    ("topics list", "labeler topics show"),
    ("studio restart", "labeler studio start"),
    ("label digest.txt --to word", "labeler label digest.txt --to md"),
    ("label digest.txt -o", "labeler label digest.txt -o labels.csv"),
    ("pull --all", "labeler pull"),
    ("export digest.txt 20", "labeler export digest.txt --count 20"),
    ("label digest.txt --format pdf", "labeler label digest.txt"),
    ("read digest.txt --format arxiv-email", "labeler read digest.txt --format arxiv_email"),
    ("label digest.txt labels.csv", "labeler label digest.txt -o labels.csv"),
    ("label digest.txt to labels.csv", "labeler label digest.txt -o labels.csv"),
    ("label digest.txt labels.xlsx", "labeler label digest.txt -o labels.xlsx"),
    ("export digest.txt tasks.json", "labeler export digest.txt -o tasks.json"),
    ("label digest.txt --csv", "labeler label digest.txt --to csv"),
    ("label digest.txt --model mine:1", "labeler label digest.txt --model mine@1"),
    ("label digest.txt --model mine/1", "labeler label digest.txt --model mine@1"),
    ("models show mine 1", "labeler models show mine@1"),
    ("models use mine@v1", "labeler models use mine@1"),
    ("push digest.txt -20", "labeler push digest.txt --count 20"),
    ("push digest.txt --strategy margn", "labeler push digest.txt --strategy margin"),
    ("push digest.txt --strategy uncertainty", "labeler push digest.txt --strategy margin"),
    (r"label 'C:\Users\me\digest.txt'", "labeler label digest.txt"),
    ("label", "labeler label digest.txt"),
    ("read table", "labeler read table.csv"),
    ("explain --paper next-patch", "labeler explain digest.txt --paper next-patch"),
    ("-help", "labeler --help"),
    ("--hlep", "labeler --help"),
    ("/help", "labeler --help"),
    ("? label", "labeler label --help"),
    ("labeler lable digest.txt", "labeler label digest.txt"),
    ("labeler label digest.txt", "labeler label digest.txt"),
    ("python -m labeler read digest.txt", "labeler read digest.txt"),
    ("import", "labeler import export.json"),
    ("import --topics-column topics", "labeler import table.csv --topics-column topics"),
    ("import table.csv --complete", "labeler import table.csv --complete --topics-column topics"),
    ("train --table table.csv", "labeler train --table table.csv --topics-column topics"),
    ("topics add --from table.csv", "labeler topics add --from table.csv --column topics"),
    ("label digest.txt --precision .8", "labeler train --unread digest.txt --precision .8"),
    ("label digest.txt --top-k 3", "labeler push digest.txt --count 3"),
    ("label digest.txt -q", "labeler label digest.txt --quiet"),
    ("status mine", "labeler models show mine"),
    ("serve 8080", "labeler serve --port 8080"),
    ("studio status now", "labeler studio status"),
    ("topics show robotics", "labeler topics show"),
    ("explain 3", "labeler explain digest.txt --paper 3"),
    ("push 10", "labeler push digest.txt --count 10"),
    ("background digest.txt", "labeler background build digest.txt -o field.npz"),
    ("models export", "labeler models export model.joblib"),
    ("label my digest.txt", "labeler label 'my digest.txt'"),
    ("label digest.txt --topic 'robotics, llm'", "labeler label digest.txt --topic robotics --topic llm"),
    ("topics ad --from table.csv --column topics", "labeler topics add --from table.csv --column topics"),
]
TREE = _options_of_all()


@pytest.fixture
def folder(trained_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with a digest, a table and an export in it."""
    shutil.copytree(trained_once, tmp_path, dirs_exist_ok=True)
    for name in ("digest.txt", "my digest.txt"):
        shutil.copy(SAMPLES / "digest.txt", tmp_path / name)
    shutil.copy(SAMPLES / "export.json", tmp_path)
    (tmp_path / "table.csv").write_text("title,abstract,topics\nArms,They move.,robotics\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("typed", "command"), MISTYPED, ids=[typed for typed, _ in MISTYPED])
def test_the_command_that_was_meant_is_told(labeler: Labeler, folder: Path, typed: str, command: str) -> None:
    before = sorted(folder.rglob("*"))
    outcome = labeler(*shlex.split(typed))
    assert outcome.code in (2, 3, 4)
    assert outcome.out == ""
    assert one_line(outcome.err).endswith(f"; did you mean `{command}`?")
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize(
    "typed", ["label missing.txt", "label missing.txt --to=md", "label x.txt --workspace nowhere", "--json read no.txt"]
)
def test_what_is_no_slip_is_not_corrected(labeler: Labeler, folder: Path, typed: str) -> None:
    assert "did you mean" not in labeler(*shlex.split(typed)).err


WORDS = [
    "label",
    "models",
    "topics",
    "lable",
    "--to",
    "-o",
    "=",
    "",
    "-",
    "--",
    "digest.txt",
    "20",
    "--count=x",
    "help",
]


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=5), max_size=5))
def test_any_words_are_answered(words: list[str]) -> None:
    assert isinstance(meant(words, TREE), str)


def test_a_topic_that_is_not_known_is_answered_with_the_nearest(labeler: Labeler, folder: Path) -> None:
    outcome = labeler("label", "digest.txt", "--topic", "roboticz")
    assert outcome.code == 4
    assert "did you mean 'robotics'?" in one_line(outcome.err)
