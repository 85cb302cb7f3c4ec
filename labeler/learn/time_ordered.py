"""Time-ordered evaluation: models are scored on papers that are newer than all papers they have learned from.

Cross-validation lets a model learn from papers that are newer than those it is tested on, and words change. So the
latest of the judged papers are cut into blocks by date, and each block is scored by a model of all papers before it
(prequential or rolling-origin evaluation, as with scikit-learn's ``TimeSeriesSplit``; L. Tashman, "Out-of-sample tests
of forecasting accuracy", 2000).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.learn.recipe import Recipe, TrainingData

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
_MIN_DATED_PAPERS = 200
_TEST_SHARE = 0.4  # of the judged papers with a date
_BLOCKS = 3
_MONTH_LENGTH = len("2025-03")


@dataclass(frozen=True, slots=True)
class TimeOrderedScores:
    """The latest papers: their ``rows`` among the judged, their scores (n_rows, n_columns), and the first's date.

    A score is minus infinity where a column has no paper before.
    """

    rows: Indices
    scores: Floats
    since: str


class TimeOrderedPredictions(NamedTuple):
    """Calibrated probabilities (n_rows, n_columns) of the latest papers, their answers, and the first's date.

    ``weights`` (n_rows,) say how much each paper counts, as in :class:`~labeler.score.model.TopicModel`.
    """

    probabilities: Floats
    answers: Floats
    since: str
    weights: Floats | None = None


def time_ordered_scores(
    data: TrainingData, recipe: Recipe, dates: Sequence[str | None], groups: Indices
) -> TimeOrderedScores | None:
    """The latest of the judged papers, each scored by a model of the papers before its block.

    ``dates`` (n_papers) are in ISO 8601 to the month or day, None where unknown; papers without one take no part. A
    paper that nearly repeats one of an earlier block (one of the same group of ``groups``, (n_papers,)) is no test. The
    result is None where too few papers have a date, or all have the same.
    """
    usable = [date if date and date[0] != "-" and len(date) >= _MONTH_LENGTH else None for date in dates]
    blocks = time_blocks(usable)
    tests = _tests(blocks, groups)
    rows = np.flatnonzero(tests)
    if not len(rows):
        return None
    scores = np.full((len(usable), data.answers.shape[1]), -np.inf)
    for block in np.unique(blocks[rows]):
        train, test = np.flatnonzero((blocks >= 0) & (blocks < block)), np.flatnonzero(tests & (blocks == block))
        scores[test] = data.held_out(recipe, train, test)
    return TimeOrderedScores(rows, scores[rows], min(date for row in rows if (date := usable[row])))


def _tests(blocks: Indices, groups: Indices) -> npt.NDArray[np.bool_]:
    """The papers (n_papers,) of later blocks, but for those of a group that an earlier block has a paper of."""
    if not (blocks > 0).any():
        return np.zeros(len(blocks), dtype=bool)
    first = np.full(int(groups.max()) + 1, _BLOCKS)
    dated = blocks >= 0
    np.minimum.at(first, groups[dated], blocks[dated])
    return np.asarray((blocks > 0) & (blocks == first[groups]))


def time_blocks(dates: Sequence[str | None]) -> Indices:
    """The block of each paper: 0 for the earlier ones, 1 to 3 for the later ones in order, -1 without a date.

    Dates are cut to the shortest form among them, and papers of one date are in one block. All blocks are 0 or -1 where
    papers are too few.
    """
    known = [row for row, date in enumerate(dates) if date]
    blocks = np.full(len(dates), -1, dtype=np.intp)
    blocks[known] = 0
    if len(known) < _MIN_DATED_PAPERS:
        return blocks
    width = min(len(dates[row] or "") for row in known)
    times = np.array([(dates[row] or "")[:width] for row in known])
    ranked = np.sort(times)
    for block in range(_BLOCKS):
        start = ranked[int(len(ranked) * (1 - _TEST_SHARE * (1 - block / _BLOCKS)))]
        later = times >= start if start > ranked[0] else times > start
        blocks[np.array(known)[later]] = block + 1
    too_few = min((blocks == 0).sum(), (blocks > 0).sum()) < _MIN_DATED_PAPERS * _TEST_SHARE / 2
    blocks[known] = 0 if too_few else blocks[known]
    return blocks
