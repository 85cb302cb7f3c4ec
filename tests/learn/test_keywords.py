"""Keywords as weak evidence, which judged papers overrule."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from labeler import TopicClassifier
from labeler.features.space import fit_space
from labeler.features.weighting import fit_tfidf
from labeler.learn.keywords import KeywordPoints, TopicKeywords, keyword_points
from tests.learn.factories import TINY, single_papers, text_of

TOPICS = ("robots", "speech", "vision")
UNREAD = [text_of([TOPICS[number % 3]], number + 1000) for number in range(60)]
NAMES = {topic: topic for topic in TOPICS}
MODES = ["single", "multi"]


def points(**keywords: Any) -> KeywordPoints:
    texts = single_papers(each=10)[0]
    tfidf = fit_tfidf(texts, 1, TINY)
    space = fit_space(tfidf, tfidf.transform(texts), TINY)[0]
    return keyword_points(TopicKeywords(keywords.get("yes", {}), keywords.get("no", {})), TOPICS, tfidf, space)


@cache
def fitted(mode: str, judged: int = 0, swapped: bool = False, no: str = "") -> np.ndarray:
    """Probabilities of unread papers, by names without a word of theirs, and by keywords."""
    keywords = {"robots": ["gripper", "torque"], "speech": ["phoneme", "vowel"], "vision": ["pixel", "lens"]}
    if swapped:
        keywords |= {"robots": keywords["speech"], "speech": keywords["robots"]}
    found = TopicClassifier(
        mode,
        definitions={topic: f"topic {topic}" for topic in TOPICS},
        background=TINY,
        keywords=keywords,
        not_keywords={"robots": [no]} if no else None,
    )
    texts, topics = single_papers(each=judged)
    given = topics if mode == "single" else [[topic] for topic in topics]
    return np.asarray(found.fit(texts, given, unlabeled=UNREAD, classes=TOPICS).predict_proba(UNREAD))


def test_keywords_are_a_document_of_their_topic_and_not_of_the_others() -> None:
    found = points(yes={"speech": ["voice", "vowel"], "robots": ["unheard"]}, no={"vision": ["soup"]})
    assert (found.columns.tolist(), found.denied.tolist()) == ([1, 2], [False, True])
    answers, weights = found.examples(np.zeros((0, 4)), np.arange(0))
    np.testing.assert_array_equal(answers, [[0, 1, 0, 0], [np.nan, np.nan, 0, np.nan]])
    assert weights[0] > weights[1] > 0
    assert len(points().columns) == 0


def test_keywords_of_a_topic_are_of_those_above_it_and_speak_against_those_below_it() -> None:
    below = np.array([[0.0, 1.0, 1.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])  # speech and vision are below robots
    found = replace(points(yes={"speech": ["voice"], "robots": ["torque"]}, no={"robots": ["soup"]}), below=below)
    answers, _ = found.examples(np.zeros((0, 3)), np.arange(0))
    np.testing.assert_array_equal(answers, [[1, np.nan, np.nan], [1, 1, 0], [0, 0, 0]])


def test_no_pair_of_words_reaches_from_one_keyword_into_the_next() -> None:
    texts = ["robot arm", "arm robot", "robot arm"]
    tfidf = fit_tfidf(texts, 1, TINY)
    space = fit_space(tfidf, tfidf.transform(texts), TINY)[0]
    found = keyword_points(TopicKeywords({"robots": ["robot\narm", "robot"]}, {}), TOPICS, tfidf, space)
    assert {tfidf.terms[column] for column in found.points.terms.indices} == {"robot", "arm", "robot arm"}


@pytest.mark.parametrize("mode", MODES)
def test_keywords_alone_tell_topics_apart(mode: str) -> None:
    assert (fitted(mode).argmax(axis=1) == np.arange(60) % 3).mean() > 0.9


@pytest.mark.parametrize("mode", MODES)
def test_judged_papers_overrule_wrong_keywords(mode: str) -> None:
    assert (fitted(mode, swapped=True).argmax(axis=1) == np.arange(60) % 3).mean() < 0.5
    assert (fitted(mode, judged=10, swapped=True).argmax(axis=1) == np.arange(60) % 3).mean() > 0.9


@pytest.mark.parametrize("mode", MODES)
def test_a_paper_with_a_word_that_speaks_against_a_topic_is_less_probably_of_it(mode: str) -> None:
    holds = np.array(["walking" in text for text in UNREAD]) & (np.arange(60) % 3 == 0)
    without, with_not = fitted(mode)[holds, 0], fitted(mode, no="walking")[holds, 0]
    assert holds.any()
    assert with_not.mean() < without.mean() - 0.02


def test_a_topic_without_a_definition_is_defined_by_its_keywords() -> None:
    keywords = {"robots": ["gripper", "torque"], "speech": ["phoneme", "vowel"]}
    found = TopicClassifier(background=TINY, keywords=keywords).fit([], [], unlabeled=UNREAD)
    assert found.classes_.tolist() == ["robots", "speech"]
    assert found.predict(["a gripper", "a vowel"]).tolist() == ["robots", "speech"]


def test_the_order_of_topics_does_not_matter() -> None:
    turned = {"speech": ["vowel"], "robots": ["torque"]}
    one, other = (
        TopicClassifier(background=TINY, keywords=given).fit([], [], unlabeled=UNREAD).predict_proba(UNREAD)
        for given in (turned, dict(reversed(turned.items())))
    )
    np.testing.assert_array_equal(one, other)


def test_a_text_alone_is_no_list_of_keywords() -> None:
    classifier = TopicClassifier(background=TINY, keywords={"robots": "gripper", "speech": ["vowel"]})
    with pytest.raises(ValueError, match=r"the keywords of a topic are a list of texts, as in \['gripper'\]"):
        classifier.fit([], [], unlabeled=UNREAD)
