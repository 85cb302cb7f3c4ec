"""Topics and the scheme that holds them, read from ``annotations/topics.toml``."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from labeler.config import parse_toml
from labeler.errors import InputError, NotFoundError
from labeler.topics.mode import Mode

NONE_OF_THESE = "None of these"
_TEXTS = ("id", "name", "definition", "parent", "hotkey")


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic. ``id`` never changes and is what judgements and models hold; ``name`` is what people read."""

    id: str
    name: str
    definition: str = ""
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    hotkey: str | None = None
    hidden: bool = False


@dataclass(frozen=True)
class Scheme:
    """The topics of a workspace, and how many of them a paper may have."""

    mode: Mode
    topics: tuple[Topic, ...]

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """All topic ids, in the scheme's order."""
        return tuple(topic.id for topic in self.topics)

    @property
    def offered(self) -> tuple[str, ...]:
        """The ids of the topics that annotators are shown."""
        return tuple(topic.id for topic in self.topics if not topic.hidden)

    @property
    def definitions(self) -> dict[str, str]:
        """What is to be read of each topic before anyone has judged a paper: its name, definition and aliases."""
        return {
            topic.id: ". ".join(filter(None, (topic.name, topic.definition, *topic.aliases))) for topic in self.topics
        }

    def name(self, topic_id: str) -> str:
        """The name of a topic; its id where the scheme no longer has it."""
        return next((topic.name for topic in self.topics if topic.id == topic_id), topic_id)

    def find(self, label: str) -> str | None:
        """The id of the topic that a label means: by id, name or alias, without regard to case and outer spaces."""
        return self._spelled.get(fold(label))

    @cached_property
    def _spelled(self) -> dict[str, str]:
        """The id that each spelling means: ids come before names, and these before aliases."""
        found: dict[str, str] = {}
        for spellings in (
            [(topic.id, topic.id) for topic in self.topics],
            [(topic.name, topic.id) for topic in self.topics],
            [(alias, topic.id) for topic in self.topics for alias in topic.aliases],
        ):
            for text, identifier in spellings:
                found.setdefault(fold(text), identifier)
        return found

    def to_dict(self) -> dict[str, Any]:
        """The scheme as JSON carries it; unset fields are left out."""
        return {"mode": self.mode, "topics": [_unset_left_out(topic) for topic in self.topics]}

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`."""
        return cls(Mode(table["mode"]), tuple(_topic(entry, n) for n, entry in enumerate(table["topics"], start=1)))


def fold(label: str) -> str:
    """A label without what spelling may change: case, outer spaces, the form of its accents."""
    return unicodedata.normalize("NFC", label.strip().casefold())


def load_scheme(path: Path) -> Scheme:
    """The scheme in a file, sound or not.

    Raises:
        NotFoundError: there is no such file.
        InputError: it is not TOML, or not of the form of a scheme.
    """
    if not path.is_file():
        raise NotFoundError(f"there is no topic scheme at {path}", "make a workspace with `labeler init`")
    table = parse_toml(path)
    mode, entries = table.get("mode", Mode.MULTI), table.get("topic", [])
    try:
        if mode not in tuple(Mode):
            raise ValueError(f'mode is {mode!r}; write mode = "multi" or mode = "single"')
        if unknown := table.keys() - {"mode", "topic"}:
            raise ValueError(f"unknown key {min(unknown)!r}; topics stand under [[topic]]")
        if not isinstance(entries, list):
            raise ValueError("[topic] should be [[topic]], once for each topic")
        return Scheme(Mode(mode), tuple(_topic(entry, number) for number, entry in enumerate(entries, start=1)))
    except ValueError as error:
        raise InputError(f"{path}: {error}") from error


def _topic(entry: Any, number: int) -> Topic:
    known = {*_TEXTS, "aliases", "hidden"}
    if not isinstance(entry, Mapping):
        raise ValueError(f"topic {number} is not a [[topic]] table")
    where = f"topic {number} ({' '.join(str(entry['id']).split())})" if entry.get("id") else f"topic {number}"
    if "mode" in entry:
        raise ValueError(f"mode stands inside {where}; it must stand above the first [[topic]]")
    if unknown := entry.keys() - known:
        raise ValueError(f"{where} has the unknown key {min(unknown)!r}; known are: {', '.join(sorted(known))}")
    for key in _TEXTS:
        if key in entry and not isinstance(entry[key], str):
            raise ValueError(f'{where}: {key} must be a text, in "quotes"')
    aliases = entry.get("aliases", [])
    if not isinstance(aliases, list) or not all(isinstance(alias, str) for alias in aliases):
        raise ValueError(f'{where}: aliases must be a list of texts, as in ["LLM", "language model"]')
    if not isinstance(entry.get("hidden", False), bool):
        raise ValueError(f"{where}: hidden must be true or false")
    if not entry.get("id"):
        raise ValueError(f"{where} has no id")
    fields = dict(entry) | {"name": entry.get("name") or entry["id"], "aliases": tuple(aliases)}
    return Topic(**fields)


def _unset_left_out(topic: Topic) -> dict[str, Any]:
    pairs = {name: getattr(topic, name) for name in (*_TEXTS, "aliases", "hidden")}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in pairs.items() if value}
