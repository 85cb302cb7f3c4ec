"""Stratified folds for cross-validation that keep equal papers together and each topic in every fold.

K. Sechidis, G. Tsoumakas, I. Vlahavas, "On the stratification of multi-label data", 2011, for groups of rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt


def grouped_folds(
    positives: npt.NDArray[np.bool_], groups: Sequence[Hashable], count: int, seed: int = 0
) -> npt.NDArray[np.intp]:
    """The fold (0 … count-1) of each row of ``positives`` (n_rows, n_topics); rows of one group share a fold.

    The rarest topic is distributed first. A group goes to the fold that lacks most papers of that topic; of equal ones
    to the fold that lacks most rows.
    """
    rows: dict[Hashable, list[int]] = defaultdict(list)
    for row, group in enumerate(groups):
        rows[group].append(row)
    members = list(rows.values())
    tallies = np.array([positives[group].sum(axis=0) for group in members]).reshape(len(members), positives.shape[1])
    sizes = np.array([len(group) for group in members])
    lacking = np.tile(tallies.sum(axis=0) / count, (count, 1)).astype(float)
    lacking_rows = np.full(count, sizes.sum() / count)
    # Where two rows become one group, the others go on being shared out in the same order.
    member = {group[0]: number for number, group in enumerate(members)}
    rows_in_order = np.random.default_rng(seed).permutation(len(groups)).tolist()
    order = np.array([member[row] for row in rows_in_order if row in member], dtype=np.intp)
    fold_of = np.full(len(members), -1)
    while (unassigned := order[fold_of[order] < 0]).size:
        totals = tallies[unassigned].sum(axis=0)
        if totals.any():
            topic = int(np.where(totals > 0, totals, totals.max() + 1).argmin())
            next_groups = unassigned[tallies[unassigned, topic] > 0]
            lack = lacking[:, topic]
        else:
            next_groups, lack = unassigned, lacking_rows
        for group in next_groups[np.argsort(-sizes[next_groups], kind="stable")]:
            fold = int(np.lexsort((np.arange(count), -lacking_rows, -lack))[0])
            fold_of[group] = fold
            lacking[fold] -= tallies[group]
            lacking_rows[fold] -= sizes[group]
    folds = np.empty(len(groups), dtype=np.intp)
    for group, group_rows in enumerate(members):
        folds[group_rows] = fold_of[group]
    return folds
