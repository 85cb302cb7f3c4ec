from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from labeler.config import find_workspace
from labeler.flows.add_topics import add_topics
from labeler.topics import load_checked_scheme
from tests.conftest import Labeler

TOPICS = Path("annotations/topics.toml")
TABLE = (
    "title,area,screened\nWords of birds,Birds; Sky at night,1\nStars,Sky at night,0\n"
    "More birds,Birds,1\nMoss,Moss,0\nA nest,Birds,\n"
)


@pytest.fixture
def table(workspace: Path) -> Path:
    path = workspace / "table.csv"
    path.write_text(TABLE)
    return path


@pytest.fixture
def new(tmp_path: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace as `init` makes it, with the table."""
    assert labeler("init", tmp_path / "new").code == 0
    monkeypatch.chdir(tmp_path / "new")
    Path("table.csv").write_text(TABLE)
    return tmp_path / "new"


def test_a_table_makes_a_scheme_and_its_labels_are_then_imported(new: Path, labeler: Labeler) -> None:
    before = TOPICS.read_text()
    dry = labeler("topics", "add", "--from", "table.csv", "--column", "area", "--dry-run")
    assert dry.code == 0, dry.err
    assert "3 topics would be added" in dry.err
    assert TOPICS.read_text() == before
    outcome = labeler("topics", "add", "--from", "table.csv", "--column", "area")
    assert outcome.code == 0, outcome.err
    assert "  birds: Birds (3 papers)\n  sky-at-night: Sky at night (2 papers)\n  moss: Moss (1 paper)\n" in outcome.err
    assert "The examples that the file began with give way." in outcome.err
    assert TOPICS.read_text().startswith(before[: before.index("\n[[topic]]")])
    assert load_checked_scheme(TOPICS).ids == ("birds", "sky-at-night", "moss")
    imported = labeler("import", "table.csv", "--topics-column", "area", "--json")
    assert json.loads(imported.out)["unknown_labels"] == {}
    assert json.loads(imported.out)["added"] == 5
    again = labeler("topics", "add", "--from", "table.csv", "--column", "area", "--json")
    assert (json.loads(again.out)["added"], json.loads(again.out)["known"]) == ([], 3)


def test_topics_are_added_behind_those_that_are_there(table: Path, labeler: Labeler) -> None:
    before = TOPICS.read_text()
    outcome = labeler(
        "topics", "add", "Deep sea", "--from", table, "--column", "screened", "--column", "area", "--min", "2"
    )
    assert outcome.code == 0, outcome.err
    assert "1 label of too few papers left out (--min)." in outcome.err
    assert TOPICS.read_text().startswith(before.rstrip("\n"))
    ids = load_checked_scheme(TOPICS).ids
    assert ids[-4:] == ("deep-sea", "birds", "screened", "sky-at-night")


def test_one_label_a_paper_is_pointed_out(new: Path, labeler: Labeler) -> None:
    Path("one.csv").write_text("title,area\nA,x1\nB,x2\n")
    assert 'write mode = "single"' in labeler("topics", "add", "--from", "one.csv", "--column", "area").err


def test_very_many_labels_are_refused(workspace: Path, labeler: Labeler) -> None:
    before = TOPICS.read_text()
    Path("many.csv").write_text("title,area\n" + "".join(f"T{number},label {number}\n" for number in range(501)))
    outcome = labeler("topics", "add", "--from", "many.csv", "--column", "area")
    assert (outcome.code, "--min 10" in outcome.err) == (6, True)
    assert TOPICS.read_text() == before


@pytest.mark.parametrize(
    ("options", "code", "why"),
    [
        ((), 2, "no topic is named"),
        (("--from", "table.csv"), 2, "belong together"),
        (("--column", "area"), 2, "belong together"),
        (("--from", "table.csv", "--column", "nix"), 3, "has no column 'nix', only: title, area, screened"),
        (("--from", "nix.csv", "--column", "area"), 3, "nix.csv"),
        (("x" * 5000,), 6, "has 5000 letters, too many for the name of a topic"),
    ],
)
def test_what_cannot_be_added_is_told(
    table: Path, labeler: Labeler, options: tuple[str, ...], code: int, why: str
) -> None:
    before = TOPICS.read_text()
    outcome = labeler("topics", "add", *options)
    assert (outcome.code, outcome.err.count("\n"), why in outcome.err) == (code, 1, True), outcome.err
    assert TOPICS.read_text() == before


def test_topics_that_several_add_at_once_are_all_there(workspace: Path) -> None:
    given = find_workspace(str(workspace))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: add_topics(given, [f"Field {number}"]), range(12)))
    assert {f"field-{number}" for number in range(12)} <= set(load_checked_scheme(TOPICS).ids)
    assert not list(TOPICS.parent.glob(".labeler*"))


def test_nothing_is_added_to_topics_in_one_list_as_that_is_no_toml(workspace: Path, labeler: Labeler) -> None:
    TOPICS.write_text('mode = "multi"\ntopic = [{id = "a", name = "A"}]\n')
    before = TOPICS.read_text()
    for more in ([], ["--dry-run"]):
        outcome = labeler("topics", "add", "B", *more)
        assert (outcome.code, "a [[topic]] of its own" in outcome.err) == (3, True), outcome.err
    assert TOPICS.read_text() == before


def test_a_table_with_a_head_alone_adds_nothing(workspace: Path, labeler: Labeler) -> None:
    Path("head.csv").write_text("title,area\n")
    outcome = labeler("topics", "add", "--from", "head.csv", "--column", "area")
    assert (outcome.code, "0 topics added" in outcome.err) == (0, True), outcome.err


def test_keywords_of_topics_stay_in_the_file_when_others_are_added_and_judgements_migrated(
    workspace: Path, labeler: Labeler
) -> None:
    TOPICS.write_text('mode = "single"\n[[topic]]\nid = "birds"\nkeywords = ["nest"]\nnot = ["bird\u2019s eye"]\n')
    Path("table.csv").write_text("title,area\nA nest,old\nStars,birds\n")
    assert labeler("topics", "add", "old").code == 0
    assert labeler("import", "table.csv", "--topics-column", "area").code == 0
    TOPICS.write_text(TOPICS.read_text().partition('\n[[topic]]\nid = "old"')[0] + 'aliases = ["old"]\n')
    outcome = labeler("topics", "migrate")
    assert outcome.code == 0, outcome.err
    assert "2 judgements carried over" in outcome.err
    (topic,) = load_checked_scheme(TOPICS).topics
    assert (topic.keywords, topic.not_keywords, topic.aliases) == (("nest",), ("bird\u2019s eye",), ("old",))
