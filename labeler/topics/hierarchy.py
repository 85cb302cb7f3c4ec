"""The hierarchy of topics: a paper that has a topic has the topics above it, and one that lacks it those below it not.

That is the rule of hierarchical classification (C. Silla and A. Freitas, "A survey of hierarchical classification
across different application domains", 2011).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Hierarchy:
    """Which topic is above which: ``parents`` maps the id of a topic to that of its parent."""

    parents: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def ancestors(self) -> dict[str, tuple[str, ...]]:
        """The topics above each topic that has a parent, the nearest first. A cycle ends where it would begin again."""
        ancestors: dict[str, tuple[str, ...]] = {}
        for topic in self.parents:
            path: list[str] = []
            above = self.parents.get(topic)
            while above is not None and above != topic and above not in path:
                path.append(above)
                above = self.parents.get(above)
            ancestors[topic] = tuple(path)
        return ancestors

    @cached_property
    def descendants(self) -> dict[str, tuple[str, ...]]:
        """The topics below each topic that has some."""
        descendants: dict[str, list[str]] = {}
        for topic, above in self.ancestors.items():
            for ancestor in above:
                descendants.setdefault(ancestor, []).append(topic)
        return {topic: tuple(below) for topic, below in descendants.items()}

    def with_ancestors(self, topics: Iterable[str]) -> set[str]:
        """The topics and all that are above them."""
        listed = set(topics)
        return listed | {above for topic in listed for above in self.ancestors.get(topic, ())}

    def closed(self, yes: Iterable[str], no: Iterable[str]) -> tuple[set[str], set[str]]:
        """The topics that apply and those that do not, with what follows: where both are said, the yes counts.

        A topic that applies brings the topics above it, one that does not apply those below it.
        """
        applies = self.with_ancestors(yes)
        fails = set(no) - applies
        fails |= {below for topic in fails for below in self.descendants.get(topic, ())}
        return applies, fails - applies

    def most_specific(self, topics: Iterable[str]) -> list[str]:
        """The topics that have none of the others below them."""
        listed = list(dict.fromkeys(topics))
        above = {ancestor for topic in listed for ancestor in self.ancestors.get(topic, ())}
        return [topic for topic in listed if topic not in above]


FLAT = Hierarchy()  # no topic is above another
