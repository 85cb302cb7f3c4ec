"""The files that Label Studio exports: JSON, JSON lines, JSON_MIN, CSV and TSV, as they are or saved again by others.

The formats: https://labelstud.io/guide/export. A cloud storage has one annotation a file, with its task inside
(https://labelstud.io/guide/storage), as a webhook sends it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from labeler.digests.magic import AS_TEXT, is_binary
from labeler.digests.not_read import known_kind
from labeler.digests.source import Source
from labeler.errors import InputError
from labeler.files import CsvError, CsvRows
from labeler.json_parsing import JsonError, parse_json, parse_next_json

ANNOTATION = "annotation"  # what the positions of tasks begin with whose annotations are entries of the file
_DELIMITERS = (",", "\t", ";", "|")
_COLUMNS = {"annotation_id", "annotator"}  # of every CSV or TSV
_LISTS = ("tasks", "results")  # of an object around tasks
_SEPARATOR_LINE = re.compile(r'"?sep=.?"?\s*\n', re.IGNORECASE)  # the first line of some files for Excel
_START = 64  # characters in which signs that no text has show that a file is none
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a]")
_END = "\x00end of the export\x00"  # a quote that is still open takes it in


def tasks_in(source: Source) -> Iterator[tuple[str, Any]]:
    """The tasks (JSON) or rows (JSON_MIN, CSV, TSV) of a file, each with its position there, for messages.

    Raises:
        InputError: the file is no export, or is broken.
    """
    if not source.encoding or _BINARY.search(source.head[:_START]):
        _refuse_known(source)
    with source.text() as stream:
        text = stream.read().lstrip("\ufeff")
    if text.lstrip()[:1] in ("[", "{"):
        yield from _json_tasks(text, source.name)
    else:
        yield from _rows(text, source)


def _refuse_known(source: Source) -> None:
    """Refuse a file that is known to be something else, such as an archive."""
    if known := known_kind(source):
        raise InputError(f"{source.name} is no export of Label Studio but {known[0]}", known[1])
    if is_binary(source):
        raise InputError(f"{source.name} is no export of Label Studio; it is no text", AS_TEXT)


def _rows(text: str, source: Source) -> Iterator[tuple[str, Any]]:
    name = source.name
    text = text.lstrip("\r\n")
    text = _SEPARATOR_LINE.sub("", text, count=1) if _SEPARATOR_LINE.match(text) else text
    header = text.splitlines()[0] if text.strip() else ""
    delimiter = next((one for one in _DELIMITERS if set(_names(header, one)) >= _COLUMNS), None)
    if delimiter is None:
        _refuse_known(source)
        raise InputError(
            f"{name} is no export of Label Studio",
            "for a table of your own name its column with --topics-column, for tags --topics-from keywords",
        )
    rows = CsvRows(chain(io.StringIO(text, newline=None), [_END]), delimiter)
    try:
        names = [column.strip() for column in next(rows)]
        for row in filter(None, rows):
            if row[-1].endswith(_END) and row != [_END]:
                raise InputError(f"{name} has a quote that is never closed", "export it again")
            if row != [_END]:
                yield f"line {rows.line_num}", dict.fromkeys(names) | dict(zip(names, row, strict=False))
    except CsvError as error:
        raise InputError(f"{name} is broken near line {rows.line_num}: {error}", "export it again") from error


def _names(header: str, delimiter: str) -> list[str]:
    try:
        return [column.strip() for column in next(CsvRows([header], delimiter), [])]
    except CsvError:
        return []


def _json_tasks(text: str, name: str) -> Iterator[tuple[str, Any]]:
    document = _document(text, name)
    if isinstance(document, Mapping):
        lists = [document[key] for key in _LISTS if isinstance(document.get(key), list)]
        document = lists[0] if lists and not _is_task(document) else [document]
    document = [one for entry in document for one in _one_by_one(entry)]
    tasks = list(map(_with_annotation, document))
    if not any(map(_is_task, tasks)):
        without_task = any(isinstance(task, Mapping) and isinstance(task.get("result"), list) for task in tasks)
        reason = "its annotations come without their tasks" if without_task else "it has no annotations"
        raise InputError(f"{name} is no export of Label Studio: {reason}", "export as JSON there")
    for number, (task, entry) in enumerate(zip(tasks, document, strict=True), start=1):
        yield f"{'task' if task is entry else ANNOTATION} {number}", task


def _document(text: str, name: str) -> Any:
    """The JSON value of a text; of several values, one after another, a list."""
    try:
        return parse_json(text)
    except JsonError as error:
        if error.has_more:
            return list(_values(text, name))
        where = f"line {error.line}: " if error.line else ""
        raise InputError(f"{name} is not JSON ({where}{error})", "export it again") from error


def _values(text: str, name: str) -> Iterator[Any]:
    """The JSON values of a text, one after another, as in JSON lines."""
    position = _next_sign(text, 0)
    while position < len(text):
        try:
            value, position = parse_next_json(text, position)
        except JsonError as error:
            where = f"line {text.count(chr(10), 0, position) + 1}: {error}"
            raise InputError(f"{name} is not JSON ({where})", "export it again") from error
        position = _next_sign(text, position)
        yield from value if isinstance(value, list) else [value]


def _next_sign(text: str, position: int) -> int:
    """The position of the next sign that stands for something, from ``position`` on."""
    while position < len(text) and (text[position].isspace() or text[position] == ","):
        position += 1
    return position


def _one_by_one(entry: Any) -> list[Any]:
    """The annotations of a webhook about several (``ANNOTATIONS_CREATED``), each with its task; other entries as is."""
    if not isinstance(entry, Mapping):
        return [entry]
    tasks, annotations = entry.get("task"), entry.get("annotation")
    if not isinstance(tasks, list) or not isinstance(annotations, list) or len(tasks) != len(annotations):
        return [entry]
    return [{"task": task, "annotation": annotation} for task, annotation in zip(tasks, annotations, strict=True)]


def _with_annotation(entry: Any) -> Any:
    """A task with its annotation, where an entry is an annotation with its task inside, or has both; else the entry."""
    if not isinstance(entry, Mapping) or not isinstance(task := entry.get("task"), Mapping):
        return entry
    annotation = entry.get("annotation") if isinstance(entry.get("annotation"), Mapping) else entry
    if not isinstance(annotation, Mapping) or not isinstance(annotation.get("result"), list):
        return entry
    return {**task, "annotations": [{key: value for key, value in annotation.items() if key != "task"}]}


def _is_task(task: Any) -> bool:
    return isinstance(task, Mapping) and any(key in task for key in ("annotations", "completions", "annotation_id"))
