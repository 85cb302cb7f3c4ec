"""The order of columns: models are learned with the topics in the order of their names.

So ties, sums and the shares of folds, which go through columns one after the other, are the same in whatever order
topics are given. What was learned is then put into the order that was given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

from labeler.learn.targets import Targets

if TYPE_CHECKING:
    from labeler.learn.training import TrainingResult
    from labeler.score.model import TopicModel

Indices = npt.NDArray[np.intp]
_T = TypeVar("_T", bound=np.generic)


def name_order(topics: Sequence[str]) -> Indices:
    """The columns of ``topics`` (n_topics,) in the order of their names."""
    return np.array(sorted(range(len(topics)), key=topics.__getitem__), dtype=np.intp)


def by_name(targets: Targets) -> Targets:
    """The same targets with their columns in the order of the topics' names."""
    order = name_order(targets.classes)
    return replace(targets, matrix=targets.matrix[:, order], classes=tuple(targets.classes[n] for n in order))


def in_order_of(result: TrainingResult, topics: Sequence[str]) -> TrainingResult:
    """The ``result`` of a training with its columns in the order of ``topics``, which are its own."""
    columns = np.argsort(name_order(topics))
    changed = replace(
        result,
        model=_model(result.model, topics, columns),
        weak=tuple(topic for topic in topics if topic in set(result.weak)),
    )
    if result.stream_shares is not None:
        shares = result.stream_shares
        changed = replace(changed, stream_shares={topic: shares[topic] for topic in topics})
    if result.time_ordered is not None:
        found = result.time_ordered
        probabilities = _with_last(found.probabilities, columns)
        found = found._replace(probabilities=probabilities, answers=_with_last(found.answers, columns))
        changed = replace(changed, time_ordered=found)
    return changed


def _model(model: TopicModel, topics: Sequence[str], columns: Indices) -> TopicModel:
    linear, (probabilities, answers) = model.linear, model.held_out
    return replace(
        model,
        linear=replace(
            linear,
            weights=np.ascontiguousarray(_with_last(linear.weights, columns)),
            intercepts=_with_last(linear.intercepts, columns),
            topics=tuple(topics),
        ),
        thresholds=model.thresholds[columns],
        held_out=(_with_last(probabilities, columns), _with_last(answers, columns)),
        held_out_thresholds=None if model.held_out_thresholds is None else model.held_out_thresholds[:, columns],
        judged=None if model.judged is None else model.judged._replace(yes=model.judged.yes[columns]),
        unlearned={topic: model.unlearned[topic] for topic in topics if topic in model.unlearned},
    )


def _with_last(array: npt.NDArray[_T], columns: Indices) -> npt.NDArray[_T]:
    """The ``columns`` of an array along its last axis, and then those of it that are beyond, as for "none of these"."""
    return array[..., np.append(columns, np.arange(len(columns), array.shape[-1]))]
