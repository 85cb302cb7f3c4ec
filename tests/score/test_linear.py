from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, softmax

from labeler.features.tfidf import fit_tfidf
from labeler.score.linear import MULTI, SINGLE, LinearModel

TEXTS = ["robot arm", "voice", "robot voice arm", "", "nothing known here"]


def linear(mode: str, bases: tuple[float, ...] = (0.5, -1.0, 0.25)) -> LinearModel:
    tfidf = fit_tfidf(["robot arm", "voice of robot"])
    weights = np.random.default_rng(0).normal(size=(len(tfidf.terms), len(bases))).astype(np.float32)
    return LinearModel(tfidf, weights, np.array(bases), tuple("abcdefg"[: len(bases)]), mode)


def test_scores_are_weighted_terms_and_a_base() -> None:
    model = linear(MULTI)
    rows = model.rows(TEXTS)
    np.testing.assert_allclose(model.scores(rows), rows.toarray() @ model.weights.astype(float) + model.bases)


def test_a_text_without_known_words_has_the_bases_as_scores() -> None:
    assert linear(MULTI).scores(linear(MULTI).rows(["", "unheard"])).tolist() == [[0.5, -1.0, 0.25]] * 2


@pytest.mark.parametrize(("mode", "link"), [(MULTI, expit), (SINGLE, lambda scores: softmax(scores, axis=1))])
def test_probabilities_follow_from_scores(mode: str, link: object) -> None:
    model = linear(mode)
    expected = link(model.scores(model.rows(TEXTS)))  # type: ignore[operator]
    np.testing.assert_allclose(model.probabilities(TEXTS), expected, rtol=1e-12)


@pytest.mark.parametrize("mode", [MULTI, SINGLE])
def test_extreme_scores_give_probabilities_and_no_warning(mode: str) -> None:
    with np.errstate(all="raise", under="ignore"):
        found = linear(mode).link(np.array([[1e4, -1e4, 0.0], [-1e4, -1e4, -1e4]]))
    assert found[0].tolist() == ([1.0, 0.0, 0.5] if mode == MULTI else [1.0, 0.0, 0.0])
    assert found[1].tolist() == ([0.0] * 3 if mode == MULTI else pytest.approx([1 / 3] * 3))


@pytest.mark.parametrize("mode", [MULTI, SINGLE])
def test_a_topic_that_was_not_learned_has_probability_zero(mode: str) -> None:
    model = linear(mode, (0.5, -np.inf, 0.25))
    model.weights[:, 1] = 0
    found = model.probabilities(TEXTS)
    assert found[:, 1].tolist() == [0.0] * len(TEXTS)
    assert np.all(found[:, [0, 2]] > 0)


def test_contributions_add_up_to_the_score_and_the_largest_come_first() -> None:
    model = linear(MULTI)
    row = model.rows(["robot voice of a robot arm"])
    for column in range(3):
        found = model.contributions(row, column)
        assert sum(addend for _, addend in found) + model.bases[column] == pytest.approx(
            model.scores(row)[0, column], abs=1e-9
        )
        sizes = [abs(addend) for _, addend in found]
        assert sizes == sorted(sizes, reverse=True)
        assert {term for term, _ in found} == {"robot", "voice", "of", "arm", "voice of", "of robot", "robot arm"}


def test_terms_that_add_nothing_are_left_out_and_equals_come_by_the_alphabet() -> None:
    model = linear(MULTI)
    model.weights[:, 0] = 1
    model.weights[model.tfidf.vocabulary["arm"], 0] = 0
    assert [term for term, _ in model.contributions(model.rows(["robot arm"]), 0)] == ["robot arm", "robot"]
    model.weights[:, 0] = 0
    assert model.contributions(model.rows(["robot arm"]), 0) == []
