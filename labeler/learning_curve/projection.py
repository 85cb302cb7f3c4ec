"""What more judged papers would bring: a learning curve carried on, with intervals.

Every draw of papers (:mod:`labeler.measure.resampling`) gives a curve, which is carried on in two ways: by laws of the
figure (:mod:`labeler.learning_curve.laws`) and by the margins of held-out papers
(:mod:`labeler.learning_curve.margins`). Noise is added, as no real curve follows these, which shows the more the
farther it is carried on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from labeler.measure.estimates import Estimate

Floats = npt.NDArray[np.float64]
CONFIDENCE = 0.9
_UNTOLD = 0.012  # noise at twice the papers; chosen on other draws than those of tests/bench/CURVES.md
_FARTHEST = 20  # times the papers there are: beyond, nothing is said
_PLACES = 40  # that a curve is counted at; between them it is a line over the logarithm


class Needed(NamedTuple):
    """How many judged papers a figure needs: most likely ``papers``, with 90 % confidence ``low`` to ``high``.

    None stands for more than can be said.
    """

    papers: int | None
    low: int | None
    high: int | None


class Gain(NamedTuple):
    """What ``more`` judged papers add to a figure (``figure``, with a 90 % interval).

    ``below`` is the probability that it is less than ``least``.
    """

    more: int
    figure: Estimate
    least: float
    below: float

    @property
    def is_small(self) -> bool:
        """Whether it is below ``least`` with 90 % confidence."""
        return self.below >= CONFIDENCE


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """A learning curve carried on from ``papers`` judged papers.

    ``value`` (n_places,) is the curve at ``places``, in judged papers, and ``draws`` (n_draws, n_places) those of draws
    of papers. ``noise`` (n_draws,) is what is left out of each draw, at twice the papers.
    """

    papers: int
    places: Floats
    value: Floats
    draws: Floats
    noise: Floats

    @classmethod
    def of(cls, places: Floats, figures: Floats, papers: int, seed: int = 0) -> Self:
        """The projection of ``figures`` (1 + n_draws, n_places): first those of all papers, then the draws.

        No curve falls.
        """
        rising = np.maximum.accumulate(figures, axis=1)
        noise = np.random.default_rng(seed).standard_normal(len(figures) - 1)
        return cls(papers, places, rising[0], rising[1:], noise)

    def at(self, papers: int) -> Estimate:
        """The figure with so many judged papers, with a 90 % interval."""
        value, draws = self._at([papers])
        noise = self.noise * _UNTOLD * np.sqrt(max(np.log2(papers / self.papers), 0))
        return _interval(float(value[0]), np.clip(draws[:, 0] + noise, 0, 1))

    def gain(self, more: int, least: float) -> Gain:
        """What ``more`` judged papers add, and how probable it is that it is below ``least``."""
        value, draws = self._at([self.papers, self.papers + more])
        noise = self.noise * _UNTOLD * np.sqrt(np.log2(1 + more / self.papers))
        added = np.clip(draws[:, 1] + noise, draws[:, 0], 1) - draws[:, 0]  # no figure goes beyond 1
        return Gain(more, _interval(float(value[1] - value[0]), added), least, float((added < least).mean()))

    def needed(self, target: float) -> Needed:
        """How many judged papers bring the figure to ``target``."""
        sizes = np.unique(np.geomspace(self.papers, _FARTHEST * self.papers, 200).astype(int))
        value, draws = self._at(sizes.tolist())
        noise = self.noise[:, None] * _UNTOLD * np.sqrt(np.log2(sizes / self.papers))
        firsts = _first(np.maximum.accumulate(draws + noise, axis=1) >= target, sizes)
        low, high = np.quantile(firsts, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2], method="inverted_cdf")
        likely = _first(value[None, :] >= target, sizes)[0]
        return Needed(*map(_told, (likely, min(low, likely), max(high, likely))))

    def enough(self, within: float) -> int:
        """The smallest number of judged papers, from the fewest measured to all, whose figure is ``within`` that."""
        sizes = np.unique(np.geomspace(min(self.places[0], self.papers), self.papers, 200).round().astype(int))
        value, _ = self._at(sizes.tolist())
        return int(sizes[int(np.argmax(value >= value[-1] - within))])

    def _at(self, sizes: Sequence[int]) -> tuple[Floats, Floats]:
        """The figures of all papers (n_sizes,) and of the draws (n_draws, n_sizes)."""
        at = np.clip(np.log(sizes), *np.log(self.places[[0, -1]]))
        after = np.clip(np.searchsorted(np.log(self.places), at), 1, len(self.places) - 1)
        low, high = np.log(self.places[after - 1]), np.log(self.places[after])
        share = (at - low) / (high - low)
        value, draws = (
            (1 - share) * part[..., after - 1] + share * part[..., after] for part in (self.value, self.draws)
        )
        return np.asarray(value), np.asarray(draws)


def places(sizes: Floats, papers: int) -> Floats:
    """Where a curve is counted, from the fewest papers measured (``sizes``) on."""
    return np.asarray(np.geomspace(float(sizes.min()), _FARTHEST * papers, _PLACES), np.float64)


def _first(reached: npt.NDArray[np.bool_], sizes: npt.NDArray[np.intp]) -> Floats:
    """The first size of each row (n_rows, n_sizes) that is reached, infinite where none is."""
    return np.where(reached.any(axis=1), sizes[reached.argmax(axis=1)], np.inf)


def _told(size: float) -> int | None:
    return int(size) if np.isfinite(size) else None


def _interval(value: float, draws: Floats) -> Estimate:
    low, high = np.quantile(draws, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Estimate(value, float(min(low, value)), float(max(high, value)))
