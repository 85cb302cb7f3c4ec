"""Wild values in the places of good ones: what a file may hold that a program or a person has damaged."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

WILD = (None, "", "x", 0, -1, 1e400, True, [], ["x"], {}, {"a": 1})


def mutations(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """The value with each of its parts, itself first, replaced by each wild one or left out; and where that was."""
    yield from ((f"{place} = {wild!r}", copy.deepcopy(wild)) for wild in WILD)
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        for where, part in mutations(value[key], f"{place}[{key!r}]"):
            changed = copy.copy(value)
            changed[key] = part
            yield where, changed
        without = copy.copy(value)
        del without[key]
        yield f"{place} without {key!r}", without
