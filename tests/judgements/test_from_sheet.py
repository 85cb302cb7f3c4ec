"""What people write in a sheet of labelled papers becomes judgements."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.digests.source import Record, Refusal, Source
from labeler.judgements import Judgement, additions
from labeler.judgements.from_sheet import from_sheet, is_sheet, rows_of
from labeler.judgements.from_table import TableOptions
from labeler.judgements.incoming import Incoming
from labeler.topics import Mode, Scheme, Topic
from tests.digests.factories import excel, saved
from tests.judgements.factories import judgement, scheme

OPTIONS = TableOptions("sheet.csv", "corrected", True, "2026-11-27T06:00:00Z")


def row(corrected: str, topics: str = "Language models", number: int = 1, **fields: Any) -> Record:
    """A row of a sheet as `label` writes it, with a correction."""
    cells = {
        "id": f"arxiv:2601.8800{number}", "title": f"Paper {number} on robots", "abstract": f"Robot {number} walks.",
        "topics": topics, "corrected": corrected, "decision": "auto", "ids": f"arxiv:2601.8800{number}",
    }  # fmt: skip
    return Record(f"row {number}", cells | fields)


def incoming(*rows: Record | Refusal, mode: Mode = Mode.MULTI, log: Sequence[Judgement] = ()) -> Incoming:
    return from_sheet(rows, scheme(mode), OPTIONS, log)


def test_a_row_that_says_why_it_is_in_review_has_a_verdict_and_no_other_one() -> None:
    rows = [
        row("vision", number=n, review=written) for n, written in enumerate(["ties", " Suspects", "", "looks fine"])
    ]
    found = incoming(*rows)
    assert [(one.role, one.asked) for one in found.judgements] == [
        ("adjudicator", {"review": "ties"}), ("adjudicator", {"review": "suspects"}), ("", None), ("", None),
    ]  # fmt: skip
    assert found.notes == [
        "'looks fine' under 'review' is none of ties, suspects, unsure, disagreements: what such rows say is no "
        "verdict of an adjudicator"
    ]


@pytest.mark.parametrize(
    ("corrected", "topics", "yes", "prefill"),
    [
        ("Vision", "Language models", ("vision",), "changed"),
        ("vision; speech", "Language models", ("vision", "speech"), "changed"),
        ("ok", "Language models", ("llm",), "kept"),
        (" OK ", "Language models; Vision", ("llm", "vision"), "kept"),
        ("=", "Language models", ("llm",), "kept"),
        ("ok; Speech", "Language models", ("llm", "speech"), "changed"),
        ("llm", "Language models", ("llm",), "kept"),
        ("none", "Language models", (), "changed"),
        ("None of these", "", (), "kept"),
        ("-", "", (), "kept"),
    ],
)
def test_what_is_written_is_what_the_person_says(
    corrected: str, topics: str, yes: tuple[str, ...], prefill: str
) -> None:
    (said,) = incoming(row(corrected, topics)).judgements
    assert (said.yes, said.prefill) == (yes, prefill)
    assert set(said.no) == {"llm", "vision", "speech"} - set(yes)
    assert "arxiv:2601.88001" in said.ids


def test_rows_without_a_correction_say_nothing() -> None:
    found = incoming(row(""), row(" ", number=2), row("Vision", number=3), Refusal("sheet.csv", "row 4", "too long"))
    assert ([said.title for said in found.judgements], found.not_judged) == (["Paper 3 on robots"], 2)
    assert len(found.refused) == 1


def test_what_is_no_topic_is_told_with_the_one_that_is_meant() -> None:
    found = incoming(row("Visoin"))
    assert found.judgements == []
    (message,) = found.refused
    assert message == "sheet.csv, row 1: 'Visoin' is no topic of the scheme; is 'Vision' meant?"


def test_ok_needs_a_suggestion_that_is_known() -> None:
    found = incoming(row("ok", "A topic of before"))
    assert found.judgements == []
    assert found.refused == ["sheet.csv, row 1: 'ok' needs topics of the scheme under 'topics'; name the right ones"]


def test_topics_that_people_gave_are_no_suggestions() -> None:
    (said,) = incoming(row("Vision", decision="judged")).judgements
    assert (said.prefill, said.suggested) == ("none", None)


def test_a_paper_that_the_log_has_keeps_its_text_whatever_the_sheet_lost() -> None:
    known = judgement("llm", ids=["arxiv:2601.88001"], title="Paper 1 on robots", abstract="Robot 1 walks — far.")
    (said,) = incoming(row("Vision", abstract="Robot 1 walks ? far."), log=[known]).judgements
    assert (said.title, said.abstract) == ("Paper 1 on robots", "Robot 1 walks — far.")


def test_apostrophes_that_keep_cells_from_running_are_none_of_the_text() -> None:
    (said,) = incoming(row("Vision", title="'=1+1 robots", abstract="'- a list of robots")).judgements
    assert (said.title, said.abstract) == ("=1+1 robots", "- a list of robots")


@pytest.mark.parametrize(
    ("content", "is_one"),
    [
        (b"id,title,corrected\na,b,\n", True),
        (b"IDs;Title;Corrected\na;b;\n", True),
        (b"title,corrected\na,\n", False),
        (b"id,title,topics\na,b,c\n", False),
        (excel({"A": [["id", "title", "corrected"], ["a", "b", "c"]]}), True),
        (excel({"A": [["id", "title", "abstract"], ["a", "b", "c"]]}), False),
    ],
)
def test_a_sheet_is_known_by_its_columns(tmp_path: Path, content: bytes, is_one: bool) -> None:
    source = Source(str(saved(tmp_path, "sheet.csv" if content[:2] != b"PK" else "sheet.xlsx", content)))
    assert is_sheet(source) is is_one
    if is_one:
        assert len(list(rows_of(source))) == 1


@given(
    st.lists(st.sampled_from(["ok", "Vision", "none", "", "-", "Robots", "llm; ok"]) | st.text(max_size=5), max_size=4)
)
def test_each_row_is_a_judgement_says_nothing_or_is_told(cells: list[str]) -> None:
    found = incoming(*(row(cell, number=number + 1) for number, cell in enumerate(cells)))
    assert len(found.judgements) + found.not_judged + len(found.refused) >= len(cells)
    assert len(found.judgements) <= len(cells)


TOPICS = (
    Topic("ai", "Artificial intelligence"),
    Topic("nlp", "Language; and text", parent="ai"),
    Topic("vision", "Vision", aliases=("images",)),
    Topic("old", "Old", hidden=True),
)
CELLS = st.sampled_from(
    ["", "ok", "'=", "none", "-", "nlp", "Vision; nlp", "ok; images", "visoin", "old", "[nlp, vision]"]
)


@pytest.mark.parametrize(
    ("corrected", "topics", "yes", "prefill"),
    [
        ("images", "Vision", {"vision"}, "kept"),
        ("ok", "Language; and text; Artificial intelligence", {"nlp", "ai"}, "kept"),
        ("nlp", "Artificial intelligence; Language; and text", {"nlp"}, "kept"),  # it says yes to the one above
        ("Language; and text; vision", "", {"nlp", "vision"}, "changed"),
        ("vision", "No longer a topic", {"vision"}, "none"),
    ],
)
def test_topics_by_alias_above_others_and_with_a_separator_in_their_names(
    corrected: str, topics: str, yes: set[str], prefill: str
) -> None:
    (said,) = from_sheet([row(corrected, topics)], Scheme(Mode.MULTI, TOPICS), OPTIONS, ()).judgements
    assert (set(said.yes), said.prefill) == (yes, prefill)
    assert set(said.offered) == {"ai", "nlp", "vision"}


def test_a_hidden_topic_is_offered_to_those_who_name_it() -> None:
    (said,) = from_sheet([row("old")], Scheme(Mode.MULTI, TOPICS), OPTIONS, ()).judgements
    assert (said.yes, "old" in said.offered) == (("old",), True)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(CELLS | st.text(max_size=12), CELLS | st.text(max_size=12)), max_size=5), st.booleans())
def test_whatever_is_written_twice_is_once(cells: list[tuple[str, str]], is_single: bool) -> None:
    topics = Scheme(Mode.SINGLE if is_single else Mode.MULTI, TOPICS)
    rows = [row(corrected, given, number) for number, (corrected, given) in enumerate(cells)]
    first = from_sheet(rows, topics, OPTIONS, ())
    for said in first.judgements:
        assert set(said.yes).isdisjoint(said.no)
        assert {*said.yes, *said.no} <= set(topics.ids)
        assert said.prefill in ("none", "kept", "changed")
    log = additions([], first.judgements)
    assert additions(log, from_sheet(rows, topics, OPTIONS, log).judgements) == []
