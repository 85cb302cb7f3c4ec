from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler import TopicClassifier
from labeler.learn.parents import answers_of, own_shares, shared_factor, topics_below
from labeler.topics.hierarchy import FLAT, Hierarchy
from tests.learn.factories import TINY, single_papers, text_of

TOPICS = ("health", "llm", "nlp", "science")
TREE = Hierarchy({"llm": "nlp", "nlp": "science"})
DEFINITIONS = {
    "senses": "Senses. speech voice sound image pixel camera",
    "robots": "Robots. gripper arm",
    "speech": "Speech. voice sound",
    "vision": "Vision. image pixel",
}
PARENTS = {"speech": "senses", "vision": "senses"}
UNREAD = [text_of([("robots", "speech", "vision")[number % 3]], number + 1000) for number in range(60)]


def test_a_topic_has_all_topics_below_it() -> None:
    below = topics_below(TOPICS, TREE)
    assert {
        topic: [TOPICS[column] for column in np.flatnonzero(row)] for topic, row in zip(TOPICS, below, strict=True)
    } == {
        "health": [],
        "llm": [],
        "nlp": ["llm"],
        "science": ["llm", "nlp"],
    }
    assert not topics_below(TOPICS, FLAT).any()


def test_the_share_is_of_the_papers_of_a_topic_and_of_those_below_it() -> None:
    found = own_shares(np.array([5.0, 8.0, 1.0, 0.0]), topics_below(TOPICS, TREE))
    assert found.tolist() == [1.0, 1.0, 2 / 11, 1 / 12]


@given(st.lists(st.integers(0, 30), min_size=4, max_size=4), st.dictionaries(*[st.sampled_from(TOPICS)] * 2))
def test_it_is_a_share_and_one_without_topics_below(counts: list[int], parents: dict[str, str]) -> None:
    below = topics_below(TOPICS, Hierarchy(parents))
    found = own_shares(np.array(counts, float), below)
    assert ((found > 0) & (found <= 1)).all()
    np.testing.assert_array_equal(found == 1, below.sum(axis=1) == 0)


def test_an_example_of_a_topic_is_one_of_those_above_it_and_may_be_of_those_below() -> None:
    answers = answers_of([1, 2, 3], topics_below(TOPICS, TREE))
    np.testing.assert_array_equal(answers, [[0, 1, 1, 1], [0, np.nan, 1, 1], [0, np.nan, np.nan, 1]])
    np.testing.assert_array_equal(answers_of([0, 3], topics_below(TOPICS, FLAT)), np.eye(4)[[0, 3]])


def test_topics_of_one_parent_share_weights_and_no_others_do() -> None:
    factor = shared_factor(topics_below(["a", "b", "c", "d"], Hierarchy({"a": "c", "b": "c"})), 5)
    covariances = factor @ factor.T
    assert covariances[0, 1] == pytest.approx(covariances[0, 2])
    assert covariances[0, 1] > 0
    np.testing.assert_allclose(covariances[3:], np.eye(5)[3:], atol=1e-12)


def probabilities(parents: dict[str, str], own: bool = False) -> dict[str, float]:
    """The mean probability of each topic, after two judged papers of each; some are of the parent itself."""
    texts, topics = single_papers(each=2)
    topics = ["senses" if own and topic == "vision" else topic for topic in topics]
    found = TopicClassifier(definitions=DEFINITIONS, parents=parents, background=TINY)
    rows = found.fit(texts, topics, unlabeled=UNREAD).predict_proba(UNREAD)
    return dict(zip(map(str, found.classes_), rows.mean(axis=0), strict=True))


def test_a_topic_is_less_of_an_answer_where_people_chose_those_below_it_alone() -> None:
    assert probabilities(PARENTS)["senses"] < 0.75 * probabilities({})["senses"]


def test_a_topic_that_people_chose_is_an_answer_beside_those_below_it() -> None:
    assert probabilities(PARENTS, own=True)["senses"] > 10 * probabilities(PARENTS)["senses"]


@pytest.mark.parametrize("defined", [True, False])
def test_before_anybody_judged_a_topic_is_an_answer_where_those_below_it_cannot_be(defined: bool) -> None:
    definitions = {topic: text for topic, text in DEFINITIONS.items() if defined or topic not in PARENTS}
    found = TopicClassifier(definitions=definitions, parents=PARENTS, background=TINY)
    predicted = found.fit_many([], list(DEFINITIONS), unlabeled=UNREAD).predict(UNREAD)
    assert set(predicted) == ({"robots", "speech", "vision"} if defined else {"robots", "senses"})
