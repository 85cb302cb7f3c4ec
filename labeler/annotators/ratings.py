"""What annotators said of papers, as arrays: papers, annotators, topics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from labeler.papers.near_duplicates import near_duplicate_groups, words_of
from labeler.topics.mode import Mode

Answers = npt.NDArray[np.int8]
Bools = npt.NDArray[np.bool_]
UNKNOWN = -1
_FEWEST_WORDS = 5  # of a text that can be a near-duplicate


class Repeat(NamedTuple):
    """Two answers of one annotator to one paper. ``again`` marks papers that were asked twice, others are corrections.

    Answers map topics to whether they apply.
    """

    annotator: str
    earlier: Mapping[str, bool]
    later: Mapping[str, bool]
    again: bool


class Rated(NamedTuple):
    """A paper with the answers of each annotator, the time of the latest one, and answers that were given before."""

    id: str
    title: str
    text: str
    said: Mapping[str, Mapping[str, bool]]
    at: str = ""
    repeats: Sequence[Repeat] = ()


@dataclass(frozen=True, eq=False)
class Ratings:
    """The papers that at least two annotators judged, and what each said.

    ``answers`` (n_papers, n_annotators, n_topics) are 1 for yes, 0 for no and -1 where the annotator did not say. In
    single mode at most one topic is 1, and no answer is unknown of an annotator who judged the paper. ``groups``
    (n_papers,) are of near-duplicates. ``papers`` counts all papers, ``judgements`` the answers to all of them, and
    ``by_annotator`` those of each annotator. ``topics`` are those that somebody said yes or no to.
    """

    mode: Mode
    annotators: tuple[str, ...]
    topics: tuple[str, ...]
    ids: tuple[str, ...]
    titles: tuple[str, ...]
    times: tuple[str, ...]
    answers: Answers
    groups: npt.NDArray[np.intp]
    repeats: tuple[Repeat, ...] = ()
    papers: int = 0
    judgements: int = 0
    by_annotator: Mapping[str, int] | None = None

    @classmethod
    def of(cls, mode: Mode, topics: Sequence[str], papers: Iterable[Rated]) -> Self:
        """The ratings of papers by ``topics``, in this order. The order of papers and annotators changes no figure."""
        every = sorted(papers, key=lambda paper: (paper.id, paper.text))
        counts = dict.fromkeys(sorted({annotator for paper in every for annotator in paper.said}), 0)
        for paper in every:
            for annotator in paper.said:
                counts[annotator] += 1
        shared = [paper for paper in every if len(paper.said) > 1]
        named = {topic for paper in shared for answers in paper.said.values() for topic in answers}
        columns = {topic: number for number, topic in enumerate(topic for topic in topics if topic in named)}
        rows = {annotator: number for number, annotator in enumerate(counts)}
        answers = np.full((len(shared), len(rows), len(columns)), UNKNOWN, dtype=np.int8)
        for number, paper in enumerate(shared):
            for annotator, said in paper.said.items():
                known = [(columns[topic], applies) for topic, applies in said.items() if topic in columns]
                answers[number, rows[annotator], [column for column, _ in known]] = [applies for _, applies in known]
        return cls(
            mode,
            tuple(counts),
            tuple(columns),
            tuple(paper.id for paper in shared),
            tuple(paper.title for paper in shared),
            tuple(paper.at for paper in shared),
            answers,
            _groups([paper.text for paper in shared]),
            tuple(repeat for paper in every for repeat in paper.repeats),
            len(every),
            sum(counts.values()),
            counts,
        )

    @cached_property
    def known(self) -> Bools:
        """Whether an annotator said yes or no (n_papers, n_annotators, n_topics)."""
        return np.asarray(self.answers != UNKNOWN)

    @cached_property
    def said_yes(self) -> npt.NDArray[np.intp]:
        """How many annotators said yes (n_papers, n_topics)."""
        return np.asarray((self.answers == 1).sum(axis=1))

    @cached_property
    def said_no(self) -> npt.NDArray[np.intp]:
        """How many annotators said no (n_papers, n_topics)."""
        return np.asarray((self.answers == 0).sum(axis=1))

    @cached_property
    def sets(self) -> tuple[Bools, Bools]:
        """The topics that each annotator said yes to (n_papers, n_annotators, n_topics), and who judged which paper
        (n_papers, n_annotators).

        Sets are compared by the topics that all annotators of the paper answered; a paper without any has none.
        """
        present = np.any(self.known, axis=2)
        shared = np.all(self.known | ~present[:, :, None], axis=1)
        return (self.answers == 1) & shared[:, None, :], present & shared.any(axis=1)[:, None]

    @cached_property
    def chosen(self) -> npt.NDArray[np.intp]:
        """The number of the topic that each annotator chose in single mode (n_papers, n_annotators).

        That of none of them is the number of topics, -1 stands for no answer.
        """
        has_one = (self.answers == 1).any(axis=2)
        number = ((self.answers == 1) * np.arange(len(self.topics))).sum(axis=2)
        choice = np.where(has_one, number, len(self.topics))
        return np.where(self.known.any(axis=2), choice, UNKNOWN)

    @cached_property
    def choices(self) -> npt.NDArray[np.intp]:
        """How many annotators chose each topic, and last none of them, in single mode (n_papers, n_topics + 1)."""
        none = (self.chosen == len(self.topics)).sum(axis=1)
        return np.column_stack([self.said_yes, none])

    def part(self, rows: npt.NDArray[np.intp]) -> Ratings:
        """The ratings of some of the papers (their positions), without what else is known of annotators."""
        ids, titles, times = ([some[row] for row in rows] for some in (self.ids, self.titles, self.times))
        kept = self.answers[rows], self.groups[rows]
        return Ratings(self.mode, self.annotators, self.topics, tuple(ids), tuple(titles), tuple(times), *kept)


def _groups(texts: Sequence[str]) -> npt.NDArray[np.intp]:
    """For each text the position of the first of its near-duplicates; texts of few words have none."""
    groups = np.arange(len(texts))
    long = np.array([row for row, text in enumerate(texts) if len(words_of(text)) >= _FEWEST_WORDS], dtype=np.intp)
    if len(long):
        groups[long] = long[near_duplicate_groups([texts[row] for row in long])]
    return groups
