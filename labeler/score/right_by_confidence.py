"""How probable it is that an assigned topic is right, by its confidence: a logistic regression on held-out papers.

Right or wrong is regressed on the log-odds of the topic's probability, with an offset for each topic. The offsets are
shrunk towards zero (a normal prior, as in a hierarchical model; A. Gelman and J. Hill, "Data analysis using regression
and multilevel models", 2007), so that a topic of few papers is taken for a usual one until its own papers say more. All
papers speak for every threshold, not only those above it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.features.tfidf import Floats
from labeler.score.linear import expit

_PRIOR = 0.1  # precision of the normal priors of the intercept, about 0, and of the slope, about 1: as it says itself
_OFFSET_PRIOR = 4.0  # of a topic's offset, about 0: a topic needs about 25 decisions to count for itself
_LEAST_SLOPE = 0.05  # a larger probability is never taken for a smaller chance of being right
_ITERATIONS, _HALVINGS, _TOLERANCE = 50, 20, 1e-4  # of the loss

Topics = npt.NDArray[np.intp]


class Fits(NamedTuple):
    """Several fits: ``intercepts`` (n_fits,), ``slopes`` (n_fits,) and ``offsets`` (n_fits, n_topics)."""

    intercepts: Floats
    slopes: Floats
    offsets: Floats

    def scores(self, log_odds: Floats, topics: Topics) -> Floats:
        """The log-odds that each decision (n,) is right, by each fit: (n_fits, n)."""
        return np.asarray(self.intercepts[:, None] + self.slopes[:, None] * log_odds + self.offsets[:, topics])

    def probabilities(self, log_odds: Floats, topics: Topics) -> Floats:
        """How probably each decision (n,) is right, by each fit: (n_fits, n)."""
        return expit(self.scores(log_odds, topics))

    def moved(self, steps: Fits, lengths: Floats) -> Fits:
        """The fits after ``steps`` of some ``lengths`` (n_fits,)."""
        return Fits(
            self.intercepts + lengths * steps.intercepts,
            self.slopes + lengths * steps.slopes,
            self.offsets + lengths[:, None] * steps.offsets,
        )


def fit(log_odds: Floats, topics: Topics, right: Floats, weights: Floats, topic_count: int) -> Fits:
    """One fit for each row of ``weights`` (n_fits, n), by Newton's method, whose steps are halved until they help.

    ``log_odds`` (n,) are those of the probabilities of assigned topics, ``topics`` (n,) which topic each is of
    (0 … ``topic_count`` - 1), ``right`` (n,) is 1 where it applies and 0 where it does not.
    """
    of_topic, count = np.eye(topic_count)[topics], len(weights)

    def losses(fits: Fits) -> Floats:
        scores = fits.scores(log_odds, topics)
        likelihood = (weights * (right * scores - np.logaddexp(0, scores))).sum(axis=1)
        squares = _PRIOR * (fits.intercepts**2 + (fits.slopes - 1) ** 2) + _OFFSET_PRIOR * (fits.offsets**2).sum(axis=1)
        return np.asarray(squares / 2 - likelihood)

    fits = Fits(np.zeros(count), np.ones(count), np.zeros((count, topic_count)))
    loss = losses(fits)
    for _ in range(_ITERATIONS):
        steps = _newton_step(fits, log_odds, topics, of_topic, right, weights)
        lengths = np.ones(count)
        for _ in range(_HALVINGS):
            moved = fits.moved(steps, lengths)
            after = losses(moved)
            if not (worse := after > loss + _TOLERANCE).any():
                break
            lengths[worse] /= 2
        gain, fits, loss = float((loss - after).max()), moved, after
        if gain < _TOLERANCE:
            break
    return fits._replace(slopes=np.maximum(fits.slopes, _LEAST_SLOPE))


def _newton_step(
    fits: Fits, log_odds: Floats, topics: Topics, of_topic: Floats, right: Floats, weights: Floats
) -> Fits:
    """The steps of intercepts, slopes and offsets; the block of the offsets in the Hessian is diagonal."""
    expected = fits.probabilities(log_odds, topics)
    residuals, curvatures = weights * (right - expected), weights * expected * (1 - expected)
    by_offset = residuals @ of_topic - _OFFSET_PRIOR * fits.offsets
    with_intercept, with_slope = curvatures @ of_topic, (curvatures * log_odds) @ of_topic
    block = with_intercept + _OFFSET_PRIOR
    first = curvatures.sum(axis=1) + _PRIOR - (with_intercept**2 / block).sum(axis=1)
    mixed = curvatures @ log_odds - (with_intercept * with_slope / block).sum(axis=1)
    second = curvatures @ log_odds**2 + _PRIOR - (with_slope**2 / block).sum(axis=1)
    by_intercept = residuals.sum(axis=1) - _PRIOR * fits.intercepts - (with_intercept * by_offset / block).sum(axis=1)
    by_slope = residuals @ log_odds - _PRIOR * (fits.slopes - 1) - (with_slope * by_offset / block).sum(axis=1)
    determinant = first * second - mixed**2
    intercepts = (second * by_intercept - mixed * by_slope) / determinant
    slopes = (first * by_slope - mixed * by_intercept) / determinant
    offsets = (by_offset - with_intercept * intercepts[:, None] - with_slope * slopes[:, None]) / block
    return Fits(intercepts, slopes, offsets)
