"""Two versions of a model on the same judged papers, which neither had seen: what the second one gains and loses.

Negative flips are papers that were right before and are wrong now. S. Yan et al., "Positive-congruent training:
towards regression-free model updates", 2021.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.evaluation.figures import Question, averages
from labeler.evaluation.gate import answers_to, assigned_of, weights_of
from labeler.evaluation.judged import JudgedSet
from labeler.evaluation.unseen import Origin, Unseen, unseen
from labeler.measure.by_topic import Tallies
from labeler.measure.estimates import Estimate
from labeler.measure.resampling import Draws
from labeler.papers import Paper
from labeler.score.decision import DECISIONS, decision_arrays
from labeler.score.model import TopicModel
from labeler.topics import Scheme

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
AVERAGES = ("macro_f1", "micro_f1")


class Side(NamedTuple):
    """A version that is compared: its label, its model, and the precision that its decisions promise."""

    label: str
    model: TopicModel
    precision: float


class Change(NamedTuple):
    """An average before and after, and the difference with its interval on the same draws of papers."""

    before: float
    after: float
    difference: Estimate

    def to_dict(self) -> dict[str, Any]:
        """The figures, for programs."""
        figures = {"before": round(self.before, 4), "after": round(self.after, 4)}
        return figures | {"difference": self.difference.to_dict()}


class TopicChange(NamedTuple):
    """What changed for a topic, which so many ``papers`` have.

    On ``gains`` papers the answer for the topic was wrong and is right now, on ``losses`` papers it is the other way
    round; ``negative_flips`` are those of them that were right in every topic before. ``difference`` is that of F1,
    None where no paper has the topic.
    """

    topic: str
    papers: int
    gains: int
    losses: int
    negative_flips: int
    difference: Estimate | None

    def to_dict(self) -> dict[str, Any]:
        """The figures, for programs."""
        return self._asdict() | {"difference": self.difference.to_dict() if self.difference else None}


class Flip(NamedTuple):
    """A paper that was right in every topic ``before`` and is not now (or the reverse, where it ``is_gain``).

    ``judged``, ``before`` and ``after`` are its topics by people and by the two versions.
    """

    paper: Paper
    is_gain: bool
    judged: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The paper and what was said of it, for programs."""
        record: dict[str, Any] = {"paper": self.paper.id, "title": self.paper.title, "abstract": self.paper.abstract}
        record |= {"change": "gain" if self.is_gain else "loss", "judged": list(self.judged)}
        return record | {"before": list(self.before), "after": list(self.after)}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Version ``after`` beside version ``before`` on so many ``papers``.

    ``origins`` say for each version of how many papers it was asked in which way, ``averages`` are macro- and micro-F1,
    ``decisions`` count the papers by their decision before and after. ``rejudged`` papers had other answers when the
    first version learned from them than when the second one did.
    """

    before: str
    after: str
    papers: int
    origins: Mapping[str, Mapping[str, int]]
    averages: Mapping[str, Change]
    topics: tuple[TopicChange, ...]
    flips: tuple[Flip, ...]
    decisions: Mapping[tuple[str, str], int]
    rejudged: int

    @property
    def negative_flips(self) -> list[Flip]:
        """The papers that were right before and are wrong now."""
        return [flip for flip in self.flips if not flip.is_gain]

    def to_dict(self) -> dict[str, Any]:
        """All of it, for programs."""
        return {
            "before": self.before,
            "after": self.after,
            "papers": self.papers,
            "rejudged": self.rejudged,
            "origins": {label: dict(counts) for label, counts in self.origins.items()},
            **{name: change.to_dict() for name, change in self.averages.items()},
            "gains": len(self.flips) - len(self.negative_flips),
            "negative_flips": len(self.negative_flips),
            "topics": [one.to_dict() for one in self.topics],
            "decisions": [{"before": key[0], "after": key[1], "papers": n} for key, n in self.decisions.items()],
            "flips": [flip.to_dict() for flip in self.flips],
        }


def shared_topics(before: TopicModel, after: TopicModel, scheme: Scheme) -> tuple[str, ...]:
    """The topics on offer that both models give, under today's ``scheme`` where it is of their mode."""
    given = [set(_under(model, scheme).topics) for model in (before, after)]
    return tuple(topic for topic in scheme.offered if topic in given[0] & given[1])


def compare(
    before: Side, after: Side, judged: JudgedSet, scheme: Scheme, with_unknown: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Comparison | None:  # fmt: skip
    """Compare two versions on the judged papers that neither had seen; None where there are none.

    Of papers that a version learned from, its held-out predictions are taken. ``with_unknown`` also takes papers of
    which a version does not say whether it learned from them. Only topics that both give are compared. Where the second
    version is for papers with topics in other shares, the averages are for these.
    """
    topics = shared_topics(before.model, after.model, scheme)
    truth = judged.truth[:, [judged.topics.index(topic) for topic in topics]]
    said = []
    for side in (before, after):
        say(f"what {side.label} says of {len(judged.papers)} papers …")
        said.append(unseen(_under(side.model, scheme), judged.papers))
    usable = [one.usable | (with_unknown & (one.origins == Origin.UNKNOWN)) for one in said]
    rows = np.flatnonzero(usable[0] & usable[1] & ~np.isnan(truth).all(axis=1))
    if not len(rows) or not topics:
        return None
    say("what changed …")
    truth, papers = truth[rows], [judged.papers[row] for row in rows]
    guesses = [assigned_of(one, topics)[rows] for one in said]
    draws = Draws.of_texts([paper.text for paper in papers], weights_of(said[1])[rows], replaced=True)
    question = Question(after.model.mode, topics, scheme.hierarchy)
    return Comparison(
        before.label,
        after.label,
        len(rows),
        {side.label: _origins(one, rows) for side, one in zip((before, after), said, strict=True)},
        _averages(question, truth, guesses, draws),
        _by_topic(topics, truth, guesses, draws),
        _flips(topics, papers, truth, guesses),
        _decisions((before, after), said, rows),
        _rejudged(topics, said, rows),
    )


def _under(model: TopicModel, scheme: Scheme) -> TopicModel:
    return model.under(scheme) if model.mode == scheme.mode else model


def _origins(said: Unseen, rows: npt.NDArray[np.intp]) -> dict[str, int]:
    found = said.origins[rows]
    counts = {origin.name.lower(): int((found == origin).sum()) for origin in Origin}
    return {name: count for name, count in counts.items() if count}


def _rejudged(topics: Sequence[str], said: Sequence[Unseen], rows: npt.NDArray[np.intp]) -> int:
    """Of how many papers the answers that the models learned differ."""
    unknown = np.full((len(said[0].rows), len(topics)), np.nan)
    old, new = (answers_to(one, topics, unknown)[rows] for one in said)
    return int(((old != new) & ~np.isnan(old) & ~np.isnan(new)).any(axis=1).sum())


def _averages(question: Question, truth: Floats, guesses: Sequence[Flags], draws: Draws) -> dict[str, Change]:
    """Macro- and micro-F1 of both; one that cannot be computed is left out."""
    old, new = (averages(question, truth, guess, draws) for guess in guesses)
    found = {name: draws.estimate(new[name] - old[name]) for name in AVERAGES}
    return {name: Change(float(old[name][0]), float(new[name][0]), one) for name, one in found.items() if one}


def _by_topic(topics: Sequence[str], truth: Floats, guesses: Sequence[Flags], draws: Draws) -> tuple[TopicChange, ...]:
    known, yes = ~np.isnan(truth), truth == 1
    was, is_now = (known & (guess == yes) for guess in guesses)
    whole = (was | ~known).all(axis=1)
    gains, losses = (is_now & ~was).sum(axis=0), (was & ~is_now).sum(axis=0)
    flips = (was & ~is_now & whole[:, None]).sum(axis=0)
    old, new = (Tallies.of(truth, guess, draws.weights).f1() for guess in guesses)
    return tuple(
        TopicChange(
            topic, int(yes[:, at].sum()), int(gains[at]), int(losses[at]), int(flips[at]),
            draws.estimate(new[:, at] - old[:, at]),
        )
        for at, topic in enumerate(topics)
    )  # fmt: skip


def _flips(topics: Sequence[str], papers: Sequence[Paper], truth: Floats, guesses: Sequence[Flags]) -> tuple[Flip, ...]:
    """The papers that were right in all topics before or are now, and not both."""
    known = ~np.isnan(truth)
    was, is_now = (((guess == (truth == 1)) | ~known).all(axis=1) for guess in guesses)

    def named(flags: Flags) -> tuple[str, ...]:
        return tuple(topics[column] for column in np.flatnonzero(flags))

    return tuple(
        Flip(papers[row], bool(is_now[row]), named(truth[row] == 1), named(guesses[0][row]), named(guesses[1][row]))
        for row in np.flatnonzero(was != is_now)
    )


def _decisions(sides: Sequence[Side], said: Sequence[Unseen], rows: npt.NDArray[np.intp]) -> dict[tuple[str, str], int]:
    """How many papers have which decision before and after; those that changed alone."""
    before, after = (
        decision_arrays(one.probabilities[rows], one.model.rule, side.model.bands(side.precision)).decisions
        for side, one in zip(sides, said, strict=True)
    )
    pairs = [(old, new) for old in range(len(DECISIONS)) for new in range(len(DECISIONS)) if old != new]
    counts = {(DECISIONS[old], DECISIONS[new]): int(((before == old) & (after == new)).sum()) for old, new in pairs}
    return {pair: count for pair, count in counts.items() if count}
