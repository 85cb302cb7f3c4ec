"""The linear model that everything trained is folded into: one weight a term and topic, one intercept a topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from labeler.features.rows import Rows
from labeler.features.tfidf import Floats, Tfidf
from labeler.features.tokens import batches
from labeler.topics.mode import Mode


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel:
    """Scores are log-odds in multi mode and calibrated logits in single mode.

    ``weights`` is (n_terms, n_columns) in float32, ``intercepts`` (n_columns,). A column for each topic of
    ``topics``; in single mode with ``with_none`` one more, for "none of these". A topic that could not be learned has
    weights of zero and an intercept of minus infinity: its probability is 0. With ``scales`` (n_terms,) the weights are
    whole numbers, to be multiplied by them.

    ``top`` is the slope and the shift that the log-odds of a paper's most probable topic take in single mode, as the
    softmax is too sure where it is sure, and not sure enough where it is torn (C. Gupta and A. Ramdas, "Top-label
    calibration and multiclass-to-binary reductions", 2022).
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
        """The weights as numbers, also where they are kept as whole numbers."""
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
        """Probabilities of scores: each for itself (multi), or all columns summing to one (single)."""
        if self.mode == Mode.MULTI:
            return np.asarray(expit(scores))
        top = scores.max(axis=1, keepdims=True)
        shifted = np.exp(np.where(np.isfinite(top), scores - np.where(np.isfinite(top), top, 0.0), 0.0))
        return _corrected(np.asarray(shifted / shifted.sum(axis=1, keepdims=True)), *self.top)

    def contributions(self, row: Rows, columns: Sequence[int]) -> list[tuple[npt.NDArray[np.int32], Floats]]:
        """For each of ``columns``: the terms (by theirs) of one row and what each adds to the score, the most first.

        They and the intercept add up to the score.
        """
        by_term = np.argsort(row.columns)
        terms = row.columns[by_term]
        weights = self.weights.take(terms, 0)[:, columns].astype(np.float64)
        if self.scales is not None:
            weights *= self.scales[terms, None]
        addends = np.ascontiguousarray((row.values[by_term, None] * weights).T)
        ranked = np.argsort(-np.abs(addends), axis=1, kind="stable")
        told = []
        for added, order in zip(addends, ranked, strict=True):
            some = order[added[order] != 0]
            told.append((terms[some], added[some]))
        return told


def _corrected(probabilities: Floats, slope: float, shift: float) -> Floats:
    """Each row's largest probability corrected, the others shrunk or stretched to what it leaves."""
    if (slope, shift) == (1.0, 0.0) or probabilities.shape[1] < 2:
        return probabilities
    rows, best = np.arange(len(probabilities)), probabilities.argmax(axis=1)
    largest = np.clip(probabilities[rows, best], 1e-12, 1 - 1e-12)
    others = probabilities.copy()
    others[rows, best] = 0.0
    left = others.sum(axis=1, keepdims=True)
    others = np.where(left > 0, others / np.where(left > 0, left, 1.0), 0.0)
    second = others.max(axis=1)
    least = second / (1 + second) * (1 + 1e-9)  # the most probable topic stays that
    wanted = np.maximum(expit(slope * (np.log(largest) - np.log1p(-largest)) + shift), least)
    wanted = np.where(left[:, 0] > 0, wanted, 1.0)
    others *= (1 - wanted)[:, None]
    others[rows, best] = wanted
    return np.asarray(others)


def expit(scores: Floats) -> Floats:
    """The logistic function 1 / (1 + exp(-x)), exact for small probabilities, too."""
    small = np.exp(-np.abs(scores))
    return np.asarray(np.where(scores >= 0, 1, small) / (1 + small))
