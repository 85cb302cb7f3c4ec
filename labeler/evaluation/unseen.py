"""What a model version says of judged papers that it had not seen when it said so.

Of papers that it was trained on, cross-validation has held-out probabilities, which are kept with the version. Of
others it has its own. So a version answers for itself without being trained again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Protocol

import numpy as np
import numpy.typing as npt

from labeler.features.tfidf import Floats
from labeler.papers.ids import identifier_hash
from labeler.score.model import TopicModel
from labeler.topics import Mode, Scheme

Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]


class Identified(Protocol):
    """A text that has identifiers, such as a paper."""

    @property
    def ids(self) -> tuple[str, ...]:
        """All identifiers, the best first."""

    @property
    def text(self) -> str:
        """What a model reads."""


class Origin(IntEnum):
    """Where the probabilities of a paper come from.

    ``HELD_OUT``: from a model of other judged papers, in the cross-validation of the training. ``NEW``: from the model
    itself, which did not learn from the paper. ``SEEN``: there are none, as the model learned from the paper, and it
    was not held out. ``UNKNOWN``: from the model itself, which does not say what it learned from.
    """

    HELD_OUT = 0
    NEW = 1
    SEEN = 2
    UNKNOWN = 3


@dataclass(frozen=True, slots=True, eq=False)
class Unseen:
    """The probabilities of papers by a ``model`` that had not seen them.

    ``probabilities`` (n_papers, n_columns) are those of the model's columns, NaN for papers that were seen.
    ``assigned`` (n_papers, n_given) are the topics that the model gives. ``origins`` (n_papers,) hold an
    :class:`Origin`, ``folds`` (n_papers,) the fold in which a paper was held out, else -1, and ``rows`` (n_papers,) its
    position among the papers that the model held out, else -1.
    """

    model: TopicModel
    probabilities: Floats
    assigned: Flags
    origins: npt.NDArray[np.int8]
    folds: npt.NDArray[np.int8]
    rows: Indices

    @property
    def usable(self) -> Flags:
        """The papers (n_papers,) of which it is known that the model had not seen them."""
        return np.isin(self.origins, (Origin.HELD_OUT, Origin.NEW))

    @property
    def given(self) -> Floats:
        """The probabilities of the topics that the model gives (n_papers, n_given), and then of none in single mode."""
        return self.model.given.probabilities(self.probabilities)


def unseen(model: TopicModel, papers: Sequence[Identified], scheme: Scheme | None = None) -> Unseen:
    """What a model says of ``papers`` without having seen them. Nothing is trained.

    With a ``scheme`` of the same mode, the topics are those of that scheme (:meth:`TopicModel.under`). In multi mode
    the topics of a held-out paper are assigned with thresholds that were chosen without its fold.
    """
    model = model if scheme is None else model.under(scheme)
    rows = _held_out_rows(model, papers)
    origins = np.array([_origin(model, paper, row) for paper, row in zip(papers, rows, strict=True)], dtype=np.int8)
    own = np.flatnonzero((origins == Origin.NEW) | (origins == Origin.UNKNOWN))
    held_out = np.flatnonzero(origins == Origin.HELD_OUT)
    probabilities = np.full((len(papers), model.held_out[0].shape[1]), np.nan)
    probabilities[own] = model.linear.probabilities([papers[row].text for row in own])
    probabilities[held_out] = model.held_out[0][rows[held_out]]
    folds = np.full(len(papers), -1, dtype=np.int8)
    if model.held_out_folds is not None:
        folds[held_out] = model.held_out_folds[rows[held_out]]
    return Unseen(model, probabilities, _assigned(model, probabilities, folds), origins, folds, rows)


def held_out(model: TopicModel, rows: Indices) -> Unseen:
    """What a model says of papers that it held out, by their positions (``rows``) among these."""
    probabilities, known = model.held_out[0][rows], model.held_out_folds
    folds = np.full(len(rows), -1, dtype=np.int8) if known is None else known[rows]
    origins = np.full(len(rows), Origin.HELD_OUT, dtype=np.int8)
    return Unseen(model, probabilities, _assigned(model, probabilities, folds), origins, folds, rows)


def _held_out_rows(model: TopicModel, papers: Sequence[Identified]) -> Indices:
    """The row of each paper among those that the model held out, -1 where it is not among them."""
    if model.held_out_papers is None:
        return np.full(len(papers), -1)
    row_of = {key: row for row, key in reversed(list(enumerate(model.held_out_papers.tolist())))}
    found = (next((row_of[key] for key in map(identifier_hash, paper.ids) if key in row_of), -1) for paper in papers)
    return np.fromiter(found, dtype=np.intp, count=len(papers))


def _origin(model: TopicModel, paper: Identified, row: int) -> Origin:
    if row >= 0:
        return Origin.HELD_OUT
    learned = model.has_learned_from(paper.ids)
    return Origin.UNKNOWN if learned is None else Origin.SEEN if learned else Origin.NEW


def _assigned(model: TopicModel, probabilities: Floats, folds: npt.NDArray[np.int8]) -> Flags:
    """The topics (n_papers, n_given) that a model gives, with the thresholds of the folds of held-out papers."""
    rule = model.rule
    if model.mode == Mode.SINGLE or model.held_out_thresholds is None:
        return rule.assigned(probabilities)
    assigned = rule.assigned(probabilities)
    for fold, thresholds in enumerate(model.held_out_thresholds):
        rows = folds == fold
        assigned[rows] = replace(rule, thresholds=thresholds).assigned(probabilities[rows])
    return assigned
