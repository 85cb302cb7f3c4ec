"""Reading digests: guess the format, turn records into papers, merge them, and keep account of it all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from os import PathLike, fspath

from labeler.digests.fields import paper_of
from labeler.digests.registry import guess, reader_named
from labeler.digests.source import Refusal, Source
from labeler.errors import InputError
from labeler.papers import Merger, Paper


@dataclass
class Reading:
    """What was found in some digests. ``records`` = papers + merged + refused."""

    papers: list[Paper] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    merged: list[tuple[Paper, str, Paper]] = field(default_factory=list)
    formats: dict[str, str] = field(default_factory=dict)

    @property
    def records(self) -> int:
        """How many records the digests held."""
        return len(self.papers) + len(self.merged) + len(self.refused)

    def summary(self) -> str:
        """``308 records = 232 papers + 76 merged + 0 refused``."""
        return (
            f"{self.records} records = {len(self.papers)} papers + {len(self.merged)} merged "
            f"+ {len(self.refused)} refused"
        )


def open_sources(inputs: Sequence[str]) -> list[Source]:
    """The inputs, opened.

    Raises:
        InputError: one is missing or cannot be read.
    """
    return [Source(name) for name in inputs]


def stream_papers(
    sources: Sequence[Source], format_name: str | None = None, formats: dict[str, str] | None = None
) -> Iterator[Paper | Refusal]:
    """Papers and refusals of these inputs in order, unmerged, one at a time; ``formats`` is filled with what each is.

    Raises:
        InputError: an input is empty, or of no known format.
    """
    for source in sources:
        name = format_name or guess(source)
        if formats is not None:
            formats[source.name] = name
        for record in reader_named(name).records(source):
            if isinstance(record, Refusal):
                yield record
                continue
            try:
                yield paper_of(record.fields, source.name)
            except ValueError as error:
                yield Refusal(source.name, record.where, str(error))


def read_inputs(inputs: Sequence[str], format_name: str | None = None) -> Reading:
    """All papers of these inputs, merged, with an account of what was merged and refused.

    Raises:
        InputError: an input is missing or unreadable, or there is not one paper.
    """
    reading, merger = Reading(), Merger()
    for item in stream_papers(open_sources(inputs), format_name, reading.formats):
        if isinstance(item, Refusal):
            reading.refused.append(item)
        else:
            merger.add(item)
    reading.papers = merger.papers()
    reading.merged = [(merger.at(position), reason, paper) for position, reason, paper in merger.reasons]
    if not reading.papers:
        raise no_papers(reading.formats, reading.refused)
    return reading


def read_digest(path: str | PathLike[str], format: str | None = None) -> list[Paper]:  # noqa: A002  (the flag's name)
    """The papers of one digest, each once. ``format`` names the reader where guessing would fail.

    >>> [paper.id for paper in read_digest("digest.txt")]  # doctest: +SKIP
    ['arxiv:2503.11731', 'title:8f2b…']

    Raises:
        InputError: the file is missing, of no known format, or has no paper in it.
    """
    return read_inputs([fspath(path)], format).papers


def no_papers(formats: dict[str, str], refused: Sequence[Refusal]) -> InputError:
    """The error for digests in which nothing was found, with the first reason."""
    names = ", ".join(f"{name} (read as {format_name})" for name, format_name in formats.items())
    reason = f": {refused[0].where}: {refused[0].why}" if refused else ""
    return InputError(f"no papers in {names}{reason}", "see `labeler read --formats` for what can be read")
