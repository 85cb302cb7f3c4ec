"""What a record of a reference manager says beside what a paper has fields for: volume, pages, publisher, and more.

It is kept as it was written, by the format and the name of its field (``ris:VL``, ``bibtex:volume``), so that nothing
is lost where papers come from a reference manager and go back to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from labeler.papers.cleaning import plain
from labeler.patterns import pattern

_NAME = pattern(r"ris:[A-Z][A-Z0-9]|bibtex:[a-z][\w-]{0,40}")
_MOST = 100  # fields of a record


def kept(form: str, fields: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Fields of a record in a format (``ris``, ``bibtex``): name and value, as a record has them."""
    return tuple((f"{form}:{name}", value) for name, value in fields)


def kept_fields(value: Any) -> Iterator[tuple[str, str]]:
    """The pairs of name and value in a record of :func:`kept`, or in one of JSON."""
    for pair in value[:_MOST] if isinstance(value, list | tuple) else ():
        if isinstance(pair, list | tuple) and len(pair) == 2:
            name, text = str(pair[0]), str(pair[1])
            if text and _NAME.fullmatch(name):
                yield name, text if text.isprintable() and "  " not in text else plain(text)
