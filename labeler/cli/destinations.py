"""Where labelled papers go, and as which output: the options -o and --to of the command label."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from labeler.cli.command import Run, ending_of
from labeler.cli.streams import OUTPUT, give_up_output
from labeler.errors import UsageError
from labeler.files import place_named
from labeler.publish.registry import OUTPUTS, Writer, is_binary, output_of, writer_named

STANDARD = "-"  # the name of standard output
_BY_DEFAULT = "jsonl"


class Destination(NamedTuple):
    """A place for labelled papers: the writer, and the file (None: standard output)."""

    writer: Writer
    file: str | None


def destinations_of(run: Run, to: str | None, files: Sequence[str]) -> list[Destination]:
    """The destinations that the options name.

    One file is written as ``to`` says, or else by its ending. Several files are written by their endings each; then
    ``to`` is for standard output.

    Raises:
        UsageError: the options contradict each other, or an output or an ending is not known.
        InputError: what the workspace's settings name for an output is missing or broken.
    """
    if run.as_json and to not in (None, _BY_DEFAULT):
        raise UsageError(f"--json and --to {to} contradict each other", "give one of them")
    to = _BY_DEFAULT if run.as_json else to
    named = [file for file in files if file != STANDARD]
    if len(files) == 1 and named:
        return [Destination(_writer(run, to or _output_of_file(named[0])), named[0])]
    _refuse_repeated(named)
    destinations = [Destination(_writer(run, _output_of_file(file)), file) for file in named]
    if to or STANDARD in files or not named:
        shown = to or ("table" if sys.stdout.isatty() else _BY_DEFAULT)
        destinations.append(Destination(_writer(run, shown), None))
    return destinations


@contextmanager
def opened(run: Run, destinations: Sequence[Destination]) -> Iterator[list[tuple[Writer, IO[Any]]]]:
    """The writers with the streams that they write to. The files appear when all of them are complete, or none does.

    Beside files, standard output may be read no longer (``labeler … -o FILE -o - | head``).

    Raises:
        RefusedError: a file is a sheet with corrections that were not imported.
    """
    from labeler.flows.corrections import refuse_to_lose_corrections

    for _, file in destinations:
        if file is not None:
            refuse_to_lose_corrections(Path(file), run.workspace_if_any)
    with ExitStack() as stack:
        outputs = []
        for writer, file in destinations:
            stream = stack.enter_context(run.output(file, is_binary(writer)))
            if file is None and len(destinations) > 1:
                stream = cast("IO[Any]", _WhileRead(stream))
            outputs.append((writer, stream))
        with place_named(" and ".join(destination.file or OUTPUT for destination in destinations)):
            yield outputs
            for _, out in outputs:
                out.flush()  # there may be no room for the last of them


class _WhileRead:
    """Standard output, where what nobody reads any more is lost, and no other output fails for it."""

    def __init__(self, stream: IO[Any]) -> None:
        self._stream = stream

    def write(self, data: Any) -> int:
        """Write text or bytes."""
        try:
            self._stream.write(data)
        except BrokenPipeError:
            give_up_output()
        return len(data)

    def flush(self) -> None:
        """Hand over what waits."""
        try:
            self._stream.flush()
        except BrokenPipeError:
            give_up_output()


def _writer(run: Run, output: str) -> Writer:
    return writer_named(output, run.workspace_if_any)


def _output_of_file(file: str) -> str:
    """The name of the output that a file of this name is written in."""
    if file in OUTPUTS.names:
        raise UsageError(f"-o {file} would be a file of that name", f"write ./{file} for such a file")
    ending = ending_of(file)
    return output_of(ending) if ending else _BY_DEFAULT


def _refuse_repeated(files: Sequence[str]) -> None:
    """Refuse two outputs to one file.

    Raises:
        UsageError: there are such.
    """
    paths = [Path(file).resolve() for file in files]
    for position, path in enumerate(paths):
        if path in paths[:position]:
            raise UsageError(f"-o {files[position]} is given twice", "name a file for each output")
