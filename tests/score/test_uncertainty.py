from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from labeler.score.uncertainty import expected_ranks, log_odds, margins
from labeler.topics import Mode
from tests.learn.factories import fitted

HALF = np.array([0.5, 0.5, 0.5])


def test_single_the_lead_of_the_most_probable_answer_counts() -> None:
    probabilities = np.array([[0.5, 0.3, 0.2], [0.2, 0.4, 0.4], [0.05, 0.9, 0.05]])
    assert margins(probabilities, HALF, Mode.SINGLE) == pytest.approx([0.2, 0.0, 0.85])


def test_single_none_of_these_is_an_answer_too() -> None:
    probabilities = np.array([[0.4, 0.2, 0.4], [0.7, 0.2, 0.1]])
    assert margins(probabilities, HALF[:2], Mode.SINGLE) == pytest.approx([0.0, 0.5])


def test_single_with_one_answer_its_probability_counts() -> None:
    assert margins(np.array([[1.0], [0.6]]), HALF[:1], Mode.SINGLE) == pytest.approx([0.0, 0.4])


def test_multi_the_paper_with_most_doubtful_topics_comes_first() -> None:
    probabilities = np.array([[0.99, 0.01, 0.01], [0.6, 0.4, 0.01], [0.6, 0.4, 0.5]])
    found = margins(probabilities, HALF, Mode.MULTI)
    assert list(np.argsort(found)) == [2, 1, 0]


def test_multi_a_topic_that_is_always_vague_does_not_decide() -> None:
    """The last topic is near its threshold everywhere; what tells papers apart is the other two."""
    probabilities = np.array([[0.95, 0.02, 0.5], [0.6, 0.45, 0.53], [0.05, 0.02, 0.5]])
    assert margins(probabilities, HALF, Mode.MULTI).argmin() == 1


def test_multi_a_topic_that_cannot_be_learned_says_nothing() -> None:
    probabilities = np.array([[0.4, 0.0], [0.1, 0.0]])
    found = margins(probabilities, np.array([0.5, np.inf]), Mode.MULTI)
    assert np.isfinite(found).all()
    assert found == pytest.approx(margins(probabilities[:, :1], HALF[:1], Mode.MULTI))


def test_multi_distance_is_from_the_topics_own_threshold() -> None:
    probabilities = np.array([[0.25], [0.9]])
    assert margins(probabilities, np.array([0.2]), Mode.MULTI).argmin() == 0


def test_multi_each_topic_is_compared_with_its_mean_over_the_reference() -> None:
    probabilities = np.array([[0.6, 0.01], [0.3, 0.45]])
    assert margins(probabilities, HALF[:2], Mode.MULTI, probabilities) == pytest.approx(
        margins(probabilities, HALF[:2], Mode.MULTI)
    )
    alone = np.concatenate([margins(probabilities[[row]], HALF[:2], Mode.MULTI, probabilities) for row in range(2)])
    assert alone == pytest.approx(margins(probabilities, HALF[:2], Mode.MULTI))


@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
def test_the_expected_rank_is_the_place_among_held_out_papers(mode: str) -> None:
    model = fitted(mode).model_
    held_out = model.held_out[0]
    held_out = held_out[np.isfinite(held_out).all(axis=1)]
    found = margins(held_out, model.thresholds, model.mode)
    ranks = expected_ranks(model, held_out)
    assert ((ranks > 0) & (ranks < 1)).all()
    assert ranks.mean() == pytest.approx(0.5)
    assert np.argsort(ranks, kind="stable").tolist() == np.argsort(found, kind="stable").tolist()
    for row in (0, len(held_out) - 1):  # whatever other papers are asked about
        assert expected_ranks(model, held_out[[row]])[0] == ranks[row]


def test_without_held_out_papers_every_rank_is_the_middle() -> None:
    model = fitted(Mode.MULTI).model_
    nobody = replace(model, held_out=(np.full((3, 3), np.nan), np.full((3, 3), np.nan)))
    assert expected_ranks(nobody, np.array([[0.5, 0.1, 0.9], [0.1, 0.1, 0.1]])).tolist() == [0.5, 0.5]


def test_log_odds_are_bounded() -> None:
    assert log_odds(np.array([0.0, 0.5, 1.0])) == pytest.approx([-13.8155, 0.0, 13.8155], abs=1e-3)
