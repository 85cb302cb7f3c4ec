"""What was said of a paper that is judged once more: by each person, and by a model, with its words."""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from labeler.files import canonical_json, sha256
from labeler.judgements.judgement import Judgement
from labeler.review.papers import ReviewPaper
from labeler.suspects.listing import Guess
from labeler.topics import Scheme

if TYPE_CHECKING:
    from labeler.score.model import TopicModel

_MOST = 4  # topics that a model is quoted on


class Said(NamedTuple):
    """One line: ``who`` said ``what``; ``comment`` is what they wrote."""

    who: str
    what: str
    comment: str = ""

    @property
    def text(self) -> str:
        """The line as plain text."""
        return f"{self.who}: {self.what}" + (f" ({self.comment!r})" if self.comment else "")


def names_shown(one: ReviewPaper, secret: str | None) -> dict[str, str]:
    """What each person who judged a paper is called: their name, or with a ``secret`` a letter.

    The letters of one paper stay the same; on another paper the same person has another letter.
    """
    if secret is None:
        return {name: name for name in one.people}
    drawn = sorted(one.people, key=lambda name: sha256(canonical_json([secret, one.paper.ids[-1], name]).encode()))
    letters = string.ascii_uppercase
    return {name: letters[n % len(letters)] * (n // len(letters) + 1) for n, name in enumerate(drawn)}


def said_of(one: ReviewPaper, scheme: Scheme, names: Mapping[str, str]) -> list[Said]:
    """What people said of a paper, in the order of the names that are shown (:func:`names_shown`)."""
    ordered = sorted(one.judgements, key=lambda judgement: names[judgement.annotator])
    return [Said(names[judgement.annotator], _answer(judgement, scheme), judgement.comment) for judgement in ordered]


def _answer(judgement: Judgement, scheme: Scheme) -> str:
    chosen = ", ".join([*map(scheme.name, judgement.yes), *judgement.unknown])
    return (chosen or ("none of these" if judgement.offered else "nothing")) + (", unsure" if judgement.unsure else "")


def guesses_of(model: TopicModel, papers: Sequence[ReviewPaper], precision: float) -> list[tuple[Guess, ...]]:
    """The topics that a model finds most probable, and those that people chose, with the words behind each.

    Papers that have guesses of a model that had not learned from them keep these.
    """
    asked = [one for one in papers if not one.guesses]
    if not asked:
        return [one.guesses for one in papers]
    texts = [one.paper.text for one in asked]
    quoted = {
        row: _quoted(one, dict(zip(model.topics, scores, strict=True)))
        for row, (one, scores) in enumerate(zip(asked, model.predict_proba(texts).tolist(), strict=True))
    }
    told = iter(model.label(texts, precision, quoted))
    found, row = [], 0
    for one in papers:
        if one.guesses:
            found.append(one.guesses)
            continue
        decision, words = next(told)
        topics = sorted(quoted[row], key=lambda topic: -decision.scores[topic])
        found.append(tuple(Guess(topic, decision.scores[topic], tuple(words.get(topic, ()))) for topic in topics))
        row += 1
    return found


def _quoted(one: ReviewPaper, scores: Mapping[str, float]) -> list[str]:
    """The topics that a model is quoted on: the two most probable, then those that people chose."""
    ranked = sorted(scores, key=lambda topic: -scores[topic])
    chosen = {topic for judgement in one.judgements for topic in judgement.yes}
    return list(dict.fromkeys([*ranked[:2], *(topic for topic in ranked if topic in chosen)]))[:_MOST]


def model_said(model: str, guesses: Iterable[Guess], scheme: Scheme, has_learned: bool) -> Said:
    """What a model says of a paper; ``has_learned`` that it has learned from what people said of it."""
    return Said(
        f"{model}{', which learned from this paper' if has_learned else ''}",
        "; ".join(_guess(guess, scheme) for guess in guesses) or "knows nothing of it",
    )


def _guess(guess: Guess, scheme: Scheme) -> str:
    name = "none of these" if guess.topic is None else scheme.name(guess.topic)
    words = f" ({', '.join(guess.words)})" if guess.words else ""
    return f"{name} {guess.probability:.2f}{words}"


def as_html(said: Iterable[Said], notes: Iterable[str]) -> str:
    """Lines for a page, with all texts escaped."""
    lines = [
        f"<b>{escape(one.who)}:</b> {escape(one.what)}" + (f" <i>“{escape(one.comment)}”</i>" if one.comment else "")
        for one in said
    ]
    return "".join(f"<div>{line}</div>" for line in [*lines, *(f"<i>{escape(note)}</i>" for note in notes)])


def as_text(said: Iterable[Said], notes: Iterable[str]) -> str:
    """Lines for the cell of a table."""
    return "\n".join([*(one.text for one in said), *notes])
