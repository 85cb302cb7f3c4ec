"""JSON lines: one paper a line, as ``labeler read`` writes them and as daily dumps of arXiv come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from labeler.digests.fields import has_paper_fields
from labeler.digests.json_papers import LISTS
from labeler.digests.readers.json import is_object, parse, records_of
from labeler.digests.source import Record, Refusal, Source
from labeler.json_parsing import JsonError

NAME = "jsonl"
RANK = 40
ABOUT = "JSON lines: one paper a line, with title and abstract or summary (also Python dictionaries, printed)"


def looks_like(source: Source) -> bool:
    """Return whether the first line begins an object and is whole; in a file named .jsonl it need only begin one."""
    first = source.beginning.partition("\n")[0]
    return first.startswith("{") and (is_object(first) or source.suffix in (".jsonl", ".ndjson"))


def records(source: Source) -> Iterator[Record | Refusal]:
    """The papers of each line, mostly one; a line that is no JSON object is refused."""
    with source.text() as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            where = f"line {number}"
            try:
                value = parse(line)
            except JsonError as error:
                at = f" at column {error.column}" if error.column else ""
                yield Refusal(source.name, where, f"broken JSON: {error}{at}")
                continue
            if isinstance(value, dict) and _is_one_paper(value):
                yield Record(where, value)
            elif isinstance(value, dict | list):
                yield from records_of(value, source, where)
            else:
                yield Refusal(source.name, where, f"not an object but {type(value).__name__}")


def _is_one_paper(value: dict[str, Any]) -> bool:
    """Whether an object is one paper, without a look at what is in it."""
    title = value.get("title", "")
    return isinstance(title, str) and LISTS.isdisjoint(value) and has_paper_fields(value)
