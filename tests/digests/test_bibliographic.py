"""Tests of the fields beside a paper's text: venue, language, keywords, notes, who brought it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.digests.bibliographic import bibliographic
from labeler.digests.fields import paper_of
from labeler.papers import Paper, merge

TEXT = st.text(max_size=8)
PARTS = TEXT | st.none() | st.integers() | st.dictionaries(st.sampled_from(["name", "term", "x"]), TEXT)
VALUES = PARTS | st.lists(PARTS, max_size=3)


@pytest.mark.parametrize(
    ("fields", "name", "expected"),
    [
        ({"title": "A", "Publication Title": "Acta Invented"}, "venue", "Acta Invented"),
        ({"title": "A", "Source title": "<i>Acta</i> &amp; Co"}, "venue", "Acta & Co"),
        ({"title": "A", "journal": {"name": "Acta", "volume": "3"}}, "venue", "Acta"),
        ({"title": "A", "container-title": ["Acta", "Act."]}, "venue", "Acta"),
        ({"title": "A", "journal": "", "venue": "NaN", "booktitle": "Proceedings"}, "venue", "Proceedings"),
        ({"title": "A", "Language": "ger"}, "language", "ger"),
        ({"title": "A", "Author Keywords": "soil; deep learning"}, "keywords", ("soil", "deep learning")),
        ({"title": "A", "keywords": "soil, deep learning"}, "keywords", ("soil", "deep learning")),
        ({"title": "A", "keywords": "soil, wet; roots"}, "keywords", ("soil, wet", "roots")),
        ({"title": "A", "Manual Tags": "soil", "DE": ["roots", "soil"]}, "keywords", ("soil", "roots")),
        ({"title": "A", "notes": ["read it, twice", "<p>seen</p>"]}, "notes", ("read it, twice", "seen")),
        ({"title": "A", "note": "kept; for later"}, "notes", ("kept; for later",)),
        ({"title": "A", "curator": "AK"}, "curator", "AK"),
    ],
)
def test_fields_are_found_under_the_names_that_databases_give_them(
    fields: dict[str, Any], name: str, expected: object
) -> None:
    assert getattr(paper_of(fields, "x"), name) == expected


@given(st.dictionaries(st.sampled_from(["venue", "journal", "la", "keywords", "de", "notes", "n1", "curator"]), VALUES))
def test_any_value_gives_texts_or_nothing(record: dict[str, Any]) -> None:
    found = bibliographic(record)
    assert all(found[name] is None or isinstance(found[name], str) for name in ("venue", "language", "curator"))
    assert all(isinstance(part, str) and part for part in (*found["keywords"], *found["notes"]))


def test_what_is_as_long_as_a_list_of_references_is_no_note() -> None:
    notes = ["read in May", "References: " + "Lee, A., A title (2019) Acta, 1; " * 50]
    assert paper_of({"title": "A", "notes": notes}, "x").notes == ("read in May",)


def test_a_record_read_back_says_the_same() -> None:
    fields = {"title": "A", "venue": "Acta", "language": "en", "keywords": ["a, b"], "notes": ["x; y"], "curator": "AK"}
    paper = paper_of(fields, "x")
    assert paper_of(paper.to_dict(), "x") == Paper.from_dict(paper.to_dict()) == paper


def test_a_merge_has_the_keywords_and_notes_of_both() -> None:
    one, other = (
        paper_of({"title": "A", "doi": "10.1000/x", "keywords": words, "note": note, "venue": venue}, "x")
        for words, note, venue in (("soil; roots", "seen", ""), ("roots; water", "read", "Acta"))
    )
    [merged] = merge([one, other])
    assert (merged.keywords, merged.notes, merged.venue) == (("soil", "roots", "water"), ("seen", "read"), "Acta")
