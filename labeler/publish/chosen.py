"""The names of topics, and which of them papers were chosen by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from labeler.wording import counted


class TopicNames(dict[str, str]):
    """Topic id → name of all topics. ``chosen`` are the ids of those that the papers were chosen by, in the order of
    the names; none where they were not chosen by topic.
    """

    def __init__(self, names: Mapping[str, str], chosen: Iterable[str] = ()) -> None:
        super().__init__(names)
        wanted = frozenset(chosen)
        self.chosen = tuple(topic for topic in names if topic in wanted)


def chosen_of(names: Mapping[str, str]) -> tuple[str, ...]:
    """The ids of the topics that papers were chosen by, where ``names`` tell."""
    return names.chosen if isinstance(names, TopicNames) else ()


def heading(count: int, names: Mapping[str, str]) -> str:
    """The heading of so many papers, with the topics that they were chosen by."""
    chosen = ", ".join(names[topic] for topic in chosen_of(names))
    return f"{counted(count, 'paper')} {f'on {chosen}' if chosen else 'by topic'}"
