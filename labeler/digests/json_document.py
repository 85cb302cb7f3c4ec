"""JSON documents: a list of papers, an object that holds one (``papers``, ``data`` …), or one paper."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from labeler.digests.fields import has_paper_fields
from labeler.digests.source import Record, Refusal, Source

ABOUT = "JSON: a list of papers with title and abstract or summary, alone or inside an object (papers, data, …)"


def looks_like(source: Source) -> bool:
    """Whether the input begins as a JSON document of more than one line, or is one value."""
    head = source.head.lstrip("\ufeff \t\r\n")
    if not head.startswith(("[", "{")):
        return False
    if head.startswith("["):
        return head[1:].lstrip()[:1] in ("{", "]", "")
    first, _, rest = head.partition("\n")
    return not (is_json(first) and rest.lstrip().startswith("{"))


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each paper. Of a document that breaks off, the papers before the break."""
    with source.text() as stream:
        text = stream.read().lstrip("\ufeff")
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        yield from _salvaged(text, source.name)
        yield Refusal(source.name, f"line {error.lineno}", f"broken JSON ({error.msg}); what follows is lost")
        return
    for number, item in enumerate(_papers(document), start=1):
        if isinstance(item, Mapping):
            yield Record(f"record {number}", item)
        else:
            yield Refusal(source.name, f"record {number}", f"not an object but {type(item).__name__}")


def is_json(text: str) -> bool:
    """Whether ``text`` is one JSON value."""
    try:
        json.loads(text)
    except json.JSONDecodeError:
        return False
    return True


def _papers(document: Any) -> list[Any]:
    """The list of papers in a document: itself, the one list of objects inside, or the document as one paper."""
    if isinstance(document, list):
        return document
    if not isinstance(document, Mapping):
        return [document]
    if not has_paper_fields(document):
        for value in document.values():
            if isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
                return value
        for value in document.values():
            if isinstance(value, Mapping) and not has_paper_fields(value) and (inner := _papers(value)) != [value]:
                return inner
    return [document]


def _salvaged(text: str, name: str) -> Iterator[Record | Refusal]:
    decoder, number = json.JSONDecoder(), 0
    position = text.find("[") + 1
    while 0 < position < len(text):
        while position < len(text) and text[position] in " \t\r\n,":
            position += 1
        try:
            item, position = decoder.raw_decode(text, position)
        except json.JSONDecodeError:
            return
        number += 1
        if isinstance(item, Mapping):
            yield Record(f"record {number}", item)
        else:
            yield Refusal(name, f"record {number}", f"not an object but {type(item).__name__}")
