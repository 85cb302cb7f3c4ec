"""How probable it is that an assigned topic is right, by its confidence: a logistic regression on held-out papers.

Right or wrong is regressed on the log-odds of its probability, with an offset for each topic, and one for papers
that a strategy picked, which are harder than usual ones. Offsets are shrunk towards zero (a normal prior, as in a
hierarchical model; A. Gelman and J. Hill, "Data analysis using regression and multilevel models", 2007), so that a
topic of few papers is taken for a usual one until its own papers say more. All papers speak for every threshold, not
only those above it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.features.tfidf import Floats
from labeler.score.linear import expit

Topics = npt.NDArray[np.intp]
# The priors of the intercept, the slope and what picked papers add: that a probability is what it says.
_MEANS, _PRECISIONS = np.array([0.0, 1.0, 0.0]), np.array([0.1, 0.1, 0.5])
_OFFSET_PRECISION = 8.0  # of a topic's offset, about 0: a topic needs about 50 decisions to count for itself
_LEAST_SLOPE = 0.05  # a larger probability is never taken for a smaller chance of being right
_ITERATIONS, _HALVINGS, _TOLERANCE = 50, 20, 1e-4  # of the loss


class Decisions(NamedTuple):
    """Topics (n,) that were assigned: the log-odds of their probabilities, and whether the papers were picked."""

    log_odds: Floats
    topics: Topics
    picked: npt.NDArray[np.bool_]

    @property
    def features(self) -> Floats:
        """One, the log-odds, and one where the paper was picked: (n, 3)."""
        return np.column_stack([np.ones(len(self.log_odds)), self.log_odds, self.picked])


class Fits(NamedTuple):
    """Several fits: ``coefficients`` (n_fits, 3) of :attr:`Decisions.features`, ``offsets`` (n_fits, n_topics)."""

    coefficients: Floats
    offsets: Floats

    def scores(self, decisions: Decisions) -> Floats:
        """The log-odds that each decision (n,) is right, by each fit: (n_fits, n)."""
        return np.asarray(self.coefficients @ decisions.features.T + self.offsets[:, decisions.topics])

    def of_usual_papers(self, decisions: Decisions) -> Floats:
        """How probably each decision (n,) would be right for a paper that nothing picked, by each fit: (n_fits, n)."""
        return expit(self.scores(decisions._replace(picked=np.zeros(len(decisions.picked), bool))))

    def moved(self, steps: Fits, lengths: Floats) -> Fits:
        """The fits after ``steps`` of some ``lengths`` (n_fits,)."""
        lengths = lengths[:, None]
        return Fits(self.coefficients + lengths * steps.coefficients, self.offsets + lengths * steps.offsets)


def fit(decisions: Decisions, right: Floats, weights: Floats, topic_count: int) -> Fits:
    """One fit for each row of ``weights`` (n_fits, n), by Newton's method, whose steps are halved until they help.

    ``right`` (n,) is 1 where the topic applies and 0 where it does not. Topics are numbers up to ``topic_count`` - 1.
    """
    of_topic, count = np.eye(topic_count)[decisions.topics], len(weights)

    def losses(fits: Fits) -> Floats:
        scores = fits.scores(decisions)
        likelihood = (weights * (right * scores - np.logaddexp(0, scores))).sum(axis=1)
        squares = (fits.coefficients - _MEANS) ** 2 @ _PRECISIONS + _OFFSET_PRECISION * (fits.offsets**2).sum(axis=1)
        return np.asarray(squares / 2 - likelihood)

    fits = Fits(np.tile(_MEANS, (count, 1)), np.zeros((count, topic_count)))
    loss = losses(fits)
    for _ in range(_ITERATIONS):
        steps = _newton_step(fits, decisions, of_topic, right, weights)
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
    fits.coefficients[:, 1] = np.maximum(fits.coefficients[:, 1], _LEAST_SLOPE)
    return fits


def _newton_step(fits: Fits, decisions: Decisions, of_topic: Floats, right: Floats, weights: Floats) -> Fits:
    """The steps of coefficients and offsets; the block of the offsets in the Hessian is diagonal (Schur complement)."""
    features, expected = decisions.features, expit(fits.scores(decisions))
    residuals, curvatures = weights * (right - expected), weights * expected * (1 - expected)
    by_offset = residuals @ of_topic - _OFFSET_PRECISION * fits.offsets
    block = curvatures @ of_topic + _OFFSET_PRECISION
    mixed = np.stack([(curvatures * feature) @ of_topic for feature in features.T], axis=1)
    hessian = np.einsum("bn,ni,nj->bij", curvatures, features, features, optimize=True) + np.diag(_PRECISIONS)
    hessian -= np.einsum("bik,bjk->bij", mixed / block[:, None, :], mixed)
    gradient = residuals @ features - (fits.coefficients - _MEANS) * _PRECISIONS
    gradient -= np.einsum("bik,bk->bi", mixed, by_offset / block)
    coefficients = np.linalg.solve(hessian, gradient[:, :, None])[:, :, 0]
    offsets = (by_offset - np.einsum("bik,bi->bk", mixed, coefficients)) / block
    return Fits(coefficients, offsets)
