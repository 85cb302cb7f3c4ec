"""What comes of a model's decisions and of its sets of topics on the test part of a split."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from labeler.score.decision import decision_arrays
from labeler.score.model import TopicModel
from labeler.topics.mode import Mode
from tests.bench.quality.splits import Split, Truth

SET_ERROR = 0.1
_ENOUGH = 30  # judged papers of a topic whose sets are counted apart


def told_of_promises(model: TopicModel, split: Split, promises: Sequence[float]) -> dict[str, dict[str, Any]]:
    """What comes of each promise, as :meth:`tests.bench.quality.ours.Ours.told` has it."""
    probabilities, truth = model.linear.probabilities(split.test), _truth(model, split)
    found = {}
    for promise in promises:
        bands = model.bands(promise)
        assigned, kinds, _, _ = decision_arrays(probabilities, model.rule, bands)
        given = model.rule.most_specific(assigned) & ~np.isnan(truth)
        counts, right = given.sum(axis=1), (given & (truth == 1)).sum(axis=1)
        decided = kinds != 2
        confidences = np.where(assigned.any(axis=1), model.rule.confidences(probabilities, assigned), -1.0)
        order = np.argsort(-confidences, kind="stable")[: int(assigned.any(axis=1).sum())]
        precisions = np.cumsum(right[order]) / np.maximum(np.cumsum(counts[order]), 1)
        kept = np.flatnonzero(precisions >= promise)
        found[str(promise)] = {
            "papers": len(kinds),
            "decided": int(decided.sum()),
            "given": int(counts[decided].sum()),
            "right": int(right[decided].sum()),
            "largest": (int(kept[-1]) + 1) / len(kinds) if len(kept) else 0.0,
            "interval": bands.interval,
        }
    return found


def told_of_sets(model: TopicModel, split: Split) -> dict[str, float]:
    """How many topics a conformal set has, and how often it holds the right one: in multi mode on average over topics
    of enough judged papers, of the papers that have the topic.
    """
    names = (*model.topics, None)
    found = model.topic_sets(model.linear.probabilities(split.test), SET_ERROR)
    chosen = np.array([[topic in one for topic in names] for one in found])
    truth = _truth(model, split)
    if model.mode == Mode.SINGLE:
        answers = np.where((truth == 1).any(axis=1), truth.argmax(axis=1), len(model.topics))
        held = float(chosen[np.arange(len(chosen)), answers].mean())
    else:
        topics = np.flatnonzero((model.examples >= _ENOUGH) & (truth == 1).any(axis=0))
        held = float(np.mean([chosen[truth[:, topic] == 1, topic].mean() for topic in topics]))
    return {"held": held, "size": float(chosen.sum(axis=1).mean())}


def _truth(model: TopicModel, split: Split) -> Truth:
    """The answers of the test papers, with the columns of the model."""
    return np.asarray(split.test_truth[:, [split.topics.index(topic) for topic in model.topics]])
