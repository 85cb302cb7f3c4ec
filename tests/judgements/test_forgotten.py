"""What was forgotten does not come back: neither by an import nor by a merge of two branches of the log."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.config import Workspace
from labeler.errors import InputError
from labeler.judgements import Judgement, JudgementLog
from labeler.judgements.forgotten import FILE, Forgotten, Tombstone, annotator_hash, forgotten_now, note_forgotten
from labeler.judgements.verdicts import Verdicts
from labeler.papers import Paper
from labeler.papers.known import ids_of
from tests.judgements.factories import judgement, scheme, written

AT = "2026-03-01T10:00:00Z"
LONG = "A title that is long enough to tell papers apart by itself"


def paper(title: str = LONG, abstract: str = "It says something.", *ids: str) -> Paper:
    return Paper.make(title, abstract, ids=ids)


def forgotten(*papers: Paper) -> Forgotten:
    return Forgotten([Tombstone.of_paper(papers, AT, 1)])


@pytest.mark.parametrize(
    ("known", "other", "is_same"),
    [
        (paper(), paper(), True),
        (paper(), paper(abstract="Something else."), False),  # one title, two papers
        (paper(), paper(abstract=""), True),  # a table of titles
        (paper("Editorial", ""), Paper.make("Editorial", "", authors=("Bo",)), False),
        (paper("Editorial", ""), paper("Editorial", ""), True),
        (paper("Editorial", "Of May."), paper("Editorial", "Of June."), False),
        (paper("Editorial", "Of May."), paper("Editorial", ""), False),
        (paper(LONG, "a", "arxiv:2503.11731"), paper("Renamed", "and rewritten", "arxiv:2503.11731"), True),
        (paper("Chapter one", "a", "doi:10.1/book"), paper("Chapter two", "b", "doi:10.1/book"), False),
        (paper("Chapter one", "a", "doi:10.1/book"), paper("Chapter one", "b", "doi:10.1/book"), True),
        (paper("Chapter one", "a", "doi:10.1/book"), paper("Chapter 1 of it", "a", "doi:10.1/book"), True),
        (paper("", "An abstract without a title."), paper("", "An abstract without a title."), True),
        (paper(), paper("Another title, which is long enough", "It says something."), False),
    ],
)
def test_which_paper_is_the_one_that_was_forgotten(known: Paper, other: Paper, is_same: bool) -> None:
    assert forgotten(known).has_paper(other) is is_same


def test_identifiers_alone_tell_it_too() -> None:
    found = forgotten(paper(LONG, "a", "arxiv:2503.11731"))
    assert found.has_ids(["arxiv:2503.11731"])
    assert found.has_ids(ids_of(paper(LONG, "a")))
    assert not found.has_ids(["arxiv:2503.11732", "title:0123456789abcdef"])
    assert not Forgotten(()).has_ids(["arxiv:2503.11731"])


def test_a_name_is_known_whatever_its_case_and_spaces() -> None:
    found = Forgotten([Tombstone.of_annotator(["Ada@Example.org", "7"], AT, 2)])
    assert [found.has_annotator(name) for name in ("ada@example.org", " ADA@example.org", "7", "bo", "77")] == [
        True, True, True, False, False,
    ]  # fmt: skip


@given(st.text(min_size=1), st.lists(st.text(min_size=1, max_size=30), max_size=3))
def test_a_line_reads_back_and_holds_neither_names_nor_ids(name: str, ids: list[str]) -> None:
    stones = [Tombstone.of_annotator([name], AT, 3), Tombstone.of_paper([Paper(name, name, tuple(ids))], AT, 1)]
    for stone in stones:
        record = json.loads(json.dumps(stone.to_dict()))
        assert Tombstone.from_dict(record) == stone
        hashes = {*record["hashes"], *record.get("texts", ())}
        assert all(len(one.rpartition(":")[2]) == 16 for one in hashes)
        assert annotator_hash(name) == annotator_hash(f" {name} ")


@pytest.mark.parametrize(
    "record",
    [{}, {"forgotten": "x", "hashes": []}, {"forgotten": "paper", "hashes": 3}, {"forgotten": "paper", "hashes": [3]}],
)
def test_other_lines_are_none(record: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="forgotten"):
        Tombstone.from_dict(record)


@pytest.fixture
def log(tmp_path: Path) -> JudgementLog:
    """A log of ada and bo, in which ada was forgotten after she was written."""
    ada = [judgement("llm", number=number, title=f"Paper number {number}") for number in range(3)]
    bo = [judgement("vision", number=9, annotator="bo", title="Paper number 1")]
    (tmp_path / "annotations").mkdir()
    path = written(tmp_path / "annotations/judgements.jsonl", [*ada, *bo])
    note_forgotten(Workspace(tmp_path), [Tombstone.of_annotator(["ada"], AT, 3)])
    return JudgementLog(path)


def test_lines_that_a_merge_brings_back_do_not_count(log: JudgementLog) -> None:
    reading = log.read()
    assert [one.annotator for one in reading.judgements] == ["bo"]
    assert reading.faults == [
        "judgements.jsonl: 3 judgements of people or papers that were forgotten came back, as by a merge, and do not "
        "count; `labeler forget` takes them out again"
    ]
    verdict = Verdicts(log.path, scheme()).of([judgement(title="Paper number 1").as_paper()])[0]
    assert verdict is not None
    assert dict(verdict.yes) == {"vision": ("bo",)}


def test_nothing_of_it_is_appended(log: JudgementLog) -> None:
    before, seen = log.path.read_bytes(), list[Judgement]()
    note_forgotten(Workspace(log.path.parents[1]), [Tombstone.of_paper([paper()], AT, 0)])

    def plan(known: object) -> list[Judgement]:
        assert isinstance(known, list)
        seen.extend(known)
        return [judgement("llm", number=20), judgement("llm", number=21, annotator="cy", title=LONG, abstract="")]

    added, messages = log.update(plan)
    assert (added, log.path.read_bytes()) == ([], before)
    assert [one.annotator for one in seen] == ["bo"]
    assert messages[-1] == "left out as their annotator or paper was forgotten: 2 judgements"
    assert log.update(lambda _: [judgement("llm", number=22, annotator="cy")])[0]


def test_what_was_forgotten_twice_counts_once(tmp_path: Path) -> None:
    for at in (AT, "2026-03-02T10:00:00Z"):
        note_forgotten(Workspace(tmp_path), [Tombstone.of_annotator(["ada"], at, 3)])
    annotations = tmp_path / "annotations"
    assert len(Forgotten.of(annotations).tombstones) == 1
    assert (annotations / FILE).read_bytes().count(b"\n") == 2
    assert not Forgotten.of(tmp_path / "elsewhere")


@pytest.mark.parametrize("line", ["<<<<<<< HEAD", "{}", '{"forgotten": "annotator", "hashes": [3], "at": "x"}'])
def test_where_a_line_cannot_be_read_nobody_knows_what_must_not_come_back(log: JudgementLog, line: str) -> None:
    path = log.path.parent / FILE
    path.write_text(f"{line}\n{path.read_text()}")
    with pytest.raises(InputError, match=r"forgotten\.jsonl is damaged \(forgotten\.jsonl, line 1: .*\); restore it"):
        log.read()


def test_one_that_is_cut_short_was_never_written(log: JudgementLog) -> None:
    path = log.path.parent / FILE
    path.write_text(path.read_text() + '{"forgotten": "annot')
    assert len(Forgotten.of(log.path.parent).tombstones) == 1


def test_nothing_is_forgotten_while_something_is_written(log: JudgementLog, monkeypatch: pytest.MonkeyPatch) -> None:
    space = Workspace(log.path.parents[1])
    monkeypatch.setattr("labeler.appending.LOCK_TIMEOUT", 0.05)
    with forgotten_now(space) as now, pytest.raises(InputError, match="another program is writing to"):
        note_forgotten(space, [Tombstone.of_annotator(["bo"], AT, 1)])
    with forgotten_now(space) as later:
        assert later.keys == now.keys
