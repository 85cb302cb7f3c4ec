"""A script without blanks between words is learned from, explained and exported as English is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from labeler import load_model
from labeler.features.terms import NEWEST, SEPARATOR
from labeler.learn.to_sklearn import pipeline_of
from labeler.score.manifest import read_manifest
from tests.learn.factories import CHINESE, TINY, TopicClassifier, chinese_papers, classifier

NEW, TRUTH = chinese_papers(each=6, first=500)
JAPANESE = "ひらがなだけのぶんしょう\nわたしたちはあたらしいやりかたをしめします"
ENGLISH = "Walking of a robot\nWe present a new method for torque and balance of walking robots."


@pytest.fixture(scope="module")
def trained() -> TopicClassifier:
    return classifier(background=TINY).fit(*chinese_papers())


def test_topics_are_learned_from_pairs_of_characters(trained: TopicClassifier) -> None:
    assert trained.predict(NEW).tolist() == TRUTH


def test_a_background_of_another_language_is_left_out(trained: TopicClassifier) -> None:
    assert trained.parameters_["background"] == "none"
    without = classifier().fit(*chinese_papers())
    assert trained.predict_proba(NEW).tolist() == without.predict_proba(NEW).tolist()


def test_papers_in_the_same_language_are_familiar_and_others_are_not(trained: TopicClassifier) -> None:
    assert [one.reason for one in trained.decide(NEW)].count("unfamiliar") <= 2
    assert [one.reason for one in trained.decide([JAPANESE, ENGLISH])] == ["unfamiliar"] * 2


def test_words_behind_a_topic_are_pairs_as_they_are_written(trained: TopicClassifier) -> None:
    for (decision, because), topic in zip(trained.model_.label(NEW, 0.9), TRUTH, strict=True):
        assert decision.topics == (topic,)
        assert not [word for word in because[topic] if " " in word or len(word) == 1]
        assert set(because[topic]) & {word[place : place + 2] for word in CHINESE[topic] for place in (0, 1)}


def test_an_explanation_adds_up_and_its_terms_stand_in_the_text(trained: TopicClassifier) -> None:
    for told in trained.model_.explain(NEW[0]):
        assert told.intercept + sum(addend for _, addend in told.contributions) == pytest.approx(told.score, abs=1e-5)
        assert all(len(term) <= 2 or " " in term or term.isascii() for term, _ in told.contributions)
        assert all(term in NEW[0] for term, _ in told.contributions if len(term) == 1)


def test_a_single_character_is_a_reason_where_there_is_no_other(trained: TopicClassifier) -> None:
    [(decision, because)] = trained.model_.label(["像"], 0.9)
    assert [because[topic] for topic in decision.topics] == [["像"]]


def test_scikit_learn_gives_the_same_probabilities(trained: TopicClassifier) -> None:
    texts = [*NEW, JAPANESE, ENGLISH, "x学é习ab\n图像 学\u0301习"]
    parts = [text.partition("\n") for text in texts]
    given = [f"{title} {SEPARATOR} {title} {SEPARATOR} {abstract}" for title, _, abstract in parts]
    assert trained.model_.linear.top == (1.0, 0.0)
    np.testing.assert_allclose(
        pipeline_of(trained.model_).predict_proba(given), trained.predict_proba(texts), rtol=0, atol=1e-6
    )


def test_a_saved_model_says_which_tokenizer_it_has(trained: TopicClassifier, tmp_path: Path) -> None:
    trained.save(str(tmp_path / "1"))
    assert read_manifest(tmp_path / "1").tokenizer == NEWEST
    again = load_model(tmp_path / "1")
    assert again.predict_proba(NEW).tolist() == trained.predict_proba(NEW).tolist()
    assert again.linear.tfidf.vocabulary.tokenizer == NEWEST


def test_definitions_alone_tell_topics_apart() -> None:
    texts, _ = chinese_papers(each=20, first=100)
    definitions = {topic: f"{topic}。{'、'.join(words[:4])}" for topic, words in CHINESE.items()}
    found = classifier(definitions=definitions).fit([], [], unlabeled=texts).predict(NEW)
    assert np.mean(found == np.array(TRUTH)) > 0.9
