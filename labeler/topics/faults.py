"""The check of a topic scheme; each fault is a message of one sentence."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from labeler.errors import RefusedError
from labeler.topics.mode import Mode
from labeler.topics.scheme import NONE_OF_THESE, Scheme, fold, load_scheme

# Keys that the labelling interface uses itself, and one that Label Studio uses:
# https://github.com/HumanSignal/label-studio/issues/1957
RESERVED_KEYS = {"0": NONE_OF_THESE, "u": "unsure", "shift+f": "the filter", "a": "Label Studio"}
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_WORD = re.compile(r"\w\w|(?![\x00-\x7f])\w")  # as :mod:`labeler.features.terms` has it, more or less
_KEY = re.compile(r"(?:(?:ctrl|alt|shift)\+)*[a-z0-9]")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the id of the faulty topic (None: the whole scheme) and a message."""

    topic: str | None
    message: str

    def __str__(self) -> str:
        return self.message


def faults(scheme: Scheme) -> list[Fault]:
    """All faults of a scheme."""
    checks = _no_mode, _missing, _ids, _names, _parents, _splits, _hotkeys, _keywords
    return [fault for check in checks for fault in check(scheme)]


def load_checked_scheme(path: Path) -> Scheme:
    """Read a scheme from a file and check it.

    Raises:
        NotFoundError: the file does not exist.
        InputError: the file is not TOML, or does not have the keys and types of a scheme.
        RefusedError: the scheme has faults; the message is the first one.
    """
    scheme = load_scheme(path)
    found = faults(scheme)
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise RefusedError(f"{path}: {found[0]}{more}", "see `labeler topics check`")
    return scheme


def _no_mode(scheme: Scheme) -> Iterator[Fault]:
    if not scheme.has_mode:
        yield Fault(
            None,
            'the mode is missing; above the first [[topic]], write mode = "multi" if a paper may have several topics, '
            'or mode = "single" if it has at most one',
        )


def _missing(scheme: Scheme) -> Iterator[Fault]:
    if not scheme.topics:
        yield Fault(None, "there is no topic in the scheme; add one under [[topic]]")
    elif not scheme.offered:
        yield Fault(None, "every topic is hidden, so annotators would be offered nothing")


def _ids(scheme: Scheme) -> Iterator[Fault]:
    for first, second in _case_variants({(topic.id, topic.id.casefold()) for topic in scheme.topics}):
        yield Fault(second, f"the ids {first!r} and {second!r} differ in case alone; change one")
    for topic_id in dict.fromkeys(scheme.ids):
        if scheme.ids.count(topic_id) > 1:
            yield Fault(topic_id, f"{scheme.ids.count(topic_id)} topics have the id {topic_id!r}; give each its own")
        if not _ID.fullmatch(topic_id):
            yield Fault(
                topic_id, f"the id {topic_id!r} may hold only the letters a-z and A-Z, digits, '.', '_' and '-'"
            )


def _names(scheme: Scheme) -> Iterator[Fault]:
    owners_by_label: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for topic in scheme.topics:
        if topic.name != topic.name.strip() or re.search(r"[\r\n\t]", topic.name):
            yield Fault(topic.id, f"the name of {topic.id!r} begins or ends with a space, or holds a line break or tab")
        if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", f"{topic.name}{topic.definition}"):
            yield Fault(topic.id, f"the name or definition of {topic.id!r} holds a control character")
        if not all(alias.strip() for alias in topic.aliases):
            yield Fault(topic.id, f"an alias of {topic.id!r} is empty")
        for text in dict.fromkeys((topic.id, topic.name, *topic.aliases)):
            if fold(text) == fold(NONE_OF_THESE):
                yield Fault(topic.id, f"{topic.id!r} is called {text!r}, which the interface offers by itself")
            owners_by_label[fold(text)].append((topic.id, text))
    for spellings in owners_by_label.values():
        owners = list(dict.fromkeys(topic_id for topic_id, _ in spellings))
        if len(owners) > 1:
            who = " and ".join(map(repr, owners))
            yield Fault(
                owners[1], f"the topics {who} are both called {spellings[0][1]!r}; Label Studio cannot tell them apart"
            )


def _parents(scheme: Scheme) -> Iterator[Fault]:
    parents = {topic.id: topic.parent for topic in scheme.topics}
    reported: set[str] = set()
    for topic in scheme.topics:
        if topic.parent is not None and topic.parent not in parents:
            yield Fault(topic.id, f"the parent of {topic.id!r} is {topic.parent!r}, which is no topic")
        path = [topic.id]
        while (above := parents.get(path[-1])) is not None and above not in path:
            path.append(above)
        if above is not None and not reported & set(path[path.index(above) :]):
            cycle = path[path.index(above) :]
            reported |= set(cycle)
            yield Fault(above, f"the parents form a cycle: {' -> '.join(map(repr, [*cycle, above]))}")


def _splits(scheme: Scheme) -> Iterator[Fault]:
    for topic in scheme.topics:
        before = topic.split_from
        if before is None or (before == topic.parent and before in scheme.ids):
            continue
        if before in scheme.ids:
            yield Fault(
                topic.id,
                f"{topic.id!r} is split from {before!r}, still a topic; remove that one, or make it the parent",
            )
        elif (into := scheme.find(before)) is not None:
            yield Fault(topic.id, f"{before!r} is split, and {into!r} is called so, too; it can be one of them")


def _hotkeys(scheme: Scheme) -> Iterator[Fault]:
    owners: dict[str, str] = {}
    for topic in scheme.topics:
        if topic.hotkey is None:
            continue
        *modifiers, letter = topic.hotkey.lower().replace(" ", "").split("+")
        key = "+".join([*sorted(modifiers), letter])
        if not _KEY.fullmatch(key):
            yield Fault(topic.id, f"the hotkey {topic.hotkey!r} of {topic.id!r} is not a letter or digit")
        elif key in RESERVED_KEYS:
            yield Fault(topic.id, f"the hotkey {topic.hotkey!r} of {topic.id!r} is taken by {RESERVED_KEYS[key]}")
        elif key in owners:
            yield Fault(topic.id, f"{owners[key]!r} and {topic.id!r} have the same hotkey {topic.hotkey!r}")
        else:
            owners[key] = topic.id


def _keywords(scheme: Scheme) -> Iterator[Fault]:
    owners: dict[str, str] = {}
    for topic in scheme.topics:
        for keyword in (*topic.keywords, *topic.not_keywords):
            if not _WORD.search(keyword):
                yield Fault(topic.id, f"the keyword {keyword!r} of {topic.id!r} holds no word of two letters or more")
        denied = {fold(keyword) for keyword in topic.not_keywords}
        for folded, keyword in {fold(keyword): keyword for keyword in topic.keywords}.items():
            if folded in denied:
                yield Fault(
                    topic.id, f"{keyword!r} is in keywords and in not of {topic.id!r}; it can be in one of them"
                )
            owner = owners.setdefault(folded, topic.id)
            if scheme.mode == Mode.SINGLE and owner != topic.id:
                yield Fault(
                    topic.id, f"{owner!r} and {topic.id!r} have the same keyword {keyword!r}; give it to one of them"
                )


def _case_variants(spellings: set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Pairs of texts that differ in case alone, from texts with their case-folded forms."""
    by_fold: dict[str, list[str]] = defaultdict(list)
    for text, folded in sorted(spellings):
        by_fold[folded].append(text)
    for texts in by_fold.values():
        if len(texts) > 1:
            yield texts[0], texts[1]
