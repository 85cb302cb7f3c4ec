from __future__ import annotations

from labeler.sampling.repeats import distinct, repeating
from tests.sampling.factories import candidates, clouds

SIX = clouds([1] * 6)
GROUPS = [0, 0, 2, 3, 4, 5]


def test_of_near_duplicates_the_first_stays() -> None:
    assert distinct(candidates(SIX, groups=GROUPS), [1, 0, 2, 3]) == [1, 2, 3]
    assert distinct(candidates(SIX, groups=GROUPS), [3, 2, 0, 1]) == [3, 2, 0]


def test_of_papers_with_one_title_the_first_stays() -> None:
    far = clouds([1, 1, 1])
    assert distinct(candidates(far, ["a", "b", "a"]), [2, 0, 1]) == [2, 1]
    assert distinct(candidates(far, ["", "b", ""]), [0, 1, 2]) == [0, 1, 2]


def test_what_repeats_a_chosen_paper_is_found_among_all() -> None:
    known = candidates(SIX, ["a", "b", "c", "d", "c", ""], GROUPS)
    assert repeating(known, [0]).tolist() == [True, True, False, False, False, False]
    assert repeating(known, [2, 5]).tolist() == [False, False, True, False, True, True]
    assert not repeating(known, []).any()
    assert distinct(known, []) == []


def test_what_was_left_out_before_keeps_its_group() -> None:
    known = candidates(SIX, ["a", "b", "c", "d", "c", ""], GROUPS)
    assert repeating(known.take([1, 3, 4]), [0]).tolist() == [True, False, False]  # type: ignore[arg-type]
