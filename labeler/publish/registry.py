"""The outputs. A writer is one module of this folder with ``ABOUT`` and ``write(papers, out, names)``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import IO, Protocol, cast

from labeler.errors import UsageError
from labeler.publish.labelled import LabelledPaper

OUTPUTS = {
    "table": "labeler.publish.writers.table",
    "jsonl": "labeler.publish.writers.json_lines",
    "csv": "labeler.publish.writers.csv_file",
    "md": "labeler.publish.writers.markdown",
}


class Writer(Protocol):
    """What an output's module offers."""

    ABOUT: str

    def write(self, papers: Iterable[LabelledPaper], out: IO[str], names: Mapping[str, str]) -> None:
        """Write all papers to ``out``; ``names``: topic id → name."""


def writer_named(name: str) -> Writer:
    """The writer of an output.

    Raises:
        UsageError: no output has that name.
    """
    if name not in OUTPUTS:
        raise UsageError(f"there is no output {name!r}", f"known are: {', '.join(OUTPUTS)}")
    return cast("Writer", import_module(OUTPUTS[name]))
