"""The command that shows what labeler does: demo."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from labeler.cli.command import Run, command
from labeler.errors import LabelerError

_NEXT = """\
Each paper above is new to the model. PROB is its probability for the topic,
WORDS are what spoke for it. DECISION is "auto" where the model may decide
alone, "review" where a person should look, "none" where no topic fits.

All of it lies in {folder}; open digest.html there in a browser.

Try next, with your own papers:
  labeler init my-topics       a workspace; edit annotations/topics.toml in it
  labeler read page.txt        what is in a digest
  labeler studio start         a Label Studio server on this machine
  labeler push page.txt        papers to it; annotate them in the browser
  labeler pull                 what was annotated
  labeler train                a model, which learns from that
  labeler label tomorrow.txt"""


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    command(app, "demo", demo)


def demo(
    run: Run,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new folder for it.")] = Path("labeler-demo"),
) -> None:
    """Show the main job on invented papers: a model is trained, and labels a digest that it has not seen.

    The folder is a workspace in which other commands can be tried.

    Example: labeler demo
    """
    from labeler.flows.demo import STEPS, furnish

    furnish(folder)
    run.say("The papers are invented, and so are annotators and judgements.")
    for step in STEPS:
        run.say(f"\n$ labeler {' '.join(step)}")
        _run(folder, step, run.quiet)
    run.done({"workspace": str(folder)}, f"\n{_NEXT.format(folder=folder)}")


def _run(folder: Path, words: Sequence[str], quiet: bool) -> None:
    """Run a command in the folder as a person would type it there; no variable of hers names another workspace.

    Raises:
        LabelerError: it failed, and has said why.
    """
    ours = {name: text for name, text in os.environ.items() if not name.startswith("LABELER_")}
    before = ("--quiet",) if quiet else ()
    done = subprocess.run([sys.executable, "-m", "labeler", *before, *words], cwd=folder, env=ours, check=False)
    if done.returncode:
        raise LabelerError(f"`labeler {' '.join(words)}` failed in {folder}")
