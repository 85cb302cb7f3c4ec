"""Who judged how much, how fast, and how far each agrees with the others and with their own earlier answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labeler.annotators.agreement import SelfAgreement, selves_of
from labeler.annotators.careless import Rightness, rightness_of
from labeler.annotators.choice import Choice
from labeler.annotators.consensus_labels import consensus_labels
from labeler.annotators.of_log import ratings_of_log
from labeler.annotators.people import WithOthers, with_others
from labeler.config import Workspace
from labeler.flows.status import Annotator, annotators_of
from labeler.judgements import Judgement, read_log
from labeler.judgements.labels import current_judgements
from labeler.judgements.rename import under_scheme
from labeler.topics import load_checked_scheme


@dataclass(frozen=True, slots=True)
class Person:
    """One annotator: the judgements, the days of the first and the latest, the agreement with others and itself, and
    how right the answers are by the consensus, None where that is not told.
    """

    counts: Annotator
    since: str
    until: str
    others: WithOthers | None
    itself: SelfAgreement | None
    rightness: Rightness | None

    def to_dict(self) -> dict[str, Any]:
        """All figures, for programs."""
        others = self.others.to_dict() if self.others else None
        itself = self.itself.to_dict() if self.itself else None
        right = self.rightness.to_dict() if self.rightness else None
        days = {"since": self.since, "until": self.until}
        return self.counts.to_dict() | days | {"others": others, "self": itself, "consensus": right}


@dataclass(frozen=True, slots=True)
class People:
    """The annotators of a workspace, the one with the most judgements first, the consensus that counts where they
    differ, notes on the log, and the mode of the topic scheme.
    """

    by_name: Mapping[str, Person]
    consensus: Choice
    notes: Sequence[str]
    mode: str


def annotators(workspace: Workspace) -> People:
    """The annotators of a workspace.

    Raises:
        InputError: the log, or the settings that name its people, cannot be read.
        RefusedError: the topic scheme has faults.
    """
    scheme = load_checked_scheme(workspace.topics)
    reading = read_log(workspace)
    current = current_judgements(reading.judgements)
    ratings = ratings_of_log(reading.judgements, scheme)
    others = {one.annotator: one for one in with_others(ratings)}
    themselves = {one.annotator: one for one in selves_of(ratings.repeats)}
    known = consensus_labels(reading.judgements, scheme)
    names = {topic.id: topic.name for topic in scheme.topics}
    rightness = [] if known.consensus is None else rightness_of(known.consensus, names)
    right = {one.annotator: one for one in rightness}
    found = {}
    for name, counts in annotators_of(under_scheme(current, scheme), scheme).items():
        since, until = _days(current, name)
        found[name] = Person(counts, since, until, others.get(name), themselves.get(name), right.get(name))
    return People(found, known.choice, reading.faults, scheme.mode)


def _days(judgements: Sequence[Judgement], annotator: str) -> tuple[str, str]:
    """The days of the first and of the latest judgement of an annotator."""
    days = [one.at[:10] for one in judgements if one.annotator == annotator and one.status != "withdrawn"]
    return min(days), max(days)
