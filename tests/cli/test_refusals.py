"""What no command takes: empty names, and outputs in the place of what the workspace keeps."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Annotated

import pytest
import typer

from labeler.cli.refusals import names_among, refuse_empty_names, refuse_to_replace
from labeler.config import find_workspace
from labeler.errors import NotFoundError, UsageError


def function(
    topic: Annotated[str, typer.Option("--topic", metavar="TOPIC")],
    model: Annotated[str, typer.Argument(metavar="NAME[@VERSION]")],
    file: Annotated[str, typer.Argument(metavar="FILE")],
) -> None:
    """A command with two names and a file."""


def test_parameters_that_take_names_are_found_and_may_not_be_blank() -> None:
    parameters = list(inspect.signature(function, eval_str=True).parameters.values())
    names = names_among(parameters)
    assert set(names) == {"topic", "model"}
    refuse_empty_names(names, {"topic": "vision", "model": None, "file": ""})
    for given in (" ", ["vision", ""]):
        with pytest.raises(UsageError, match="the name for --topic is empty"):
            refuse_empty_names({"topic": "--topic"}, {"topic": given})


def test_what_the_workspace_keeps_is_no_place_for_an_output(workspace: Path) -> None:
    found = find_workspace(str(workspace))
    for options in ({"output": "annotations/topics.toml"}, {"output": ["a.csv", "models/x"]}, {"report": "models/x"}):
        with pytest.raises(UsageError, match="is no place for an output"):
            refuse_to_replace(lambda: found, options)
    refuse_to_replace(lambda: found, {"output": "annotations/other.csv", "report": None})
    refuse_to_replace(lambda: None, {"output": "models/x"})


def test_a_fault_of_the_workspace_is_told_elsewhere() -> None:
    def missing() -> None:
        raise NotFoundError("there is no workspace")

    refuse_to_replace(missing, {"output": "a.csv"})
