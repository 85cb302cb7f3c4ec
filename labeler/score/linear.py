"""The linear model that everything trained is folded into: one weight a term and topic, one base a topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from labeler.features.tfidf import Floats, Tfidf

MULTI, SINGLE = "multi", "single"


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Scores are log-odds in multi mode and calibrated logits in single mode.

    ``weights`` is (n_terms, n_columns) in float32, ``bases`` (n_columns,). A column for each topic of ``topics``; in
    single mode with ``with_none`` one more, for "none of these". A topic that could not be learned has weights of zero
    and a base of minus infinity: its probability is 0.

    ``top`` is the slope and the shift that the log-odds of a paper's most probable topic take in single mode, as the
    softmax is too sure where it is sure, and not sure enough where it is torn (C. Gupta and A. Ramdas, "Top-label
    calibration and multiclass-to-binary reductions", 2022).
    """

    tfidf: Tfidf
    weights: npt.NDArray[np.float32]
    bases: Floats
    topics: tuple[str, ...]
    mode: str
    with_none: bool = False
    top: tuple[float, float] = (1.0, 0.0)

    def rows(self, texts: Sequence[str]) -> Any:
        """The texts as sparse rows of weighted terms (n_texts, n_terms)."""
        return self.tfidf.transform(texts)

    def scores(self, rows: Any) -> Floats:
        """Scores (n_texts, n_columns) of :meth:`rows`."""
        return np.asarray(rows @ self.weights.astype(np.float64)) + self.bases

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """Probabilities (n_texts, n_columns)."""
        return self.probabilities_of(self.rows(texts))

    def probabilities_of(self, rows: Any) -> Floats:
        """Probabilities (n_texts, n_columns) of :meth:`rows`."""
        return self.link(self.scores(rows))

    def link(self, scores: Floats) -> Floats:
        """Probabilities of scores: each for itself (multi), or all columns summing to one (single)."""
        if self.mode == MULTI:
            return np.asarray(expit(scores))
        top = scores.max(axis=1, keepdims=True)
        shifted = np.exp(np.where(np.isfinite(top), scores - np.where(np.isfinite(top), top, 0.0), 0.0))
        return _corrected(np.asarray(shifted / shifted.sum(axis=1, keepdims=True)), *self.top)

    def contributions(self, row: Any, column: int) -> list[tuple[str, float]]:
        """The terms of one of :meth:`rows` and what each adds to the score of ``column``, the most telling first.

        They and the column's base add up to the score.
        """
        addends = row.data * self.weights[row.indices, column].astype(np.float64)
        order = np.lexsort((row.indices, -np.abs(addends)))
        terms = self.tfidf.terms
        return [(terms[row.indices[place]], float(addends[place])) for place in order if addends[place]]


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
    wanted = np.maximum(expit(slope * logit(largest) + shift), least)
    wanted = np.where(left[:, 0] > 0, wanted, 1.0)
    others *= (1 - wanted)[:, None]
    others[rows, best] = wanted
    return np.asarray(others)
