"""Reading digests: guess the format, turn records into papers, merge them, and keep account of it all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from os import PathLike, fspath

from labeler.digests.fields import paper_of
from labeler.digests.registry import empty_error, guess, reader_named, refuse_binary, text_columns
from labeler.digests.source import STDIN, Refusal, Source, is_web_address
from labeler.errors import InputError, UsageError
from labeler.papers import Merger, Paper
from labeler.papers.seen import shared_notes
from labeler.storage import list_files, may_match_many
from labeler.wording import counted


@dataclass
class Reading:
    """What was found in some digests. ``records`` = papers + merged + refused.

    ``notes`` are sentences about the digests, such as what was passed over.
    """

    papers: list[Paper] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    merged: list[tuple[Paper, str, Paper]] = field(default_factory=list)
    formats: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def records(self) -> int:
        """The number of records in the digests."""
        return len(self.papers) + len(self.merged) + len(self.refused)

    def summary(self) -> str:
        """``308 records = 232 papers + 76 merged + 0 refused``."""
        return (
            f"{counted(self.records, 'record')} = {counted(len(self.papers), 'paper')} + {len(self.merged)} merged "
            f"+ {len(self.refused)} refused"
        )


class PaperStream:
    """The papers and refusals of some inputs, one at a time in their order, unmerged.

    ``formats`` has the format of each input that the iteration has reached, by the input's name, and ``notes`` what
    there is to say about those that it has left behind.
    """

    def __init__(self, sources: Sequence[Source], format_name: str | None = None) -> None:
        self.formats: dict[str, str] = {}
        self.notes: list[str] = []
        self._sources, self._format_name = sources, format_name

    def __iter__(self) -> Iterator[Paper | Refusal]:
        """The papers and refusals, from the first input on.

        Raises:
            InputError: all inputs are empty, or one is of no known format.
            UsageError: no format has the name that was given.
        """
        for source in not_empty(self._sources, self.notes):
            name = self._format_name or guess(source)
            refuse_binary(source, name)
            self.formats[source.name] = name
            reader, is_void = reader_named(name), True
            seen = text_columns(reader, source)
            for record in reader.records(source):
                is_void = False
                if isinstance(record, Refusal):
                    yield record
                    continue
                seen.see(record.fields)
                try:
                    yield paper_of(record.fields, source.name)
                except ValueError as error:
                    yield Refusal(source.name, record.where, str(error))
            self.notes += [*source.notes, *filter(None, [seen.note()])]
            if not is_void:
                continue
            if reader.looks_like(source):
                self.notes.append(f"{source.name} (read as {name}) has no papers in it")
            else:  # the format was named, and is not that of the input
                yield Refusal(source.name, "", f"does not look like {name}")


def not_empty(sources: Iterable[Source], notes: list[str]) -> Iterator[Source]:
    """The sources in which there is something; of each other one there is a note.

    Raises:
        InputError: all are empty.
    """
    empty, is_first = list[str](), True
    for source in sources:
        if source.is_empty:
            empty.append(source.name)
            continue
        is_first = False
        yield source
    if empty and is_first:
        raise empty_error(empty)
    notes += [f"{name} is empty and was passed over" for name in empty]


def open_sources(inputs: Sequence[str]) -> list[Source]:
    """The inputs, opened: files, addresses, ``-``, and those that a folder or a pattern stands for.

    Raises:
        InputError: one is missing or cannot be read.
        UsageError: what an address needs is not installed.
    """
    return [Source(file) for name in inputs for file in files_of(name)]


def files_of(name: str) -> list[str]:
    """The files that an input stands for. An address of the web is one, whatever signs of a pattern are in it.

    Raises:
        InputError: a folder or pattern has no files.
        UsageError: the name is empty.
    """
    if not name.strip():
        raise UsageError("the name of an input is empty", "name a file, a folder or a pattern")
    if name == STDIN or is_web_address(name) or not may_match_many(name):
        return [name]
    return list_files([name])


def read_inputs(inputs: Sequence[str], format_name: str | None = None) -> Reading:
    """All papers of these inputs, merged, with an account of what was merged and refused.

    Raises:
        InputError: an input is missing or unreadable, or none of the records is a paper. Digests without records are
            no papers, and no error.
    """
    reading, merger = Reading(), Merger()
    stream = PaperStream(open_sources(inputs), format_name)
    for item in stream:
        if isinstance(item, Refusal):
            reading.refused.append(item)
        else:
            merger.add(item)
    reading.formats, reading.notes = stream.formats, [*stream.notes, *shared_notes(merger.shared())]
    reading.papers = merger.papers()
    reading.merged = [(merger.at(position), reason, paper) for position, reason, paper in merger.reasons]
    if not reading.papers and reading.refused:
        raise no_papers(reading.formats, reading.refused)
    return reading


def read_digest(path: str | PathLike[str], format: str | None = None) -> list[Paper]:  # noqa: A002  (the flag's name)
    """The papers of one digest, each once. ``format`` names the reader where guessing would fail.

    >>> [paper.id for paper in read_digest("digest.txt")]  # doctest: +SKIP
    ['arxiv:2503.11731', 'title:8f2b…']

    Raises:
        InputError: the file is missing, of no known format, or none of its records is a paper.
    """
    return read_inputs([fspath(path)], format).papers


def no_papers(formats: dict[str, str], refused: Sequence[Refusal]) -> InputError:
    """The error for digests none of whose records is a paper, with the first reason."""
    names = ", ".join(f"{name} (read as {format_name})" for name, format_name in formats.items())
    reason = f": {': '.join(part for part in refused[0][1:] if part)}" if refused else ""
    return InputError(f"no papers in {names}{reason}", "see `labeler read --formats` for what can be read")
