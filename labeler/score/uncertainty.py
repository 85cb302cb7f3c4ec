"""How near a model is to deciding otherwise: the smaller a paper's margin, the more its judgement can change."""

from __future__ import annotations

import numpy as np
from scipy.special import logit

from labeler.features.tfidf import Floats
from labeler.topics.mode import Mode

_TINY = 1e-6


def margins(probabilities: Floats, thresholds: Floats, mode: Mode) -> Floats:
    """The margin of each paper (n_papers,), from its probabilities (n_papers, n_columns).

    Single: the most probable answer's lead over the second (T. Scheffer et al., "Active hidden Markov models for
    information extraction", 2001). Multi: the smaller, the nearer its topics are to their thresholds.
    """
    return _lead(probabilities) if mode == Mode.SINGLE else -_doubt(probabilities, thresholds)


def _lead(probabilities: Floats) -> Floats:
    if probabilities.shape[1] < 2:
        return np.asarray(1.0 - probabilities.sum(axis=1))
    best = np.partition(probabilities, -2, axis=1)
    return np.asarray(best[:, -1] - best[:, -2])


def _doubt(probabilities: Floats, thresholds: Floats) -> Floats:
    """How near the topics are to their thresholds in log-odds, 1 at the threshold and less away from it, in all.

    Each topic is held to its mean over the papers at hand, so that a vague topic, always near its threshold, does not
    decide alone.
    """
    learned = np.isfinite(thresholds)
    odds, limits = (logit(np.clip(part, _TINY, 1 - _TINY)) for part in (probabilities[:, learned], thresholds[learned]))
    near = np.exp(-np.abs(odds - limits))
    return np.asarray((near / np.maximum(near.mean(axis=0), _TINY)).sum(axis=1)) if len(near) else np.zeros(0)
