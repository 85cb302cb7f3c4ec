from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import expit, logit, softmax

from labeler.features.background import NO_BACKGROUND
from labeler.features.weighting import fit_tfidf
from labeler.score.linear import LinearModel
from labeler.topics.mode import Mode

TEXTS = ["robot arm", "voice", "robot voice arm", "", "nothing known here"]


def linear(mode: str, intercepts: tuple[float, ...] = (0.5, -1.0, 0.25)) -> LinearModel:
    tfidf = fit_tfidf(["robot arm", "voice of robot"], 1, NO_BACKGROUND)
    weights = np.random.default_rng(0).normal(size=(len(tfidf.terms), len(intercepts))).astype(np.float32)
    return LinearModel(tfidf, weights, np.array(intercepts), tuple("abcdefg"[: len(intercepts)]), mode)


def test_scores_are_weighted_terms_and_a_base() -> None:
    model = linear(Mode.MULTI)
    rows = model.rows(TEXTS)
    np.testing.assert_allclose(
        model.scores(rows), rows.sparse().toarray() @ model.weights.astype(float) + model.intercepts
    )


def test_a_text_without_known_words_has_the_bases_as_scores() -> None:
    assert linear(Mode.MULTI).scores(linear(Mode.MULTI).rows(["", "unheard"])).tolist() == [[0.5, -1.0, 0.25]] * 2


@pytest.mark.parametrize(("mode", "link"), [(Mode.MULTI, expit), (Mode.SINGLE, lambda scores: softmax(scores, axis=1))])
def test_probabilities_follow_from_scores(mode: str, link: object) -> None:
    model = linear(mode)
    expected = link(model.scores(model.rows(TEXTS)))  # type: ignore[operator]
    np.testing.assert_allclose(model.probabilities(TEXTS), expected, rtol=1e-12)


@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
def test_extreme_scores_give_probabilities_and_no_warning(mode: str) -> None:
    with np.errstate(all="raise", under="ignore"):
        found = linear(mode).link(np.array([[1e4, -1e4, 0.0], [-1e4, -1e4, -1e4]]))
    assert found[0].tolist() == ([1.0, 0.0, 0.5] if mode == Mode.MULTI else [1.0, 0.0, 0.0])
    assert found[1].tolist() == ([0.0] * 3 if mode == Mode.MULTI else pytest.approx([1 / 3] * 3))


@pytest.mark.parametrize("mode", [Mode.MULTI, Mode.SINGLE])
def test_a_topic_that_was_not_learned_has_probability_zero(mode: str) -> None:
    model = linear(mode, (0.5, -np.inf, 0.25))
    model.weights[:, 1] = 0
    found = model.probabilities(TEXTS)
    assert found[:, 1].tolist() == [0.0] * len(TEXTS)
    assert np.all(found[:, [0, 2]] > 0)


SCORES = st.tuples(st.integers(1, 5), st.integers(2, 6)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.floats(-60, 60) | st.sampled_from([0.0, 800.0, -np.inf]))
)
TOPS = st.tuples(st.floats(0.02, 5.0), st.floats(-6, 6))


def corrected(scores: np.ndarray, top: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities without and with the correction."""
    model = linear(Mode.SINGLE, (0.0,) * scores.shape[1])
    return model.link(scores), replace(model, top=top).link(scores)


@pytest.mark.slow
@given(SCORES, TOPS)
@settings(max_examples=200, deadline=None)
def test_corrected_rows_are_probabilities_that_sum_to_one(scores: np.ndarray, top: tuple[float, float]) -> None:
    _, found = corrected(scores, top)
    assert ((found >= 0) & (found <= 1)).all()
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-9)


@pytest.mark.slow
@given(SCORES, TOPS)
@example(np.array([[0.0, 800.0]]), (0.03, -1.0))
@example(np.array([[0.0, 31.0, 2.0]]), (0.03, -1.0))
@settings(max_examples=200, deadline=None)
def test_the_correction_keeps_the_ranking(scores: np.ndarray, top: tuple[float, float]) -> None:
    plain, found = corrected(scores, top)
    for before, after in zip(plain, found, strict=True):
        assert after.argmax() == before.argmax()
        lower = before[:, None] < before
        assert (after[:, None] <= after + 1e-12)[lower].all()


@given(SCORES, TOPS)
@settings(max_examples=100, deadline=None)
def test_a_topic_that_was_not_learned_keeps_probability_zero(scores: np.ndarray, top: tuple[float, float]) -> None:
    scores[:, 0] = np.where(np.isfinite(scores[:, 0]), scores[:, 0], 0.0)
    _, found = corrected(np.column_stack([scores, np.full(len(scores), -np.inf)]), top)
    assert found[:, -1].tolist() == [0.0] * len(scores)


@pytest.mark.parametrize("top", [(0.5, 0.0), (1.5, -0.2), (0.8, 0.4)])
def test_the_most_probable_topic_is_corrected_and_the_others_share_what_it_leaves(top: tuple[float, float]) -> None:
    plain, found = corrected(np.array([[3.0, 1.0, 0.0], [0.0, 0.5, 2.5]]), top)
    for before, after, best in zip(plain, found, (0, 2), strict=True):
        assert after[best] == pytest.approx(expit(top[0] * logit(before[best]) + top[1]))
        others = np.arange(3) != best
        np.testing.assert_allclose(after[others] / after[others].sum(), before[others] / before[others].sum())


def test_a_topic_never_falls_below_the_next_one() -> None:
    _, found = corrected(np.array([[1.0, 0.9, -9.0]]), (1.0, -6.0))
    assert found[0, 0] > found[0, 1] > 0.49


@given(SCORES)
@settings(max_examples=30, deadline=None)
def test_without_a_correction_nothing_changes(scores: np.ndarray) -> None:
    plain, found = corrected(scores, (1.0, 0.0))
    np.testing.assert_array_equal(plain, found)


def test_multi_mode_has_no_correction() -> None:
    model = linear(Mode.MULTI)
    scores = np.array([[3.0, -1.0, 0.0]])
    np.testing.assert_array_equal(replace(model, top=(0.3, 1.0)).link(scores), model.link(scores))


def test_contributions_add_up_to_the_score_and_the_largest_come_first() -> None:
    model = linear(Mode.MULTI)
    row = model.rows(["robot voice of a robot arm"])
    for column, (columns, addends) in enumerate(model.contributions(row, range(3))):
        assert addends.sum() + model.intercepts[column] == pytest.approx(model.scores(row)[0, column], abs=1e-9)
        sizes = np.abs(addends).tolist()
        assert sizes == sorted(sizes, reverse=True)
        assert len(columns) == len(addends) == 7
        assert {model.tfidf.terms[column] for column in columns} == {
            "robot",
            "voice",
            "of",
            "arm",
            "voice of",
            "of robot",
            "robot arm",
        }


def test_terms_that_add_nothing_are_left_out_and_equals_come_by_the_alphabet() -> None:
    model = linear(Mode.MULTI)
    model.weights[:, 0] = 1
    model.weights[model.tfidf.terms.index("arm"), 0] = 0
    ((columns, _),) = model.contributions(model.rows(["robot arm"]), [0])
    assert [model.tfidf.terms[column] for column in columns] == ["robot arm", "robot"]
    model.weights[:] = 1
    ((columns, addends),) = model.contributions(model.rows(["voice of"]), [0])
    assert [model.tfidf.terms[column] for column in columns] == ["of", "voice", "voice of"]
    assert len(set(addends.tolist())) == 1
    model.weights[:, 0] = 0
    assert [len(part) for part in model.contributions(model.rows(["robot arm"]), [0])[0]] == [0, 0]
