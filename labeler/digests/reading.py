"""Reading digests: guess the format, turn records into papers, merge them, and keep account of it all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from os import PathLike, fspath

from labeler.digests.fields import paper_of
from labeler.digests.opening import open_sources
from labeler.digests.registry import Reader, empty_error, guess, reader_named, refuse_binary, text_columns
from labeler.digests.source import Record, Refusal, Source
from labeler.errors import InputError
from labeler.papers import Merger, Paper
from labeler.papers.languages import language_counts, language_of, languages_of, told_counts
from labeler.papers.seen import shared_notes
from labeler.patterns import pattern
from labeler.wording import counted, shortened

# What lies beside digests.
_README = pattern(r"(?:.*/)?readme(?:\.\w+)?", re.IGNORECASE)
_ABOUT = pattern(
    r"(?:.*/)?(?:readme(?:\.\w+)?|(?:licen[cs]e|copying|notice|changelog|citation)(?:\.\w{1,4})?)", re.IGNORECASE
)
_LONGEST_REASON = 400  # characters


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

    @property
    def flags(self) -> Counter[str]:
        """How many papers have each flag."""
        return Counter(flag for paper in self.papers for flag in paper.flags)

    def languages(self) -> str:
        """``12 papers: 9 in English, 3 in Chinese``; empty where no paper is in another language than English."""
        return told_counts(language_counts(paper.abstract or paper.title for paper in self.papers))

    def summary(self) -> str:
        """``308 records = 232 papers + 76 merged + 0 refused``."""
        return (
            f"{counted(self.records, 'record')} = {counted(len(self.papers), 'paper')} + {len(self.merged)} merged "
            f"+ {len(self.refused)} refused"
        )


class PaperStream:
    """The papers and refusals of some inputs, one at a time in their order, unmerged.

    ``formats`` has the format of each input that the iteration has reached, by the input's name, and ``notes`` what
    there is to say about those that it has left behind. Papers in another than a ``language`` that is named have a
    flag.
    """

    def __init__(self, sources: Sequence[Source], format_name: str | None = None, language: str = "") -> None:
        self.formats: dict[str, str] = {}
        self.notes: list[str] = []
        self._sources, self._format_name, self._language = sources, format_name, language

    def __iter__(self) -> Iterator[Paper | Refusal]:
        """The papers and refusals, from the first input on.

        Raises:
            InputError: all inputs are empty, or one is of no known format.
            UsageError: no format has the name that was given.
        """
        for source in usable(self._sources, self.notes):
            try:
                name = self._format_name or guess(source)
                refuse_binary(source, name)
            except InputError as error:
                if not source.is_found:
                    raise
                self.notes += source.notes
                yield Refusal(source.name, "", _reason(source, error))
                continue
            self.formats[source.name] = name
            yield from self._papers(source, reader_named(name))

    def _papers(self, source: Source, reader: Reader) -> Iterator[Paper | Refusal]:
        """The papers and refusals of an input."""
        is_void, seen = True, text_columns(reader, source)
        for record in _records(source, reader):
            is_void = False
            if isinstance(record, Refusal):  # it may quote what stands there
                yield record._replace(why=shortened(record.why, _LONGEST_REASON))
                continue
            seen.see(record.fields)
            try:
                yield with_language(paper_of(record.fields, source.name), self._language)
            except ValueError as error:
                yield Refusal(source.name, record.where, str(error))
        self.notes += [*source.notes, *filter(None, [seen.note()])]
        if not is_void:
            return
        if reader.looks_like(source):
            self.notes.append(f"{source.name} (read as {reader.NAME}) has no papers in it")
        else:  # the format was named, and is not that of the input
            yield Refusal(source.name, "", f"does not look like {reader.NAME}")


def with_language(paper: Paper, language: str) -> Paper:
    """The paper, with a flag where it is in another than a ``language`` that is named."""
    text = paper.abstract or paper.title
    if not language or language_of(text) in ("", language) or language in languages_of(text):
        return paper
    return replace(paper, flags=tuple(sorted({*paper.flags, "other_language"})))


def is_about(source: Source) -> bool:
    """Whether an input is no digest, but what lies beside digests in folders and archives: a licence, a README.

    A README may be a digest, and is one if it looks like one; a licence reads like a page, and is none.
    """
    if not source.is_found or not _ABOUT.fullmatch(source.name):
        return False
    try:
        return not _README.fullmatch(source.name) or not guess(source)
    except InputError:
        return True


def _records(source: Source, reader: Reader) -> Iterator[Record | Refusal]:
    """The records of an input. A member of an archive that is damaged is refused alone, behind its good records."""
    try:
        yield from reader.records(source)
    except InputError as error:
        if source.member is None:
            raise
        yield Refusal(source.name, "", _reason(source, error))


def _reason(source: Source, error: InputError) -> str:
    """What an error says of an input, without its name, which stands before it."""
    for name in (source.name, source.address):
        if (told := str(error)).startswith(f"cannot read {name}: "):
            return f"cannot be read: {told.removeprefix(f'cannot read {name}: ')}"
    return str(error).removeprefix(f"{source.name} ")


def usable(sources: Iterable[Source], notes: list[str]) -> Iterator[Source]:
    """The sources in which there is something that may be a digest; of each other one there is a note.

    Raises:
        InputError: none of them is such a one.
    """
    empty, about, is_first = list[str](), list[str](), True
    for source in sources:
        if source.is_empty:
            empty.append(source.name)
        elif is_about(source):
            about.append(source.name)
            notes += source.notes
        else:
            is_first = False
            yield source
    if is_first and about:
        raise InputError(f"{about[0]} is no digest", "give one with papers in it")
    if is_first and empty:
        raise empty_error(empty)
    notes += [f"{name} is empty and was passed over" for name in empty]
    notes += [f"{name} is no digest and was passed over" for name in about]


def read_inputs(inputs: Sequence[str], format_name: str | None = None, language: str = "") -> Reading:
    """All papers of these inputs, merged, with an account of what was merged and refused.

    Papers in another than a ``language`` that is named have a flag.

    Raises:
        InputError: an input is missing or unreadable, or none of the records is a paper. Digests without records are
            no papers, and no error.
    """
    return read_sources(open_sources(inputs), format_name, language)


def read_sources(sources: Sequence[Source], format_name: str | None = None, language: str = "") -> Reading:
    """The same of inputs that are open.

    Raises:
        InputError: as for :func:`read_inputs`.
    """
    reading, merger = Reading(), Merger()
    stream = PaperStream(sources, format_name, language)
    for item in stream:
        if isinstance(item, Refusal):
            reading.refused.append(item)
        else:
            merger.add(item)
    merger.merge_alike()
    reading.formats, reading.notes = stream.formats, [*stream.notes, *shared_notes(merger.shared())]
    reading.papers = merger.papers()
    reading.merged = [(merger.at(position), reason, paper) for position, reason, paper in merger.reasons]
    if not reading.papers and reading.refused:
        raise no_papers(reading.formats, reading.refused)
    return reading


def read_digest(path: str | PathLike[str], format: str | None = None) -> list[Paper]:  # noqa: A002  (the flag's name)
    """The papers of one digest, each once.

    Args:
        path: a file, a member of an archive (``old.zip/may.csv``), an address, or a source (``arxiv:cs.CL``).
        format: the name of the reader, where guessing would fail.

    Raises:
        InputError: the file is missing, of no known format, or none of its records is a paper.

    >>> from labeler import read_digest
    >>> papers = read_digest("digest.txt")
    >>> len(papers), papers[0].date
    (24, '--11-23')
    """
    return read_inputs([fspath(path)], format).papers


def no_papers(formats: dict[str, str], refused: Sequence[Refusal]) -> InputError:
    """The error for digests none of whose records is a paper, with the first reason."""
    names = ", ".join(f"{name} (read as {format_name})" for name, format_name in formats.items())
    if not names and refused:  # none was of a format that is read
        first, where, why = refused[0]
        return InputError(f"{first}{', ' * bool(where)}{where} {why}")
    reason = f": {': '.join(part for part in refused[0][1:] if part)}" if refused else ""
    return InputError(f"no papers in {names}{reason}", "see `labeler read --formats` for what can be read")
