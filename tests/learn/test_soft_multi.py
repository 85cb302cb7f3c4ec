"""Soft labels where a paper has any number of topics."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import cohen_kappa_score

from labeler import TopicClassifier
from labeler.features.space import Points
from labeler.learn.soft import WEIGHT, SoftLabels
from labeler.learn.soft_multi import SoftTopics, agreement, soft_topics
from labeler.topics.hierarchy import Hierarchy
from tests.learn.factories import TINY, multi_papers, text_of

TEXTS, TOPICS_OF = multi_papers(each=6)
TOPICS = sorted({topic for topics in TOPICS_OF for topic in topics})
UNREAD_TOPICS = [[TOPICS[number % 3]] for number in range(60)]
UNREAD = [text_of(topics, number + 1000) for number, topics in enumerate(UNREAD_TOPICS)]


def as_matrix(topics_of: list[list[str]]) -> np.ndarray:
    return np.array([[float(topic in topics) for topic in TOPICS] for topics in topics_of])


def fitted(of_judged: np.ndarray | None = None, of_unread: np.ndarray | None = None) -> np.ndarray:
    """Probabilities of unread papers, learned from judged ones and what another model says of all."""
    soft = None
    if of_judged is not None and of_unread is not None:
        soft = {"other": ([*TEXTS, *UNREAD], np.vstack([of_judged, of_unread]))}
    classifier = TopicClassifier(mode="multi", background=TINY, self_training=False)
    return classifier.fit(TEXTS, TOPICS_OF, unlabeled=UNREAD, classes=TOPICS, soft=soft).predict_proba(UNREAD)


RIGHT = as_matrix(TOPICS_OF), as_matrix(UNREAD_TOPICS)


def test_a_model_that_people_agree_with_is_learned_from() -> None:
    assert not np.allclose(fitted(*RIGHT), fitted(), atol=1e-4)


def test_a_model_that_people_disagree_with_changes_nothing() -> None:
    wrong = [np.roll(answers, 1, axis=1) for answers in RIGHT]
    np.testing.assert_allclose(fitted(*wrong), fitted(), atol=0.01)


def test_a_model_that_says_nothing_of_judged_papers_changes_nothing() -> None:
    np.testing.assert_allclose(fitted(np.full(RIGHT[0].shape, np.nan), RIGHT[1]), fitted(), atol=0.01)


def test_agreement_is_cohens_kappa_where_papers_are_many() -> None:
    rng = np.random.default_rng(0)
    truth = (rng.random((5000, 2)) < (0.5, 0.1)).astype(float)
    said = np.where(rng.random(truth.shape) < 0.2, 1 - truth, truth)
    kappas = [cohen_kappa_score(said[:, column], truth[:, column]) for column in range(2)]
    np.testing.assert_allclose(agreement(said, truth), kappas, atol=0.01)


FLAGS = st.sampled_from([0.0, 1.0, np.nan])


@given(arrays(float, (8, 3), elements=FLAGS), arrays(float, (8, 3), elements=FLAGS))
def test_agreement_is_a_share_and_the_same_in_any_order_of_topics(said: np.ndarray, truth: np.ndarray) -> None:
    found = agreement(said, truth)
    assert ((found >= 0) & (found <= 1)).all()
    np.testing.assert_allclose(agreement(said[:, ::-1], truth[:, ::-1]), found[::-1], atol=1e-12)
    np.testing.assert_allclose(agreement(truth, said), found, atol=1e-12)


def points_of(rows: np.ndarray) -> Points:
    from scipy import sparse

    return Points(sparse.csr_matrix(rows), (rows.astype(np.float32),))


def groups_of(probabilities: np.ndarray, hierarchy: Hierarchy | None = None) -> SoftTopics:
    """The soft labels of unread papers, of which none is judged."""
    texts = [f"paper {number}" for number in range(len(probabilities))]
    soft = SoftLabels("m", texts, probabilities)
    names = ["ai", "maths", "nlp"][: probabilities.shape[1]]
    return soft_topics(soft, [], texts, points_of(np.eye(len(texts))), names, hierarchy or Hierarchy())


def test_papers_are_in_groups_of_ten_of_each_topic_and_of_none() -> None:
    probabilities = np.zeros((50, 2))
    probabilities[:20, 0], probabilities[10:30, 1] = 0.9, 0.8
    found = groups_of(probabilities)
    assert found.sizes.tolist() == [10.0] * 6
    assert found.answers[-2:].tolist() == [[0.0, 0.0]] * 2
    assert sorted(map(str, found.answers[:4].tolist())) == sorted(
        map(str, [[1.0, 0.0], [1.0, 1.0], [1.0, 1.0], [0.0, 1.0]])
    )


def test_what_is_said_of_a_topic_counts_for_those_above_and_below() -> None:
    found = groups_of(np.array([[np.nan, np.nan, 0.9], [0.1, np.nan, np.nan]]), Hierarchy({"nlp": "ai"}))
    np.testing.assert_array_equal(found.answers, [[1, np.nan, 1], [1, np.nan, 1], [0, np.nan, 0]])


def test_weights_follow_the_agreement_on_each_topic() -> None:
    truth = np.repeat(np.array([[1.0, 0.0], [0.0, 1.0]]), 20, axis=0)
    said = np.column_stack([truth[:, 0], np.tile([0.0, 1.0], 20)])
    found = SoftTopics(points_of(np.eye(1)), np.array([[1.0, 0.0]]), np.array([10.0]), said)
    answers, weights = found.examples(truth, np.arange(40))
    assert answers.tolist() == [[1.0, 0.0]]
    assert weights[0, 0] == pytest.approx(10 * WEIGHT, rel=0.1)
    assert weights[0, 1] < 0.01


def test_no_soft_labels_of_these_papers_are_no_examples() -> None:
    soft = SoftLabels("m", ["another paper"], np.array([[1.0]]))
    found = soft_topics(soft, ["a"], ["b"], points_of(np.eye(1)), ["ai"])
    assert len(found.points) == 0
    assert found.answers.shape == (0, 1)
