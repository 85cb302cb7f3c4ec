"""Tests of the identifiers of PubMed Central, OpenAlex and Semantic Scholar, and of ISBN."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.digests.fields import paper_of
from labeler.papers import merge
from labeler.papers.ids import known_id, sort_ids, title_id

HASH = "c8b25fab5608c3e033d34b4483ec47e68ba109b7"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"PMCID": "PMC1234567"}, "pmcid:1234567"),
        ({"pmcid": "1234567"}, "pmcid:1234567"),
        ({"externalIds": {"PubMedCentral": "1234567"}}, "pmcid:1234567"),
        ({"pmc": "https://pmc.ncbi.nlm.nih.gov/articles/PMC1234567/"}, "pmcid:1234567"),
        ({"id": "https://openalex.org/W2741809807"}, "openalex:W2741809807"),
        ({"ids": {"openalex": "https://openalex.org/W2741809807"}}, "openalex:W2741809807"),
        ({"paperId": HASH}, f"s2:{HASH}"),
        ({"corpusId": 215737171}, "s2:215737171"),
        ({"externalIds": {"CorpusId": 215737171}}, "s2:215737171"),
        ({"ISBN": "978-3-16-148410-0"}, "isbn:9783161484100"),
        ({"isbn": "0-306-40615-2 (print)"}, "isbn:9780306406157"),
        ({"ISBN": ["080442957X"]}, "isbn:9780804429573"),
    ],
)
def test_identifiers_are_found_under_the_names_of_their_catalogues(fields: dict[str, Any], expected: str) -> None:
    paper = paper_of({"title": "A title", **fields}, "x")
    assert expected in paper.ids
    assert paper.id == title_id("A title")  # as it was before these were known
    assert known_id(expected) == expected


@pytest.mark.parametrize(
    "fields",
    [
        {"ISBN": "978-3-16-148410-1"}, {"isbn": "1234567890"}, {"ISSN": "1234-5678"}, {"id": "W12"}, {"id": 12345678},
        {"pmcid": "PMC"}, {"paperId": "abc"}, {"corpusId": True}, {"corpusId": "x"}, {"isbn": None},
        {"corpusId": "0"}, {"corpusId": "9" * 5000},
    ],
)  # fmt: skip
def test_what_is_none_of_these_is_no_identifier(fields: dict[str, Any]) -> None:
    assert paper_of({"title": "A title", **fields}, "x").ids == (title_id("A title"),)


@given(st.dictionaries(st.sampled_from(["pmc", "id", "paperId", "corpusId", "isbn"]), st.text(max_size=20)))
def test_identifiers_of_any_record_are_canonical(fields: dict[str, str]) -> None:
    ids = paper_of({"title": "A title", **fields}, "x").ids
    assert all(known_id(name) == name for name in ids)
    assert sort_ids(set(ids)) == ids


def test_records_of_one_catalogue_number_are_one_paper_and_chapters_of_one_book_are_not() -> None:
    one, other = ({"title": title, "corpusId": 7, "isbn": "9783161484100"} for title in ("On sand", "On sand."))
    assert len(merge([paper_of(one, "x"), paper_of(other, "x")])) == 1
    chapters = [{"title": title, "isbn": "9783161484100"} for title in ("Chapter on sand", "Chapter on rivers")]
    assert len(merge([paper_of(chapter, "x") for chapter in chapters])) == 2
