"""The command that says what each strategy of asking would have come to: simulate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.command import Run, command
from labeler.errors import UsageError
from labeler.terminal import table
from labeler.wording import counted

if TYPE_CHECKING:
    from labeler.flows.simulate import Simulation
    from labeler.simulation.comparison import Needed

Target = Annotated[
    float | None,
    typer.Option("--target", metavar="F1", help="The macro-F1 that is wanted, such as 0.7 (default: shares of all)."),
]
Unread = Annotated[
    list[str] | None,
    typer.Option(
        "--unread",
        metavar="INPUT",
        help="Unlabeled papers to learn from, as `labeler train` does; papers not yet asked are then among them. "
        "Repeatable.",
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    command(app, "simulate", simulate)


def simulate(run: Run, target: Target = None, unread: Unread = None) -> None:
    """Say how many labels each strategy of `labeler push` would have needed on the papers that are judged.

    A third of the judged papers is held out. Of the others each strategy starts from the same random ones, asks for
    more in rounds, as `labeler push` would, and a model learns from the answers, as in `labeler train`; all that is
    done for every third, in five orders. Told are the labels that a macro-F1 takes, and whether a strategy is better
    than random papers beyond chance. With 1,000 judged papers it takes minutes; a run that was ended goes on where it
    stopped. No version is made.

    Example: labeler simulate --target 0.7
    """
    if target is not None and not 0 < target < 1:
        raise UsageError(f"--target is {target:g}", "give a macro-F1 between 0 and 1, such as 0.7")
    from labeler.flows.simulate import simulate as flow

    done = flow(run.workspace, target, unread or run.workspace.unread, run.progress)
    for note in done.notes:
        run.say(f"note: {note}")
    run.result(done.to_dict(), text_of(done))


def text_of(done: Simulation) -> str:
    """The simulation, for people."""
    from labeler.simulation.chart import chart, letters

    found = done.found
    marks = ", ".join(f"{mark} {strategy}" for strategy, mark in letters(found.figures).items())
    wanted = [f"{target:.3f}" for target, _ in done.needed]
    shares = "" if done.target is not None else "; 90, 95 and 98 % of it are asked for"
    head = ["strategy", "mean", "beside random", "95 %", *wanted]
    parts = [
        f"Macro-F1 by number of labels ({marks}), of {counted(found.papers, 'judged paper')}:",
        chart(found),
        f"The mean over all rounds, and the labels that a macro-F1 takes (all {found.sizes[-1]:,.0f} reach "
        f"{found.full:.3f}{shares}; – is more than all):\n{table(head, _rows(done))}",
        *done.sentences,
    ]
    return "\n\n".join(parts)


def _rows(done: Simulation) -> list[list[str]]:
    from labeler.simulation.comparison import RANDOM

    rows, found = [], done.found
    for strategy in found.strategies:
        value, low, high = found.difference(strategy)
        beside = ["", ""] if strategy == RANDOM else [f"{value:+z.3f}", f"{low:+z.3f} to {high:+z.3f}"]
        labels = [_cell(each[strategy], with_interval=done.target is not None) for _, each in done.needed]
        rows.append([strategy, f"{found.area(strategy).value:.3f}", *beside, *labels])
    return rows


def _cell(needed: Needed, with_interval: bool) -> str:
    """How many labels are needed, in a cell."""
    labels, low, high = ("–" if labels is None else f"{labels:,}" for labels in needed)
    return f"{labels} ({low} to {high})" if with_interval else labels
