"""JSON documents: papers in lists, in groups of lists, by identifier, in tables, or one alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from labeler.digests.api_shapes import is_beside_papers
from labeler.digests.json_papers import Group, groups_of, is_empty
from labeler.digests.python_literals import begins_python, parse_python
from labeler.digests.source import Record, Refusal, Source
from labeler.json_parsing import JsonError, is_deep, parse_json, parse_next_json
from labeler.wording import counted

NAME = "json"
RANK = 30
_BESIDE = ("attachment, note or reply", "attachments, notes and replies")
ABOUT = "JSON: papers with title and abstract or summary, in a list, in groups, by identifier, or as pandas writes them"


def looks_like(source: Source) -> bool:
    """Whether the input begins as a JSON document of more than one line, or is one value."""
    head = source.beginning
    if not head.startswith(("[", "{")):
        return re.match(r'"\s*[\[{]', head) is not None  # JSON inside a JSON string
    if head.startswith("["):
        return head[1:].lstrip()[:1] in ("{", "[", "]", "")
    first, _, rest = head.partition("\n")
    if source.suffix in (".jsonl", ".ndjson") and first.strip() != "{":
        return False
    return not (is_object(first) and rest.lstrip().startswith("{"))


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each paper. Of a document that breaks off, the papers before the break."""
    with source.text() as stream:
        text = stream.read().lstrip("\ufeff")
    try:
        document = parse(text)
        if isinstance(document, str):  # JSON inside a JSON string
            document = parse(document)
    except JsonError as error:
        yield from _salvaged(text, source.name, error)
        return
    yield from records_of(document, source)


def records_of(document: Any, source: Source, where: str = "") -> Iterator[Record | Refusal]:
    """The papers of a JSON value that stands at ``where`` (default: the whole input)."""
    groups, passed = groups_of(document)
    if not groups and not where and is_empty(document):
        return
    if beside := _beside(document):
        source.notes.append(f"{source.name}: passed over {counted(beside, *_BESIDE)}")
    if passed and groups:
        source.notes.append(_passed_over(source.name, where, passed))
    if not groups:
        groups = [Group((), document if isinstance(document, list) and not where else [document])]
    for group in groups:
        path = " > ".join(group.path) if len(groups) > 1 else ""
        is_only = bool(where) and len(groups) == len(group.items) == 1
        yield from _records(group.items, source.name, ", ".join(part for part in (where, path) if part), is_only)


def _beside(document: Any) -> int:
    """How many items of a list, or of the lists in an object, belong to papers and are none."""
    lists = document.values() if isinstance(document, Mapping) else [document]
    items = (item for one in lists if isinstance(one, list) for item in one if isinstance(item, Mapping))
    return sum(map(is_beside_papers, items))


def parse(text: str) -> Any:
    """The value of a JSON text, or of one that Python printed.

    Raises:
        JsonError: the text is neither, or is too deep.
    """
    try:
        return parse_json(text)
    except JsonError:
        if not begins_python(text):
            raise
    try:
        value = parse_python(text)
    except ValueError as error:
        raise JsonError(str(error)) from error
    if is_deep(value):
        raise JsonError("nested too deep")
    return value


def is_object(text: str) -> bool:
    """Whether a text is one JSON or Python object."""
    try:
        return isinstance(parse(text), dict)
    except JsonError:
        return False


def _records(items: list[Any], name: str, where: str, is_only: bool) -> Iterator[Record | Refusal]:
    for number, item in enumerate(items, start=1):
        place = where if is_only else f"{where}, record {number}" if where else f"record {number}"
        if isinstance(item, Mapping):
            yield Record(place, item)
        else:
            yield Refusal(name, place, f"not an object but {type(item).__name__}")


def _passed_over(name: str, where: str, passed: list[Group]) -> str:
    groups = ", ".join(f"{' > '.join(group.path)} ({len(group.items)})" for group in passed[:5])
    more = f" and {len(passed) - 5} more" if len(passed) > 5 else ""
    return f"{name}{', ' * bool(where)}{where}: passed over objects that have no title or abstract: {groups}{more}"


def _salvaged(text: str, name: str, error: JsonError) -> Iterator[Record | Refusal]:
    """What stands before a break: one document after another, the items of lists of objects, or objects in objects."""
    number, several = 0, error.has_more
    opening = _next_list(text, 0)
    position = 0 if several else len(text) if opening is None else opening
    while position < len(text):
        while position < len(text) and text[position] in " \t\r\n,":
            position += 1
        try:
            item, position = parse_next_json(text, position)
        except JsonError as fault:
            if not several and text[position : position + 1] == "]" and (opening := _next_list(text, position)):
                position = opening
                continue
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
        where = f"line {error.line}" if error.line else f"record {number + 1}"
        yield Refusal(name, where, f"broken JSON ({error}); what follows is lost")


def _next_list(text: str, position: int) -> int | None:
    """Where the items of the next list of objects begin."""
    opening = re.compile(r"\[(?=\s*\{)").search(text, position)
    return opening.end() if opening else None
