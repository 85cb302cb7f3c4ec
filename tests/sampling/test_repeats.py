from __future__ import annotations

import numpy as np
import pytest

from labeler.sampling.repeats import distinct, repeating
from tests.sampling.factories import candidates, clouds

NEAR = np.pad(np.array([[1, 0], [0.999, 0.02], [0, 1], [0.9, 0.43], [0, 0], [0, 0]], np.float32), ((0, 0), (0, 60)))


def test_of_papers_that_point_the_same_way_the_first_stays() -> None:
    assert distinct(candidates(NEAR), [1, 0, 2, 3]) == [1, 2, 3]
    assert distinct(candidates(NEAR), [3, 2, 0, 1]) == [3, 2, 0]


def test_of_papers_with_one_title_the_first_stays() -> None:
    far = clouds([1, 1, 1])
    assert distinct(candidates(far, ["a", "b", "a"]), [2, 0, 1]) == [2, 1]
    assert distinct(candidates(far, ["", "b", ""]), [0, 1, 2]) == [0, 1, 2]


def test_papers_of_which_nothing_is_known_do_not_repeat_each_other() -> None:
    assert distinct(candidates(NEAR), [4, 5]) == [4, 5]
    assert not repeating(candidates(NEAR), [4])[5]


def test_what_repeats_a_chosen_paper_is_found_among_all() -> None:
    titles = ["a", "b", "c", "d", "c", ""]
    assert repeating(candidates(NEAR, titles), [0]).tolist() == [True, True, False, False, False, False]
    assert repeating(candidates(NEAR, titles), [2, 5]).tolist() == [False, False, True, False, True, True]
    assert not repeating(candidates(NEAR), []).any()
    assert distinct(candidates(NEAR), []) == []


def test_many_chosen_papers_are_compared_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labeler.sampling.repeats._AT_ONCE", 2)
    known = candidates(clouds([3] * 5, spread=0.001))
    assert repeating(known, [0, 3, 6, 9, 12]).all()
    assert repeating(known, [0, 3, 6]).tolist() == [True] * 9 + [False] * 6


def test_in_few_dimensions_only_titles_tell_that_papers_say_the_same() -> None:
    known = candidates(NEAR[:, :10], ["a", "b", "c", "d", "c", ""])
    assert distinct(known, [0, 1, 2, 4]) == [0, 1, 2]
    assert repeating(known, [0, 2]).tolist() == [True, False, True, False, True, False]
