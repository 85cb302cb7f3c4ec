"""Several outputs of the same papers at once."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import IO, Any

from labeler.publish.labelled import LabelledPaper
from labeler.publish.registry import Writer, is_binary, is_stream

_AT_ONCE = 256


def write_all(
    papers: Iterable[LabelledPaper], outputs: Sequence[tuple[Writer, IO[Any]]], names: Mapping[str, str]
) -> None:
    """Write the papers with each writer to its stream; ``names``: topic id → name.

    One output is written as the papers come. Of several, those that are streams are written some papers at a time. Only
    where another one needs all papers at once are they held in memory, in one list for all such outputs.
    """
    if len(outputs) == 1:
        writer, out = outputs[0]
        writer.write(papers, out, names)
        return
    streams = [(writer, out) for writer, out in outputs if is_stream(writer)]
    others = [(writer, out) for writer, out in outputs if not is_stream(writer)]
    held: list[LabelledPaper] = []
    waiting, is_first = iter(papers), True
    while (some := list(islice(waiting, _AT_ONCE))) or is_first:
        for writer, out in streams:
            _write_part(writer, some, out, names, is_first)
        if others:
            held += some
        is_first = False
    for writer, out in others:
        writer.write(held, out, names)


def _write_part(
    writer: Writer, papers: Sequence[LabelledPaper], out: IO[Any], names: Mapping[str, str], is_first: bool
) -> None:
    """Write some papers after others, with the text that stands at the beginning only before the first."""
    head: str = getattr(writer, "HEAD", "")
    if is_first or not head:
        writer.write(papers, out, names)
        return
    part: IO[Any] = io.BytesIO() if is_binary(writer) else io.StringIO(newline="")
    writer.write(papers, part, names)
    part.seek(len(head.encode()) if is_binary(writer) else len(head))
    out.write(part.read())
