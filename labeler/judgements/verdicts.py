"""What people have said of papers at hand: the vote on each paper that was judged, found by any of its identifiers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from labeler.errors import InputError
from labeler.files import os_message
from labeler.judgements.forgotten import Forgotten
from labeler.judgements.index import LogIndex, key_of
from labeler.judgements.judgement import Judgement
from labeler.judgements.labels import JudgedPaper, Settled, Tie, by_paper, latest_versions, time_order, vote
from labeler.judgements.same_people import with_names
from labeler.papers import Merger, Paper
from labeler.papers.ids import title_key
from labeler.topics import Mode, Scheme


class Verdict(NamedTuple):
    """The vote on one paper, for the topics that the scheme offers.

    ``yes`` maps each topic that applies to the annotators who said so. ``no`` are those that do not apply, ``tied``
    those on which annotators disagree (in single-label mode, all on which they are divided). ``complete`` says that
    people have answered all there is to answer: every topic, or which one it is. In multi-label mode, ``below`` are the
    topics below each topic that has some.
    """

    mode: Mode
    yes: Mapping[str, tuple[str, ...]]
    no: frozenset[str]
    tied: frozenset[str]
    complete: bool
    below: Mapping[str, tuple[str, ...]] = MappingProxyType({})


class Verdicts:
    """The verdicts in a log for the topics of a scheme; ``folder`` is where the index of the log is kept.

    ``people`` are the names of people who have others in the log (:mod:`labeler.judgements.same_people`). ``settled``
    finds the answers that count where people differ; it is asked when they do so on a paper at hand.

    Raises:
        InputError: the log cannot be read.
    """

    def __init__(
        self,
        log: Path,
        scheme: Scheme,
        folder: Callable[[], Path] | None = None,
        people: Mapping[str, str] = MappingProxyType({}),
        settled: Callable[[], Settled] = dict,
    ) -> None:
        self.scheme = scheme
        self._find_settled = settled
        self._people = people
        self._forgotten = Forgotten.of(log.parent)
        try:
            self.index = LogIndex(log, folder)
        except OSError as error:
            raise InputError(f"cannot read {log}: {os_message(error)}", "check its permissions") from error

    @cached_property
    def _keys(self) -> frozenset[int]:
        return frozenset(self.index.keys.tolist())

    @cached_property
    def _settled(self) -> Settled:
        return self._find_settled()

    def may_know(self, identifiers: Iterable[str]) -> bool:
        """Whether some paper in the log may have one of the identifiers; False is certain."""
        return any(key_of(identifier) in self._keys for identifier in identifiers)

    def of(self, papers: Sequence[Paper]) -> list[Verdict | None]:
        """The verdict on each paper, None where nobody has judged it."""
        found = self.index.judgements_of(identifier for paper in papers for identifier in paper.ids)
        judgements = self._forgotten.without(found)
        if not judgements:
            return [None] * len(papers)
        merger, groups = by_paper(with_names(judgements, self._people))
        return [self._of(paper, _judgements_of(paper, merger, groups)) for paper in papers]

    def _of(self, paper: Paper, judgements: Sequence[Judgement]) -> Verdict | None:
        if not judgements:
            return None
        judged, ties = vote(paper, judgements, self.scheme, self._settled_of(judgements))
        if not (judged.yes or judged.no or ties):
            return None
        return _verdict(judged, ties, self.scheme)

    def _settled_of(self, judgements: Sequence[Judgement]) -> Mapping[str, bool]:
        """The answers that are settled for the paper of these judgements."""
        if len({judgement.annotator for judgement in judgements}) < 2 or len({one.yes for one in judgements}) < 2:
            return {}  # nobody differs
        names = (name for judgement in judgements for name in (judgement.paper, *judgement.ids))
        return next((self._settled[name] for name in names if name in self._settled), {})


def _verdict(judged: JudgedPaper, ties: Sequence[Tie], scheme: Scheme) -> Verdict:
    offered = frozenset(scheme.offered)
    yes = {topic: judged.by[topic] for topic in scheme.offered if topic in judged.yes}
    no = judged.no & offered
    if scheme.mode == Mode.SINGLE:
        return Verdict(
            scheme.mode, yes, no, offered if ties else frozenset(), not ties and (bool(judged.yes) or no == offered)
        )
    tied = frozenset(tie.topic for tie in ties if tie.topic) & offered
    return Verdict(scheme.mode, yes, no, tied, offered <= no | yes.keys(), scheme.hierarchy.descendants)


def _judgements_of(paper: Paper, merger: Merger, groups: Mapping[int, Sequence[Judgement]]) -> list[Judgement]:
    """The current judgements of a paper, oldest first.

    It is the same paper as a judged one by the rules of :class:`Merger`, or where an identifier, the title and the
    abstract are equal: those may say too little for a merger.
    """
    positions = merger.matches(paper) or {
        position for position, group in groups.items() if any(_is_equal(paper, judgement) for judgement in group)
    }
    found = [judgement for position in positions for judgement in groups.get(position, ())]
    return latest_versions(sorted(found, key=time_order))


def _is_equal(paper: Paper, judgement: Judgement) -> bool:
    return (
        not set(paper.ids).isdisjoint((judgement.paper, *judgement.ids))
        and title_key(paper.title) == title_key(judgement.title)
        and title_key(paper.abstract) == title_key(judgement.abstract)
    )
