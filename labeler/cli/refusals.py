"""What no command takes: names without a letter, and outputs in the place of what the workspace keeps."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labeler.errors import LabelerError, UsageError
from labeler.patterns import pattern

if TYPE_CHECKING:
    from labeler.config import Workspace

_NAME = pattern(r"\W*(?:NAME|TOPIC)\b")  # what stands for a name in help texts


def names_among(parameters: Sequence[inspect.Parameter]) -> dict[str, str]:
    """The parameters that take names, and what they are called on the command line."""
    found = {}
    for one in parameters:
        for told in getattr(one.annotation, "__metadata__", ()):
            if _NAME.match(getattr(told, "metavar", None) or ""):
                first = str(told.default)  # in Annotated, Typer keeps the first name of an option there
                found[one.name] = first if first.startswith("-") else told.metavar
    return found


def refuse_empty_names(names: Mapping[str, str], options: Mapping[str, Any]) -> None:
    """Refuse names without a letter: what they would mean is not what anybody meant.

    Raises:
        UsageError: there is such a one.
    """
    for key, called in names.items():
        given = options.get(key)
        if any(not str(one).strip() for one in (given if isinstance(given, list) else [given]) if one is not None):
            raise UsageError(f"the name for {called} is empty", f"write one, or leave {called} out")


def refuse_to_replace(workspace_of: Callable[[], Workspace | None], options: Mapping[str, Any]) -> None:
    """Refuse an output in the place of what the workspace keeps.

    Raises:
        UsageError: there is such a one.
    """
    output = options.get("output")
    named = [*(output if isinstance(output, list) else [output]), options.get("report")]
    if not any(named):
        return
    workspace = None
    with suppress(LabelerError):  # a fault of the workspace is told where it is needed
        workspace = workspace_of()
    for file in (Path(name) for name in filter(None, named) if "://" not in str(name)):
        if workspace is not None and workspace.keeps(file) and not file.is_dir():
            raise UsageError(f"{file} is no place for an output", "labeler keeps its own files there")
