"""What a shell may complete a command line with: commands, options, and the names that their values may have.

A shell that asks wants an answer at once, and never an error: whatever is damaged or missing completes nothing.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import redirect_stderr, suppress
from typing import TYPE_CHECKING, Any

import typer
from typer._click.core import Context, Parameter
from typer._click.shell_completion import (
    CompletionItem,
    ShellComplete,
    _resolve_context,
    _resolve_incomplete,
    split_arg_string,
)

if TYPE_CHECKING:
    from labeler.config import Workspace

Names = Iterable[tuple[str, str]]  # each with what it is in words, where that is known at once
_TEXT = str.maketrans("\t\r\n", "   ")


def completed(line: str) -> int:
    """Print what a command line, up to the cursor, may go on with; a value and its help a line. The exit code is 0."""
    with suppress(Exception), redirect_stderr(io.StringIO()):
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", errors="replace")
        if found := _Line(line).complete():
            print(found)
    return 0


class _Line(ShellComplete):
    """A command line up to the cursor, and what may follow."""

    name = "labeler"

    def __init__(self, line: str) -> None:
        from labeler.cli.app import app_for

        words = split_arg_string(line)[1:]
        self._incomplete = words.pop() if words and not line[-1].isspace() else ""
        self._words = words
        super().__init__(typer.main.get_command(app_for(_from_command_on(words))), {}, "labeler", "")

    def source_vars(self) -> dict[str, Any]:
        """Nothing: the scripts are those of :mod:`labeler.cli.completion`."""
        return {}

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one that is being typed, and that one."""
        return self._words, self._incomplete

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """The values that the word may become. After ``--option=``, they begin with that."""
        context = _resolve_context(self.cli, self.ctx_args, self.prog_name, args)
        place, begun = _resolve_incomplete(context, args, incomplete)
        before = incomplete.removesuffix(begun) if begun != incomplete else ""
        if not isinstance(place, Parameter):
            return place.shell_complete(context, begun)
        found = dict(_names_for(place, context))
        return [CompletionItem(before + name, help=told) for name, told in found.items() if name.startswith(begun)]

    def format_completion(self, item: CompletionItem) -> str:
        """A value, and its help after a tabulator."""
        return f"{item.value}\t{(item.help or '').translate(_TEXT)}".rstrip()


def _from_command_on(words: Sequence[str]) -> Sequence[str]:
    """The words from the command on, so that no other command is built: options may stand before it."""
    from labeler.cli.app import COMMANDS

    return words[next((number for number, word in enumerate(words) if word in COMMANDS), len(words)) :]


def _names_for(parameter: Parameter, context: Context) -> Names:
    """The names that may be the value of an option or an argument."""
    option = next((name for name in parameter.opts if name in _OF_OPTIONS), "")
    names = _OF_OPTIONS.get(option) or _OF_METAVARS.get(parameter.metavar or "")
    return names(context) if names else ()


def _workspace(context: Context | None) -> Workspace | None:
    """The workspace that the line names, or that there is; None outside of any."""
    from labeler.config import WORKSPACE_VARIABLE, find_workspace, nearest_workspace

    named = os.environ.get(WORKSPACE_VARIABLE)
    while context is not None and not (given := context.params.get("workspace")):
        context = context.parent
    named = given if context is not None else named
    return find_workspace(named) if named else nearest_workspace()


def _models(context: Context) -> Names:
    """The models and their versions, as far as their folders tell; one that is damaged is among them, to be removed."""
    from labeler.modelstore import version_folders

    workspace = _workspace(context)
    found = version_folders(workspace.models if workspace else None)
    names = dict.fromkeys(name for name, _ in found)
    return [(name, "the newest version") for name in names] + [(f"{name}@{number}", "") for name, number in found]


def _topics(context: Context) -> Names:
    """The topics of the workspace, and those of the model that comes with labeler where no other one is in use."""
    from labeler.modelstore import ModelStore
    from labeler.topics import load_scheme

    workspace = _workspace(context)
    found = [(topic.id, topic.name) for topic in load_scheme(workspace.topics).topics] if workspace else []
    if workspace is None or ModelStore(workspace.models).current() is None:
        from labeler.flows.drift import field_names

        found += field_names().items()
    return found


def _watches(context: Context) -> Names:
    from labeler.watching.settings import watches_of

    workspace = _workspace(context)
    return [(watch.name, "") for watch in watches_of(workspace)] if workspace else []


def _formats(_: Context) -> Names:
    from labeler.digests.registry import FORMATS

    return [(name, "") for name in FORMATS.names]


def _outputs(_: Context) -> Names:
    from labeler.publish.registry import COLUMNS, OUTPUTS

    return [(name, "") for name in (*OUTPUTS.names, COLUMNS)]


def _strategies(_: Context) -> Names:
    from labeler.sampling.registry import STRATEGIES

    return [(name, STRATEGIES.named(name).ABOUT) for name in STRATEGIES.names]


def _sources(_: Context) -> Names:
    from labeler.sources.registry import SOURCES

    return [(name, "") for name in SOURCES.names]


def _decisions(_: Context) -> Names:
    from labeler.cli.label import DECISIONS

    return [(name, "") for name in DECISIONS]


def _shells(_: Context) -> Names:
    from labeler.cli.completion import SHELLS

    return [(name, "") for name in SHELLS]


# What the values of options are, by the name of the option or by what stands for its value in the help.
_OF_OPTIONS: dict[str, Callable[[Context], Names]] = {
    "--format": _formats,
    "--strategy": _strategies,
    "--topic": _topics,
}
_OF_METAVARS: dict[str, Callable[[Context], Names]] = {
    "NAME[@VERSION]": _models,
    "A": _models,
    "B": _models,
    "TOPIC": _topics,
    "OUTPUT": _outputs,
    "DECISION": _decisions,
    "SOURCE": _sources,
    "[NAME…]": _watches,
    "SHELL": _shells,
}
