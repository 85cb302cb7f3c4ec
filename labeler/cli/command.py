"""What all commands share: their common options, and where messages and data go."""

from __future__ import annotations

import inspect
import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property, wraps
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from labeler.cli.help import Command
from labeler.cli.refusals import names_among, refuse_empty_names, refuse_to_replace
from labeler.cli.streams import OUTPUT
from labeler.errors import UsageError
from labeler.terminal import columns, fit, progress_to
from labeler.wording import counted as counted  # noqa: PLC0414  (commands take it from here)

if TYPE_CHECKING:
    from labeler.cli.would_write import WouldWrite
    from labeler.config import Workspace
    from labeler.modelstore import ModelStore

WorkspaceDir = Annotated[str | None, typer.Option("--workspace", metavar="DIR", help="The workspace to work in.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Say nothing but errors.")]
Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="Tell the details of an error.")]
_SHARED: dict[str, Any] = {"workspace": WorkspaceDir, "as_json": AsJson, "quiet": Quiet, "verbose": Verbose}


_Pseudonyms = Annotated[bool, typer.Option("--pseudonyms", help="Call annotators by pseudonyms, which stay the same.")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Tell what would happen and change nothing.")]


def divider(text: str | None) -> str:
    """What stands between labels, as a person writes it: ``\\t`` and ``tab`` are a tabulator; empty for None."""
    return "" if text is None else {"\\t": "\t", "tab": "\t", "\\n": "\n"}.get(text.lower(), text)


Separator = Annotated[
    str | None,
    typer.Option(
        "--separator", "--sep", metavar="SIGN", help="What stands between topics in a cell (default: guessed)."
    ),
]


# Whether commands are added for the list of all alone: making their options takes half the time of it.
_only_listed: ContextVar[bool] = ContextVar("only_listed", default=False)


@contextmanager
def only_listed() -> Iterator[None]:
    """Have :func:`command` add commands without their options, which can be listed and not run."""
    token = _only_listed.set(True)
    try:
        yield
    finally:
        _only_listed.reset(token)


class CarriedError(Exception):
    """An exception that a command raised, wrapped so that Typer does not handle it and end the program."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__(str(cause))
        self.cause = cause


@dataclass
class Run:
    """One run of a command: the shared options, the workspace, and the output of messages and data.

    A ``dry_run`` of a command that ``writes`` changes nothing: its outputs go nowhere, and it says what they would be
    (``would_write``).
    """

    named_workspace: str | None
    as_json: bool
    quiet: bool
    writes: bool = False
    dry_run: bool = False
    would_write: list[WouldWrite] = field(default_factory=list)
    _has_result: bool = False

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace, found when it is first needed."""
        from labeler.config import find_workspace

        return find_workspace(self.named_workspace)

    @cached_property
    def models(self) -> ModelStore:
        """The trained models. Outside of any workspace there is only the model that comes with labeler."""
        from labeler.modelstore import ModelStore

        return ModelStore(self.workspace_if_any.models if self.workspace_if_any else None)

    @cached_property
    def workspace_if_any(self) -> Workspace | None:
        """The workspace for commands that do without one, too; None outside of any."""
        from labeler.config import WORKSPACE_VARIABLE, nearest_workspace

        named = self.named_workspace or os.environ.get(WORKSPACE_VARIABLE)
        return self.workspace if named else nearest_workspace()

    def say(self, text: str) -> None:
        """Print a message on standard error, so that it never mixes with data; nothing with ``--quiet``."""
        if not self.quiet:
            from labeler.papers.cleaning import printable

            lines = "\n".join(map(printable, text.splitlines()))
            print(fit(lines, columns(sys.stderr)), file=sys.stderr)

    def progress(self, text: str) -> None:
        """Print a message that only a person at a terminal needs."""
        if sys.stderr.isatty():
            self.say(text)

    def result(self, record: dict[str, Any], text: str, *, for_people: bool = True) -> None:
        """Print what a command shows on standard output: ``record`` as JSON with ``--json``, else ``text``.

        A text for people is wrapped at the width of the terminal.
        """
        from labeler.files import place_named
        from labeler.papers.cleaning import printable, printable_json

        self._has_result = True
        if self.dry_run:
            outputs = [one.to_dict() for one in self.would_write]
            record = record | {"dry_run": True} | ({"would_write": outputs} if outputs else {})
        if self.as_json:
            shown = printable_json(json.dumps(record, ensure_ascii=False, indent=1))
        else:
            safe = "\n".join(map(printable, text.splitlines()))
            shown = fit(safe, columns(sys.stdout)) if for_people else safe
        with place_named(OUTPUT):
            print(shown)

    def done(self, record: dict[str, Any], text: str) -> None:
        """Report what a command has done: ``record`` as JSON with ``--json``, else ``text`` as a message."""
        if self.as_json:
            self.result(record | ({"dry_run": self.dry_run} if self.writes else {}), text)
        else:
            self.say(text)

    def end(self) -> None:
        """Print what a dry run would write, where programs read that and the command has printed nothing."""
        if self.dry_run and self.as_json and not self._has_result:
            self.result({}, "")

    @contextmanager
    def output(self, path: str | Path | None, binary: bool = False) -> Iterator[IO[Any]]:
        """The stream that data are written to: standard output, or a file that appears whole or not at all.

        It takes text, or bytes if it is to be ``binary``.

        Raises:
            UsageError: bytes would go to a terminal.
        """
        from labeler.files import atomic_write, place_named

        if path is None and binary and sys.stdout.isatty():
            raise UsageError("this output is no text for a terminal", "name a file with -o")
        if self.dry_run:
            from labeler.cli.would_write import written_nowhere

            with written_nowhere(path, binary) as (nowhere, would):
                yield nowhere
            self.would_write.append(would)
            self.say(would.sentence)
            return
        if path is None:
            with place_named(OUTPUT):
                yield sys.stdout.buffer if binary else sys.stdout
                sys.stdout.flush()
            return

        with atomic_write(Path(path)) as stream:
            if binary:
                yield stream
                return
            text = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="")
            yield text
            text.flush()
            text.detach()


def command(
    app: typer.Typer, name: str, function: Callable[..., None], names_people: bool = False, writes: bool = False
) -> None:
    """Add ``function(run, …)`` to ``app`` as a command that also has the shared options.

    One that ``names_people`` has the option ``--pseudonyms``, too, and one that ``writes`` has ``--dry-run``.
    """
    if _only_listed.get():
        app.command(name, cls=Command, help=inspect.getdoc(function))(lambda: None)
        return
    own_parameters = _own_parameters(function, names_people, writes)
    shared_parameters = [
        inspect.Parameter(
            key, inspect.Parameter.KEYWORD_ONLY, default=None if key == "workspace" else False, annotation=kind
        )
        for key, kind in _SHARED.items()
    ]
    names = names_among(own_parameters)
    context = inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)

    @wraps(function)
    def invoke(**options: Any) -> None:
        program_options = options.pop("context").obj or {}
        if str(options.get("output")) == "-":
            options["output"] = None
        shared = {key: options.pop(key) or program_options.get(key) for key in _SHARED}
        try:
            is_dry = writes and options.pop("dry_run")
            run = Run(shared["workspace"], bool(shared["as_json"]), bool(shared["quiet"]), writes, is_dry)
            named, dry = _named(options.pop("pseudonyms", False)), _dry(is_dry)
            with _in_workspace(shared["workspace"]), named, dry, progress_to(run.progress):
                refuse_empty_names(names, options)
                refuse_to_replace(lambda: run.workspace_if_any, options)
                function(run, **options)
                run.end()
        except (KeyboardInterrupt, EOFError, OSError) as error:
            raise CarriedError(error) from error

    signature = inspect.Signature([context, *own_parameters, *shared_parameters])
    invoke.__signature__ = signature  # type: ignore[attr-defined]
    invoke.__annotations__ = {parameter.name: parameter.annotation for parameter in signature.parameters.values()}
    app.command(name, cls=Command)(invoke)


def _own_parameters(function: Callable[..., None], names_people: bool, writes: bool) -> list[inspect.Parameter]:
    """The parameters of a command's function without the run, and the options that the command has beside them."""
    hints = get_type_hints(function, include_extras=True)
    own_parameters = [
        parameter.replace(annotation=hints[parameter.name])
        for parameter in list(inspect.signature(function).parameters.values())[1:]
    ]
    for key, is_wanted, kind in (("dry_run", writes, _DryRun), ("pseudonyms", names_people, _Pseudonyms)):
        if is_wanted:
            own_parameters.append(
                inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=False, annotation=kind)
            )
    return own_parameters


def _in_workspace(folder: str | None) -> AbstractContextManager[None]:
    """Have what works for the command use the workspace that it was given."""
    if folder is None:
        return nullcontext()
    from labeler.config import workspace_named

    return workspace_named(folder)


def _named(pseudonyms: bool) -> AbstractContextManager[None]:
    """Have all annotators of what the command prints and writes appear under pseudonyms, where that is wanted."""
    if not pseudonyms:
        return nullcontext()
    from labeler.judgements.pseudonyms import pseudonyms_wanted

    return pseudonyms_wanted()


def _dry(is_dry: bool) -> AbstractContextManager[None]:
    """Have nothing kept, where nothing is to be changed."""
    if not is_dry:
        return nullcontext()
    from labeler.dry_runs import dry_run

    return dry_run()


def _print_version(requested: bool) -> None:
    if requested:
        from importlib.metadata import version

        print(f"labeler {version('labeler')}")
        raise typer.Exit


def fill_in(
    context: typer.Context,
    workspace: WorkspaceDir = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    version: Annotated[  # noqa: ARG001  (its callback does the work)
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Keep the shared options that stand before the command."""
    context.obj = {"workspace": workspace, "as_json": as_json, "quiet": quiet, "verbose": verbose}


def ending_of(output: str) -> str:
    """The ending of a file's name, in lower case and with the dot; empty where it has none."""
    _, dot, last = output.rpartition("/")[2].rpartition(".")
    return dot and last and f".{last.lower()}"


def known_ending(output: str | None, *known: str) -> str:
    """The ending of the file that data are written to, if it is a known one, or none.

    Raises:
        UsageError: it is another one, or that of a folder.
    """
    if output is None:
        return ""
    if output.endswith("/"):
        raise UsageError(f"{output} is a folder", f"name a file, such as {output}papers{known[0]}")
    ending = ending_of(output)
    if ending and ending not in known:
        raise UsageError(f"no output of this command has the ending {ending}", f"known are: {', '.join(known)}")
    return ending


Inputs = Annotated[
    list[str],
    typer.Argument(metavar="INPUT…", help="Digests: files of papers, or - for standard input.", show_default=False),
]
InputsIfAny = Annotated[list[str] | None, Inputs.__metadata__[0]]  # of commands that one option has do without
Format = Annotated[
    str | None, typer.Option("--format", metavar="NAME", help="The digest's format, where guessing fails.")
]
JSON_LINES = (".jsonl", ".ndjson")
Output = Annotated[
    str | None,
    typer.Option(
        "-o", "--output", metavar="FILE", help=f"Write JSON lines to a file ({', '.join(JSON_LINES)} or no ending)."
    ),
]
Model = Annotated[
    str | None, typer.Option("--model", metavar="NAME[@VERSION]", help="The model to use (default: the current one).")
]
