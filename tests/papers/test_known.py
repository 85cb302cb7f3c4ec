"""Papers that are known by their identifiers alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.papers import Paper
from labeler.papers.known import PaperTable, ids_of

ABSTRACT, OTHER = "They walk and they fall, on grass and sand.", "Trains along the coast slow in storms."


def paper(title: str, abstract: str = "", *ids: str, **fields: str) -> Paper:
    return Paper.make(title, abstract, ids=ids, **fields)


def test_values_are_those_of_all_papers_that_are_the_same() -> None:
    table: PaperTable[str] = PaperTable()
    table.add(ids_of(paper("Legs", ABSTRACT, "arxiv:2601.88001")), "first")
    table.add(ids_of(paper("Legs again", OTHER, "arxiv:2601.88001")), "second")
    table.add(ids_of(paper("Trains", OTHER)), "third")
    assert len(table) == 3
    assert table.values_of(paper("Anything", "At all.", "arxiv:2601.88001")) == ["first", "second"]
    assert table.values_of(paper("TRAINS.", OTHER)) == ["third"]
    assert table.values_of(paper("Bread", "Of cheese.")) == []


def test_of_what_is_added_with_the_same_ids_the_first_value_stays() -> None:
    table: PaperTable[int] = PaperTable()
    for value in (1, 2):
        table.add(ids_of(paper("Legs", ABSTRACT)), value)
    table.add([], 3)
    assert (len(table), table.values_of(paper("Legs", ABSTRACT))) == (1, [1])


@pytest.mark.parametrize(
    ("before", "now", "is_known"),
    [
        (paper("Book", ABSTRACT, "isbn:9783161484100"), paper("Chapter", OTHER, "isbn:9783161484100"), False),
        (paper("One", ABSTRACT, "doi:10.5555/book"), paper("Two", OTHER, "doi:10.5555/book"), False),
        (paper("One", ABSTRACT, "doi:10.5555/x"), paper("One", OTHER, "doi:10.5555/x"), True),
        (paper("Editorial", ABSTRACT), paper("Editorial", OTHER), False),
        (paper("Editorial", "", date="2026-01"), paper("Editorial", "", date="2026-02"), False),
        (paper("", ABSTRACT), paper("", ABSTRACT), True),
    ],
)
def test_what_is_one_paper(before: Paper, now: Paper, is_known: bool) -> None:
    table: PaperTable[bool] = PaperTable()
    table.add(ids_of(before), True)
    assert table.values_of(now) == ([True] if is_known else [])


def test_little_is_kept_of_a_paper() -> None:
    ids = [f"doi:10.5555/{number}" for number in range(100)]
    kept = ids_of(paper("Legs", ABSTRACT, *ids))
    assert len(kept) == 21
    assert not any("walk" in name for name in kept)
    assert ids_of(paper("Legs", ABSTRACT)) == ids_of(paper("Legs", ABSTRACT, url="https://x.org"))


@given(
    st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from(["", ABSTRACT, OTHER]), st.integers(0, 2)), max_size=6)
)
def test_each_paper_that_was_added_is_known(papers: list[tuple[str, str, int]]) -> None:
    table: PaperTable[int] = PaperTable()
    made = [paper(title, abstract, *[f"pmid:{number}"] * (number > 0)) for title, abstract, number in papers]
    for number, one in enumerate(made):
        table.add(ids_of(one), number)
    assert all(table.values_of(one) for one in made)
