from __future__ import annotations

from functools import cache

import pytest

from labeler import TopicClassifier
from labeler.evaluation.stability import Share, Stability, stability
from tests.drift.test_themes import texts


@cache
def found() -> Stability:
    kinds = ("language", "vision", "stars")
    learned = {kind: texts(kind, 40, 1) for kind in kinds}
    labels = [kind for kind in kinds for _ in learned[kind]]
    model = TopicClassifier("single").fit([text for some in learned.values() for text in some], labels).model_
    new = [text for kind in kinds for text in texts(kind, 30, 2)]
    return stability(
        model, new, ["a"] * 45 + ["b"] * 44 + ["c"], 0.9, {"planet", "planets", "gene", "genes", "image", "images"}
    )


@pytest.mark.slow
def test_words_that_the_model_names_count_more_than_others() -> None:
    assert found().faithful.papers >= 60
    assert found().faithful.part > 0.9 * found().faithful.papers
    assert set(found().parts) == {"a", "b"}  # one paper is no part


@pytest.mark.slow
def test_edits_are_counted_where_they_change_a_text() -> None:
    assert 0 < found().changed["singular and plural"].papers < 90
    assert "abbreviations written out" not in found().changed
    assert found().sentences[0].startswith("Edits that change no meaning change ")
    assert found().sentences[1].startswith("The words named count: ")


def test_the_sentences() -> None:
    stable = Stability({"spelling": Share(1, 20), "order of sentences": Share(0, 30)}, Share(45, 50), {})
    assert stable.sentences == [
        "Edits that change no meaning change 2.0% (0.1% to 10.6%) of the decisions on judged papers (spelling "
        "1 of 20, order of sentences 0 of 30).",
        "The words named count: without them the topic's score falls more than without as many others in "
        "90.0% (78.2% to 96.7%) of 50 papers.",
    ]
    assert Stability({}, Share(0, 0), {}).sentences == []
