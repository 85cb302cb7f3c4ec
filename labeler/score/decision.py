"""From probabilities to topics and a decision: automatic, none, or for a person to review."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from labeler.features.tfidf import Floats
from labeler.score.linear import SINGLE

AUTO, NONE, REVIEW = "auto", "none", "review"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a model says of a paper: ``topics`` decided yes, best first; ``scores``: the probability of every topic."""

    topics: tuple[str, ...]
    scores: dict[str, float]
    decision: str


@dataclass(frozen=True, slots=True)
class Bands:
    """Where a decision may be left to the model, for one promised ``precision``.

    A probability from ``upper`` up is a sure yes, one below ``lower`` a sure no; between lies the uncertain band.
    ``upper`` is infinite when no threshold kept the promise. ``held_out`` says how that came out in cross-validation:
    papers, decided, topics assigned, right.
    """

    precision: float
    lower: float
    upper: float
    held_out: dict[str, int]

    def to_dict(self) -> dict[str, Any]:
        """As JSON carries it: an infinite bound is None."""
        upper = None if np.isinf(self.upper) else self.upper
        return {"precision": self.precision, "lower": self.lower, "upper": upper, "held_out": self.held_out}


def decide(
    probabilities: Floats, thresholds: Floats, bands: Bands, topics: tuple[str, ...], mode: str
) -> list[Decision]:
    """A decision for each row of ``probabilities`` (n_papers, n_columns; in single mode the last may be "none")."""
    assigned, decisions = assign(probabilities, thresholds, len(topics), mode), []
    sure = _sure(probabilities, assigned, thresholds, bands, mode)
    for row, chosen, certain in zip(probabilities, assigned, sure, strict=True):
        best = sorted(np.flatnonzero(chosen), key=lambda column: -row[column])
        scores = {topic: float(row[column]) for column, topic in enumerate(topics)}
        verdict = REVIEW if not certain else AUTO if best else NONE
        decisions.append(Decision(tuple(topics[column] for column in best), scores, verdict))
    return decisions


def assign(probabilities: Floats, thresholds: Floats, count: int, mode: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which topics are decided yes (n_papers, n_topics): those that reach their thresholds, or the one most probable.

    In single mode nothing is assigned where "none of these" is most probable.
    """
    if mode == SINGLE:
        return np.asarray(np.arange(count) == probabilities.argmax(axis=1)[:, None])
    return np.asarray(probabilities >= thresholds)


def _sure(probabilities: Floats, assigned: Any, thresholds: Floats, bands: Bands, mode: str) -> Any:
    if mode == SINGLE:
        return probabilities.max(axis=1) >= bands.upper
    upper, lower = np.maximum(bands.upper, thresholds), np.minimum(bands.lower, thresholds)
    return np.where(assigned, probabilities >= upper, probabilities < lower).all(axis=1)
