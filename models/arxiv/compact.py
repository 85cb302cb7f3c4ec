"""A trained model made small: the terms that matter, and weights as whole numbers of scales."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from labeler.features.tfidf import Tfidf
from labeler.score.linear import LinearModel

Codes = npt.NDArray[np.int8]
Weights = npt.NDArray[np.float32]


def pruned(linear: LinearModel, texts: Sequence[str], count: int) -> LinearModel:
    """The model with the ``count`` terms that tell its topics apart most in ``texts``, papers of the kind it is for.

    A row of fewer terms is longer after it is scaled to length one, and what the others added is missing. So weights
    take a common factor, and each base a shift, by which the scores of ``texts`` come closest to those of the whole.
    """
    if count >= len(linear.tfidf.terms):
        return linear
    rows = linear.tfidf.transform(texts)
    between = linear.weights - linear.weights.mean(axis=1, keepdims=True)  # what all topics get tells none apart
    telling = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=0)).ravel()) * np.linalg.norm(between, axis=1)
    kept = np.sort(np.argsort(-telling, kind="stable")[:count])
    names = [linear.tfidf.vocabulary.term(column) for column in kept.tolist()]
    small = replace(linear, tfidf=Tfidf.of(names, linear.tfidf.idf[kept]), weights=linear.weights[kept])
    learned = np.isfinite(linear.intercepts)
    wanted = (rows @ linear.weights + linear.intercepts)[:, learned]
    found = (small.tfidf.transform(texts) @ small.weights + small.intercepts)[:, learned]
    centred = found - found.mean(axis=0)
    factor = float((centred * (wanted - wanted.mean(axis=0))).sum() / (centred**2).sum())
    intercepts = linear.intercepts.copy()
    intercepts[learned] = (wanted - factor * (found - linear.intercepts[learned])).mean(axis=0)
    return replace(small, weights=(small.weights * factor).astype(np.float32), intercepts=intercepts)


def quantized(weights: Weights, levels: int) -> tuple[Codes, Weights]:
    """Codes (n_terms, n_columns) from ``-levels`` to ``levels``, and the step of each term (n_terms,).

    A step a term costs little room and keeps rare words, whose weights are large, from making all others coarse.
    """
    if not 1 <= levels <= 127:
        raise ValueError(f"levels is {levels}; a byte holds 1 to 127")
    scales = (np.abs(weights).max(axis=1, initial=0.0) / levels).astype(np.float32)
    codes = np.rint(weights / np.where(scales > 0, scales, 1)[:, None])
    return np.clip(codes, -levels, levels).astype(np.int8), scales  # a step near the least number there is was rounded
