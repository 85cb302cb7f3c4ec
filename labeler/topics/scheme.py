"""Topics and the topic scheme, which is read from ``annotations/topics.toml``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Self

from labeler.config import parse_toml
from labeler.errors import InputError, NotFoundError
from labeler.papers.normal_forms import normalized
from labeler.topics.hierarchy import Hierarchy
from labeler.topics.mode import Mode

NONE_OF_THESE = "None of these"
_SIMILAR = 0.82  # of difflib's ratio; "Robotcs" is 0.93 like "Robotics", "cs.LG" is 0.8 like "cs.CL"
_SHORTEST_INSIDE = 4  # letters of a name that is looked for in a longer label
_TEXTS = ("id", "name", "definition", "parent", "hotkey", "split_from")
# Lists of texts, by their fields, each with its key in the file and an example.
_LISTS = {
    "aliases": ("aliases", '["LLM", "language model"]'),
    "keywords": ("keywords", '["gripper", "legged robot"]'),
    "not_keywords": ("not", '["robotic surgery"]'),
}


class Topic(NamedTuple):
    """One topic. ``id`` never changes and is stored in judgements and models; ``name`` is shown to people.

    ``keywords`` are words and phrases that papers of the topic hold, ``not_keywords`` (``not`` in the file) those that
    papers of it do not hold. Both are weak evidence, which judged papers overrule. ``split_from`` is the id of a topic
    of which this one was a part: its papers are judged again.
    """

    id: str
    name: str
    definition: str = ""
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    hotkey: str | None = None
    hidden: bool = False
    keywords: tuple[str, ...] = ()
    not_keywords: tuple[str, ...] = ()
    split_from: str | None = None


@dataclass(frozen=True)
class Scheme:
    """The topics of a workspace, and whether a paper has one or several of them."""

    mode: Mode
    topics: tuple[Topic, ...]
    has_mode: bool = field(default=True, compare=False)
    """Whether the mode is written in the file that the scheme was read from."""

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The ids of all topics, in the order of the scheme."""
        return tuple(topic.id for topic in self.topics)

    @property
    def offered(self) -> tuple[str, ...]:
        """The ids of the topics that annotators are offered: those that are not hidden."""
        return tuple(topic.id for topic in self.topics if not topic.hidden)

    @property
    def is_screening(self) -> bool:
        """Whether papers are screened: each is of one topic, or not, and each is to be decided on."""
        return self.mode == Mode.MULTI and len(self.ids) == 1

    @property
    def definitions(self) -> dict[str, str]:
        """The text that describes each topic, by topic id: its name, definition and aliases."""
        return {
            topic.id: ". ".join(filter(None, (topic.name, topic.definition, *topic.aliases))) for topic in self.topics
        }

    @property
    def keywords(self) -> dict[str, tuple[str, ...]]:
        """The keywords of each topic that has some, by topic id."""
        return {topic.id: topic.keywords for topic in self.topics if topic.keywords}

    @property
    def not_keywords(self) -> dict[str, tuple[str, ...]]:
        """The keywords that papers of a topic do not hold, by topic id."""
        return {topic.id: topic.not_keywords for topic in self.topics if topic.not_keywords}

    @cached_property
    def splits(self) -> dict[str, tuple[str, ...]]:
        """The topics that were split, with those that annotators are offered of their parts."""
        parts: dict[str, list[str]] = {}
        for topic in self.topics:
            if topic.split_from and not topic.hidden:
                parts.setdefault(topic.split_from, []).append(topic.id)
        return {topic: tuple(found) for topic, found in parts.items()}

    @cached_property
    def hierarchy(self) -> Hierarchy:
        """Which topic of the scheme is above which."""
        return Hierarchy({topic.id: topic.parent for topic in self.topics if topic.parent and topic.parent in self.ids})

    def name(self, topic_id: str) -> str:
        """The name of a topic; its id where the scheme does not have the topic."""
        return next((topic.name for topic in self.topics if topic.id == topic_id), topic_id)

    def find(self, label: str) -> str | None:
        """The id of the topic with this id, name or alias, ignoring case and spaces; None if there is none."""
        return self._ids_by_label.get(fold(label))

    def closest(self, label: str) -> str | None:
        """The id of the topic whose id, name or alias is spelled nearly like a label; None if there is none."""
        folded = fold(label)
        if folded not in self._closest_by_label:
            from difflib import get_close_matches

            found = get_close_matches(folded, self._ids_by_label, 1, _SIMILAR)
            self._closest_by_label[folded] = self._ids_by_label[found[0]] if found else None
        return self._closest_by_label[folded]

    def resembling(self, label: str) -> tuple[str, ...]:
        """The ids of the topics that a label which is none may mean: the closest one, and those whose id, name or alias
        stands in it (``Robotics (minor)``).
        """
        folded, closest = fold(label), self.closest(label)
        inside = [
            topic
            for name, topic in self._ids_by_label.items()
            if len(name) >= _SHORTEST_INSIDE and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", folded)
        ]
        return tuple(dict.fromkeys(([closest] if closest else []) + inside))

    @cached_property
    def _closest_by_label(self) -> dict[str, str | None]:
        return {}

    @cached_property
    def _ids_by_label(self) -> dict[str, str]:
        """The topic id of each folded label: ids take precedence over names, names over aliases, and all of them over
        names as outputs show them, without soft hyphens and other signs that nobody sees.
        """
        from labeler.papers.cleaning import printable

        ids: dict[str, str] = {}
        for labels in (
            [(topic.id, topic.id) for topic in self.topics],
            [(topic.name, topic.id) for topic in self.topics],
            [(alias, topic.id) for topic in self.topics for alias in topic.aliases],
            [(shown, topic.id) for topic in self.topics if (shown := printable(topic.name)).strip()],
        ):
            for label, topic_id in labels:
                ids.setdefault(fold(label), topic_id)
        return ids

    def to_dict(self) -> dict[str, Any]:
        """The scheme as a JSON object, without fields that are not set."""
        return {"mode": self.mode, "topics": [_set_fields(topic) for topic in self.topics]}

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> Self:
        """The scheme of a JSON object; the inverse of :meth:`to_dict`."""
        return cls(Mode(table["mode"]), tuple(_topic(entry, n) for n, entry in enumerate(table["topics"], start=1)))


def fold(label: str) -> str:
    """A label in the form in which labels are compared: case-folded, with single spaces, Unicode NFC."""
    return normalized("NFC", " ".join(label.casefold().split()))


def load_scheme(path: Path) -> Scheme:
    """Read a scheme from a file, without a check for faults.

    Raises:
        NotFoundError: the file does not exist.
        InputError: the file is not TOML, or does not have the keys and types of a scheme.
    """
    if not path.is_file():
        raise NotFoundError(f"there is no topic scheme at {path}", "make a workspace with `labeler init`")
    table = parse_toml(path)
    mode, entries = table.get("mode", Mode.MULTI), table.get("topic", [])
    try:
        if mode not in tuple(Mode):
            raise ValueError(f'mode is {mode!r}; write mode = "multi" or mode = "single"')
        if unknown := table.keys() - {"mode", "topic"}:
            raise ValueError(f"unknown key {min(unknown)!r}; topics belong under [[topic]]")
        if not isinstance(entries, list):
            raise ValueError("[topic] should be [[topic]], once for each topic")
        topics = tuple(_topic(entry, number) for number, entry in enumerate(entries, start=1))
        return Scheme(Mode(mode), topics, has_mode="mode" in table)
    except ValueError as error:
        raise InputError(f"{path}: {error}") from error


def _topic(entry: Any, number: int) -> Topic:
    """The topic of an entry of ``[[topic]]``; ``number`` counts them from 1.

    Raises:
        ValueError: a key is missing or unknown, or its value is of the wrong type.
    """
    known = {*_TEXTS, "hidden", *(key for key, _ in _LISTS.values())}
    if not isinstance(entry, Mapping):
        raise ValueError(f"topic {number} is not a [[topic]] table")
    where = f"topic {number} ({' '.join(str(entry['id']).split())})" if entry.get("id") else f"topic {number}"
    if "mode" in entry:
        raise ValueError(f"mode is inside {where}; it must be above the first [[topic]]")
    if unknown := entry.keys() - known:
        raise ValueError(f"{where} has the unknown key {min(unknown)!r}; known are: {', '.join(sorted(known))}")
    for key in _TEXTS:
        if key in entry and not isinstance(entry[key], str):
            raise ValueError(f'{where}: {key} must be a text, in "quotes"')
    for key, example in _LISTS.values():
        texts = entry.get(key, [])
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise ValueError(f"{where}: {key} must be a list of texts, as in {example}")
    if not isinstance(entry.get("hidden", False), bool):
        raise ValueError(f"{where}: hidden must be true or false")
    if not entry.get("id"):
        raise ValueError(f"{where} has no id")
    values: dict[str, Any] = dict(entry) | {"name": entry.get("name") or entry["id"]}
    values |= {name: _distinct(values.pop(key, ())) for name, (key, _) in _LISTS.items()}
    return Topic(**values)


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts, each once whatever its case and spaces, as it is written first."""
    found: dict[str, str] = {}
    for text in texts:
        found.setdefault(fold(text), text)
    return tuple(found.values())


def _set_fields(topic: Topic) -> dict[str, Any]:
    """The fields of a topic that are set, by name."""
    values = {name: getattr(topic, name) for name in (*_TEXTS, "hidden")}
    values |= {key: getattr(topic, name) for name, (key, _) in _LISTS.items()}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items() if value}
