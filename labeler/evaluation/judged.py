"""Judged papers to measure a model on: what people said of them, and how they came to be judged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from labeler.annotators.choice import Choice
from labeler.annotators.consensus_labels import consensus_labels
from labeler.judgements import JudgedPaper, Judgement
from labeler.judgements.labels import current_judgements
from labeler.measure.estimates import Estimate, proportion
from labeler.papers import Paper
from labeler.papers.ids import identifier_hash
from labeler.topics import Scheme

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
_RANDOM = "random"
_MAX_UNKNOWN = 0.02  # share of papers of which it is not known whether they fit no topic; above it, no share is told
_MAX_PICKED = 0.2  # share of judgements on papers that a strategy picked; above it, they are no random sample


@dataclass(frozen=True, slots=True, eq=False)
class JudgedSet:
    """Judged papers and their answers for the ``topics`` of a scheme that are on offer.

    ``truth`` (n_papers, n_topics) is 1 yes, 0 no, NaN unknown. ``blind`` (n_papers,) are the papers that were asked at
    random and without a suggestion, ``picked`` those that a strategy picked. ``sources`` (n_papers) say where the
    judgements come from, ``choice`` whose answer counts where annotators differ.
    """

    papers: tuple[Paper, ...]
    topics: tuple[str, ...]
    truth: Floats
    blind: Flags
    picked: Flags
    sources: tuple[str, ...] = field(default=())
    choice: Choice = field(default=Choice())

    @classmethod
    def of_log(cls, judgements: Sequence[Judgement], scheme: Scheme) -> Self:
        """The papers of a log, by the consensus of their annotators that training goes by."""
        asked: dict[str, list[Judgement]] = {}
        for judgement in current_judgements(judgements):
            if judgement.status == "judged":
                for identifier in judgement.ids:
                    asked.setdefault(identifier, []).append(judgement)
        truth = consensus_labels(judgements, scheme)
        items = truth.labels.papers
        behind = [
            {judgement.id: judgement for one in item.paper.ids for judgement in asked.get(one, ())}.values()
            for item in items
        ]
        blind = [any(map(is_blind, judgements)) for judgements in behind]
        picked = [any(map(is_picked, judgements)) for judgements in behind]
        sources = [next(iter(sorted({_source(one.source) for one in judgements})), "") for judgements in behind]
        return replace(cls._made(items, scheme, blind, picked, sources), choice=truth.choice)

    @classmethod
    def of_papers(cls, items: Iterable[JudgedPaper], scheme: Scheme) -> Self:
        """Papers of which nobody asked a person, such as those of tables."""
        items = list(items)
        return cls._made(
            items, scheme, [False] * len(items), [False] * len(items), [i.paper.source or "" for i in items]
        )

    @classmethod
    def _made(
        cls, items: Sequence[JudgedPaper], scheme: Scheme, blind: list[bool], picked: list[bool], sources: list[str]
    ) -> Self:
        topics = scheme.offered
        column = {topic: number for number, topic in enumerate(topics)}
        truth = np.full((len(items), len(topics)), np.nan)
        for row, item in enumerate(items):
            truth[row, [column[topic] for topic in item.no if topic in column]] = 0.0
            truth[row, [column[topic] for topic in item.yes if topic in column]] = 1.0
        papers = tuple(item.paper for item in items)
        return cls(papers, topics, truth, np.array(blind, bool), np.array(picked, bool), tuple(sources))

    @property
    def no_topic(self) -> Estimate | None:
        """The share of papers that fit no topic; None where that is not known of more than a few.

        It is known of all that have a topic, so that the others may not be left out: where a topic was added, most
        papers that fitted none of those before are of the unknown ones.
        """
        none = (self.truth == 0).all(axis=1)
        known = (self.truth == 1).any(axis=1) | none
        if (~known).sum() > _MAX_UNKNOWN * len(known):
            return None
        return proportion(int(none.sum()), int(known.sum()))

    def and_others(self, others: Self) -> Self:
        """These papers, and those of other judged papers of the same topics that are not among them."""
        known = {identifier for paper in self.papers for identifier in paper.ids}
        new = [row for row, paper in enumerate(others.papers) if known.isdisjoint(paper.ids)]
        more = others.take(np.array(new, dtype=np.intp))
        return type(self)(
            self.papers + more.papers,
            self.topics,
            np.vstack([self.truth, more.truth]),
            np.append(self.blind, more.blind),
            np.append(self.picked, more.picked),
            self.sources + more.sources,
            self.choice,
        )

    def take(self, rows: npt.NDArray[np.intp]) -> Self:
        """Some of the papers."""
        return type(self)(
            tuple(self.papers[row] for row in rows),
            self.topics,
            self.truth[rows],
            self.blind[rows],
            self.picked[rows],
            tuple(self.sources[row] for row in rows),
            self.choice,
        )


def is_blind(judgement: Judgement) -> bool:
    """Whether a paper was asked at random and without a suggestion, so that it stands for all papers."""
    request = judgement.asked or {}
    return judgement.prefill == "none" and bool(request.get("audit") or request.get("strategy") == _RANDOM)


def is_picked(judgement: Judgement) -> bool:
    """Whether a strategy picked the paper, so that it does not stand for all papers.

    A verdict in review says nothing of how the paper was picked before.
    """
    request = judgement.asked or {}
    return bool(request) and not (request.get("audit") or request.get("review")) and request.get("strategy") != _RANDOM


def mostly_picked(judgements: Sequence[Judgement]) -> bool:
    """Whether a strategy picked so many of the judged papers that they are no random sample of all papers."""
    return sum(map(is_picked, judgements)) > _MAX_PICKED * len(judgements)


def picked_among(papers: npt.NDArray[np.uint64], judgements: Sequence[Judgement]) -> Flags:
    """Which of some papers (n_papers,), given by the hashes of their ids, a strategy picked."""
    picked = {identifier_hash(name) for one in judgements if is_picked(one) for name in one.ids}
    return np.isin(papers, np.fromiter(picked, np.uint64, len(picked)))


def _source(source: Any) -> str:
    """Where a judgement comes from: the file of a table, or the project of a server."""
    if "file" in source:
        return str(source["file"])
    return f"project {source['project']}" if source.get("project") else ""
