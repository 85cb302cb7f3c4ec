"""XML of any kind, read piece by piece: the entries of a file, one at a time, however long the file is.

What is broken is read as far as it goes. Declarations of document types are dropped before the parser (libxml2, through
lxml) sees them, so that no entity can be defined and nothing outside the file is named:
https://cheatsheetseries.owasp.org/cheatsheets/XML_External_Entity_Prevention_Cheat_Sheet.html
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from functools import lru_cache
from typing import IO, Any

from labeler.digests.source import Record, Refusal, Source
from labeler.digests.xml_text import Mended, beginning_of, declared_encoding, root_name

Element = Any  # lxml has no types

_CHUNK = 1 << 16
_LARGEST = 1 << 26  # characters of one entry
_TAIL = 2000  # characters at the end in which the end tag of the root stands
_WRAPPER = "labeler-file"
_WRAPPERS = 8  # so that end tags without a beginning do not end the file
_UTF = ("utf-8", "utf8", "us-ascii", "ascii", "utf-16", "utf-16le", "utf-16be")


def beginning(source: Source) -> str:
    """What an input begins with, from its first element on; ``""`` if it does not begin as XML and HTML do."""
    return beginning_of(source.head) if source.beginning.startswith("<") else ""


def local_name(element: Element) -> str:
    """The name of an element without its namespace or prefix; ``""`` for what is no element."""
    tag = element.tag
    return _local(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=1024)  # a file has few names, each very often
def _local(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2]


def namespace_of(element: Element) -> str:
    """The address of an element's namespace, or its prefix where that is not declared; ``""`` where it has none."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag[1:].partition("}")[0] if tag.startswith("{") else tag.rpartition(":")[0]


def entries(
    source: Source, names: tuple[str, ...], fields_of: Callable[[Element], Mapping[str, Any] | str | None]
) -> Iterator[Record | Refusal]:
    """A record for each element of one of ``names`` (without namespaces) that is in no other of them.

    ``fields_of`` has its fields, why there is no paper in it, or None where it is nothing to count.
    """
    number = 0
    for found in _Elements(source, names):
        if isinstance(found, str):
            yield Refusal(source.name, f"after entry {number}" if number else "", found)
            continue
        element, is_whole = found
        fields = fields_of(element)
        if fields is None:
            continue
        number += 1
        if isinstance(fields, str):
            yield Refusal(source.name, f"entry {number}", fields)
        elif is_whole:
            yield Record(f"entry {number}", fields)
        else:
            yield Record(f"entry {number}", {**fields, "flags": [*fields.get("flags", ()), "cut_short"]})


class _Elements:
    """The elements of some names in a file, each with whether it is whole; or a sentence on what is lost.

    An element is emptied when the next one is asked for, and what stands between them is never kept.
    """

    def __init__(self, source: Source, names: tuple[str, ...]) -> None:
        self._source, self._names = source, names
        self._open: list[Element] = []
        self._begun = 0  # character at which the element that is open began
        self._root: Element | None = None
        self._ended = False

    def __iter__(self) -> Iterator[tuple[Element, bool] | str]:
        from lxml import etree

        parser = etree.XMLPullParser(
            events=("start", "end"), tag=(_WRAPPER, *(f"{{*}}{name}" for name in self._names)), recover=True,
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True,
        )  # fmt: skip
        parser.feed(f"<{_WRAPPER}>".encode() * _WRAPPERS)
        at, tail, root = 0, "", ""
        with _text(self._source) as stream:
            for piece in Mended(stream, _CHUNK):
                root = root or root_name(piece)
                at, tail = at + len(piece), (tail + piece)[-_TAIL:]
                parser.feed(piece.encode("utf-8", "replace"))
                yield from self._found(parser, at)
                if self._open and at - self._begun > _LARGEST:
                    yield "an entry is too large to be one; what follows is lost"
                    return
                self._forget()
        yield from self._rest(parser, f"</{root}" in tail or not root)

    def _rest(self, parser: Any, is_whole: bool) -> Iterator[tuple[Element, bool] | str]:
        """What the file ends with."""
        from lxml import etree

        is_cut = bool(self._open)
        with suppress(etree.XMLSyntaxError):  # there is nothing in it
            parser.close()
        for element, _ in self._found(parser, 0):
            yield element, not is_cut
        if not self._ended:
            yield "broken XML, or nested too deep; what follows is lost"
        elif is_cut or not is_whole:
            self._source.notes.append(f"{self._source.name} breaks off before its end; there may have been more in it")

    def _found(self, parser: Any, at: int) -> Iterator[tuple[Element, bool]]:
        for event, element in parser.read_events():
            if element.tag == _WRAPPER:
                self._root = self._root if self._root is not None else element
                self._ended = self._ended or event == "end"
            elif event == "start":
                if self._open and self._open[-1].tag == element.tag:  # the end tag of the one before is missing
                    yield _without_same(self._open.pop()), True
                if not self._open:
                    self._begun = at
                self._open.append(element)
            elif self._open and element is self._open[0]:
                yield element, True
                self._open.clear()
                element.clear(keep_tail=False)
            elif element in self._open:
                self._open.remove(element)

    def _forget(self) -> None:
        """Drop what was read, but for the elements that are not at their end."""
        node = self._root
        while not self._open and node is not None and len(node):
            del node[:-1]
            node = node[-1]


def _without_same(element: Element) -> Element:
    """A copy of an element without those of its name inside."""
    copied = deepcopy(element)
    for inner in list(copied.iter(element.tag))[1:]:
        if (parent := inner.getparent()) is not None:
            parent.remove(inner)
    return copied


def _text(source: Source) -> IO[str]:
    """The text of an XML file: in the encoding that it names, where it is in none of Unicode."""
    name = declared_encoding(source.head)
    if name and name.lower() not in _UTF and source.encoding not in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
        try:
            return io.TextIOWrapper(source.binary(), encoding=name, errors="replace", newline="")
        except LookupError:
            pass
    return source.text()
