"""Logistic regression on sparse rows: one against the rest for each topic, or all topics of one softmax."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed

Floats = npt.NDArray[np.float64]


def fit_one(rows: Any, yes: npt.NDArray[np.bool_], weights: Floats, strength: float) -> tuple[Floats, float]:
    """Weights (n_terms,) and base of one topic, classes balanced; zeros and minus infinity without a yes and a no."""
    from sklearn.linear_model import LogisticRegression

    known = np.flatnonzero(weights > 0)
    yes, weights = yes[known], weights[known]
    if yes.all() or not yes.any():
        return np.zeros(rows.shape[1]), -np.inf
    model = LogisticRegression(C=strength, class_weight="balanced", solver="liblinear", tol=1e-3, random_state=0)
    model.fit(rows[known], yes, sample_weight=weights)
    return np.asarray(model.coef_[0], dtype=np.float64), float(model.intercept_[0])


def fit_multi(rows: Any, matrix: Floats, weights: Floats, strength: float) -> tuple[Floats, Floats]:
    """Weights (n_terms, n_topics) and bases of all topics, each against the rest; topics run in parallel."""
    fitted = Parallel(n_jobs=-1, prefer="threads")(
        delayed(fit_one)(rows, matrix[:, column] == 1, weights[:, column], strength)
        for column in range(matrix.shape[1])
    )
    return np.array([part for part, _ in fitted]).T.reshape(rows.shape[1], -1), np.array([base for _, base in fitted])


def fit_single(rows: Any, answers: npt.NDArray[np.intp], columns: int, strength: float) -> tuple[Floats, Floats]:
    """Weights and bases of a softmax over ``columns``, classes balanced; a column without a paper is never chosen."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    weights, bases = np.zeros((rows.shape[1], columns)), np.full(columns, -np.inf)
    present = np.unique(answers)
    if len(present) < 2:
        bases[present] = 0.0
        return weights, bases
    model = LogisticRegression(C=strength, class_weight="balanced", max_iter=300)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # scores settle long before the last digits do
        model.fit(rows, answers)
    if len(present) == 2:  # scikit-learn gives the difference of the two alone
        weights[:, present] = np.outer(model.coef_[0], (-0.5, 0.5))
        bases[present] = model.intercept_[0] * np.array([-0.5, 0.5])
    else:
        weights[:, present], bases[present] = model.coef_.T, model.intercept_
    return weights, bases
