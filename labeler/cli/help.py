"""Groups of commands, whose help shows the whole first sentence of each."""

from __future__ import annotations

import inspect
import re
from typing import Any

from typer.core import TyperGroup

_SENTENCE_END = re.compile(r"(?<=[.])\s")


class Group(TyperGroup):
    """A group of commands with whole sentences in their list, where Typer cuts each to its line."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002  (Typer calls it so)
        """Write the list of commands, each with the first sentence of its help."""
        rows = []
        for name, command in self.commands.items():
            text = " ".join(inspect.cleandoc(command.help or "").split("\n\n")[0].split())
            rows.append((name, _SENTENCE_END.split(text)[0]))
        with formatter.section("Commands"):
            formatter.write_dl(rows)
