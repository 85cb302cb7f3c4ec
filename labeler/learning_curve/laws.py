"""The laws that learning curves follow, fitted to some points: figure = limit - gap * shape(papers).

The power law is the classic one (C. Cortes, L. Jackel, S. Solla et al., "Learning curves: asymptotic values and rate of
convergence", 1993; B. Gu, F. Hu, H. Liu, "Modelling classification performance for large data sets", 2001, who compare
it with the others). The exponential law ends sooner, the logarithm goes on for ever. Which one fits a curve is decided
on its own tail: by the laws of all points but the last, asked for the last.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Shape = Callable[[Floats, float], Floats]


class Law(NamedTuple):
    """A law: its ``name``, the ``shape`` of sizes and a rate, and the rates tried.

    ``by_size`` are rates to be divided by the largest size that is measured. A law without a limit grows for ever.
    ``prior`` says how often curves follow it, beside the others.
    """

    name: str
    shape: Shape
    rates: tuple[float, ...]
    by_size: bool = False
    has_limit: bool = True
    prior: float = 1.0

    def rates_for(self, sizes: Floats) -> Floats:
        """The rates that are tried for measured sizes."""
        return np.array(self.rates) / (sizes.max() if self.by_size else 1)


def _power(sizes: Floats, rate: float) -> Floats:
    return np.asarray(sizes**-rate)


def _exponential(sizes: Floats, rate: float) -> Floats:
    return np.asarray(np.exp(-rate * sizes))


def _logarithm(sizes: Floats, rate: float) -> Floats:
    return np.asarray(-rate * np.log(sizes))


_CLOSE = 0.008  # error of a backtest that tells little against a law; with .02 the same intervals of four curves held
_LEAST_SCATTER = 0.006  # of a point, by which papers were learned from, beside that by which are asked
# The power law is found most often; with .3, intervals held in 9 of 12 curves (tests/bench/curves.py), with 1 in 8.
_OTHERS = 0.3
LAWS = (
    Law("power", _power, tuple(np.geomspace(0.08, 2, 25))),
    # Slower exponential ones are straight lines.
    Law("exponential", _exponential, tuple(np.geomspace(1.5, 15, 25)), by_size=True, prior=_OTHERS),
    Law("logarithm", _logarithm, (1.0,), has_limit=False, prior=_OTHERS),
)


class Fit(NamedTuple):
    """A law fitted to curves: its parameters, one of each curve (n_curves,)."""

    law: Law
    limits: Floats
    gaps: Floats
    rates: Floats

    def at(self, sizes: Floats) -> Floats:
        """The figures (n_curves, n_sizes) that follow for some numbers of papers, from 0 to 1."""
        shapes = np.stack([self.law.shape(sizes, rate) for rate in self.rates])
        return np.clip(self.limits[:, None] - self.gaps[:, None] * shapes, 0, 1)


def fitted(law: Law, sizes: Floats, figures: Floats) -> Fit:
    """The law that is nearest to each curve of ``figures`` (n_curves, n_sizes), by weighted least squares.

    A point counts as much as it has papers: small ones depend most on which papers they are. No curve falls, and none
    goes beyond 1.
    """
    weights = sizes / sizes.sum()
    means = figures @ weights
    best = np.full(len(figures), np.inf)
    tried = law.rates_for(sizes)
    limits, gaps, rates = means.copy(), np.zeros(len(figures)), np.full(len(figures), tried[0])
    for rate in tried.tolist():
        shape = law.shape(sizes, rate)
        mean = float(weights @ shape)
        spread = float(weights @ (shape - mean) ** 2)
        if spread < 1e-18:
            continue
        gap = np.maximum(-(figures - means[:, None]) @ (weights * (shape - mean)) / spread, 0)
        limit = means + gap * mean
        if law.has_limit:
            beyond = limit > 1
            gap = np.where(beyond, (1 - figures) @ (weights * shape) / float(weights @ shape**2), gap)
            limit = np.where(beyond, 1.0, limit)
        error = ((figures - limit[:, None] + gap[:, None] * shape) ** 2) @ weights
        better = error < best
        best[better], limits[better], gaps[better], rates[better] = error[better], limit[better], gap[better], rate
    return Fit(law, limits, gaps, rates)


def backtest(law: Law, sizes: Floats, figures: Floats) -> float:
    """How far the law of all points but the largest is from the largest (root of the mean square over curves)."""
    without = np.argsort(sizes)[:-1]
    last = int(sizes.argmax())
    said = fitted(law, sizes[without], figures[:, without]).at(sizes[[last]])[:, 0]
    return float(np.sqrt(np.mean((said - figures[:, last]) ** 2)))


def carried_on(sizes: Floats, figures: Floats, places: Floats, seed: int = 0) -> Floats:
    """Curves of ``figures`` (1 + n_draws, n_sizes) at other places (1 + n_draws, n_places).

    That of all papers is the mean of the laws by their shares. Each of the draws follows one law, which is drawn by how
    well the laws foretold the last point, and its points scatter as those of all papers do about the laws.
    """
    errors = np.array([backtest(law, sizes, figures[:1]) for law in LAWS])
    close = max(float(errors.min()), _CLOSE)  # where no law foretells the last point, chance moved it
    shares = np.array([law.prior for law in LAWS]) * np.exp(-0.5 * (errors**2 - errors.min() ** 2) / close**2)
    shares /= shares.sum()
    whole = [fitted(law, sizes, figures[:1]) for law in LAWS]
    said = sum(share * fit.at(sizes)[0] for share, fit in zip(shares, whole, strict=True))
    scatter = max(float(np.sqrt(np.sum((figures[0] - said) ** 2) / max(len(sizes) - 2, 1))), _LEAST_SCATTER)
    rng = np.random.default_rng(seed)
    moved = figures[1:] + scatter * rng.standard_normal((len(figures) - 1, len(sizes)))
    law_of = rng.choice(len(LAWS), len(moved), p=shares)
    found = np.zeros((len(figures), len(places)))
    for number, law in enumerate(LAWS):
        found[0] += shares[number] * whole[number].at(places)[0]
        rows = np.flatnonzero(law_of == number)
        found[1 + rows] = fitted(law, sizes, moved[rows]).at(places) if len(rows) else 0
    return found
