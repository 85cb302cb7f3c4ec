"""What people made of the topics that a model gave: kept, added to, or taken away, for papers and for topics."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class TopicChanges:
    """On how many papers a topic that the model gave was ``kept`` or ``taken_away``, and one that it did not ``added``.

    Against the judgement of people these are the true positives, the false positives and the false negatives.
    """

    kept: int = 0
    taken_away: int = 0
    added: int = 0


@dataclass
class Changes:
    """The changes that people made to the topics of ``papers``, and those of each topic.

    Of the papers, ``kept`` have the topics that the model gave. On those that were ``added_to``, all of these stayed,
    and others came; on those that were ``taken_from``, some or all went, and none came; those that were ``exchanged``
    had topics taken away and others added. ``to_none`` of those that were taken from have no topic now.
    """

    papers: int = 0
    kept: int = 0
    added_to: int = 0
    taken_from: int = 0
    exchanged: int = 0
    to_none: int = 0
    topics: dict[str, TopicChanges] = field(default_factory=dict)

    @property
    def changed(self) -> int:
        """How many papers have other topics than the model gave."""
        return self.papers - self.kept

    def count(self, given: Collection[str], right: Collection[str]) -> None:
        """Count a paper to which the model gave the topics ``given``, and people ``right``."""
        added, taken = set(right) - set(given), set(given) - set(right)
        self.papers += 1
        self.kept += not (added or taken)
        self.added_to += bool(added and not taken)
        self.taken_from += bool(taken and not added)
        self.exchanged += bool(taken and added)
        self.to_none += bool(taken and not right)
        for topic in {*given, *right}:
            changes = self.topics.setdefault(topic, TopicChanges())
            changes.kept += topic not in added and topic not in taken
            changes.taken_away += topic in taken
            changes.added += topic in added

    def to_dict(self) -> dict[str, Any]:
        """All counts, for programs; the topics in the order of their ids."""
        return asdict(self) | {
            "changed": self.changed,
            "topics": {topic: asdict(self.topics[topic]) for topic in sorted(self.topics)},
        }

    def join(self, other: Changes) -> None:
        """Add the counts of other papers."""
        for name in ("papers", "kept", "added_to", "taken_from", "exchanged", "to_none"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for topic, changes in other.topics.items():
            mine = self.topics.setdefault(topic, TopicChanges())
            mine.kept += changes.kept
            mine.taken_away += changes.taken_away
            mine.added += changes.added
