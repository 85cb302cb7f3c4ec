"""Probabilities of papers that a large model learned from: of each half of them by regressions on the other half.

Beyond some thousand papers a training holds out some of them alone. Logistic regressions on the terms of that model are
not as good as it is, but fitted in seconds.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from labeler.score.linear import LinearModel
from labeler.suspects.confident import Floats
from labeler.topics import Mode

_C = 16.0


def by_halves(linear: LinearModel, texts: Sequence[str], answers: Floats) -> Floats:
    """Probabilities (n_papers, n_columns) of ``answers`` (n_papers, n_columns; NaN unknown), half by half.

    In single mode the columns are all there is, and sum to 1.
    """
    rows = linear.rows(texts).sparse()
    half = np.random.default_rng(0).permutation(len(texts)) % 2 == 0
    probabilities = np.zeros(answers.shape)
    for asked in (half, ~half):
        train, test = rows[np.flatnonzero(~asked)], rows[np.flatnonzero(asked)]
        for column in range(answers.shape[1]):
            probabilities[asked, column] = _regression(train, answers[~asked, column], test)
    if linear.mode == Mode.SINGLE:
        probabilities /= np.maximum(probabilities.sum(axis=1, keepdims=True), 1e-12)
    return probabilities


def _regression(train: Any, answers: Floats, test: Any) -> Floats:
    """The probabilities of ``test`` rows; the share of yes where all answers are the same."""
    known = np.flatnonzero(np.isfinite(answers))
    given = answers[known] == 1
    if len(set(given.tolist())) < 2:
        return np.full(test.shape[0], float(given.any()))
    model = LogisticRegression(C=_C, solver="liblinear", dual=True, tol=0.01, random_state=0)
    with warnings.catch_warnings():  # one that is not done after all iterations serves as it is
        warnings.simplefilter("ignore", ConvergenceWarning)
        return np.asarray(model.fit(train[known], given).predict_proba(test)[:, 1])
