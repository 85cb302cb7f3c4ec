"""Commands about backgrounds, which say which words go together before any paper is judged: background."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from labeler.cli.command import Inputs, Run, command, counted, known_ending
from labeler.cli.help import Group
from labeler.cli.papers import say_notes


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    background = typer.Typer(
        cls=Group,
        help="What is known of words beforehand: build one for a field that arXiv does not cover.\n\n"
        "Example: labeler background build papers.parquet -o chemistry.npz",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    command(background, "build", build)
    app.add_typer(background, name="background")


def build(
    run: Run,
    inputs: Inputs,
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FILE", help="Where to write it (.npz).", show_default=False)
    ],
) -> None:
    """Learn from many papers of a field which words go together. Nobody needs to have judged them.

    Then name the file in labeler.toml: background = "FILE" under [train].

    Example: labeler background build papers.parquet -o chemistry.npz
    """
    from labeler.flows.background import build_background
    from labeler.papers.languages import told_shares

    known_ending(output, ".npz")
    result = build_background(inputs, Path(output), run.progress)
    record = {"file": str(output), "papers": result.papers, "words": result.words, "bytes": result.bytes}
    record |= {"languages": dict(result.languages)} if result.languages else {}
    languages = f" in {told_shares(result.languages)}" if result.languages else ""
    learned = f"{counted(result.words, 'word')} of {counted(result.papers, 'paper')}{languages}"
    setting = f"background = {_toml_path(run, output)}"
    text = f"{output} knows {learned}. To train with it, write under [train] in labeler.toml: `{setting}`"
    say_notes(run, result.notes)
    run.done(record, text)


def _toml_path(run: Run, output: str) -> str:
    """The path as a setting has it: relative to the workspace where it lies there, whole otherwise, quoted for TOML.

    A string of JSON is a basic string of TOML, too (TOML 1.0, "String").
    """
    path, workspace = Path(output).resolve(), run.workspace_if_any
    if workspace is not None and path.is_relative_to(workspace.root.resolve()):
        path = path.relative_to(workspace.root.resolve())
    return json.dumps(str(path), ensure_ascii=False)
