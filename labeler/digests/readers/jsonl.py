"""JSON lines: one paper a line, as ``labeler read`` writes them and as daily dumps of arXiv come."""

from __future__ import annotations

import json
from collections.abc import Iterator

from labeler.digests.readers.json import is_json
from labeler.digests.source import Record, Refusal, Source

NAME = "jsonl"
RANK = 40
ABOUT = "JSON lines: one paper a line, with title and abstract or summary"


def looks_like(source: Source) -> bool:
    """Return whether the first line begins an object and is whole; in a file named .jsonl it need only begin one."""
    first = source.head.lstrip("\ufeff \t\r\n").partition("\n")[0]
    return first.startswith("{") and (is_json(first) or source.suffix in (".jsonl", ".ndjson"))


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record a line; a line that is no JSON object is refused."""
    with source.text() as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                value = json.loads(line)
            except json.JSONDecodeError as error:
                yield Refusal(source.name, f"line {number}", f"broken JSON: {error.msg} at column {error.colno}")
                continue
            except (ValueError, RecursionError):
                yield Refusal(source.name, f"line {number}", "JSON that is too deep, or a number too long")
                continue
            if isinstance(value, dict):
                yield Record(f"line {number}", value)
            else:
                yield Refusal(source.name, f"line {number}", f"not an object but {type(value).__name__}")
