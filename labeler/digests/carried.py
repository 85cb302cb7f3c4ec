"""What reference managers have no field for, as lines ``Name: value``, which Zotero keeps in its field Extra.

labeler writes them where a format has no place for what is known of a paper, and reads them again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from labeler.papers.cleaning import plain
from labeler.papers.ids import title_id
from labeler.papers.paper import Paper
from labeler.patterns import pattern

NAMES = ("Categories", "Curator", "Flags", "Identifiers")
_BETWEEN = " | "  # categories have semicolons
_LINE = pattern(rf"^({'|'.join(NAMES)}): (.+)$", re.MULTILINE)
_LASTING = ("retracted", "withdrawn", "replaced", "cross_listed", "cut_short")  # flags that the texts do not tell again


def carried(paper: Paper, shown: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The names, and their values, for a paper of whose identifiers some are ``shown`` elsewhere."""
    known = {*shown, title_id(paper.title)}
    values = (
        _BETWEEN.join(map(plain, paper.categories)),
        plain(paper.curator or ""),
        _BETWEEN.join(flag for flag in paper.flags if flag in _LASTING),
        plain(" ".join(identifier for identifier in paper.ids if identifier not in known)),
    )
    yield from (pair for pair in zip(NAMES, values, strict=True) if pair[1])


def carried_in(texts: Iterable[str]) -> dict[str, Any]:
    """The fields of a record that stand in lines of some texts."""
    found: dict[str, Any] = {}
    for text in texts:
        for name, value in _LINE.findall(text):
            found |= carried_field(name, value)
    return found


def is_carried(text: str) -> bool:
    """Whether a text is a line of :func:`carried_in`, or one that names the number of a paper in PubMed."""
    return _LINE.match(text) is not None or text.startswith(("PMID: ", "PMCID: "))


def carried_field(name: str, value: str) -> dict[str, Any]:
    """The field of a record that the value of a name is."""
    if name == "Curator":
        return {"curator": value}
    return {"ids": value} if name == "Identifiers" else {name.lower(): value.split(_BETWEEN)}
