"""What a simulation says, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from labeler.simulation.comparison import RANDOM, Floats

if TYPE_CHECKING:
    from labeler.measure.estimates import Estimate
    from labeler.simulation.comparison import Comparison


def sentences_of(found: Comparison, target: float | Floats) -> Sequence[str]:
    """What the best strategy would have come to beside random papers, and which ones would have been worse.

    The ``target`` is a macro-F1, or that of each draw (:meth:`Comparison.share_of_all`).
    """
    others = [strategy for strategy in found.strategies if strategy != RANDOM]
    if not others:
        return []
    best, *_ = others
    said = [
        f"{best} would have reached a macro-F1 of {np.ravel(target)[0]:.3f} with "
        f"{_labels(found, best, target)} labels, {RANDOM} with {_labels(found, RANDOM, target)}.",
        difference_sentence(best, found.difference(best)),
    ]
    worse = [strategy for strategy in others[1:] if found.difference(strategy).high < 0]
    return said + [difference_sentence(strategy, found.difference(strategy)) for strategy in worse]


def difference_sentence(strategy: str, difference: Estimate) -> str:
    """How much better or worse than random papers a strategy is, and whether that may be chance."""
    value, low, high = difference
    said = f"Over all rounds the mean macro-F1 of {strategy} is"
    bounds = f"(95 %: {low:+z.3f} to {high:+z.3f})"
    if low <= 0 <= high:
        return f"{said} {value:+z.3f} beside {RANDOM} {bounds}: the difference is not beyond chance."
    return f"{said} {abs(value):.3f} {'higher' if value > 0 else 'lower'} than of {RANDOM} {bounds}, beyond chance."


def _labels(found: Comparison, strategy: str, target: float | Floats) -> str:
    labels = found.needed(strategy, target).labels
    return f"more than {found.sizes[-1]:,.0f}" if labels is None else f"{labels:,}"
