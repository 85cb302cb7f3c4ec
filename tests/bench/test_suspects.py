from __future__ import annotations

import numpy as np
import pytest

from tests.bench.suspects import BEGIN, END, PAGE, confused_with, precision, with_slips, with_table

TRUTH = np.eye(4)[np.arange(40) % 4]


@pytest.mark.parametrize("others", [None, np.array([1, 2, 3, 0])])
def test_as_many_papers_as_asked_get_another_topic(others: np.ndarray | None) -> None:
    given = with_slips(TRUTH, 0.1, others, seed=1)
    changed = (given != TRUTH).any(axis=1)
    assert changed.sum() == 4
    assert (given.sum(axis=1) == 1).all()
    if others is not None:
        assert (given[changed].argmax(axis=1) == others[TRUTH[changed].argmax(axis=1)]).all()


def test_the_topic_that_is_wrongly_most_probable_is_the_one_confused() -> None:
    probabilities = 0.7 * TRUTH + 0.3 * np.roll(TRUTH, 1, axis=1)
    assert confused_with(TRUTH, probabilities).tolist() == [1, 2, 3, 0]


def test_precision_is_of_as_many_as_there_are_slips() -> None:
    assert precision(np.array([0.9, 0.1, 0.8, 0.7]), np.array([True, True, False, False])) == 0.5


def test_what_was_written_by_hand_stays_when_the_table_is_made_anew() -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    again = with_table(with_table(page + "By hand.\n", "| old |\n"), "| new |\n")
    assert again == f"{before}{BEGIN}| new |\n{END}{after}By hand.\n"
