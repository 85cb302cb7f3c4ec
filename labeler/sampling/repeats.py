"""Papers that say the same: of two of them in one batch, the second answer teaches nothing."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labeler.sampling.candidates import Candidates

Flags = npt.NDArray[np.bool_]


def distinct(candidates: Candidates, rows: list[int]) -> list[int]:
    """Of ``rows`` those that do not repeat one before them."""
    groups: set[int] = set()
    titles = {""}
    first: list[int] = []
    for row in rows:
        group, title = int(candidates.groups[row]), candidates.titles[row]
        if group not in groups and (title not in titles or not title):
            first.append(row)
            groups.add(group)
            titles.add(title)
    return first


def repeating(candidates: Candidates, rows: list[int]) -> Flags:
    """Which candidates (n_papers,) say the same as one of ``rows``; these themselves among them."""
    chosen = np.array(rows, dtype=np.intp)
    titles = set(candidates.titles[chosen]) - {""}
    same_title = np.array([title in titles for title in candidates.titles], dtype=bool)
    return np.asarray(same_title | np.isin(candidates.groups, candidates.groups[chosen]))
