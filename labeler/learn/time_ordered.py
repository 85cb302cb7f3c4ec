"""What models say of papers that came after all they have learned from, as tomorrow's papers do.

Cross-validation lets a model learn from papers that are newer than those it is asked about, and words change. So the
latest of the judged papers are cut into blocks by date, and each is put to a model of all papers before it (prequential
or rolling-origin evaluation; L. Tashman, "Out-of-sample tests of forecasting accuracy", 2000).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labeler.learn.recipe import Material, Recipe

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
_ENOUGH = 200  # judged papers with a date
_LATER = 0.4  # share of them that is asked about
_BLOCKS = 3
_MONTH = len("2025-03")


@dataclass(frozen=True, slots=True)
class TimeOrderedScores:
    """The latest papers: their ``rows`` among the judged, scores (n_rows, n_columns) of them, and the first's date.

    A score is minus infinity where a column has no paper before.
    """

    rows: Places
    scores: Floats
    since: str


def time_ordered_scores(material: Material, recipe: Recipe, dates: Sequence[str | None]) -> TimeOrderedScores | None:
    """The latest of the judged papers, each scored by a model of those that came before its block.

    ``dates`` (n_papers) are in ISO 8601 to the month or day, None where unknown; papers without one take no part. None
    where too few have one, or all came at once.
    """
    told = [date if date and date[0] != "-" and len(date) >= _MONTH else None for date in dates]
    blocks = time_blocks(told)
    rows = np.flatnonzero(blocks > 0)
    if not len(rows):
        return None
    scores = np.full((len(told), material.answers.shape[1]), -np.inf)
    for block in np.unique(blocks[rows]):
        before, now = np.flatnonzero((blocks >= 0) & (blocks < block)), np.flatnonzero(blocks == block)
        found = material.space.scores(material.fit(recipe, before), material.papers.take(now))
        scores[now] = np.where(material.taught(before), found, -np.inf)
    return TimeOrderedScores(rows, scores[rows], min(date for row in rows if (date := told[row])))


def time_blocks(dates: Sequence[str | None]) -> Places:
    """For each paper 0 where it is of the earlier ones, 1 to 3 for the blocks after them in order, -1 without a date.

    Papers of one date, told as exactly as all are, stay together. All are 0 or -1 where they are too few.
    """
    known = [row for row, date in enumerate(dates) if date]
    blocks = np.full(len(dates), -1, dtype=np.intp)
    blocks[known] = 0
    if len(known) < _ENOUGH:
        return blocks
    width = min(len(dates[row] or "") for row in known)
    times = np.array([(dates[row] or "")[:width] for row in known])
    ranked = np.sort(times)
    for block in range(_BLOCKS):
        start = ranked[int(len(ranked) * (1 - _LATER * (1 - block / _BLOCKS)))]
        late = times >= start if start > ranked[0] else times > start
        blocks[np.array(known)[late]] = block + 1
    few = min((blocks == 0).sum(), (blocks > 0).sum()) < _ENOUGH * _LATER / 2
    blocks[known] = 0 if few else blocks[known]
    return blocks
