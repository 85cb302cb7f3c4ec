"""The command that lists judgements that are probably slips: suspects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from labeler.cli.command import Run, command
from labeler.wording import counted, shortened

if TYPE_CHECKING:
    from labeler.flows.suspects import Suspects
    from labeler.papers import Paper
    from labeler.suspects.contradictions import Contradiction
    from labeler.suspects.listing import Guess, Suspect

_TITLE = 70  # letters
_MORE = 60  # letters of the title of another paper
_DOUBTED = 3  # topics of a paper that are listed

Count = Annotated[int, typer.Option("--count", min=1, metavar="N", help="How many papers are listed.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    command(app, "suspects", suspects, names_people=True)


def suspects(run: Run, count: Count = 20) -> None:
    """List judgements that are probably slips, the most doubtful first, each with the reason.

    A paper is listed where the model, from which it was held out, finds another label much more probable (in multi
    mode: one topic improbable and another one probable that is not given, or one nearly certain that is not), where
    nearly the same paper was judged differently, where one person said different things of it, where a topic was
    chosen without the one above it, and where it holds a word that its topic's `not` names. About one in ten is drawn
    at random: how many of these are slips tells what the list is worth. Nothing is changed: correct what is wrong where
    it was judged.

    Example: labeler suspects --count 30
    """
    from labeler.flows.suspects import suspects as flow

    found = flow(run.workspace, count)
    for note in found.notes:
        run.say(f"note: {note}")
    run.result(found.to_dict(), text_of(found))


def text_of(found: Suspects) -> str:
    """The suspects, for people."""
    looked_at = f"{counted(found.looked_at, 'judged paper')}, each held out when {found.version.label} was asked"
    if not found.shown:
        return f"No judgement looks like a slip, of {looked_at}."
    names = {topic.id: topic.name for topic in found.scheme.topics}
    doubted = f"{counted(found.found, 'judged paper')} {'is' if found.found == 1 else 'are'} in doubt"
    parts = [f"{doubted}, of {looked_at}; the most doubtful first:"]
    parts += [_entry(number, one, names, found.papers) for number, one in enumerate(found.shown, 1)]
    controls = [str(number) for number, one in enumerate(found.shown, 1) if one.control]
    if controls:
        *others, last = controls
        drawn = f"Numbers {', '.join(others)} and {last} are no suspects and were" if others else ""
        drawn = drawn or f"Number {last} is no suspect and was"
        worth = "a list that is worth reading has a larger share of slips than these"
        parts.append(f"{drawn} drawn at random: {worth}.")
    return "\n\n".join(parts)


def _entry(number: int, one: Suspect, names: Mapping[str, str], papers: Sequence[Paper]) -> str:
    """One paper: title, what people said, why that is doubted, what the model finds probable."""
    title = shortened(one.paper.title or one.paper.abstract, _TITLE)
    lines = [f"{number}. {title}", f"   judged: {_listed(one.given, names) or 'none of these'}"]
    lines += [f"   {_reason(against, names, papers)}" for against in one.contradictions]
    doubted = (("probably wrong", one.wrong), ("probably missing", one.missing))
    if told := [f"{what}: {_few(topics, names)}" for what, topics in doubted if topics]:
        lines.append(f"   {'; '.join(told)}")
    if one.guesses:
        lines.append(f"   model: {'; '.join(_guess(guess, names) for guess in one.guesses)}")
    return "\n".join(lines)


def _guess(guess: Guess, names: Mapping[str, str]) -> str:
    name = "none of these" if guess.topic is None else names.get(guess.topic, guess.topic)
    words = f" ({', '.join(guess.words)})" if guess.words else ""
    return f"{name} {guess.probability:.0%}{words}"


def _reason(one: Contradiction, names: Mapping[str, str], papers: Sequence[Paper]) -> str:
    """A contradiction as a sentence."""
    topics = _listed(one.topics, names)
    if one.kind == "copy":
        other = papers[one.other]
        return (
            f"{shortened(other.title or other.abstract, _MORE)!r} is nearly the same text, judged otherwise on {topics}"
        )
    if one.kind == "change":
        return f"{one.who} judged it twice, and otherwise on {topics}"
    if one.kind == "parent":
        return f"{one.who} chose {names.get(one.topics[0])} without {names.get(one.topics[1])}, which is above it"
    return f"it holds {one.word!r}, which papers of {topics} do not hold"


def _few(topics: Sequence[str], names: Mapping[str, str]) -> str:
    return _listed(topics[:_DOUBTED], names) + (", …" if len(topics) > _DOUBTED else "")


def _listed(topics: Sequence[str], names: Mapping[str, str]) -> str:
    return ", ".join(names.get(topic, topic) for topic in topics)
