"""What is to be learned, in one form: a matrix of 1 (yes), 0 (no) and NaN (unknown), a column a topic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from labeler.topics.mode import Mode

Floats = npt.NDArray[np.float64]
WEAK = 0.3  # weight of a paper not judged for a topic, where nobody ever said "no"
_ENOUGH = 10  # yes-papers to measure a topic by


@dataclass(frozen=True, slots=True)
class Targets:
    """``matrix`` (n_papers, n_topics) for ``classes``; ``form`` is how the topics were given."""

    matrix: Floats
    classes: tuple[str, ...]
    form: str


def targets_of(topics: Any, mode: Mode, classes: Sequence[str] | None, defined: Iterable[str] = ()) -> Targets:
    """Targets from the forms that :meth:`TopicClassifier.fit` takes.

    Single mode: a topic or None (none of these) for each paper. Multi mode: a list of topics for each paper. In both,
    a matrix of 0, 1 and NaN whose columns ``classes`` names (else those of the frame, or their numbers).

    Raises:
        ValueError: the topics are of another form, or name one that is not in ``classes``.
    """
    columns = list(classes) if classes is not None else []
    if len(set(columns)) < len(columns):
        twice = next(topic for topic in columns if columns.count(topic) > 1)
        raise ValueError(f"classes names {str(twice)!r} twice")
    if hasattr(topics, "shape") and len(topics.shape) == 2:
        matrix = np.asarray(topics, dtype=np.float64)
        names = classes if classes is not None else getattr(topics, "columns", range(matrix.shape[1]))
        named = tuple(str(name) for name in names)
        if len(named) != matrix.shape[1]:
            raise ValueError(f"classes names {len(named)} topics, the matrix has {matrix.shape[1]} columns")
        if not np.isin(matrix[~np.isnan(matrix)], (0, 1)).all():
            raise ValueError("the matrix of topics may hold 0, 1 and NaN only")
        if mode == Mode.SINGLE and ((matrix == 1).sum(axis=1) > 1).any():
            raise ValueError("a row of the matrix has several topics; single mode takes one or none")
        return Targets(matrix, named, "matrix" if mode == Mode.MULTI else "names")
    rows = [_topics_of(entry, mode) for entry in topics]
    seen = {topic for row in rows for topic in row}
    named = tuple(classes) if classes is not None else tuple(sorted(seen | set(defined)))
    if missing := seen - set(named):
        raise ValueError(f"the topic {min(missing)!r} is not in classes")
    matrix = np.array([[topic in row for topic in named] for row in rows], dtype=np.float64)
    return Targets(matrix.reshape(len(rows), len(named)), named, "names" if mode == Mode.SINGLE else "lists")


def learnable(
    mode: Mode, yes: npt.NDArray[np.int64], papers: int, classes: Sequence[str], defined: Sequence[int], unlabeled: int
) -> dict[str, str]:
    """The topics that cannot be learned, each with the reason; ``yes`` (n_topics,) of ``papers`` are of each.

    A topic needs a judged paper or a definition (``defined`` holds the columns that have one); in multi mode also
    something that is not of it, for which papers not judged for it and those nobody has judged (``unlabeled``) do.
    """
    reasons = {}
    for column, topic in enumerate(classes):
        others = papers - yes[column] + unlabeled + len(set(defined) - {column})
        if not yes[column] and column not in defined:
            reasons[topic] = "no paper judged to be of it"
        elif mode == Mode.MULTI and not others:
            reasons[topic] = "no paper judged not to be of it"
    return reasons


def answers_of(mode: Mode, matrix: Floats, shut: Sequence[int]) -> tuple[Floats, Floats]:
    """The answers (n_papers, n_columns) to learn from ``matrix``, and how much each counts.

    Columns of ``shut`` are not learned. In single mode "none of these" is a column of its own.
    """
    answers = matrix.copy() if mode == Mode.MULTI else with_none_column(matrix)
    answers[:, shut] = np.nan
    pairs = weights_of(answers) if mode == Mode.MULTI else np.ones(answers.shape)
    pairs[:, shut] = 0.0
    if mode == Mode.MULTI:
        answers = np.where((pairs > 0) & np.isnan(answers), 0.0, answers)  # a weak "no" is held out like a "no"
    return answers, pairs


def measurable(mode: Mode, matrix: Floats, answers: Floats) -> Floats:
    """The ``answers`` to ``matrix`` that say how right a model is, the others unknown (NaN).

    In multi mode a paper that only has topics named, and the rest left open, teaches what they are like but not how
    often they apply: it is known where the answer is yes. It counts only for topics that have hardly a paper else, or
    a weak "no".
    """
    one_sided = np.isnan(matrix).any(axis=1) & ~(matrix == 0).any(axis=1)
    if mode != Mode.MULTI or not one_sided.any():
        return answers
    enough = ((answers == 1) & ~one_sided[:, None]).sum(axis=0) >= _ENOUGH
    return np.where(one_sided[:, None] & (enough & ~weak_columns(matrix)), np.nan, answers)


def with_none_column(matrix: Floats) -> Floats:
    """``matrix`` of single-label answers, with one more column for "none of these" where that was ever said."""
    none = ~(matrix == 1).any(axis=1)
    return np.column_stack([matrix, none.astype(np.float64)]) if none.any() else matrix.copy()


def weights_of(matrix: Floats) -> Floats:
    """How much each pair of paper and topic counts: known ones fully, unknown ones not at all.

    Where nobody ever said "no" to a topic, papers not judged for it stand in as a weak "no": without any, nothing
    could be learned from tables that name topics and leave the others open.
    """
    weights = (~np.isnan(matrix)).astype(np.float64)
    weak = weak_columns(matrix)
    weights[:, weak] = np.where(np.isnan(matrix[:, weak]), WEAK, 1.0)
    return weights


def weak_columns(matrix: Floats) -> npt.NDArray[np.bool_]:
    """The topics (columns) to which nobody said "no"."""
    return np.asarray(~(matrix == 0).any(axis=0) & np.isnan(matrix).any(axis=0))


def _topics_of(entry: Any, mode: Mode) -> list[str]:
    if mode == Mode.SINGLE:
        if _missing(entry):
            return []
        if not isinstance(entry, str):
            raise ValueError(f"single mode takes a topic (text) or None for each paper, not {entry!r}")
        return [str(entry)]
    if isinstance(entry, str) or not hasattr(entry, "__iter__"):
        raise ValueError(f"multi mode takes a list of topics for each paper, not {entry!r}")
    if odd := [topic for topic in entry if not isinstance(topic, str)]:
        raise ValueError(f"a topic is a text, not {odd[0]!r}; give a 0/1 matrix as a numpy array")
    return [str(topic) for topic in entry]


def _missing(entry: Any) -> bool:
    """Whether ``entry`` is None, NaN, or what pandas writes for them."""
    return entry is None or type(entry).__name__ == "NAType" or (isinstance(entry, float) and entry != entry)
