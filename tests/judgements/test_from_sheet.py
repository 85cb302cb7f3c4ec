"""Rows of sheets of labelled papers; how sheets go out and come back is in tests/flows/test_import_sheet.py."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.digests.source import Record
from labeler.judgements import Incoming, Judgement, TableOptions, additions
from labeler.judgements.from_sheet import from_sheet
from labeler.topics import Scheme, Topic
from labeler.topics.mode import Mode

TOPICS = (
    Topic("ai", "Artificial intelligence"),
    Topic("nlp", "Language; and text", parent="ai"),
    Topic("vision", "Vision", aliases=("images",)),
    Topic("old", "Old", hidden=True),
)
MULTI, SINGLE = Scheme(Mode.MULTI, TOPICS), Scheme(Mode.SINGLE, TOPICS)
OPTIONS = TableOptions("sheet.csv", "corrected", complete=True, at="2026-03-01T06:00:00Z")
CELLS = st.sampled_from(
    [
        "",
        "ok",
        "=",
        "'=",
        "none",
        "None",
        "-",
        "nlp",
        "Vision; nlp",
        "ok; images",
        "visoin",
        "old",
        "[nlp, vision]",
        "1",
    ]
)


def row(number: int, corrected: str, topics: str = "Vision", decision: str = "review", **fields: str) -> Record:
    cells = {"ids": f"arxiv:2601.{number:05} title:0123456789abcdef", "title": f"Paper {number} of the zoo"}
    cells |= {"abstract": f"Animal {number} eats leaves.", "topics": topics, "decision": decision}
    return Record(f"row {number}", {**cells, "corrected": corrected, **fields})


def read(*rows: Record, scheme: Scheme = MULTI, log: tuple[Judgement, ...] = ()) -> Incoming:
    return from_sheet(rows, scheme, OPTIONS, log)


@pytest.mark.parametrize(
    ("corrected", "topics", "yes", "prefill"),
    [
        ("nlp", "Vision", {"nlp"}, "changed"),
        ("images", "Vision", {"vision"}, "kept"),
        ("ok", "Language; and text; Artificial intelligence", {"nlp", "ai"}, "kept"),
        ("nlp", "Artificial intelligence; Language; and text", {"nlp"}, "kept"),  # it says yes to the one above
        ("ok", "", set(), "kept"),
        ("none", "Vision", set(), "changed"),
        ("Language; and text; vision", "", {"nlp", "vision"}, "changed"),
        ("vision", "No longer a topic", {"vision"}, "none"),
    ],
)
def test_what_a_row_says(corrected: str, topics: str, yes: set[str], prefill: str) -> None:
    (judgement,) = read(row(1, corrected, topics)).judgements
    assert (set(judgement.yes), judgement.prefill) == (yes, prefill)
    assert set(judgement.offered) == {"ai", "nlp", "vision"}
    assert judgement.paper == "arxiv:2601.00001"


def test_a_hidden_topic_is_offered_to_those_who_name_it() -> None:
    (judgement,) = read(row(1, "old")).judgements
    assert (judgement.yes, "old" in judgement.offered) == (("old",), True)


def test_several_topics_for_one_paper_of_a_single_label_scheme_are_told() -> None:
    incoming = read(row(1, "nlp; vision"), row(2, "vision"), scheme=SINGLE)
    assert [judgement.yes for judgement in incoming.judgements] == [("vision",)]
    assert "2 topics for one paper" in incoming.refused[0]


def test_topics_of_people_are_no_suggestion() -> None:
    (judgement,) = read(row(1, "ok", decision="judged")).judgements
    assert (judgement.yes, judgement.prefill, judgement.suggested) == (("vision",), "none", None)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(CELLS | st.text(max_size=12), CELLS | st.text(max_size=12)), max_size=5), st.booleans())
def test_whatever_is_written_twice_is_once(cells: list[tuple[str, str]], is_single: bool) -> None:
    scheme = SINGLE if is_single else MULTI
    rows = [row(number, corrected, topics) for number, (corrected, topics) in enumerate(cells)]
    first = read(*rows, scheme=scheme)
    for judgement in first.judgements:
        assert set(judgement.yes).isdisjoint(judgement.no)
        assert {*judgement.yes, *judgement.no} <= set(scheme.ids)
        assert judgement.prefill in ("none", "kept", "changed")
    log = additions([], first.judgements)
    assert additions(log, read(*rows, scheme=scheme, log=tuple(log)).judgements) == []
