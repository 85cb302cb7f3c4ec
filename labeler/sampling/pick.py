"""The papers to ask a person about next, most useful first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from labeler.errors import UsageError
from labeler.features.background import Background, shipped
from labeler.papers.inputs import as_texts
from labeler.sampling.candidates import Candidates, candidates_of
from labeler.sampling.registry import Strategy, strategy_for, strategy_named
from labeler.sampling.repeats import distinct, repeating

if TYPE_CHECKING:
    from labeler.learn.classifier import TopicClassifier
    from labeler.score.model import TopicModel

_LOOKED_AT = 30_000  # papers; of more, a sample (or five times as many as are wanted)


def choose(
    clf: TopicClassifier | TopicModel | None,
    texts: Any,
    count: int,
    strategy: str = "mix",
    random_state: int = 0,
    background: Background | None = None,
) -> list[int]:
    """The positions of ``count`` papers to ask a person about next, most useful first; all if there are fewer.

    The same papers in another order give the same choice. Of papers that say the same (near-duplicates) one is chosen;
    the others only when nothing else is left.

    Args:
        clf: what was learned so far, fitted or loaded; None before anything was, and then papers are chosen that
            differ and stand for many.
        texts: the papers nobody has judged yet, in the forms that ``TopicClassifier.fit`` takes.
        count: how many to choose.
        strategy: a name in those of ``labeler plugins``: ``random``; ``margin``, those the model is
            least sure of; ``diverse``, those that differ and stand for many; ``mix``, diverse ones first, then those
            the model is unsure of that differ; or one that another package adds.
        random_state: seed of chance and clusters.
        background: what is known of words beforehand; that of ``clf`` or the shipped one unless another is given.

    Raises:
        ValueError: the strategy is unknown, the count below zero, or a text is of no known form.
        NotFittedError: ``clf`` was not fitted (of scikit-learn, and a ValueError).

    >>> from labeler import choose
    >>> len(choose(None, ["robots that walk", "the songs of birds", "how cells divide"], 2))
    2
    """
    _check_strategy(strategy)
    if count < 0:
        raise ValueError(f"count is {count}; it must be zero or more")
    papers, model = as_texts(texts), _model_of(clf)
    chance = np.random.RandomState(random_state)
    order = _sorted_sample(papers, max(_LOOKED_AT, 5 * count), chance)
    if not count or not len(order):
        return []
    known = getattr(clf, "background", None) if background is None else background
    candidates = candidates_of([papers[position] for position in order], model, shipped() if known is None else known)
    return [int(position) for position in order[picked(candidates, count, strategy_for(strategy, candidates), chance)]]


def picked(candidates: Candidates, count: int, strategy: Strategy, chance: np.random.RandomState) -> list[int]:
    """What a strategy chooses, with others for those that repeat one; repeats come last."""
    left: npt.NDArray[np.intp] = np.arange(len(candidates))
    chosen: list[int] = []
    repeats: list[int] = []
    while len(chosen) < count and len(left):
        part = candidates.take(left)
        selected = distinct(part, strategy.select(part, min(count - len(chosen), len(left)), chance))
        used = repeating(part, selected)
        chosen += left[selected].tolist()
        repeats += sorted({*left[used].tolist()} - {*left[selected].tolist()})
        left = left[~used]
    return (chosen + repeats)[:count]


def _check_strategy(name: str) -> None:
    try:
        strategy_named(name)
    except UsageError as error:
        raise ValueError(str(error)) from error


def _sorted_sample(papers: Sequence[str], most: int, chance: np.random.RandomState) -> npt.NDArray[np.intp]:
    """The positions of the papers, or of so many drawn from them, in an order that is that of no file."""
    order = np.array(sorted(range(len(papers)), key=lambda position: papers[position]), dtype=np.intp)
    return order if len(order) <= most else order[np.sort(chance.permutation(len(order))[:most])]


def _model_of(clf: TopicClassifier | TopicModel | None) -> TopicModel | None:
    from labeler.score.model import TopicModel

    if clf is None or isinstance(clf, TopicModel):
        return clf
    from sklearn.utils.validation import check_is_fitted

    check_is_fitted(clf, "model_")
    return clf.model_
