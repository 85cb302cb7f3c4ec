from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from labeler.features.tfidf import Tfidf
from labeler.score.linear import LinearModel
from labeler.topics import Mode
from models.arxiv.compact import pruned, quantized
from tests.learn.factories import NEW, fitted, single_papers

LINEAR = fitted(Mode.SINGLE, none=6).model_.linear
TEXTS = single_papers(each=20, none=20)[0]


def test_a_model_of_fewer_terms_says_nearly_the_same() -> None:
    small = pruned(LINEAR, TEXTS, len(LINEAR.tfidf.terms) // 2)
    assert len(small.tfidf.terms) == len(LINEAR.tfidf.terms) // 2 == len(small.weights)
    assert set(small.tfidf.terms) < set(LINEAR.tfidf.terms)
    assert list(small.tfidf.terms) == [term for term in LINEAR.tfidf.terms if term in set(small.tfidf.terms)]
    before, after = LINEAR.probabilities(TEXTS), small.probabilities(TEXTS)
    assert (before.argmax(axis=1) == after.argmax(axis=1)).mean() > 0.97
    assert np.abs(before - after).mean() < 0.05


def test_the_scores_of_the_smaller_model_are_on_average_those_of_the_whole() -> None:
    small = pruned(LINEAR, TEXTS, 20)
    before, after = (linear.scores(linear.rows(TEXTS)) for linear in (LINEAR, small))
    np.testing.assert_allclose(after.mean(axis=0), before.mean(axis=0), atol=1e-6)


def test_words_that_tell_topics_apart_are_kept() -> None:
    terms = set(pruned(LINEAR, TEXTS, 30).tfidf.terms)
    assert {"robot", "speech", "camera"} & terms
    assert "present" not in terms


def test_a_model_that_is_small_enough_stays_as_it_is() -> None:
    assert pruned(LINEAR, TEXTS, 10**6) is LINEAR


def test_a_topic_that_was_not_learned_stays_so() -> None:
    intercepts = LINEAR.intercepts.copy()
    intercepts[1] = -np.inf
    small = pruned(replace(LINEAR, intercepts=intercepts), TEXTS, 30)
    assert np.isneginf(small.intercepts[1])
    assert np.isfinite(small.intercepts[[0, 2, 3]]).all()
    assert (small.probabilities(NEW)[:, 1] == 0).all()


def quantized_model(weights: np.ndarray, levels: int) -> LinearModel:
    """A model that has these weights as whole numbers of scales."""
    codes, scales = quantized(weights, levels)
    tfidf = Tfidf.of([f"word{number}" for number in range(len(weights))], np.ones(len(weights), np.float32))
    topics = tuple("abcdefg"[: weights.shape[1]])
    return LinearModel(tfidf, codes, np.zeros(weights.shape[1]), topics, Mode.MULTI, scales=scales)


@given(
    arrays(np.float32, (5, 3), elements=st.floats(-1e3, 1e3, width=32)),
    st.integers(1, 127),
)
@example(np.full((5, 3), 6.7e-44, np.float32), 9)
def test_weights_are_kept_to_half_a_step(weights: np.ndarray, levels: int) -> None:
    codes, scales = quantized(weights, levels)
    assert (codes.dtype, codes.shape, scales.shape) == (np.int8, (5, 3), (5,))
    assert np.abs(codes.astype(int)).max() <= levels
    found = quantized_model(weights, levels).plain_weights
    assert found.dtype == np.float32
    assert (np.abs(found - weights) <= 0.5001 * scales[:, None] + 1e-6).all()


def test_no_terms_are_no_fault() -> None:
    small = quantized_model(np.zeros((0, 3), dtype=np.float32), 31)
    assert small.plain_weights.shape == (0, 3)
    assert small.probabilities(["word0", ""]).tolist() == [[0.5] * 3] * 2


@given(st.lists(st.lists(st.integers(0, 6).map("word{}".format), max_size=9).map(" ".join), max_size=5))
@settings(deadline=None)
def test_a_model_of_steps_says_what_its_plain_weights_say(texts: list[str]) -> None:
    small = quantized_model(np.random.default_rng(0).normal(0, 3, (6, 3)).astype(np.float32), 31)
    plain = replace(small, weights=small.plain_weights, scales=None)
    expected_scores = plain.scores(plain.rows(texts))
    differences = np.abs(small.scores(small.rows(texts)) - expected_scores)
    assert (differences <= 1e-5 * np.maximum(1, np.abs(expected_scores))).all()
    for row in range(len(texts)):
        contributions = (linear.contributions(linear.rows(texts)[row], range(3)) for linear in (small, plain))
        for (terms, addends), (others, expected) in zip(*contributions, strict=True):
            assert dict(zip(terms.tolist(), addends.tolist(), strict=True)) == pytest.approx(
                dict(zip(others.tolist(), expected.tolist(), strict=True)), rel=1e-5
            )


@pytest.mark.parametrize("levels", [0, 128, -3])
def test_levels_that_a_byte_does_not_hold_are_told(levels: int) -> None:
    with pytest.raises(ValueError, match="1 to 127"):
        quantized(np.ones((1, 1), dtype=np.float32), levels)
