"""Figures with their intervals, by the bootstrap over papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from labeler.measure.intervals import lower_bound, upper_bound

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_ONE_SIDED = 0.975  # confidence of each bound of a 95 % interval


class Estimate(NamedTuple):
    """A figure and its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:z.3f} [{self.low:z.3f}, {self.high:z.3f}]"

    def to_dict(self) -> dict[str, float]:
        """The figures, rounded to four places."""
        return {"value": round(self.value, 4), "low": round(self.low, 4), "high": round(self.high, 4)}

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Self:
        """The figures that :meth:`to_dict` wrote."""
        return cls(float(record["value"]), float(record["low"]), float(record["high"]))


def proportion(part: float, whole: float) -> Estimate | None:
    """A share with its exact 95 % interval (C. Clopper and E. Pearson, 1934), None of nothing.

    Both may be effective numbers, which are no whole ones.
    """
    if whole <= 0:
        return None
    part = min(part, whole)
    bounds = lower_bound(part, whole, _ONE_SIDED), upper_bound(part, whole, _ONE_SIDED)
    return Estimate(part / whole, *bounds)


def weighted_proportion(
    part: npt.NDArray[np.bool_], whole: npt.NDArray[np.bool_], weights: npt.NDArray[np.float64]
) -> Estimate | None:
    """The share of the papers of a ``whole`` that are in ``part`` (n_papers,), where each has its weight.

    The interval is that of as many papers as these are worth together (L. Kish, "Survey sampling", 1965).
    """
    counted = weights[whole]
    if not counted.sum() > 0:
        return None
    worth = float(counted.sum() ** 2 / (counted**2).sum())
    return proportion(worth * float(weights[part & whole].sum() / counted.sum()), worth)


def bootstrap(
    figure: Callable[[npt.NDArray[np.intp]], float],
    papers: int,
    rounds: int = 1000,
    seed: int = 0,
) -> Estimate:
    """``figure`` of all papers, with the percentile interval over ``rounds`` draws of papers with replacement.

    ``figure`` is called with the positions of the papers drawn. For a paired difference it computes both sides on
    the same draw. B. Efron, R. Tibshirani, "An introduction to the bootstrap", 1993.
    """
    import numpy as np

    generator = np.random.default_rng(seed)
    draws = [figure(generator.integers(papers, size=papers)) for _ in range(rounds)]
    low, high = np.quantile(draws, [0.025, 0.975])
    return Estimate(figure(np.arange(papers)), float(low), float(high))
