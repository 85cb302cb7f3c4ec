from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from labeler.features.background import NO_BACKGROUND
from labeler.features.weighting import fit_tfidf
from labeler.learn.calibrated import UncalibratedModel
from labeler.learn.recipe import HINGE, REGRESSIONS
from labeler.learn.selection import Selection
from labeler.learn.targets import Targets
from labeler.learn.time_ordered import TimeOrderedScores
from labeler.topics import Mode
from tests.learn.factories import single_papers

MODES = [Mode.SINGLE, Mode.MULTI]
TOPICS = ("robots", "speech", "vision")
PAPERS, LATE = 120, np.arange(90, 120)


def fitted(mode: str, signal: float = 2.0, unlearned: str = "") -> UncalibratedModel:
    """Held-out scores of papers whose topic adds ``signal`` to its score; the latest have the same scores once more."""
    rng = np.random.default_rng(0)
    matrix = np.eye(3)[np.arange(PAPERS) % 3]
    scores = rng.normal(size=(PAPERS, 3)) + signal * matrix
    tfidf = fit_tfidf(single_papers(each=5)[0], 1, NO_BACKGROUND)
    weights, intercepts = rng.normal(size=(len(tfidf.terms), 3)), np.zeros(3)
    answers, reasons = matrix.copy(), {}
    if unlearned:
        reasons, column = {unlearned: "no paper judged to be of it"}, TOPICS.index(unlearned)
        answers[:, column], scores[:, column] = np.nan, -np.inf
        weights[:, column], intercepts[column] = 0, -np.inf
    recipe = (REGRESSIONS if mode == Mode.SINGLE else HINGE)[0]
    selection = Selection(recipe, {}, scores, np.arange(PAPERS) % 5)
    targets = Targets(matrix, TOPICS, "names" if mode == Mode.SINGLE else "lists")
    late = TimeOrderedScores(LATE, scores[LATE], "2025-01-01")
    return UncalibratedModel(
        mode, tfidf, weights, intercepts, scores, selection, answers, targets, reasons, time_ordered=late
    )


@pytest.mark.parametrize("mode", MODES)
def test_late_papers_are_calibrated_like_held_out_ones(mode: str) -> None:
    model, _, later, _ = fitted(mode).calibrated()
    assert later is not None
    assert later.probabilities.tolist() == model.held_out[0][LATE].tolist()
    assert later.answers.tolist() == model.held_out[1][LATE].tolist()
    assert later.since == "2025-01-01"


@pytest.mark.parametrize("mode", MODES)
def test_without_dates_there_are_no_late_papers(mode: str) -> None:
    model, _, later, _ = replace(fitted(mode), time_ordered=None).calibrated()
    assert later is None
    assert len(model.held_out[0]) == PAPERS


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("signal", [0.0, 1.0, 4.0])
def test_held_out_probabilities_are_on_average_as_high_as_answers_are_frequent_the_high_ones_too(
    mode: str, signal: float
) -> None:
    probabilities, known = fitted(mode, signal).calibrated()[0].held_out
    assert probabilities.mean(axis=0) == pytest.approx(known.mean(axis=0), abs=0.06)
    sure = probabilities >= np.quantile(probabilities, 0.8)
    assert probabilities[sure].mean() == pytest.approx(known[sure].mean(), abs=0.08)


@pytest.mark.parametrize("mode", MODES)
def test_figures_are_of_what_would_be_given_to_held_out_papers(mode: str) -> None:
    vague, clear = (fitted(mode, signal).calibrated()[1] for signal in (0.0, 6.0))
    assert set(vague) == set(clear) >= {"macro_f1", "micro_f1"}
    assert clear["macro_f1"].value > 0.95
    assert vague["macro_f1"].high < 0.6


@pytest.mark.parametrize("mode", MODES)
def test_what_was_not_learned_is_never_given(mode: str) -> None:
    model, _, later, _ = fitted(mode, unlearned="speech").calibrated()
    assert not model.held_out[0][:, 1].any()
    assert later is not None
    assert not later.probabilities[:, 1].any()
    texts = single_papers(each=5)[0]
    assert "speech" not in {
        topic for found in model.predict(texts) for topic in ([found] if mode == Mode.SINGLE else found)
    }


def test_a_topic_not_learned_without_a_fold_is_missed_there_and_a_paper_without_any_score_does_not_count() -> None:
    whole = fitted(Mode.MULTI)
    scores = whole.selection.scores.copy()
    scores[0, 0], scores[1] = -np.inf, -np.inf
    probabilities = replace(whole, selection=replace(whole.selection, scores=scores)).calibrated()[0].held_out[0]
    assert probabilities[0, 0] == 0
    assert np.isfinite(probabilities[0]).all()
    assert np.isnan(probabilities[1]).all()


@pytest.mark.parametrize("mode", MODES)
def test_probabilities_are_as_precise_as_a_saved_model_holds_them(mode: str) -> None:
    held_out = fitted(mode).calibrated()[0].held_out[0]
    assert held_out.tolist() == held_out.astype(np.float32).astype(np.float64).tolist()
