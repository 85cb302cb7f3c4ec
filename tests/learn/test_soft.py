from __future__ import annotations

import numpy as np
import pytest

from labeler import TopicClassifier
from labeler.learn.soft import soft_labels_of
from tests.learn.factories import TINY, single_papers, text_of

TOPICS = sorted(set(single_papers(each=1)[1]))

UNREAD = [text_of([TOPICS[number % 3]], number + 1000) for number in range(60)]
RIGHT = np.eye(3)[np.arange(60) % 3]


def fitted(soft_of_judged: np.ndarray | None = None, soft: np.ndarray | None = None) -> np.ndarray:
    """Probabilities of unread papers, learned from few judged ones and the soft labels of a model of all."""
    texts, topics = single_papers(each=6)
    more = {}
    if soft_of_judged is not None and soft is not None:
        more = {"soft": {"other": ([*texts, *UNREAD], np.vstack([soft_of_judged, soft]))}}
    classifier = TopicClassifier(background=TINY, self_training=False)
    classifier.fit(texts, topics, unlabeled=UNREAD, classes=TOPICS, **more)
    return classifier.predict_proba(UNREAD)


def answers() -> np.ndarray:
    _, topics = single_papers(each=6)
    return np.array([[float(topic == name) for name in TOPICS] for topic in topics])


def test_a_model_that_people_agree_with_is_learned_from() -> None:
    assert not np.array_equal(fitted(answers(), RIGHT), fitted())


def test_a_model_that_people_disagree_with_changes_nothing() -> None:
    wrong = np.roll(answers(), 1, axis=1)
    np.testing.assert_allclose(fitted(wrong, np.roll(RIGHT, 1, axis=1)), fitted(), atol=0.01)


def test_a_model_that_says_nothing_of_judged_papers_changes_nothing() -> None:
    unknown = np.full(answers().shape, np.nan)
    np.testing.assert_allclose(fitted(unknown, RIGHT), fitted(), atol=0.01)


def test_a_model_that_always_says_the_same_changes_nothing() -> None:
    always = np.eye(3)[np.zeros(78, dtype=int)]
    np.testing.assert_allclose(fitted(always[:18], always[18:]), fitted(), atol=0.01)


def test_other_forms_are_refused() -> None:
    with pytest.raises(ValueError, match=r"soft has probabilities \(1, 2\) of 'm', not \(1, 3\)"):
        soft_labels_of({"m": (["a paper"], [[0.5, 0.5]])}, 3)
    assert soft_labels_of({}, 2) == []
