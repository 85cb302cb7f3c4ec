"""The linear model that every training ends in: a weight for each term and topic, and an intercept for each topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from labeler.features.rows import Rows
from labeler.features.tfidf import Floats, Tfidf
from labeler.features.tokens import batches
from labeler.topics.mode import Mode

_LEAST = 1e-6  # of a probability whose log-odds are taken


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel:
    """A linear model of TF-IDF rows, and the link function that makes probabilities of its scores.

    Scores are log-odds in multi mode and calibrated logits in single mode. ``weights`` is (n_terms, n_columns) in
    float32, ``intercepts`` (n_columns,). There is a column for each topic of ``topics``, and in single mode with
    ``with_none`` one more, for "none of these". A topic that could not be learned has weights of zero and an intercept
    of minus infinity: its probability is 0. Quantized weights are int8 and have ``scales`` (n_terms,), by which they
    are multiplied.

    ``top`` calibrates the most probable topic in single mode: a slope and a shift of its log-odds. The softmax alone is
    overconfident where one topic leads by far, and underconfident where two are close (C. Gupta and A. Ramdas,
    "Top-label calibration and multiclass-to-binary reductions", 2022).
    """

    tfidf: Tfidf
    weights: npt.NDArray[np.float32] | npt.NDArray[np.int8]
    intercepts: Floats
    topics: tuple[str, ...]
    mode: Mode
    with_none: bool = False
    top: tuple[float, float] = (1.0, 0.0)
    scales: npt.NDArray[np.float32] | None = None

    @property
    def plain_weights(self) -> npt.NDArray[np.float32]:
        """The weights (n_terms, n_columns) in float32, also where they are quantized."""
        weights = self.weights.astype(np.float32, copy=False)
        return weights if self.scales is None else weights * self.scales[:, None]

    def rows(self, texts: Sequence[str]) -> Rows:
        """The texts as sparse rows of weighted terms (n_texts, n_terms)."""
        return self.tfidf.rows(texts)

    def scores(self, rows: Rows) -> Floats:
        """Scores (n_texts, n_columns) of :meth:`rows`."""
        if self.scales is not None:
            rows = replace(rows, values=rows.values * self.scales.take(rows.columns))
        return rows.times(self.weights) + self.intercepts

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """Probabilities (n_texts, n_columns)."""
        parts = [self.probabilities_of(self.rows(part)) for part in batches(texts)]
        return np.concatenate(parts) if parts else self.probabilities_of(self.rows([]))

    def probabilities_of(self, rows: Rows) -> Floats:
        """Probabilities (n_texts, n_columns) of :meth:`rows`."""
        return self.link(self.scores(rows))

    def link(self, scores: Floats) -> Floats:
        """Probabilities of scores: their logistic function (multi mode), or their calibrated softmax (single mode)."""
        if self.mode == Mode.MULTI:
            return np.asarray(expit(scores))
        top = scores.max(axis=1, keepdims=True)
        shifted = np.exp(np.where(np.isfinite(top), scores - np.where(np.isfinite(top), top, 0.0), 0.0))
        return _calibrated(np.asarray(shifted / shifted.sum(axis=1, keepdims=True)), *self.top)

    def contributions(self, row: Rows, columns: Sequence[int]) -> list[tuple[npt.NDArray[np.int32], Floats]]:
        """What each term of a row adds to the score, for each of ``columns``: terms and addends, the largest first.

        Terms are given by their columns in the TF-IDF rows; terms that add nothing are left out. The addends and the
        intercept sum to the score.
        """
        by_term = np.argsort(row.columns)
        terms = row.columns[by_term]
        weights = self.weights.take(terms, 0)[:, columns].astype(np.float64)
        if self.scales is not None:
            weights *= self.scales[terms, None]
        addends = np.ascontiguousarray((row.values[by_term, None] * weights).T)
        ranked = np.argsort(-np.abs(addends), axis=1, kind="stable")
        contributions = []
        for added, order in zip(addends, ranked, strict=True):
            nonzero = order[added[order] != 0]
            contributions.append((terms[nonzero], added[nonzero]))
        return contributions


def _calibrated(probabilities: Floats, slope: float, shift: float) -> Floats:
    """Probabilities whose largest one of each row is calibrated; the others are scaled so that the row sums to one."""
    if (slope, shift) == (1.0, 0.0) or probabilities.shape[1] < 2:
        return probabilities
    rows, best = np.arange(len(probabilities)), probabilities.argmax(axis=1)
    largest = np.clip(probabilities[rows, best], 1e-12, 1 - 1e-12)
    others = probabilities.copy()
    others[rows, best] = 0.0
    remainder = others.sum(axis=1, keepdims=True)
    others = np.where(remainder > 0, others / np.where(remainder > 0, remainder, 1.0), 0.0)
    second = others.max(axis=1)
    least = second / (1 + second) * (1 + 1e-9)  # the most probable topic stays that
    calibrated = np.maximum(expit(slope * (np.log(largest) - np.log1p(-largest)) + shift), least)
    calibrated = np.where(remainder[:, 0] > 0, calibrated, 1.0)
    others *= (1 - calibrated)[:, None]
    others[rows, best] = calibrated
    return np.asarray(others)


def expit(scores: Floats) -> Floats:
    """The logistic function 1 / (1 + exp(-x)), exact for small probabilities, too."""
    small = np.exp(-np.abs(scores))
    return np.asarray(np.where(scores >= 0, 1, small) / (1 + small))


def logit(probabilities: Floats) -> Floats:
    """The log-odds of probabilities, finite also of 0 and 1."""
    inside = np.clip(probabilities, _LEAST, 1 - _LEAST)
    return np.asarray(np.log(inside) - np.log1p(-inside))
