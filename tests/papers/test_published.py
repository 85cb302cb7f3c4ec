"""Where records say that they were published, and when that makes two papers of texts that are nearly the same."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.papers import Paper, merge
from labeler.papers.published import are_places_apart, are_published_apart, published
from labeler.papers.seen import SeenPapers

TITLE = "Report of the registry of small robots"
TEXT = (
    "The registry counts the small robots that were seen on forty beaches, and tells how far each of them went on wet "
    "sand, which of them came back, what their controllers had learned by the end of the season of {}, and all faults."
)
Fields = dict[str, str]


def report(year: str | None, text: str = "2019", *ids: str, venue: str | None = "Annals", **kept: str) -> Paper:
    names = {"volume": "ris:VL", "first": "ris:SP", "last": "ris:EP", "bib_volume": "bibtex:volume"}
    fields = tuple((names.get(name, f"bibtex:{name}"), value) for name, value in kept.items())
    return Paper.make(TITLE, TEXT.format(text), ids=ids, date=year, venue=venue, kept=fields)


def is_one(*papers: Paper) -> bool:
    """Whether records are one paper, in either order, at once and in a stream."""
    counts = {len(merge(papers)), len(merge(papers[::-1]))}
    for order in (papers, papers[::-1]):
        seen = SeenPapers()
        counts.add(sum(seen.add(one) for one in order))
    assert len(counts) == 1, counts
    return counts == {1}


APART: list[tuple[Any, Any]] = [
    (report("2019", volume="12", first="101", last="109"), report("2020", "2020", volume="13", first="97", last="105")),
    (report("2019", volume="12"), report("2020", "2020", bib_volume="13")),
    (report("2019", volume="12", first="1"), report("2019", volume="13", first="88")),
    (report("2019", volume="12", pages="101--109"), report("2019", volume="12", first="110", last="118")),
    (report("2019", "2019", "doi:10.1000/a", venue=None), report("2020", "2020", "doi:10.1000/b", venue=None)),
]
TOGETHER: list[tuple[Any, Any]] = [
    (report("2019", volume="12", first="101", last="109"), report("2019", bib_volume="12", pages="101-9")),
    (report("2019", volume="12", first="101"), report("2018", venue="bioRxiv")),
    (report("2019", volume="12", first="101"), report("2018", "2018", "arxiv:1812.00001", venue=None)),
    (report("2019", volume="12", pages="1-10"), report("2019", volume="12", first="101", last="109")),
    (report("2019", volume="12", pages="103"), report("2019", volume="12", first="1", last="15")),
    (report("2019", volume="12"), report("2020", venue="Transactions", volume="3")),
    (report("2019", "2019", "doi:10.1000/a"), report("2019", "2019", "doi:10.1000/b")),
    (report("2019", "2019", "doi:10.1000/a"), report("2018", "2018", "doi:10.1101/b", venue=None)),
    (report("2019", "2019", "doi:10.1000/a"), report("2018", "2018", "doi:10.2000/b", venue="Proceedings")),
]


@pytest.mark.parametrize(("one", "other"), APART)
def test_reports_of_two_places_are_two_papers(one: Paper, other: Paper) -> None:
    assert not is_one(one, other)
    assert are_published_apart(published(one), published(other))


@pytest.mark.parametrize(("one", "other"), TOGETHER)
def test_a_preprint_and_another_spelling_of_a_place_are_the_same_paper(one: Paper, other: Paper) -> None:
    assert is_one(one, other)


def test_a_preprint_belongs_to_one_of_two_reports() -> None:
    preprint, (one, other) = report(None, venue=None), APART[0]
    for order in ([preprint, one, other], [one, preprint, other], [one, other, preprint]):
        assert len(merge(order)) == 2
        seen = SeenPapers()
        assert sum(seen.add(paper) for paper in order) == 2


@given(*[st.dictionaries(st.sampled_from(["volume", "first", "last", "pages"]), st.text(max_size=8)) for _ in "ab"])
def test_places_are_apart_either_way_round_and_never_from_themselves(one: Fields, other: Fields) -> None:
    places = published(report("2019", **one)), published(report("2020", **other))
    assert are_places_apart(*places) == are_places_apart(*places[::-1])
    assert not are_published_apart(places[0], places[0])
