"""How strongly to fit: the value of C whose held-out predictions are best, with those predictions."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from scipy.special import expit

from labeler.learn.solver import fit_one, fit_single
from labeler.learn.thresholds import thresholds_for
from labeler.measure.folds import grouped_folds
from labeler.measure.metrics import macro_f1

Floats = npt.NDArray[np.float64]
STRENGTHS = (1.0, 5.0, 20.0)
_SMALL = 500  # papers up to which ten folds are used: a model of 90 % is closer to the one of all


@dataclass(frozen=True, slots=True)
class Tuned:
    """The C that was picked, the score of each candidate, and the held-out scores (n_papers, n_columns) under it."""

    strength: float
    candidates: dict[float, float]
    scores: Floats
    folds: npt.NDArray[np.intp]


def tune_multi(rows: Any, matrix: Floats, weights: Floats, groups: Sequence[Hashable], seed: int) -> Tuned:
    """Cross-validate every C for one-vs-rest; topics, folds and candidates run in parallel.

    A fold without a "yes" to train on gives a topic no held-out score there (minus infinity).
    """
    folds = grouped_folds(matrix == 1, groups, _fold_count(len(matrix)), seed)
    columns = range(matrix.shape[1])
    jobs = [(c, int(fold), column) for c in STRENGTHS for fold in np.unique(folds) for column in columns]

    def run(strength: float, fold: int, column: int) -> Floats:
        inside, outside = folds != fold, folds == fold
        weight, base = fit_one(rows[inside], matrix[inside, column] == 1, weights[inside, column], strength)
        return np.asarray(rows[outside] @ weight + base)

    results = Parallel(n_jobs=-1, prefer="threads")(delayed(run)(*job) for job in jobs)
    held_out = {c: np.full(matrix.shape, -np.inf) for c in STRENGTHS}
    for (strength, fold, column), scores in zip(jobs, results, strict=True):
        held_out[strength][folds == fold, column] = scores
    return _best(held_out, folds, lambda scores: _f1_multi(scores, matrix))


def tune_single(rows: Any, answers: npt.NDArray[np.intp], groups: Sequence[Hashable], seed: int) -> Tuned:
    """Cross-validate every C for the softmax; ``answers`` are columns. Folds and candidates run in parallel."""
    columns = int(answers.max()) + 1
    truth = np.eye(columns)[answers]
    folds = grouped_folds(truth == 1, groups, _fold_count(len(truth)), seed)
    jobs = [(c, int(fold)) for c in STRENGTHS for fold in np.unique(folds)]

    def run(strength: float, fold: int) -> Floats:
        inside, outside = folds != fold, folds == fold
        weights, bases = fit_single(rows[inside], answers[inside], columns, strength)
        return np.asarray(rows[outside] @ weights + bases)

    results = Parallel(n_jobs=-1, prefer="threads")(delayed(run)(*job) for job in jobs)
    held_out = {c: np.full(truth.shape, -np.inf) for c in STRENGTHS}
    for (strength, fold), scores in zip(jobs, results, strict=True):
        held_out[strength][folds == fold] = scores
    return _best(held_out, folds, lambda scores: macro_f1(truth, _argmax(scores)))


def crossed_thresholds(probabilities: Floats, matrix: Floats, folds: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    """What would be assigned on each fold with thresholds chosen on the others: what honest figures are taken from."""
    assigned = np.zeros(matrix.shape, dtype=bool)
    for fold in np.unique(folds):
        outside = folds != fold
        thresholds = thresholds_for(probabilities[outside], matrix[outside])
        assigned[~outside] = probabilities[~outside] >= thresholds
    return assigned


def _fold_count(papers: int) -> int:
    return 10 if papers <= _SMALL else 5


def _best(held_out: dict[float, Floats], folds: npt.NDArray[np.intp], figure: Any) -> Tuned:
    candidates = {strength: round(float(figure(scores)), 6) for strength, scores in held_out.items()}
    strength = max(candidates, key=lambda c: (candidates[c], -c))
    return Tuned(strength, candidates, held_out[strength], folds)


def _f1_multi(scores: Floats, matrix: Floats) -> float:
    probabilities = np.where(np.isfinite(scores), expit(scores), np.nan)
    return macro_f1(matrix, probabilities >= thresholds_for(probabilities, matrix))


def _argmax(scores: Floats) -> npt.NDArray[np.bool_]:
    return np.asarray(np.arange(scores.shape[1]) == scores.argmax(axis=1)[:, None])
