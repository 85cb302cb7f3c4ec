"""The topics that a model gives: its columns, read as the topics of a scheme.

In multi-label mode a topic applies where one below it does, so its probability is at least the largest of those below
it (the max constraint of E. Giunchiglia and T. Lukasiewicz, "Coherent hierarchical multi-label classification
networks", 2020). The scheme may be a later one than that of the training: topics may have been merged into others, and
hidden or removed ones are no longer given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np
import numpy.typing as npt

from labeler.features.tfidf import Floats
from labeler.topics import Mode, Scheme
from labeler.topics.hierarchy import Hierarchy

Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Columns = tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class GivenTopics:
    """The ``topics`` that a model gives, and the columns of its linear model that they come from.

    ``own`` (n_given) are the columns of each topic itself: several where topics were merged, none where it has only
    topics below it. ``sources`` (n_given) are those and, in multi-label mode, the columns of the topics below it.
    ``rest`` are columns of single-label mode that stand for "none of these": its own column, and those of topics that
    are no longer given.
    """

    mode: Mode
    topics: tuple[str, ...]
    own: tuple[Columns, ...]
    sources: tuple[Columns, ...]
    rest: Columns = ()

    @classmethod
    def of(cls, topics: Sequence[str], mode: Mode, with_none: bool, hierarchy: Hierarchy) -> Self:
        """All topics of a model, whose columns have the names ``topics``."""
        columns = {topic: (column,) for column, topic in enumerate(topics)}
        return cls._with_sources(topics, columns, mode, hierarchy, (len(topics),) if with_none else ())

    @classmethod
    def under(cls, scheme: Scheme, topics: Sequence[str], with_none: bool) -> Self:
        """The topics that a model with columns ``topics`` gives under a scheme, in the order of the scheme."""
        columns: dict[str, Columns] = {}
        for column, topic in enumerate(topics):
            if (now := scheme.find(topic)) is not None:
                columns[now] = (*columns.get(now, ()), column)
        offered = tuple(dict.fromkeys(scheme.offered))
        hidden = [column for column, topic in enumerate(topics) if scheme.find(topic) not in offered]
        rest = (*hidden, *([len(topics)] if with_none else []))
        return cls._with_sources(offered, columns, scheme.mode, scheme.hierarchy, rest)

    @classmethod
    def _with_sources(
        cls, topics: Sequence[str], columns: Mapping[str, Columns], mode: Mode, hierarchy: Hierarchy, rest: Columns
    ) -> Self:
        below = hierarchy.descendants if mode == Mode.MULTI else {}
        sources = {
            topic: tuple(column for part in (topic, *below.get(topic, ())) for column in columns.get(part, ()))
            for topic in topics
        }
        given = tuple(topic for topic in topics if sources[topic])
        own = tuple(columns.get(topic, ()) for topic in given)
        return cls(mode, given, own, tuple(sources[topic] for topic in given), rest if mode == Mode.SINGLE else ())

    def probabilities(self, probabilities: Floats) -> Floats:
        """Probabilities (n_papers, n_given) from those of the columns; in single-label mode with ``rest`` as the last.

        Columns that are NaN are passed over where a topic has others.
        """
        if self._as_columns(probabilities.shape[1]):
            return probabilities
        combine = np.fmax if self.mode == Mode.MULTI else np.add
        parts = [*self.sources, *([self.rest] if self.rest else [])]
        given = probabilities[:, [part[0] for part in parts]]
        for position, part in enumerate(parts):
            for column in part[1:]:
                given[:, position] = combine(given[:, position], probabilities[:, column])
        return given

    def any_of(self, flags: Flags) -> Flags:
        """For each topic (n_papers, n_given) whether one of its columns has the flag (n_papers, n_columns)."""
        if self._as_columns(flags.shape[1] + len(self.rest)):
            return flags
        given = np.zeros((len(flags), len(self.topics)), dtype=bool)
        for position, part in enumerate(self.sources):
            given[:, position] = flags[:, list(part)].any(axis=1)
        return given

    def most_specific(self, flags: Flags) -> Flags:
        """Those of the flags (n_papers, n_given) of topics that have no flag below them.

        The others follow from these. Where evidence is counted, each paper must count once for a topic and those above.
        """
        specific = flags
        for position, below in _below(self.sources):
            specific = specific.copy() if specific is flags else specific
            specific[:, position] &= ~flags[:, below].any(axis=1)
        return specific

    def columns_behind(self, papers: Ints, topics: Ints, probabilities: Floats) -> Ints:
        """For each pair of a paper (row) and a topic (position in ``topics``) the column that its probability is from.

        ``probabilities`` (n_papers, n_columns) are those of the columns.
        """
        columns = np.array([part[0] for part in self.sources], np.int64).take(topics)
        for position, part in enumerate(self.sources):
            if len(part) > 1:
                pairs = np.flatnonzero(topics == position)
                found = np.nan_to_num(probabilities[papers[pairs]][:, list(part)], nan=-1.0)
                columns[pairs] = np.array(part).take(found.argmax(axis=1))
        return columns

    def _as_columns(self, columns: int) -> bool:
        """Whether the topics are the columns as they are, so that nothing is to be combined."""
        parts = (*self.sources, *([self.rest] if self.rest else []))
        return len(parts) == columns and all(part == (number,) for number, part in enumerate(parts))


@lru_cache(maxsize=16)
def _below(sources: tuple[Columns, ...]) -> tuple[tuple[int, list[int]], ...]:
    """The topics that have others below them, each with these; found once, as a call for one paper is short."""
    parts = list(map(set, sources))
    found = (
        (position, [other for other, less in enumerate(parts) if less < part]) for position, part in enumerate(parts)
    )
    return tuple((position, below) for position, below in found if below)
