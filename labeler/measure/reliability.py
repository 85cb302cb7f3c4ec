"""Whether probabilities mean what they say: the Brier score, the expected calibration error and a reliability table.

G. Brier, "Verification of forecasts expressed in terms of probability", 1950; M. Naeini, G. Cooper, M. Hauskrecht,
"Obtaining well calibrated probabilities using Bayesian binning", 2015 (bins of equal width).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.measure.estimates import Estimate, proportion
from labeler.measure.resampling import Draws

Floats = npt.NDArray[np.float64]
BINS = 10


class Bin(NamedTuple):
    """So many ``claims`` have a probability from ``low`` to ``high``: its mean, and how many of them are ``right``."""

    low: float
    high: float
    claims: int
    mean: float
    right: int

    @property
    def share(self) -> Estimate:
        """The share that is right, with its interval."""
        return proportion(self.right, self.claims) or Estimate(0.0, 0.0, 1.0)

    def to_dict(self) -> dict[str, Any]:
        """The row, for programs."""
        record = {"low": self.low, "high": self.high, "claims": self.claims, "mean": round(self.mean, 4)}
        return record | {"right": self.right, "share": self.share.to_dict()}


@dataclass(frozen=True, slots=True)
class Reliability:
    """The reliability of probabilities: the table has the bins that hold any."""

    brier: Estimate | None
    ece: Estimate | None
    bins: tuple[Bin, ...]

    def to_dict(self) -> dict[str, Any]:
        """The figures, for programs."""
        record = {
            name: found.to_dict() if found else None for name, found in (("brier", self.brier), ("ece", self.ece))
        }
        return record | {"bins": [one.to_dict() for one in self.bins]}


def reliability(
    claimed: Floats,
    right: npt.NDArray[np.bool_],
    papers: npt.NDArray[np.intp],
    draws: Draws,
    squares: Floats | None = None,
) -> Reliability:
    """How often what was ``claimed`` with a probability (n_claims,) was ``right``; ``papers`` are those of the claims.

    The Brier score is the mean squared difference of probability and outcome over the claims; with ``squares``
    (n_claims,), such as sums over all answers that a claim was chosen from, their mean.
    """
    if not len(claimed):
        return Reliability(None, None, ())
    bin_of = np.minimum((claimed * BINS).astype(np.intp), BINS - 1)
    weights = draws.weights[:, papers]
    totals = weights.sum(axis=1)
    safe = np.where(totals > 0, totals, np.nan)
    brier = weights @ (np.square(claimed - right) if squares is None else squares) / safe
    gaps = [np.abs(weights[:, bin_of == number] @ (claimed - right)[bin_of == number]) for number in range(BINS)]
    ece = np.sum(gaps, axis=0) / safe
    bins = []
    for number in np.unique(bin_of).tolist():
        inside = bin_of == number
        mean = float(claimed[inside].mean())
        bins.append(Bin(number / BINS, (number + 1) / BINS, int(inside.sum()), mean, int(right[inside].sum())))
    return Reliability(draws.estimate(brier), draws.estimate(ece), tuple(bins))
