"""What all commands share: the options they all have, and where their words and data go."""

from __future__ import annotations

import inspect
import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, wraps
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

if TYPE_CHECKING:
    from labeler.config import Workspace
    from labeler.modelstore import ModelStore

WorkspaceDir = Annotated[str | None, typer.Option("--workspace", metavar="DIR", help="The workspace to work in.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Say nothing but errors.")]
Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="Tell the details of an error.")]
_SHARED: dict[str, Any] = {"workspace": WorkspaceDir, "as_json": AsJson, "quiet": Quiet, "verbose": Verbose}


class CarriedError(Exception):
    """What a command raised, carried past Typer, which would end the program in its own way."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__(str(cause))
        self.cause = cause


@dataclass
class Run:
    """One run of a command: the shared options, and where to say things."""

    named_workspace: str | None
    as_json: bool
    quiet: bool

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace, found when it is first needed."""
        from labeler.config import find_workspace

        return find_workspace(self.named_workspace)

    @cached_property
    def models(self) -> ModelStore:
        """The trained models. Outside any workspace there is the one that comes with labeler."""
        from labeler.config import WORKSPACE_VARIABLE, nearest_workspace
        from labeler.modelstore import ModelStore

        named = self.named_workspace or os.environ.get(WORKSPACE_VARIABLE)
        workspace = self.workspace if named else nearest_workspace()
        return ModelStore(workspace.models if workspace else None)

    def say(self, text: str) -> None:
        """Talk: to standard error, so that it never mixes with data."""
        if not self.quiet:
            from labeler.papers.cleaning import printable

            print("\n".join(map(printable, text.splitlines())), file=sys.stderr)

    def progress(self, text: str) -> None:
        """Talk that only a person at a terminal wants."""
        if sys.stderr.isatty():
            self.say(text)

    def result(self, record: dict[str, Any], text: str) -> None:
        """What a command was asked to show: an object for programs, or text for people."""
        print(json.dumps(record, ensure_ascii=False, indent=1) if self.as_json else text)

    def done(self, record: dict[str, Any], text: str) -> None:
        """What a command has done: an object for programs, or talk."""
        if self.as_json:
            self.result(record, text)
        else:
            self.say(text)

    @contextmanager
    def output(self, path: Path | None) -> Iterator[IO[str]]:
        """Where data go: standard output, or a file that appears whole or not at all."""
        if path is None:
            yield sys.stdout
            sys.stdout.flush()
            return
        from labeler.files import writing

        with writing(path) as stream:
            text = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="")
            yield text
            text.flush()
            text.detach()


def command(app: typer.Typer, name: str, function: Callable[..., None]) -> None:
    """Add ``function(run, …)`` to ``app`` as a command that also has the shared options."""
    hints = get_type_hints(function, include_extras=True)
    own = [
        parameter.replace(annotation=hints[parameter.name])
        for parameter in list(inspect.signature(function).parameters.values())[1:]
    ]
    shared = [
        inspect.Parameter(
            key, inspect.Parameter.KEYWORD_ONLY, default=None if key == "workspace" else False, annotation=kind
        )
        for key, kind in _SHARED.items()
    ]
    context = inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)

    @wraps(function)
    def invoke(**given: Any) -> None:
        before = given.pop("context").obj or {}
        if str(given.get("output")) == "-":
            given["output"] = None
        told = {key: given.pop(key) or before.get(key) for key in _SHARED}
        try:
            function(Run(told["workspace"], bool(told["as_json"]), bool(told["quiet"])), **given)
        except (KeyboardInterrupt, EOFError, OSError) as error:
            raise CarriedError(error) from error

    signature = inspect.Signature([context, *own, *shared])
    invoke.__signature__ = signature  # type: ignore[attr-defined]
    invoke.__annotations__ = {parameter.name: parameter.annotation for parameter in signature.parameters.values()}
    app.command(name)(invoke)


def _version(wanted: bool) -> None:
    if wanted:
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
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """The shared options may also stand before the command."""
    context.obj = {"workspace": workspace, "as_json": as_json, "quiet": quiet, "verbose": verbose}


def counted(number: int, noun: str) -> str:
    """``1 paper``, ``2 papers``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


Inputs = Annotated[
    list[str],
    typer.Argument(metavar="INPUT…", help="Digests: files of papers, or - for standard input.", show_default=False),
]
Format = Annotated[
    str | None, typer.Option("--format", metavar="NAME", help="The digest's format, where guessing fails.")
]
Output = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to a file.")]
Model = Annotated[
    str | None, typer.Option("--model", metavar="NAME[@VERSION]", help="The model to use (default: the current one).")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Tell what would happen and change nothing.")]
