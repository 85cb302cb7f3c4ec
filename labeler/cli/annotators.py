"""The command that tells of the people who judge papers: annotators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from labeler.cli.command import Run, command
from labeler.terminal import table
from labeler.wording import shortened

if TYPE_CHECKING:
    from labeler.annotators.careless import Cell, Rightness
    from labeler.flows.annotators import People, Person

_NAME = 24  # letters


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    command(app, "annotators", annotators, names_people=True)


def annotators(run: Run) -> None:
    """Say who judged how many papers, how fast, and how far each agrees with the others and with earlier answers.

    Where three people judged enough of the same papers, it also says how right each is by the consensus, what each
    takes for what, and whose answers are as if by chance, or always the same.

    Who stands under several names in the log is one person where labeler.toml says so under [annotators], with lines
    such as "ada@example.org" = ["ada", "7"]. Then the names have one vote, too.

    Example: labeler annotators
    """
    from labeler.flows.annotators import annotators as flow

    people = flow(run.workspace)
    for note in people.notes:
        run.say(f"note: {note}")
    record = {name: person.to_dict() for name, person in people.by_name.items()}
    consensus = people.consensus.to_dict()
    run.result({"annotators": record, "consensus": consensus, "notes": list(people.notes)}, text_of(people))


def text_of(people: People) -> str:
    """The annotators, for people."""
    if not people.by_name:
        return "Nobody has judged a paper yet."
    rows = [_row(name, person) for name, person in people.by_name.items()]
    head = ["annotator", "judged", "skipped", "unsure", "seconds", "shared", "the same"]
    return "\n".join([table(head, rows), *_lines(people)])


def _row(name: str, person: Person) -> list[str]:
    counts, others = person.counts, person.others
    same = "–" if others is None or others.agreement.value is None else f"{others.agreement.value:.0%}"
    return [
        shortened(name, _NAME),
        str(counts.judged),
        str(counts.skipped),
        str(counts.unsure),
        "–" if counts.seconds is None else f"{counts.seconds:g}",
        str(others.papers if others else 0),
        same,
    ]


def _lines(people: People) -> list[str]:
    """What else is to say: agreement that moved, and annotators who were asked twice."""
    lines = []
    for name, person in people.by_name.items():
        others, itself = person.others, person.itself
        if others and others.drift:
            lines.append(
                f"{name}: agreement with the others {others.drift}, from {others.earlier} in the first half of the "
                f"papers to {others.later} in the second."
            )
        if itself and itself.asked_again:
            lines.append(
                f"{name}: gave just the same answer to {itself.same} of {itself.asked_again} papers asked twice."
            )
        if itself and itself.corrected:
            lines.append(f"{name}: corrected {itself.corrected} of the own answers.")
        if person.rightness:
            lines += _right(person.rightness, people.mode)
    return lines + ([people.consensus.sentence] if people.consensus.sentence else [])


def _right(one: Rightness, mode: str) -> list[str]:
    """How right an annotator is by the consensus, with the greatest confusion, and what speaks against the answers."""
    told = f"{one.annotator}: {one.accuracy} of the answers are right by the consensus"
    shares = [cell for cell in one.confusion if cell.share.low is not None]
    if shares:
        told += f"; most often {_confused(shares[0], mode)}"
    return [f"{told}.", *([one.note] if one.note else [])]


def _confused(cell: Cell, mode: str) -> str:
    """What an annotator takes for what; in multi mode each topic is a question of its own."""
    from labeler.topics import NONE_OF_THESE, Mode

    if mode == Mode.MULTI and cell.said == NONE_OF_THESE:
        return f"{cell.truth} is left out of {cell.share} of its papers"
    if mode == Mode.MULTI:
        return f"{cell.said} is given without cause to {cell.share} of the papers without it"
    return f"{cell.said} in place of {cell.truth}, of whose papers {cell.share} are taken so"
