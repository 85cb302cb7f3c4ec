"""Commands about backgrounds, which say which words go together before any paper is judged: background."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from labeler.cli.command import Inputs, Run, command, counted, known_ending
from labeler.cli.help import Group


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

    known_ending(output, ".npz")
    result = build_background(inputs, Path(output), run.progress)
    record = {"file": str(output), "papers": result.papers, "words": result.words, "bytes": result.bytes}
    learned = f"{counted(result.words, 'word')} of {counted(result.papers, 'paper')}"
    text = f'{output} knows {learned}. To train with it, write under [train] in labeler.toml: background = "{output}"'
    run.done(record, text)
