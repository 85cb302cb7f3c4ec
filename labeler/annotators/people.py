"""How far each annotator agrees with the others, and whether that moved as time went by."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.annotators.ratings import Ratings
from labeler.annotators.resamples import FEWEST_PAPERS, Coefficient, Figure, Floats, Resamples


class WithOthers(NamedTuple):
    """On the ``papers`` that others judged as well, the mean share of these who gave just the same (``agreement``).

    ``earlier`` and ``later`` are that of the first and of the second half of these papers in time, None where they are
    too few for intervals or have no times.
    """

    annotator: str
    papers: int
    agreement: Figure
    earlier: Figure | None = None
    later: Figure | None = None

    @property
    def drift(self) -> str:
        """How agreement with the others moved: ``rose``, ``fell``, or empty where the intervals meet or are missing."""
        bounds = [part.low for part in (self.earlier, self.later) if part is not None]
        if len(bounds) < 2 or None in bounds or self.earlier is None or self.later is None:
            return ""
        if (self.later.low or 0) > (self.earlier.high or 0):
            return "rose"
        return "fell" if (self.later.high or 0) < (self.earlier.low or 0) else ""

    def to_dict(self) -> dict[str, Any]:
        """The figures, for programs."""
        halves = {name: half and half.to_dict() for name, half in (("earlier", self.earlier), ("later", self.later))}
        return {"papers": self.papers, "agreement": self.agreement.to_dict(), **halves, "drift": self.drift}


def with_others(ratings: Ratings) -> list[WithOthers]:
    """The agreement of each annotator with the others, in the order of their names."""
    sets, present = ratings.sets
    resamples = Resamples.of(ratings.groups)
    found = []
    for number, annotator in enumerate(ratings.annotators):
        others = present.copy()
        others[:, number] = False
        rows = np.flatnonzero(present[:, number] & others.any(axis=1))
        same = (sets[rows] == sets[rows, number][:, None]).all(axis=2) & others[rows]
        shares = same.sum(axis=1) / np.maximum(others[rows].sum(axis=1), 1)
        halves = _halves(ratings, rows)
        told = [_mean(resamples, part, shares[np.searchsorted(rows, part)]) for part in (rows, *halves)]
        if len(rows):
            found.append(WithOthers(annotator, len(rows), *told))
    return found


def _halves(ratings: Ratings, rows: npt.NDArray[np.intp]) -> list[npt.NDArray[np.intp]]:
    """The first and the second half of some papers in time, each in the order of positions; none of few papers."""
    timed = [row for row in rows.tolist() if ratings.times[row]]
    if len(timed) < 2 * FEWEST_PAPERS:
        return []
    order = sorted(timed, key=lambda row: ratings.times[row])
    middle = len(order) // 2
    return [np.array(sorted(part), dtype=np.intp) for part in (order[:middle], order[middle:])]


def _mean(resamples: Resamples, rows: npt.NDArray[np.intp], shares: Floats) -> Figure:
    """The mean of shares over papers, with its interval."""
    weights = resamples.weights[:, rows]
    total = weights.sum(axis=1)
    mean = np.where(total > 0, weights @ shares / np.maximum(total, 1e-12), np.nan)
    return resamples.figure(Coefficient(1 - mean, np.ones_like(mean)), rows)
