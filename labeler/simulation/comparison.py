"""Strategies beside each other: how good models are after each round, and how many labels a target takes.

Every draw weighs the papers that are asked (:mod:`labeler.measure.resampling`) and takes some of the orders, the same
for all strategies. Of n orders n - 1 are drawn, so that few of them do not seem to agree more than they do (J. Rao, C.
Wu, "Resampling inference with complex survey data", 1988).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from labeler.learning_curve.measured import MIN_POSITIVES
from labeler.measure.by_topic import Tallies
from labeler.measure.estimates import Estimate
from labeler.measure.resampling import Draws

if TYPE_CHECKING:
    from labeler.learning_curve.measured import JudgedTexts
    from labeler.simulation.replay import Replays

Floats = npt.NDArray[np.float64]
RANDOM = "random"  # the strategy that the others are held to
_BOUNDS = (0.025, 0.975)


class Needed(NamedTuple):
    """How many labels a target takes, with a 95 % interval; None stands for more than there are."""

    labels: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """The macro-F1 of models of ``sizes`` (n_sizes,) judged papers, of all ``papers`` that there are.

    ``figures`` are by strategy (1 + n_draws, n_sizes): first that of all papers and orders, then those of draws.
    ``topics`` is how many topics have enough judged papers to count.
    """

    papers: int
    topics: int
    sizes: Floats
    figures: dict[str, Floats]

    @classmethod
    def of(cls, judged: JudgedTexts, replays: Replays) -> Self:
        """The comparison of strategies that were replayed."""
        positives = (judged.truth == 1).sum(axis=0)
        counted = np.flatnonzero(positives >= MIN_POSITIVES)
        counted = counted if len(counted) else np.arange(len(positives))
        weights = Draws.of(replays.groups).weights
        orders = len(next(iter(replays.guesses.values())))
        rng = np.random.default_rng(0)
        shares = rng.multinomial(orders - 1, np.full(orders, 1 / orders), len(weights)) / (orders - 1)
        shares[0] = 1 / orders
        truth = judged.truth[:, counted]

        def figures(guesses: npt.NDArray[np.bool_]) -> Floats:
            each = [[Tallies.of(truth, one[:, counted], weights).macro_f1() for one in order] for order in guesses]
            return np.asarray(np.einsum("do,osd->ds", shares, np.array(each)))

        drawn = {strategy: figures(guesses) for strategy, guesses in replays.guesses.items()}
        return cls(len(replays.groups), len(counted), replays.sizes, drawn)

    @property
    def strategies(self) -> list[str]:
        """The strategies, the one with the largest area first."""
        return sorted(self.figures, key=lambda strategy: -self.area(strategy).value)

    @property
    def full(self) -> float:
        """The macro-F1 of models of all papers outside a fold."""
        return float(self.figures[RANDOM][0, -1])

    def area(self, strategy: str) -> Estimate:
        """The mean macro-F1 over all sizes, in which each doubling of the labels counts the same."""
        return _interval(self._areas(strategy))

    def difference(self, strategy: str) -> Estimate:
        """How much larger the area of a strategy is than that of random papers, on the same papers and orders."""
        return _interval(self._areas(strategy) - self._areas(RANDOM))

    def share_of_all(self, share: float) -> Floats:
        """A share of the macro-F1 of models of all papers, in each draw (1 + n_draws,)."""
        return share * self.figures[RANDOM][:, -1]

    def needed(self, strategy: str, target: float | Floats) -> Needed:
        """How many labels a strategy takes to bring the macro-F1 to a target, or that of each draw (1 + n_draws,)."""
        figures = self.figures[strategy]
        targets = np.broadcast_to(target, len(figures)).tolist()
        labels = np.array([_first(row, self.sizes, one) for row, one in zip(figures, targets, strict=True)])
        bounds = np.quantile(labels[1:], _BOUNDS, method="inverted_cdf")
        return Needed(*map(_told, (labels[0], min(bounds[0], labels[0]), max(bounds[1], labels[0]))))

    def _areas(self, strategy: str) -> Floats:
        """The area of all papers and of each draw (1 + n_draws,)."""
        steps = np.diff(np.log(self.sizes))
        figures = self.figures[strategy]
        means = (figures[:, 1:] + figures[:, :-1]) / 2
        return np.asarray(means @ steps / steps.sum())


def _interval(figures: Floats) -> Estimate:
    """The figure of all papers with its 95 % interval."""
    low, high = np.quantile(figures[1:], _BOUNDS)
    return Estimate(float(figures[0]), float(min(low, figures[0])), float(max(high, figures[0])))


def _first(figures: Floats, sizes: Floats, target: float) -> float:
    """The labels at which a curve reaches a target first, between two sizes in a straight line over their logarithms.

    Infinite where it does not.
    """
    reached = np.flatnonzero(figures >= target)
    if not len(reached):
        return float("inf")
    place = int(reached[0])
    if not place:
        return float(sizes[0])
    share = (target - figures[place - 1]) / (figures[place] - figures[place - 1])
    return float(sizes[place - 1] * (sizes[place] / sizes[place - 1]) ** share)


def _told(labels: float) -> int | None:
    return int(np.ceil(labels)) if np.isfinite(labels) else None
