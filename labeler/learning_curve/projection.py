"""What more judged papers would bring: a learning curve carried on, with intervals.

Every draw of papers (:mod:`labeler.measure.resampling`) gives a curve, and each curve is carried on by a law, which is
drawn by how well the laws foretold the last point. Two kinds of noise are added: points scatter about a law by which
papers were learned from, and no real curve follows a law, which shows the more the farther it is carried on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from labeler.learning_curve.laws import LAWS, Fit, Floats, backtest, fitted
from labeler.measure.estimates import Estimate

CONFIDENCE = 0.9
_CLOSE = 0.008  # error of a backtest that tells little against a law; with .02 the same intervals of four curves held
# On twelve curves (tests/bench/curves.py) a third of both noises let intervals hold in 7, and not in 8; of one, in 8.
_LEAST_SCATTER = 0.006  # of a point, by which papers were learned from, beside that by which are asked
_UNTOLD = 0.012  # noise at twice the papers
_FARTHEST = 20  # times the papers there are: beyond, nothing is said


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

    ``whole`` are the laws of the curve of all papers with their ``shares``, ``drawn`` those of the curves of draws:
    each law has some of these. ``noise`` (n_draws,) is what the laws leave out in each draw, at twice the papers.
    """

    papers: int
    whole: Sequence[Fit]
    shares: Floats
    drawn: Sequence[Fit]
    noise: Floats

    @classmethod
    def of(cls, sizes: Floats, figures: Floats, papers: int, seed: int = 0) -> Self:
        """The projection of curves of ``figures`` (1 + n_draws, n_sizes): first that of all papers, then the draws."""
        errors = np.array([backtest(law, sizes, figures[:1]) for law in LAWS])
        close = max(float(errors.min()), _CLOSE)  # where no law foretells the last point, chance moved it
        shares = np.array([law.prior for law in LAWS]) * np.exp(-0.5 * (errors**2 - errors.min() ** 2) / close**2)
        shares /= shares.sum()
        rng = np.random.default_rng(seed)
        whole = [fitted(law, sizes, figures[:1]) for law in LAWS]
        said = sum(share * fit.at(sizes)[0] for share, fit in zip(shares, whole, strict=True))
        scatter = max(float(np.sqrt(np.sum((figures[0] - said) ** 2) / max(len(sizes) - 2, 1))), _LEAST_SCATTER)
        moved = figures[1:] + scatter * rng.standard_normal((len(figures) - 1, len(sizes)))
        law_of = rng.choice(len(LAWS), len(moved), p=shares)
        drawn = [fitted(law, sizes, moved[law_of == number]) for number, law in enumerate(LAWS)]
        return cls(papers, whole, shares, drawn, rng.standard_normal(len(moved)))

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
        """The smallest number of judged papers, at most those there are, whose figure is ``within`` that of all."""
        sizes = np.unique(np.geomspace(1, self.papers, 200).astype(int))
        value, _ = self._at(sizes.tolist())
        return int(sizes[int(np.argmax(value >= value[-1] - within))])

    def _at(self, sizes: Sequence[int]) -> tuple[Floats, Floats]:
        """The figures of all papers (n_sizes,) and of the draws (n_draws, n_sizes)."""
        at = np.array(sizes, np.float64)
        value = sum(share * fit.at(at)[0] for share, fit in zip(self.shares, self.whole, strict=True))
        return np.asarray(value), np.vstack([fit.at(at) for fit in self.drawn if len(fit.limits)])


def _first(reached: npt.NDArray[np.bool_], sizes: npt.NDArray[np.intp]) -> Floats:
    """The first size of each row (n_rows, n_sizes) that is reached, infinite where none is."""
    return np.where(reached.any(axis=1), sizes[reached.argmax(axis=1)], np.inf)


def _told(size: float) -> int | None:
    return int(size) if np.isfinite(size) else None


def _interval(value: float, draws: Floats) -> Estimate:
    low, high = np.quantile(draws, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Estimate(value, float(min(low, value)), float(max(high, value)))
