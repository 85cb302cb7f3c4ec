"""Help of commands, which breaks no line inside backticks, and of groups, with a whole sentence on each command."""

from __future__ import annotations

import inspect
import re
from typing import Any

from typer.core import TyperCommand, TyperGroup

_SENTENCE_END = re.compile(r"(?<=[.])\s")
# Blanks and hyphens at which no line ends, while lines are made, and back.
_KEPT = str.maketrans(" -", "\u00a0\u2011")
_PLAIN = str.maketrans("\u00a0\u2011", " -")


def _kept(text: str | None) -> str:
    """The text with what is between backticks kept on one line."""
    return re.sub(r"`[^`]+`", lambda command: " ".join(command[0].split()).translate(_KEPT), text or "")


class Command(TyperCommand):
    """A command whose help can be copied: what is between backticks is on one line."""

    def get_help(self, ctx: Any) -> str:
        """The help, in lines that fit the terminal."""
        self.help = _kept(self.help)
        for parameter in self.params:
            parameter.help = _kept(getattr(parameter, "help", ""))  # type: ignore[attr-defined]
        return super().get_help(ctx).translate(_PLAIN)


class Group(TyperGroup):
    """A group of commands with whole sentences in their list, where Typer cuts each to its line."""

    def get_help(self, ctx: Any) -> str:
        """The help, in lines that fit the terminal."""
        self.help = _kept(self.help)
        return super().get_help(ctx).translate(_PLAIN)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002  (Typer calls it so)
        """Write the list of commands, each with the first sentence of its help."""
        rows = []
        for name, command in self.commands.items():
            text = " ".join(inspect.cleandoc(command.help or "").split("\n\n")[0].split())
            rows.append((name, _kept(_SENTENCE_END.split(text)[0])))
        with formatter.section("Commands"):
            formatter.write_dl(rows)
