"""Many draws of papers at once: how much each paper counts in each draw.

A figure that is a function of these weights is computed for all draws in one go. The weights are those of the Bayesian
bootstrap (D. Rubin, "The Bayesian bootstrap", 1981): each paper counts a little in every draw. With draws with
replacement, the only paper of a topic would be missing in a third of them, and means over the topics that are left
would be too high. For differences between two models there are draws with replacement all the same (B. Efron, R.
Tibshirani, "An introduction to the bootstrap", 1993): where the models differ on one paper alone, any other draw has a
difference, and nothing would say that it may be chance. Groups are drawn whole: A. Davison, D. Hinkley, "Bootstrap
methods and their application", 1997, 3.8.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from labeler.measure.estimates import Estimate
from labeler.papers.near_duplicates import near_duplicate_groups

Floats = npt.NDArray[np.float64]
_MOST_CELLS = 4_000_000  # of the matrix of weights
_FEWEST, _MOST = 50, 400  # draws
_INTERVAL = (0.025, 0.975)


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """The ``weights`` (1 + n_draws, n_papers) of papers: first those of all papers, then those of each draw."""

    weights: Floats

    @classmethod
    def of(
        cls, groups: npt.NDArray[np.intp], weights: Floats | None = None, seed: int = 0, replaced: bool = False
    ) -> Self:
        """Draws of papers, those of one group (``groups``, n_papers) together. Of very many papers there are fewer.

        With ``weights`` (n_papers,), each paper counts as much as its weight in every draw that it is in. ``replaced``
        are draws with replacement, for differences.
        """
        members, group_of = np.unique(groups, return_inverse=True)
        papers, count = len(groups), len(members)
        if not papers:
            return cls(np.ones((1, 0)))
        rounds = max(_FEWEST, min(_MOST, _MOST_CELLS // papers))
        rng = np.random.default_rng(seed)
        if replaced:
            drawn = rng.multinomial(count, np.full(count, 1 / count), rounds).astype(float)
        else:
            drawn = rng.standard_exponential((rounds, count))
            drawn *= count / drawn.sum(axis=1, keepdims=True)
        matrix = np.vstack([np.ones((1, papers)), drawn[:, group_of]])
        return cls(np.asarray(matrix if weights is None else matrix * (weights / weights.mean()), dtype=np.float64))

    @classmethod
    def of_texts(cls, texts: Sequence[str], weights: Floats | None = None, replaced: bool = False) -> Self:
        """The same of papers by their texts, near-duplicates together; the order of the papers changes nothing."""
        order = sorted(range(len(texts)), key=texts.__getitem__)
        groups = np.zeros(len(texts), dtype=np.intp)
        groups[order] = near_duplicate_groups([texts[row] for row in order])
        return cls.of(groups, weights, replaced=replaced)

    def estimate(self, figures: Floats) -> Estimate | None:
        """The figure with its 95 % interval (percentiles), from one value a draw (1 + n_draws,).

        Draws without a value (NaN) do not count. None where there is no value for all papers.
        """
        if np.isnan(figures[0]):
            return None
        drawn = figures[1:][~np.isnan(figures[1:])]
        low, high = np.quantile(drawn, _INTERVAL) if len(drawn) else (figures[0], figures[0])
        return Estimate(float(figures[0]), float(min(low, figures[0])), float(max(high, figures[0])))
