"""Cross-lists: the topics that a paper is likely listed under beside its first one.

A single-label model gives one topic. Where papers are known to be listed under several, as those of arXiv are, the
probability that another topic is on the list follows from the model's probability of it, by a logistic curve over
log-odds that is fitted on held-out papers (J. Platt, "Probabilistic outputs for support vector machines", 1999).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.features.tfidf import Floats
from labeler.score.linear import expit, logit

Flags = npt.NDArray[np.bool_]


class CrossLists(NamedTuple):
    """The curve: its ``slope`` and ``intercept``, and the probability from which a topic is named (``least``)."""

    slope: float
    intercept: float
    least: float

    def probabilities(self, given: Floats, assigned: Flags) -> Floats:
        """The probability of each topic (n_papers, n_topics) to be on a paper's list beside the assigned one.

        It is 0 where it is below ``least``, of the assigned topic itself, and where a paper has none. ``given`` are the
        model's probabilities (n_papers, n_topics or one more).
        """
        least = expit((logit(np.array([self.least])) - self.intercept) / self.slope)
        likely = np.nonzero((given[:, : assigned.shape[1]] >= least) & ~assigned & assigned.any(axis=1, keepdims=True))
        found = np.zeros(assigned.shape)
        found[likely] = expit(self.slope * logit(given[likely]) + self.intercept)
        return found

    def named(self, given: Floats, assigned: Flags, topics: tuple[str, ...]) -> list[tuple[tuple[str, float], ...]]:
        """For each paper the topics of :meth:`probabilities` and these, the most probable first."""
        named = []
        for row in self.probabilities(given, assigned):
            best = sorted(np.flatnonzero(row), key=lambda column: -row[column])
            named.append(tuple((topics[column], float(row[column])) for column in best))
        return named
