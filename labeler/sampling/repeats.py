"""Papers that say the same: of two of them in one batch, the second answer teaches nothing."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labeler.sampling.candidates import Candidates

Matrix = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
_ALIKE = 0.98  # cosine
_WIDE = 50  # dimensions below which papers of one topic, too, point the same way
_AT_ONCE = 256  # papers compared with all others at a time


def distinct(candidates: Candidates, rows: list[int]) -> list[int]:
    """Of ``rows`` those that do not repeat one before them."""
    part = candidates.take(np.array(rows, dtype=np.intp))
    alike = _cosines(part.vectors, part.vectors) > _ALIKE
    alike |= (part.titles[:, None] == part.titles) & (part.titles != "")
    first: list[int] = []
    for position in range(len(rows)):
        if not alike[position, first].any():
            first.append(position)
    return [rows[position] for position in first]


def repeating(candidates: Candidates, rows: list[int]) -> Flags:
    """Which candidates (n_papers,) say the same as one of ``rows``; these themselves among them."""
    chosen = np.array(rows, dtype=np.intp)
    titles = set(candidates.titles[chosen]) - {""}
    found = np.array([title in titles for title in candidates.titles], dtype=bool)
    for begin in range(0, len(chosen), _AT_ONCE):
        some = candidates.vectors[chosen[begin : begin + _AT_ONCE]]
        found |= (_cosines(candidates.vectors, some) > _ALIKE).any(axis=1)
    found[chosen] = True
    return found


def _cosines(left: Matrix, right: Matrix) -> Matrix:
    return left @ right.T if left.shape[1] >= _WIDE else np.zeros((len(left), len(right)), np.float32)
