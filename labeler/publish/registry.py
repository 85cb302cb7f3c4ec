"""The outputs. A writer is one module of the folder ``writers``: see :class:`Writer` for what it offers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO, TYPE_CHECKING, Any, Protocol

from labeler.errors import UsageError
from labeler.registry import Member, Registry

if TYPE_CHECKING:
    from labeler.config import Workspace
    from labeler.publish.labelled import LabelledPaper

COLUMNS = "parquet"  # very many papers are written so: as columns, by :mod:`labeler.bulk`


class Writer(Member, Protocol):
    """What an output's module offers.

    ``SUFFIXES`` are the endings of files that are written so, in lower case, with the dot. A module may say more:

    - ``STREAMS = True``: what it writes of some papers and then of others, one after the other, is what it writes of
      all, but for ``HEAD``, a text that stands once at the beginning; a module that writes none does not say it.
    - ``BINARY = True``: it is given a stream of bytes.
    - ``FEED = True``: people follow it. Where papers come day by day, it is given the latest ones, the newest first,
      and not those of one day alone.
    - ``DATED = True``: papers have ``since``, ``LINKED = True``: papers have ``task``, as far as these are known. They
      take time to find.
    - ``of_workspace(workspace)``: the writer that heeds the settings of a workspace.
    """

    SUFFIXES: tuple[str, ...]

    def write(self, papers: Iterable[LabelledPaper], out: IO[Any], names: Mapping[str, str]) -> None:
        """Write all papers to ``out``; ``names``: topic id → name (``labeler.publish.chosen.TopicNames``)."""


OUTPUTS: Registry[Writer] = Registry("output", "labeler.publish.writers", "labeler.outputs", Writer)


def writer_named(name: str, workspace: Workspace | None = None) -> Writer:
    """The writer of an output, as the settings of a workspace have it.

    Raises:
        UsageError: no output has that name, or the package that adds it is broken.
        InputError: what the settings name for it is missing or broken.
    """
    writer: Any = OUTPUTS.named(name)
    adapted: Writer = writer.of_workspace(workspace) if workspace and hasattr(writer, "of_workspace") else writer
    return adapted


def is_binary(writer: Writer) -> bool:
    """Whether a writer writes bytes."""
    return getattr(writer, "BINARY", False)


def is_dated(writer: Writer) -> bool:
    """Whether a writer needs the day on which a paper was labelled first."""
    return getattr(writer, "DATED", False)


def is_linked(writer: Writer) -> bool:
    """Whether a writer needs the address of a paper's task in Label Studio."""
    return getattr(writer, "LINKED", False)


def is_stream(writer: Writer) -> bool:
    """Whether what a writer writes of some papers and then of others is what it writes of all, but for its head."""
    return getattr(writer, "STREAMS", False)


def is_feed(writer: Writer) -> bool:
    """Whether a writer writes what people follow day by day."""
    return getattr(writer, "FEED", False)


def output_of(suffix: str) -> str:
    """The name of the output that files with this ending are written in (``.csv``; case does not matter).

    Raises:
        UsageError: no output has the ending.
    """
    ending = suffix.lower()
    name = ending.removeprefix(".")
    if name in OUTPUTS.names and ending in OUTPUTS.named(name).SUFFIXES:  # so that no other one is imported
        return name
    if found := _of_ending(OUTPUTS.builtin, ending) or _of_ending(OUTPUTS.added, ending):
        return found
    known = ", ".join(ending for writer in OUTPUTS.all for ending in writer.SUFFIXES)
    raise UsageError(f"no output has the ending {suffix}", f"known are: {known}; or name an output with --to")


def _of_ending(writers: Iterable[Writer], ending: str) -> str:
    return next((writer.NAME for writer in writers if ending in writer.SUFFIXES), "")


def output_of_many(name: str) -> str:
    """``name``, if the labels of very many papers can be written in that output, part by part.

    Raises:
        UsageError: they cannot.
    """
    if name == COLUMNS or any(name == writer.NAME for writer in filter(is_stream, OUTPUTS.builtin)):
        return name
    known = [COLUMNS, *(writer.NAME for writer in filter(is_stream, OUTPUTS.all))]
    if name in known:
        return name
    files = "; name the files themselves to label them as one digest" if name in OUTPUTS.names else ""
    raise UsageError(f"the labels of many papers cannot be {name!r}", f"known are: {', '.join(known)}{files}")
