"""How near a model is to deciding otherwise: the smaller a paper's margin, the more its judgement can change."""

from __future__ import annotations

import numpy as np

from labeler.features.tfidf import Floats
from labeler.score.linear import SINGLE


def margins(probabilities: Floats, thresholds: Floats, mode: str) -> Floats:
    """The margin of each paper (n_papers,), from its probabilities (n_papers, n_columns).

    Single: the most probable answer's lead over the second (T. Scheffer et al., "Active hidden Markov models for
    information extraction", 2001). Multi: less, the more of the topics are expected to be decided wrongly.
    """
    return _lead(probabilities) if mode == SINGLE else -_expected_wrong(probabilities, thresholds)


def _lead(probabilities: Floats) -> Floats:
    if probabilities.shape[1] < 2:
        return np.asarray(1.0 - probabilities.sum(axis=1))
    best = np.partition(probabilities, -2, axis=1)
    return np.asarray(best[:, -1] - best[:, -2])


def _expected_wrong(probabilities: Floats, thresholds: Floats) -> Floats:
    """How many topics (n_papers,) are expected to be decided wrongly.

    All topics add up, so that one vague topic, always near its threshold, does not decide alone.
    """
    wrong = np.where(probabilities >= thresholds, 1.0 - probabilities, probabilities)
    return np.asarray(wrong.sum(axis=1))
