from __future__ import annotations

import numpy as np
import pytest

from labeler.suspects.confident import doubts_multi, doubts_single
from labeler.suspects.two_halves import by_halves
from tests.learn.factories import fitted, multi_papers, single_papers

TOPICS = ("robots", "speech", "vision")


@pytest.mark.parametrize("mode", ["single", "multi"])
def test_slips_are_found_without_held_out_probabilities(mode: str) -> None:
    linear = fitted(mode).model_.linear
    texts, topics = single_papers(each=20) if mode == "single" else multi_papers(each=12)
    own = [[one] for one in topics] if mode == "single" else topics
    truth = np.array([[float(topic in some) for topic in TOPICS] for some in own])
    answers, slips = truth.copy(), [3, 30] if mode == "single" else [3, 20]
    answers[slips] = np.roll(truth[slips], 1, axis=1)
    probabilities = by_halves(linear, texts, answers)
    if mode == "single":
        np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    found = (doubts_single if mode == "single" else doubts_multi)(answers, probabilities)
    assert set(np.argsort(-found.suspicion)[:2]) == set(slips)


def test_topics_that_all_papers_have_are_certain() -> None:
    texts, _ = single_papers(each=5)
    answers = np.array([[1.0, 0.0, np.nan]] * len(texts))
    assert by_halves(fitted("multi").model_.linear, texts, answers)[0].tolist() == [1.0, 0.0, 0.0]
