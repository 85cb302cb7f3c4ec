"""XML of any other kind whose elements hold a title beside an abstract, authors or a year: DBLP, the ACL Anthology, …

The elements that are papers are found by what the beginning of the file has; their parts are fields by their names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from labeler.digests.fields import NAMES, known_name
from labeler.digests.source import Record, Refusal, Source
from labeler.digests.xml import Element, beginning, entries, local_name
from labeler.digests.xml_markup import children, text_of
from labeler.patterns import pattern

NAME = "xml_records"
RANK = 45
ABOUT = "XML of any other kind: elements with a title beside an abstract, authors or a year"
_BESIDE = frozenset((*NAMES["abstract"], *NAMES["authors"], "year", "doi"))
_FIRST_ALONE = frozenset(("ee", "url", "link", "doi", "year"))
_NAMES_OF_PARTS = {"first": "firstname", "forename": "firstname", "last": "lastname", "surname": "lastname"}
_HEADS = ("channel", "feed", "meta", "head")  # which describe a list of papers
_DEPTH = 3
# What has readers of its own, or none.
_OTHERS = pattern(
    r"\A<(?:!doctype\s+html|(?:\w+:)?(?:html|body|div|table|TEI|svg|RDF|Workbook|opml|urlset|rss|feed)\b)", re.I
)


def looks_like(source: Source) -> bool:
    """Whether the beginning has such an element."""
    head = beginning(source)
    return bool(head) and _OTHERS.match(head) is None and bool(_names(head))


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each element of the names that papers have."""
    yield from entries(source, _names(beginning(source)), _fields)


def _names(head: str) -> tuple[str, ...]:
    """The names of elements that are papers, in the beginning of a file."""
    from lxml import etree

    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(f"<labeler-file>{head}</labeler-file>".encode("utf-8", "replace"), parser)
    found = [one for one in (root.iter() if root is not None else ()) if _is_paper(one)]
    inside = {above for one in found for above in one.iterancestors()}
    return tuple(dict.fromkeys(local_name(one) for one in found if one not in inside))


def _is_paper(element: Element) -> bool:
    names = {known_name(local_name(one))[0] for one in element}
    has_title = any(known_name(local_name(one))[0] == "title" and text_of(one).strip() for one in element)
    return has_title and not names.isdisjoint(_BESIDE) and local_name(element).lower() not in _HEADS


def _fields(element: Element) -> dict[str, Any]:
    return {name: value for name, value in _parts(element, _DEPTH).items() if value}


def _parts(element: Element, depth: int) -> dict[str, Any]:
    """The parts of an element by their names; of several of a name a list."""
    fields: dict[str, Any] = {}
    for name in dict.fromkeys(local_name(one) for one in element if local_name(one)):
        values = [value for one in children(element, name) if (value := _value(one, depth))]
        known = _NAMES_OF_PARTS.get(name.lower(), name)
        fields[known] = values if len(values) > 1 and name.lower() not in _FIRST_ALONE else next(iter(values), "")
    return fields


def _value(element: Element, depth: int) -> Any:
    """The text of an element; of one that holds nothing but elements their values."""
    inner = [one for one in element if local_name(one)]
    texts = [element.text, *(one.tail for one in element)]
    if not inner or any(text and text.strip() for text in texts) or not depth:
        return text_of(element).strip()
    if known_name(local_name(element))[0] in ("title", *NAMES["abstract"]):
        return text_of(element).strip()  # whose elements are marks in a text
    parts = _parts(element, depth - 1)
    return next(iter(parts.values())) if len(parts) == 1 else parts
