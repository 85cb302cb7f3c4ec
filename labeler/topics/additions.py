"""Topics that are added to the file of a scheme: ids are made from names, and all else in the file stays as it is."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable

from labeler.papers.cleaning import printable
from labeler.papers.normal_forms import normalized
from labeler.topics.scheme import NONE_OF_THESE, Scheme, Topic, fold

_NO_TOPIC = frozenset({fold(NONE_OF_THESE), "none", "-", ""})
_LONGEST_ID = 40


def new_topics(names: Iterable[str], scheme: Scheme) -> list[Topic]:
    """The topics of these names that a scheme does not have, in their order, each with an id that nothing else has.

    A name that the scheme has as an id, a name or an alias is no new one, whatever its case.
    """
    taken = {fold(label) for topic in scheme.topics for label in (topic.id, topic.name, *topic.aliases)}
    topics = []
    numbers: Counter[str] = Counter()
    for given in names:
        name = " ".join(printable(given).split())
        if (folded := fold(name)) in taken or folded in _NO_TOPIC:
            continue
        topic = Topic(_id_for(name, taken, numbers), name)
        taken |= {fold(topic.id), folded}
        topics.append(topic)
    return topics


def appended(text: str, topics: Iterable[Topic]) -> str:
    """The text of a scheme's file with more topics at its end. A JSON string is one of TOML (https://toml.io/en/v1.0.0)."""
    blocks = []
    for topic in topics:
        told = {"id": topic.id, "name": topic.name, "definition": topic.definition}
        lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in told.items() if value)
        blocks.append(f"\n[[topic]]\n{''.join(lines)}")
    return text.rstrip("\n") + "\n" + "".join(blocks)


def _id_for(name: str, taken: set[str], numbers: Counter[str]) -> str:
    """An id of letters, digits and hyphens that reads like the name; numbered where it is taken or nothing is left.

    ``numbers`` is how far each id is numbered: all numbers up to it are taken.
    """
    letters = normalized("NFKD", name).encode("ascii", "ignore").decode().casefold()
    base = re.sub(r"[^a-z0-9.]+", "-", letters).strip("-.")[:_LONGEST_ID].rstrip("-.") or "topic"
    if base != "topic" and base not in taken and fold(base) not in _NO_TOPIC:
        return base
    numbers[base] = max(numbers[base], int(base != "topic"))  # a second "x" is x-2, the first without letters topic-1
    wanted = base
    while wanted == base or wanted in taken:
        numbers[base] += 1
        wanted = f"{base}-{numbers[base]}"
    return wanted
