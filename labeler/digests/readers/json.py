"""JSON documents: a list of papers, an object that holds one (``papers``, ``data`` …), or one paper."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from labeler.digests.fields import NAMES, has_paper_fields, normal_name
from labeler.digests.source import Record, Refusal, Source

NAME = "json"
RANK = 30
ABOUT = "JSON: a list of papers with title and abstract or summary, alone or inside an object (papers, data, …)"
_LISTS = ("papers", "items", "data", "results", "entries", "articles", "records")
_WRAPPERS = ("paper", "data")  # what is in these is taken together with what stands beside them


def looks_like(source: Source) -> bool:
    """Whether the input begins as a JSON document of more than one line, or is one value."""
    head = source.head.lstrip("\ufeff \t\r\n")
    if not head.startswith(("[", "{")):
        return False
    if head.startswith("["):
        return head[1:].lstrip()[:1] in ("{", "]", "")
    first, _, rest = head.partition("\n")
    if source.suffix in (".jsonl", ".ndjson") and first.strip() != "{":
        return False
    return not (is_json(first) and rest.lstrip().startswith("{"))


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each paper. Of a document that breaks off, the papers before the break."""
    with source.text() as stream:
        text = stream.read().lstrip("\ufeff")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        yield from _salvaged(text, source.name, error)
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
    except (ValueError, RecursionError):
        return False
    return True


def _papers(document: Any) -> list[Any]:
    """The papers in a document: its items, those of the list of objects inside, objects that are papers, or itself."""
    if isinstance(document, list):
        return document
    if not isinstance(document, Mapping):
        return [document]
    lists = {name: value for name, value in document.items() if isinstance(value, list) and _mappings(value)}
    papers = {name: value for name, value in lists.items() if any(map(has_paper_fields, _mappings(value)))}
    if has_paper_fields(document):  # a feed may have a title of its own
        named = [value for name, value in papers.items() if name in _LISTS]
        return named[0] if named and not {"abstract", "summary"} & document.keys() else [document]
    if lists:
        return next(iter((papers or lists).values()))
    for value in document.values():
        if isinstance(value, Mapping) and not has_paper_fields(value) and (inner := _papers(value)) != [value]:
            return inner
    return [value for name, value in document.items() if name not in _WRAPPERS and _is_paper(value)] or [document]


def _is_paper(value: Any) -> bool:
    """Whether this is an object with a title and an abstract or authors: a journal, too, has a title."""
    if not isinstance(value, Mapping):
        return False
    fields = set(map(normal_name, map(str, value)))
    return not fields.isdisjoint(NAMES["title"]) and not fields.isdisjoint({*NAMES["abstract"], *NAMES["authors"]})


def _mappings(items: list[Any]) -> list[Mapping[str, Any]]:
    return [item for item in items if isinstance(item, Mapping)]


def _salvaged(text: str, name: str, error: Exception) -> Iterator[Record | Refusal]:
    """What stands before a break: items of the first list of objects, or one document after another."""
    decoder, number = json.JSONDecoder(), 0
    several = isinstance(error, json.JSONDecodeError) and error.msg == "Extra data"
    opening = None if several else re.search(r"\[(?=\s*\{)", text)
    position = 0 if several else opening.end() if opening else len(text)
    while position < len(text):
        while position < len(text) and text[position] in " \t\r\n,":
            position += 1
        try:
            item, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError) as fault:
            if position < len(text):
                error = fault
                several = False
            break
        number += 1
        if isinstance(item, Mapping):
            yield Record(f"record {number}", item)
        else:
            yield Refusal(name, f"record {number}", f"not an object but {type(item).__name__}")
    if not several:
        where = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else f"record {number + 1}"
        why = error.msg if isinstance(error, json.JSONDecodeError) else "too deep, or a number too long"
        yield Refusal(name, where, f"broken JSON ({why}); what follows is lost")
