"""The formats, in the order in which they are tried. A module is imported when it is first asked for.

A reader is one module of this folder with ``ABOUT`` (one line for people), ``looks_like(source) -> bool`` and
``records(source) -> Iterator[Record | Refusal]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Protocol, cast

from labeler.digests.source import Record, Refusal, Source
from labeler.errors import InputError, UsageError

FORMATS = {
    "parquet": "labeler.digests.readers.parquet",
    "hf_daily": "labeler.digests.readers.hf_daily",
    "json": "labeler.digests.readers.json_document",
    "jsonl": "labeler.digests.readers.json_lines",
    "arxiv_email": "labeler.digests.readers.arxiv_email",
    "table": "labeler.digests.readers.table",
    "page": "labeler.digests.readers.page",
}

# What people also have, by how it begins: to say so, rather than that it is unknown.
_NOT_READ = {
    "XML or HTML": r"<",
    "a PDF file": r"%PDF",
    "a zip or Office file": r"PK\x03\x04",
    "RIS": r"(?:.*\n){0,5}?(?:TY|ER|PMID)  ?- ",
    "Markdown": r"(?:.*\n){0,20}?#{1,6} ",
}


class Reader(Protocol):
    """What a format's module offers."""

    ABOUT: str

    def looks_like(self, source: Source) -> bool:
        """Whether the input's beginning is of this format."""

    def records(self, source: Source) -> Iterator[Record | Refusal]:
        """The records, one by one, and what could not be read."""


def reader_named(name: str) -> Reader:
    """The reader of a format.

    Raises:
        UsageError: no format has that name.
    """
    if name not in FORMATS:
        raise UsageError(f"there is no format {name!r}", f"known are: {', '.join(FORMATS)}")
    return cast("Reader", import_module(FORMATS[name]))


def guess(source: Source) -> str:
    """The name of the first format that the input looks like.

    Raises:
        InputError: the input is empty, or looks like none.
    """
    if not source.head.strip():
        raise InputError(f"{source.name} is empty", "give a digest with papers in it")
    for name in FORMATS:
        if reader_named(name).looks_like(source):
            return name
    if source.suffix in (".csv", ".tsv"):
        header = source.head.strip().partition("\n")[0].strip()
        raise InputError(f"{source.name} has no column title or abstract, only: {header[:200]}", "rename the columns")
    for kind, pattern in _NOT_READ.items():
        if re.match(pattern, source.head.lstrip("\ufeff \t\r\n")):
            raise InputError(f"{source.name} seems to be {kind}, which is not read yet", "export it as CSV or JSON")
    raise InputError(
        f"cannot tell what kind of digest {source.name} is",
        f"name it with --format, one of: {', '.join(FORMATS)}",
    )
