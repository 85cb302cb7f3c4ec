"""What formats have no place for is written as lines, and read again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.digests.carried import NAMES, carried, carried_field, carried_in
from labeler.papers import Paper

PAPER = Paper.make(
    "Sorting a Day", "We study days.", ids=["arxiv:2601.88001", "doi:10.5555/x"], categories=["cs.LG", "cs.DL"],
    curator="AK", flags=["replaced", "no_abstract"],
)  # fmt: skip


def test_what_a_paper_has_is_named_and_what_is_shown_elsewhere_is_not() -> None:
    assert list(carried(PAPER, ["doi:10.5555/x"])) == [
        ("Categories", "cs.LG | cs.DL"), ("Curator", "AK"), ("Flags", "replaced"), ("Identifiers", "arxiv:2601.88001")
    ]  # fmt: skip
    assert list(carried(Paper.make("Sorting a Day", "We study days."), [])) == []


def test_lines_among_others_are_read() -> None:
    text = "a note\nCategories: cs.LG | cs.DL\nCurator: AK\nmore: x\nFlags: replaced\nIdentifiers: a:1 b:2"
    assert carried_in(["", text]) == {
        "categories": ["cs.LG", "cs.DL"], "curator": "AK", "flags": ["replaced"], "ids": "a:1 b:2"
    }  # fmt: skip


@pytest.mark.parametrize("text", ["", "categories: cs.LG", "Categories:", " Categories: cs.LG", "Note on Flags: x"])
def test_other_lines_are_none_of_these(text: str) -> None:
    assert carried_in([text]) == {}


WORDS = st.text("abc.é-", min_size=1, max_size=6)


@given(st.lists(WORDS, max_size=3, unique=True), WORDS | st.none())
def test_what_is_written_is_read(categories: list[str], curator: str | None) -> None:
    paper = Paper.make("Sorting a Day", "We study days.", categories=categories, curator=curator)
    found = carried_in("\n".join(f"{name}: {value}" for name, value in carried(paper, [])).splitlines())
    assert tuple(found.get("categories", ())) == tuple(categories)
    assert found.get("curator") == paper.curator
    assert all(carried_field(name, "x") for name in NAMES)
