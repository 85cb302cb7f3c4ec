"""Names of files that resemble one that is missing."""

from __future__ import annotations

from contextlib import suppress
from itertools import islice
from pathlib import Path

from labeler.wording import nearest_ones

_HIDDEN = (".", "_")  # prefixes of files that programs write beside the data
_NEAR = 3  # names that are told of a folder
_LOOKED_AT = 1000  # of them


def near_names(name: str) -> str:
    """A hint for a local name or pattern of nothing: what resembles it where it is looked for."""
    path = Path(name)
    with suppress(OSError, ValueError):  # a name may be too long, or hold signs that no name has
        while not path.parent.exists() and path.parent != path:
            path = path.parent  # the first part of the name that is not there
        if "://" in name or path.exists():
            return "check the name"
        names = sorted(each.name for each in islice(path.parent.iterdir(), _LOOKED_AT))
        names = [each for each in names if not each.startswith(_HIDDEN)]
        found = nearest_ones(path.name, names, _NEAR) or (names[:_NEAR] if set("*?[") & set(path.name) else [])
        if found:
            near = ", ".join(str(path.parent / each) for each in found)
            return f"{'there are' if len(found) > 1 else 'there is'} {near}"
    return "check the name"
