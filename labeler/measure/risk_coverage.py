"""Risk and coverage: which share of papers can be decided, the surest first, and how precise these decisions are.

R. El-Yaniv, Y. Wiener, "On the foundations of noise-free selective classification", 2010.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.measure.estimates import Estimate, proportion

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.intp]
SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


class Coverage(NamedTuple):
    """The ``share`` of papers that are decided, the surest first; of their ``given`` topics so many are ``right``.

    ``least`` is the confidence of the last of them.
    """

    share: float
    papers: int
    given: int
    right: int
    least: float

    @property
    def precision(self) -> Estimate | None:
        """The share of the given topics that is right, None where none is given."""
        return proportion(self.right, self.given)

    def to_dict(self) -> dict[str, Any]:
        """The row, for programs."""
        found = self.precision
        record = {"share": round(self.share, 4), "papers": self.papers, "given": self.given, "right": self.right}
        return record | {"least": round(self.least, 4), "precision": found.to_dict() if found else None}


def coverages(confidence: Floats, given: Counts, right: Counts, shares: tuple[float, ...] = SHARES) -> list[Coverage]:
    """The surest ``shares`` of papers; all arrays are (n_papers,): confidence, topics given, and those right."""
    order, papers = np.argsort(-confidence, kind="stable"), len(confidence)
    givens, rights = np.cumsum(given[order]), np.cumsum(right[order])
    counts = sorted({round(share * papers) for share in shares} - {0})
    return [
        Coverage(
            count / papers,
            count,
            int(givens[count - 1]),
            int(rights[count - 1]),
            float(confidence[order[count - 1]]),
        )
        for count in counts
    ]
