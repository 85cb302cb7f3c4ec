"""A byte search: the files of a workspace that still hold a name, or a paper, that was forgotten."""

from __future__ import annotations

import json
import mmap
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from labeler.papers import Paper
from labeler.papers.ids import STRONG

_PASSED_OVER = (".git", "studio")  # git's history and the data of a Label Studio server, which are told of apart
_SHORTEST = 4  # letters of a name that is searched for: "7" stands in any file
_SHORTEST_TEXT = 20  # letters of a title
_BEGINNING = 60  # letters of an abstract


def signs_of_names(names: Iterable[str]) -> list[str]:
    """What tells that a file holds one of some names of people; names that are too short to tell are left out."""
    return [name for name in names if len(name) >= _SHORTEST]


def signs_of_paper(records: Iterable[Paper]) -> list[str]:
    """What tells that a file holds a paper: its identifiers, its title, the beginning of its abstract."""
    signs: dict[str, None] = {}
    for paper in records:
        for name in paper.ids:
            signs[name.partition(":")[2] if name.startswith(STRONG) else name] = None
        beginning = paper.abstract[:_BEGINNING].rpartition(" ")[0]  # a word that is cut is found nowhere
        texts = (paper.title, beginning if len(paper.abstract) > _BEGINNING else paper.abstract)
        signs |= dict.fromkeys(text for text in texts if len(text) >= _SHORTEST_TEXT)
    return list(signs)


def files_with(root: Path, signs: Iterable[str]) -> list[str]:
    """The files below a folder that hold one of the signs as a word of its own, by their names from there on.

    Signs are searched for as UTF-8, and as JSON escapes them; compressed files are not looked into.
    """
    forms = {
        form for sign in signs for form in (sign, json.dumps(sign)[1:-1], json.dumps(sign, ensure_ascii=False)[1:-1])
    }
    if not forms:
        return []
    anyone = b"|".join(re.escape(form.encode("utf-8", "replace")) for form in sorted(forms))
    pattern = re.compile(rb"(?<![A-Za-z0-9])(?:" + anyone + rb")(?:v[0-9]+)?(?![A-Za-z0-9])", re.IGNORECASE)
    return sorted(path.relative_to(root).as_posix() for path in _files(root) if _holds(path, pattern))


def _files(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        inside = Path(folder).relative_to(root).parts
        if len(inside) == 0 or inside == (".labeler",):
            folders[:] = [name for name in folders if name not in _PASSED_OVER or (name == "studio" and not inside)]
        yield from (Path(folder) / name for name in files)


def _holds(path: Path, pattern: re.Pattern[bytes]) -> bool:
    with suppress(OSError, ValueError):  # an empty file cannot be mapped, a pipe neither
        if path.is_file() and path.stat().st_size:
            with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
                return pattern.search(data) is not None
    return False
