"""JSON lines: one labelled paper a line, written as it comes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO

from labeler.files import json_line
from labeler.publish.labelled import LabelledPaper

NAME = "jsonl"
SUFFIXES = (".jsonl", ".ndjson")
STREAMS = True
ABOUT = "JSON lines, one labelled paper a line"


def write(papers: Iterable[LabelledPaper], out: IO[str], names: Mapping[str, str]) -> None:  # noqa: ARG001
    """One record a line; topics by id."""
    for item in papers:
        out.write(json_line(item.to_dict()) + "\n")
