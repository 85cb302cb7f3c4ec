"""Ratings from rows of who gave which paper which topics: those of a pandas frame, or of another program."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from labeler.annotators.ratings import Rated, Ratings, Repeat
from labeler.papers.placeholders import is_nothing
from labeler.topics import NONE_OF_THESE
from labeler.topics.mode import Mode
from labeler.topics.scheme import fold

if TYPE_CHECKING:
    import pandas as pd

    from labeler.annotators.agreement import Agreement

_NONE = fold(NONE_OF_THESE)


class Row(NamedTuple):
    """One judgement: the ``topics`` that an annotator gave a paper; any other topic does not apply.

    ``at`` is its time, in a form that sorts as times do. Of rows of one annotator on one paper, the last counts.
    """

    paper: str
    annotator: str
    topics: Sequence[str]
    at: str = ""
    title: str = ""
    text: str = ""


def ratings_of_rows(rows: Iterable[Row], mode: Mode | None = None) -> Ratings:
    """The ratings in rows. Without a ``mode``, it is multi where a row has several topics, else single.

    Raises:
        ValueError: a row has several topics in single mode.
    """
    every = [row._replace(topics=[topic for topic in row.topics if fold(topic) != _NONE]) for row in rows]
    several = next((row for row in every if len(set(row.topics)) > 1), None)
    mode = mode or (Mode.SINGLE if several is None else Mode.MULTI)
    if mode == Mode.SINGLE and several is not None:
        raise ValueError(f"{several.annotator} gave {several.paper} several topics: {', '.join(several.topics)}")
    topics = sorted({topic for row in every for topic in row.topics})
    by_paper: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in every:
        by_paper[row.paper][row.annotator].append(row)
    return Ratings.of(mode, topics, (_rated(paper, said, topics) for paper, said in by_paper.items()))


def agreement(frame: pd.DataFrame, mode: str | None = None) -> Agreement:
    """How far annotators agree, each figure with its 95 % interval where there are papers enough.

    Args:
        frame: a judgement a row: ``paper`` (whatever names it), ``annotator``, and either ``topic`` (one text; missing
            is "none of these") or ``topics`` (a list of texts, which may be empty). A judgement that nobody made has no
            row. ``at`` (times), ``title`` and ``abstract`` are used where they are there: the later of two rows of one
            annotator on one paper counts, and near-duplicates are drawn together.
        mode: ``"single"`` or ``"multi"``; without it, multi where a column is called ``topics``.

    Raises:
        ValueError: a column is missing, or single mode has several topics in a row.

    >>> import pandas as pd
    >>> from labeler import agreement
    >>> papers, answers = ["a", "b", "c"] * 2, ["x", "y", "x", "x", "y", "y"]
    >>> found = agreement(pd.DataFrame({"paper": papers, "annotator": [1] * 3 + [2] * 3, "topic": answers}))
    >>> print(found.pairs[0].kappa, found.papers)
    0.40 (too few) 3
    """
    from labeler.annotators.agreement import agreement_of

    columns = list(frame.columns)
    column = next((name for name in ("topics", "topic") if name in columns), None)
    missing = [name for name in ("paper", "annotator") if name not in columns]
    if missing or column is None:
        raise ValueError(
            f"the frame has no column {(missing or ['topics'])[0]!r}, only: {', '.join(map(str, columns))}"
        )
    default = Mode.MULTI if column == "topics" else Mode.SINGLE
    rows = (_row(record, column) for record in frame.to_dict("records"))
    return agreement_of(ratings_of_rows(rows, Mode(mode) if mode else default))


def _row(record: Mapping[Any, Any], column: str) -> Row:
    cell = record[column]
    if isinstance(cell, str) or not hasattr(cell, "__iter__"):
        topics = [] if is_nothing(cell) else [str(cell)]
    else:
        topics = [str(topic) for topic in cell]
    title, abstract, at = (
        "" if is_nothing(record.get(name)) else str(record[name]) for name in ("title", "abstract", "at")
    )
    text = f"{title}\n{abstract}".strip()
    return Row(str(record["paper"]), str(record["annotator"]), topics, at, title, text)


def _rated(paper: str, said: Mapping[str, Sequence[Row]], topics: Sequence[str]) -> Rated:
    latest, repeats = {}, list[Repeat]()
    for annotator, rows in said.items():
        ordered = sorted(rows, key=lambda row: row.at)
        answers = [{topic: topic in row.topics for topic in topics} for row in ordered]
        latest[annotator] = answers[-1]
        repeats += [Repeat(annotator, earlier, later, True) for earlier, later in pairwise(answers)]
    every = [row for rows in said.values() for row in rows]
    title, text = (max(getattr(row, name) for row in every) for name in ("title", "text"))
    return Rated(paper, title or paper, text, latest, max(row.at for row in every), repeats)
