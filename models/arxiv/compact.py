"""Model compression: feature selection, and quantized weights."""

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
    """The model with the ``count`` terms that discriminate its topics most in ``texts``, papers like those it is for.

    Without the other terms, the normalised rows have larger values, and the other terms' contributions are missing. A
    common factor of the weights and a shift of each intercept correct this: they are the least-squares fit of the
    scores of ``texts`` to those of the whole model.
    """
    if count >= len(linear.tfidf.terms):
        return linear
    rows = linear.tfidf.transform(texts)
    between = linear.weights - linear.weights.mean(axis=1, keepdims=True)  # a weight for all topics discriminates none
    importance = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=0)).ravel()) * np.linalg.norm(between, axis=1)
    kept = np.sort(np.argsort(-importance, kind="stable")[:count])
    names = [linear.tfidf.vocabulary.term(column) for column in kept.tolist()]
    small = replace(linear, tfidf=Tfidf.of(names, linear.tfidf.idf[kept]), weights=linear.weights[kept])
    learned = np.isfinite(linear.intercepts)
    scores = (rows @ linear.weights + linear.intercepts)[:, learned]
    small_scores = (small.tfidf.transform(texts) @ small.weights + small.intercepts)[:, learned]
    centred = small_scores - small_scores.mean(axis=0)
    factor = float((centred * (scores - scores.mean(axis=0))).sum() / (centred**2).sum())
    intercepts = linear.intercepts.copy()
    intercepts[learned] = (scores - factor * (small_scores - linear.intercepts[learned])).mean(axis=0)
    return replace(small, weights=(small.weights * factor).astype(np.float32), intercepts=intercepts)


def quantized(weights: Weights, levels: int) -> tuple[Codes, Weights]:
    """Quantized weights (n_terms, n_columns), from ``-levels`` to ``levels``, and the scale of each term (n_terms,).

    Each term has a scale of its own: rare words have large weights, and one scale for all would be too coarse for the
    others.

    Raises:
        ValueError: ``levels`` do not fit into int8.
    """
    if not 1 <= levels <= 127:
        raise ValueError(f"levels is {levels}; a byte holds 1 to 127")
    scales = (np.abs(weights).max(axis=1, initial=0.0) / levels).astype(np.float32)
    codes = np.rint(weights / np.where(scales > 0, scales, 1)[:, None])
    return np.clip(codes, -levels, levels).astype(np.int8), scales  # a denormal scale was rounded
