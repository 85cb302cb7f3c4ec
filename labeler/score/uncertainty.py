"""Uncertainty sampling: the margin of a paper, and its expected rank in a queue.

The margin is the one measure of uncertainty here (B. Settles, "Active learning literature survey", 2009): the smaller a
paper's margin, the nearer the model is to another decision, and the more a judgement of it can change. ``push`` and
``export`` put papers in this order. The score of a prediction in Label Studio is a rank from 0 (first) to 1 (last): the
rank in the queue where there is one, and the expected one otherwise (:func:`expected_ranks`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from labeler.features.tfidf import Floats
from labeler.topics.mode import Mode

if TYPE_CHECKING:
    from labeler.score.model import TopicModel

_TINY = 1e-6


def margins(probabilities: Floats, thresholds: Floats, mode: Mode, reference: Floats | None = None) -> Floats:
    """The margin of each paper (n_papers,), from its probabilities (n_papers, n_columns).

    In single mode it is the lead of the most probable answer over the second (T. Scheffer et al., "Active hidden
    Markov models for information extraction", 2001). In multi mode it is the smaller, the nearer the paper's topics are
    to their ``thresholds`` (n_topics,). How near a topic is counts relative to its mean over ``reference``: the
    probabilities (n, n_columns) of other papers, by default of the papers themselves.
    """
    if mode == Mode.SINGLE:
        return _lead(probabilities)
    return -_nearness_to_thresholds(probabilities, thresholds, probabilities if reference is None else reference)


def expected_ranks(model: TopicModel, probabilities: Floats) -> Floats:
    """The rank (n_papers,) that each paper has among the held-out papers of the model, by its margin, from 0 to 1.

    A paper of rank 0 has a smaller margin than all of them, one of rank 1 a larger one. Without held-out papers every
    rank is ½.
    """
    held_out = model.held_out[0]
    held_out = held_out[np.isfinite(held_out).all(axis=1)]
    if not len(held_out):
        return np.full(len(probabilities), 0.5)
    reference = np.sort(model.margins(held_out))
    found = model.margins(probabilities, held_out)
    below, up_to = (np.searchsorted(reference, found, side=side) for side in ("left", "right"))
    return np.asarray((below + up_to) / (2 * len(reference)))


def log_odds(probabilities: Floats | float) -> Floats:
    """The log-odds of probabilities of any shape, which are bounded first, so that 0 and 1 stay finite."""
    bounded = np.clip(probabilities, _TINY, 1 - _TINY)
    return np.asarray(np.log(bounded) - np.log1p(-bounded))


def _lead(probabilities: Floats) -> Floats:
    if probabilities.shape[1] < 2:
        return np.asarray(1.0 - probabilities.sum(axis=1))
    best = np.partition(probabilities, -2, axis=1)
    return np.asarray(best[:, -1] - best[:, -2])


def _nearness_to_thresholds(probabilities: Floats, thresholds: Floats, reference: Floats) -> Floats:
    """How near the topics of each paper (n_papers,) are to their thresholds in log-odds, summed over the topics.

    Each topic is divided by its mean over ``reference``, so that a vague topic, which is near its threshold in every
    paper, does not decide the order.
    """
    learned = np.isfinite(thresholds)
    limits = log_odds(thresholds[learned])
    nearness, usual = (np.exp(-np.abs(log_odds(part[:, learned]) - limits)) for part in (probabilities, reference))
    if not len(nearness):
        return np.zeros(0)
    return np.asarray((nearness / np.maximum(usual.mean(axis=0), _TINY)).sum(axis=1))
