"""Intervals of coefficients of agreement, by the bootstrap over papers, near-duplicates together.

The draws are those of :mod:`labeler.measure.resampling`. As coefficients are skewed and biased with few papers, their
percentiles are corrected for bias and acceleration (BCa: B. Efron, "Better bootstrap confidence intervals", 1987), and
set further apart as Student's t says for so few papers (T. Hesterberg, "What teachers should know about the bootstrap",
2015). Where nobody disagreed, all draws are alike; the interval is then the exact one of a share of which nothing was
found (C. Clopper and E. Pearson, 1934).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from labeler.measure.resampling import Draws

Floats = npt.NDArray[np.float64]
FEWEST_PAPERS = 50  # that two people judged, near-duplicates counted once: below, an interval would promise too much
FEWEST_OF_ANSWER = 5  # papers that somebody gave an answer, or did not
_MOST_BLOCKS = 400  # of papers that are left out in turn
_BOUND = 0.975


class Coefficient(NamedTuple):
    """The disagreement that was ``observed`` and the one that is ``expected`` by chance, in each draw (n_draws, …)."""

    observed: Floats
    expected: Floats

    @property
    def values(self) -> Floats:
        """1 less observed by expected disagreement, NaN where none is expected: then all answers are the same."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.expected > 1e-12, 1 - self.observed / self.expected, np.nan)

    def column(self, number: int) -> Coefficient:
        """That of one of several topics, of coefficients (n_draws, n_topics)."""
        return Coefficient(self.observed[:, number], self.expected[:, number])


class Figure(NamedTuple):
    """A coefficient, with its 95 % interval where there are enough papers for one.

    ``value`` is None where it is not defined.
    """

    value: float | None
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        if self.value is None:
            return "–"
        if self.low is None or self.high is None:
            return f"{self.value:.2f} (too few)"
        return f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}]"

    def to_dict(self) -> dict[str, float | None]:
        """The figures, for programs."""
        return self._asdict()


@dataclass(frozen=True, slots=True, eq=False)
class Resamples:
    """How much each paper counts (``weights``, n_rows, n_papers) in all papers, in each of ``draws`` draws, and where
    one group of near-duplicates (of very many: a block of them) is left out; ``groups`` (n_papers,) are these.
    """

    weights: Floats
    draws: int
    groups: npt.NDArray[np.intp]

    @classmethod
    def of(cls, groups: npt.NDArray[np.intp]) -> Self:
        """Resamples of papers, of which those of one group stand for each other."""
        drawn = Draws.of(groups).weights
        members, number = np.unique(groups, return_inverse=True)
        blocks = np.random.default_rng(0).permutation(len(members)) % max(
            min(_MOST_BLOCKS, len(drawn), len(members)), 1
        )
        left_out = (blocks[number] != np.arange(blocks.max(initial=-1) + 1)[:, None]).astype(np.float64)
        return cls(np.vstack([drawn, left_out]), len(drawn) - 1, groups)

    def figure(self, coefficient: Coefficient, papers: npt.NDArray[np.generic], told: bool = True) -> Figure:
        """A coefficient with its interval; ``papers`` are positions (or a mask) of those that it was computed from.

        It has none where they are too few, or where it is not to be ``told``.
        """
        values = coefficient.values
        if math.isnan(values[0]):
            return Figure(None)
        value = float(values[0])
        count = len(np.unique(self.groups[papers]))
        if count < FEWEST_PAPERS or not told:
            return Figure(value)
        if coefficient.observed[0] <= 1e-12:
            return Figure(value, float(1 - (1 - (1 - _BOUND) ** (1 / count)) / coefficient.expected[0]), value)
        drawn, left_out = values[1 : 1 + self.draws], values[1 + self.draws :]
        low, high = _corrected_percentiles(value, drawn, left_out, count)
        return Figure(value, min(low, value), max(high, value))


def _corrected_percentiles(value: float, drawn: Floats, left_out: Floats, count: int) -> tuple[float, float]:
    """The bounds of an interval: percentiles of draws, corrected by what leaving papers out makes of the value."""
    from scipy.special import ndtr, ndtri, stdtrit

    drawn = drawn[~np.isnan(drawn)]
    influence = value - np.where(np.isnan(left_out), value, left_out)
    influence -= influence.mean()
    size = (influence**2).sum()
    acceleration = float((influence**3).sum() / (6 * size**1.5)) if size > 0 else 0.0
    below = ((drawn < value).sum() + (drawn == value).sum() / 2) / len(drawn)
    bias = float(ndtri(min(max(below, 0.5 / len(drawn)), 1 - 0.5 / len(drawn))))
    reach = float(stdtrit(count - 1, _BOUND)) * math.sqrt(count / (count - 1))
    places = []
    for bound in (bias - reach, bias + reach):
        room = 1 - acceleration * bound
        places.append(float(ndtr(bias + bound / room)) if room > 0 else float(bound > 0))
    low, high = np.quantile(drawn, places)
    return float(low), float(high)
