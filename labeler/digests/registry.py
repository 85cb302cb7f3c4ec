"""The formats of digests. A reader is one module of the folder ``readers``: see :class:`Reader` for what it offers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from labeler.digests.magic import AS_TEXT, is_binary, kind_of_bytes
from labeler.digests.not_read import is_markup, known_kind, likely_kind
from labeler.digests.source import Record, Refusal, Source
from labeler.digests.text_columns import TextColumns
from labeler.errors import InputError
from labeler.registry import Member, Registry, leave_out

_NAMED = 3  # inputs that an error names


class Reader(Member, Protocol):
    """What a format's module offers.

    Formats are tried in the order of ``RANK``, the lowest first; those of equal rank by name. A format that few files
    have, and that is sure of them, has a low one. One with ``FIXED_NAMES = True`` says itself which field is the title
    and which the abstract; of others it is told where that was guessed.
    """

    RANK: int

    def looks_like(self, source: Source) -> bool:
        """Whether the input's beginning is of this format."""

    def records(self, source: Source) -> Iterator[Record | Refusal]:
        """The records, one by one, and what could not be read."""


FORMATS: Registry[Reader] = Registry("format", "labeler.digests.readers", "labeler.digests", Reader)


def text_columns(reader: Reader, source: Source) -> TextColumns:
    """What there is to tell of the columns that titles and abstracts of an input are taken from."""
    return TextColumns(source.name, is_fixed=getattr(reader, "FIXED_NAMES", False))


def reader_named(name: str) -> Reader:
    """The reader of a format.

    Raises:
        UsageError: no format has that name, or the package that adds it is broken.
    """
    return FORMATS.named(name)


def guess(source: Source) -> str:
    """The name of the first format that the input looks like; formats of other packages are tried last.

    Raises:
        InputError: the input is empty, or looks like none.
    """
    if source.is_empty:
        raise empty_error([source.name])
    if source.fault:
        raise source.fault
    kind = known_kind(source)
    if kind is None or is_markup(source):
        for reader in FORMATS.builtin:
            if reader.looks_like(source):
                return reader.NAME
    for reader in FORMATS.added:
        if _added_looks_like(reader, source):
            return reader.NAME
    if kind is None and source.suffix in (".csv", ".tsv") and not is_binary(source):
        header = source.head.strip().partition("\n")[0].strip()
        raise InputError(f"{source.name} has no column title or abstract, only: {header[:200]}", "rename the columns")
    if kind := kind or likely_kind(source):
        raise _not_read(source, *kind)
    if is_binary(source):
        raise InputError(f"cannot tell what kind of digest {source.name} is; it is no text", AS_TEXT)
    known = ", ".join(reader.NAME for reader in FORMATS.all)
    raise InputError(
        f"cannot tell what kind of digest {source.name} is",
        f"name it with --format, one of: {known}",
    )


def empty_error(names: Sequence[str]) -> InputError:
    """The error where the inputs of these names are all, and there is nothing in them."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    is_or_are = "is" if len(names) == 1 else "are"
    return InputError(f"{', '.join(names[:_NAMED])}{more} {is_or_are} empty", "give a file with papers in it")


def refuse_binary(source: Source, name: str) -> None:
    """Refuse an input that is no text, whatever format was named, where labeler's own reader of texts would read it.

    Raises:
        InputError: the input is of a kind that labeler does not read.
    """
    if source.fault:
        raise source.fault
    if name not in {reader.NAME for reader in FORMATS.builtin}:
        return
    if source.table_format not in ("", name):
        raise InputError(f"{source.name} is {source.table_format}, not {name}", "leave out --format")
    if kind := kind_of_bytes(source):
        raise _not_read(source, *kind)


def _not_read(source: Source, kind: str, advice: str) -> InputError:
    return InputError(f"{source.name} is {kind}, which labeler does not read yet", advice)


def _added_looks_like(reader: Reader, source: Source) -> bool:
    """Whether the input is of a format of another package; one that fails at that is left out."""
    try:
        return reader.looks_like(source)
    except Exception as error:
        leave_out(error)
        return False
