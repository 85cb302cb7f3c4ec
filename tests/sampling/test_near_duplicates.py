"""Near-duplicates: versions of one paper, and nothing else."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.sampling.near_duplicates import near_duplicates

WORDS = [f"{first}{last}" for first in "bcdfgklmnprst" for last in ("ale", "ine", "ord", "ust")]


def text(seed: int, words: int = 120) -> str:
    chance = random.Random(seed)
    return " ".join(chance.choice(WORDS) for _ in range(words))


def test_a_later_version_of_a_paper_is_its_twin() -> None:
    first = text(1)
    revised = " ".join(word if place % 25 else "changed" for place, word in enumerate(first.split()))
    assert near_duplicates([first, revised, text(2)]) == {1}
    assert near_duplicates([revised, text(2)], before=[first]) == {0}


def test_a_paper_cut_short_is_a_twin_of_the_whole() -> None:
    assert near_duplicates([text(1), " ".join(text(1).split()[:60])]) == {1}


def test_papers_of_the_same_words_are_not_twins() -> None:
    assert near_duplicates([text(seed) for seed in range(60)]) == set()


def test_texts_of_a_few_words_are_never_twins() -> None:
    assert near_duplicates(["Editorial", "Editorial", "", ""]) == set()


def test_a_line_out_of_a_paper_is_no_twin_of_it() -> None:
    whole = text(5)
    lines = [" ".join(whole.split()[start : start + 6]) for start in range(0, 110, 6)]
    assert near_duplicates([whole, *lines]) == set()


def test_case_and_marks_do_not_matter() -> None:
    assert near_duplicates([text(3), text(3).upper().replace(" ", ", ")]) == {1}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=80), max_size=6), st.lists(st.text(max_size=80), max_size=4))
def test_any_text_is_taken(texts: list[str], before: list[str]) -> None:
    found = near_duplicates(texts, before)
    assert found <= set(range(len(texts)))
    if not before:
        assert 0 not in found
