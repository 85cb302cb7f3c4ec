"""A classifier in a notebook: its parameters before it is fitted, what it has learned afterwards."""

from __future__ import annotations

import re

from sklearn import config_context
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from labeler import TopicClassifier
from tests.learn.factories import classifier, multi_papers, single_papers


def test_before_it_is_fitted_it_is_shown_as_any_estimator() -> None:
    assert "sk-" in TopicClassifier(mode="multi")._repr_html_()
    assert "TopicClassifier" in make_pipeline(FunctionTransformer(), TopicClassifier())._repr_html_()


def test_a_fitted_one_shows_topics_papers_and_figures_with_intervals() -> None:
    for mode, papers in (("single", single_papers), ("multi", multi_papers)):
        clf = classifier(mode).fit(*papers(12))
        shown = clf._repr_html_()
        assert all(f">{topic}</td>" in shown for topic in clf.classes_)
        assert "macro-F1" in shown
        assert f"Learned from {len(papers(12)[0])} judged papers; " in shown
        assert " to " in shown
        assert clf.parameters_["recipe"] in shown
        assert "<script" not in shown
        assert set(clf._repr_mimebundle_()) == {"text/plain", "text/html"}
        with config_context(display="text"):
            assert set(clf._repr_mimebundle_()) == {"text/plain"}


def test_names_of_topics_are_escaped_and_numbers_are_topics_too() -> None:
    texts, topics = single_papers(8)
    names = {topic: f"<b>{topic}</b>" for topic in set(topics) if topic is not None}
    evil = classifier("single").fit(texts, [names.get(topic) for topic in topics])._repr_html_()
    assert "<b>" not in evil
    numbers = {topic: place for place, topic in enumerate(sorted(names))}
    shown = classifier("single").fit(texts, [numbers.get(topic) for topic in topics])._repr_html_()
    assert all(f">{number}</td>" in shown for number in numbers.values())


def test_each_topic_has_its_own_number_of_papers() -> None:
    texts, topics = single_papers(10)
    kept = [row for row, topic in enumerate(topics) if topic != "speech" or row % 2]
    shown = classifier("single").fit([texts[row] for row in kept], [topics[row] for row in kept])._repr_html_()
    rows = dict(re.findall(r"<tr[^>]*><td[^>]*>(\w+)</td><td[^>]*>(\d+)<", shown))
    assert rows == {"robots": "10", "speech": "5", "vision": "10"}
