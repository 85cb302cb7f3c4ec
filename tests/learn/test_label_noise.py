from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler import TopicClassifier
from labeler.learn import label_noise
from labeler.learn.label_noise import contradicted, rightness
from tests.learn.factories import single_papers


def drawn(seed: int, papers: int, topics: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.ones(topics), papers), np.eye(topics)[rng.integers(topics, size=papers)]


@settings(max_examples=50)
@given(st.integers(0, 10_000), st.integers(1, 30), st.integers(2, 6))
def test_weights_follow_the_order_of_papers_and_topics(seed: int, papers: int, topics: int) -> None:
    probabilities, answers = drawn(seed, papers, topics)
    weights, share = rightness(probabilities, answers), contradicted(probabilities, answers)
    assert ((weights > 0) & (weights <= 1)).all()
    assert 0 <= share <= 1
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(papers), rng.permutation(topics)
    moved = probabilities[rows][:, columns], answers[rows][:, columns]
    np.testing.assert_allclose(rightness(*moved), weights[rows])
    assert contradicted(*moved) == pytest.approx(share)


def test_the_less_probable_a_label_is_the_less_its_paper_counts() -> None:
    probabilities = np.array([[0.9, 0.05, 0.05], [0.5, 0.3, 0.2], [0.05, 0.9, 0.05], [1 / 3, 1 / 3, 1 / 3]])
    weights = rightness(probabilities, np.eye(3)[[0, 0, 0, 0]])
    assert weights[0] > weights[1] > weights[3] > weights[2]
    assert weights[3] == pytest.approx((0.7 / 3) / (0.7 / 3 + 0.3 / 2 * 2 / 3))


def test_what_is_not_known_counts_as_before() -> None:
    probabilities = np.array([[np.nan, np.nan], [0.5, 0.5]])
    assert rightness(probabilities, np.array([[1.0, 0.0], [0.0, 0.0]])).tolist() == [1.0, 1.0]
    assert contradicted(probabilities, np.array([[1.0, 0.0], [0.0, 0.0]])) == 0.0


def test_contradictions_are_counted_among_papers_that_models_are_sure_of() -> None:
    truth = np.eye(4)[np.arange(200) % 4]
    probabilities = 0.9 * truth + 0.025
    wrong = truth.copy()
    wrong[:80] = np.roll(truth[:80], 1, axis=1)
    assert contradicted(probabilities, truth) == 0.0
    assert contradicted(probabilities, wrong) == pytest.approx(0.4)


@pytest.mark.slow
def test_papers_are_weighed_where_labels_are_noisy_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    texts, topics = single_papers(each=200)
    rng = np.random.default_rng(0)
    noisy = [str(rng.choice(["robots", "speech", "vision"])) if rng.random() < 0.7 else topic for topic in topics]
    found = []
    weigh = label_noise.rightness
    monkeypatch.setattr(label_noise, "rightness", lambda *given: found.append(weigh(*given)) or found[-1])
    TopicClassifier("single").fit(texts, topics)
    assert not found
    TopicClassifier("single").fit(texts, noisy)
    (weights,) = found
    is_right = np.array([one == other for one, other in zip(noisy, topics, strict=True)])
    assert len(weights) == len(is_right)
    assert weights.std() > 0.1
    TopicClassifier("single").fit(texts[:240], noisy[:240])
    assert len(found) == 1
