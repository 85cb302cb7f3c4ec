"""Many draws of papers with replacement at once: how often each paper counts in each draw.

A figure that is a function of these weights is computed for all draws in one go. B. Efron, R. Tibshirani, "An
introduction to the bootstrap", 1993; draws of whole groups as in A. Davison, D. Hinkley, "Bootstrap methods and their
application", 1997, 3.8.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from labeler.measure.estimates import Estimate

Floats = npt.NDArray[np.float64]
_MOST_CELLS = 4_000_000  # of the matrix of weights
_FEWEST, _MOST = 50, 400  # draws
_INTERVAL = (0.025, 0.975)


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """The ``weights`` (1 + n_draws, n_papers) of papers: first those of all papers, then those of each draw."""

    weights: Floats

    @classmethod
    def of(cls, groups: npt.NDArray[np.intp], weights: Floats | None = None, seed: int = 0) -> Self:
        """Draws of papers, those of one group (``groups``, n_papers) together. Of very many papers there are fewer.

        With ``weights`` (n_papers,), each paper counts as much as its weight in every draw that it is in.
        """
        members, group_of = np.unique(groups, return_inverse=True)
        papers, count = len(groups), len(members)
        if not papers:
            return cls(np.ones((1, 0)))
        rounds = max(_FEWEST, min(_MOST, _MOST_CELLS // papers))
        drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), rounds)
        matrix = np.vstack([np.ones((1, papers)), drawn[:, group_of]])
        return cls(np.asarray(matrix if weights is None else matrix * (weights / weights.mean()), dtype=np.float64))

    def estimate(self, figures: Floats) -> Estimate | None:
        """The figure with its 95 % interval (percentiles), from one value a draw (1 + n_draws,).

        Draws without a value (NaN) do not count. None where there is no value for all papers.
        """
        if np.isnan(figures[0]):
            return None
        drawn = figures[1:][~np.isnan(figures[1:])]
        low, high = np.quantile(drawn, _INTERVAL) if len(drawn) else (figures[0], figures[0])
        return Estimate(float(figures[0]), float(min(low, figures[0])), float(max(high, figures[0])))
