"""Worked examples that were published, with the figures that were printed.

Krippendorff 2011, "Computing Krippendorff's alpha-reliability", C; K. Gwet's package irrCAC has the same ratings
(``cac.raw4raters``) and prints AC1 and Brennan and Prediger's coefficient of them, and kappa of ``cont3x3abstractors``.
The sets are of tables 3, 8 and 9 of Krippendorff and Craggs 2016, as C. Drake's package mvalpha has them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from labeler.annotators.ratings import Bools

# Units in rows, observers in columns; 0 is a missing value.
RATINGS = np.array(
    [
        [1, 1, 0, 1],
        [2, 2, 3, 2],
        [3, 3, 3, 3],
        [3, 3, 3, 3],
        [2, 2, 2, 2],
        [1, 2, 3, 4],
        [4, 4, 4, 4],
        [1, 1, 2, 1],
        [2, 2, 2, 2],
        [0, 5, 5, 5],
        [0, 0, 1, 1],
        [0, 0, 3, 0],
    ]
)
ABSTRACTORS = np.array([[13, 0, 0], [0, 20, 7], [0, 4, 56]])

# Units in rows, observers in columns; letters are values, None is a missing set.
SETS: dict[str, tuple[list[list[str | None]], str]] = {
    "3": ([["bd", "d", None], ["abd", "b", "bd"], ["", "a", "a"], ["a", None, None]], "0.2866"),
    "8a": ([["a", "a", "a"], ["abd", "abd", "abde"], ["d", "d", "d"]], "0.947"),
    "8b": ([["a", "a", "a"], ["ab", "ab", "abd"], ["d", "d", "d"]], "0.923"),
    "8c": ([["a", "a", "a"], ["b", "b", "bd"], ["d", "d", "d"]], "0.895"),
    "9a": ([["a", "a", "a"], ["ab", "ad", "db"], ["d", "d", "d"]], "0.716"),
    "9b": ([["a", "a", "a"], ["ab", "ed", "f"], ["d", "d", "d"]], "0.554"),
    "9c": ([["a", "b", "ab"], ["ab", "ed", "f"], ["bd", "d", "be"]], "-0.002"),
}


def counts_of(ratings: np.ndarray) -> np.ndarray:
    """How many annotators gave each answer (n_papers, n_answers); 0 is a missing answer."""
    answers = np.arange(1, max(int(ratings.max(initial=1)), 1) + 1)
    return (ratings[:, :, None] == answers).sum(axis=1)


def sets_of(table: Sequence[Sequence[str | None]]) -> tuple[Bools, Bools]:
    """The sets as arrays, and which are not missing."""
    values = sorted({value for row in table for one in row for value in one or ""})
    sets = np.array([[[value in (one or "") for value in values] for one in row] for row in table], dtype=bool)
    present = np.array([[one is not None for one in row] for row in table], dtype=bool)
    return sets.reshape(len(table), -1, len(values)), present
