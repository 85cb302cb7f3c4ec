"""How good a model version is on judged papers, by what it says of them without having seen them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.evaluation.baselines import Baseline, Task, baselines
from labeler.evaluation.figures import Answers, Figures, Question, all_averages, exactly_right, figures
from labeler.evaluation.groups import Group, groups
from labeler.evaluation.judged import JudgedSet
from labeler.evaluation.unseen import Origin, Unseen, unseen
from labeler.features.background import Background
from labeler.measure.estimates import Estimate
from labeler.measure.figures import Outcome
from labeler.measure.resampling import Draws
from labeler.papers.near_duplicates import near_duplicate_groups
from labeler.score.decision import DECISIONS, REVIEW, decision_arrays
from labeler.score.model import TopicModel
from labeler.score.reliability import effective_size
from labeler.topics import Scheme

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Progress = Callable[[str], None]


class Compared(NamedTuple):
    """A method beside the model, on so many ``papers`` that both answer; without figures, ``made`` says why.

    ``averages`` are those of the method, ``differences`` are the model's minus these, on the same draws of papers.
    """

    name: str
    made: str
    papers: int = 0
    averages: Mapping[str, Estimate] = {}
    differences: Mapping[str, Estimate] = {}

    def to_dict(self) -> dict[str, Any]:
        """The figures, for programs."""
        record = {"name": self.name, "made": self.made, "papers": self.papers}
        record |= {name: found.to_dict() for name, found in self.averages.items()}
        return record | {"differences": {name: found.to_dict() for name, found in self.differences.items()}}


@dataclass(frozen=True, slots=True)
class Part:
    """The figures on a part of the papers, the outcome of the decisions on them, and how many were ``picked``."""

    figures: Figures
    decided: Outcome
    picked: int
    no_topic: Estimate | None

    def to_dict(self) -> dict[str, Any]:
        """The figures, for programs."""
        record = {"decided": self.decided.to_dict(), "picked": self.picked}
        return record | {"no_topic": self.no_topic.to_dict() if self.no_topic else None} | self.figures.to_dict()


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """How good a model is on judged papers that it had not seen.

    ``unseen`` are all of these, ``blind`` those that were asked at random and without a suggestion (None where there
    are none): they alone stand for the papers to come. ``counts`` says how many papers there are of each origin.
    ``judged``, ``said`` and ``answers`` are the papers, what the model says of them, and that for each topic.
    ``known`` are all judged papers at hand, with those that nothing was measured on. ``asked`` are the topics that
    people can be asked for more papers of; None where that is all.
    """

    question: Question
    judged: JudgedSet
    said: Unseen
    answers: Answers
    counts: Mapping[str, int]
    unseen: Part
    blind: Part | None
    known: JudgedSet
    compared: tuple[Compared, ...] = ()
    groups: tuple[Group, ...] = ()
    time_ordered: Outcome | None = field(default=None)
    asked: frozenset[str] | None = None

    @property
    def only_yes(self) -> list[str]:
        """The topics that papers have and that no paper is known not to have: giving them can never be wrong."""
        truth = self.judged.truth
        only = (truth == 1).any(axis=0) & ~(truth == 0).any(axis=0)
        return [topic for topic, flag in zip(self.judged.topics, only, strict=True) if flag]

    @property
    def unanswered(self) -> int:
        """In single mode the papers of which the answer is not known, as some topics alone are known not to apply."""
        _, known = exactly_right(self.question.mode, self.judged.truth, self.answers.assigned)
        return int((~known).sum())

    def to_dict(self) -> dict[str, Any]:
        """All figures, for programs."""
        return {
            "mode": str(self.question.mode),
            "papers": dict(self.counts),
            "unseen": self.unseen.to_dict(),
            "blind": self.blind.to_dict() if self.blind else None,
            "in_time": self.time_ordered.to_dict() if self.time_ordered else None,
            "baselines": [one.to_dict() for one in self.compared],
            "groups": [one.to_dict() for one in self.groups],
        }


class Others(NamedTuple):
    """What a model is compared with: simpler methods, which know ``definitions`` and a ``background``, and a ``former``
    version with its label.
    """

    definitions: Mapping[str, str]
    background: Background | None
    former: tuple[str, TopicModel] | None = None


def evaluate(
    model: TopicModel,
    judged: JudgedSet,
    scheme: Scheme,
    precision: float,
    others: Others | None = None,
    learned: JudgedSet | None = None,
    with_unknown: bool = False,
    say: Progress = lambda _: None,
) -> Evaluation | None:
    """How good a ``model`` is on ``judged`` papers; None where it had seen all of them, or may have seen them.

    ``with_unknown`` takes papers of which a model does not say whether it learned from them. New papers that nearly
    repeat one that it learned from are left out. ``precision`` is the one that decisions are to have. ``others`` are
    what it is compared with. ``learned`` are judged papers that simpler methods may learn from beside those of
    ``judged`` that the model held out.
    """
    say(f"what the model says of {len(judged.papers)} papers …")
    said = unseen(model, judged.papers, scheme)
    counts = {origin.name.lower(): int((said.origins == origin).sum()) for origin in Origin}
    copies = _near_copies(judged, said, learned)
    counts["near_copies"] = int(copies.sum())
    usable = (said.usable & ~copies) | (with_unknown & (said.origins == Origin.UNKNOWN))
    measurable = np.flatnonzero(usable & ~np.isnan(judged.truth).all(axis=1))
    if not len(measurable):
        return None
    known = judged.and_others(learned) if learned else judged
    judged, said = judged.take(measurable), _taken(said, measurable)
    question = Question(model.mode, judged.topics, scheme.hierarchy)
    answers = answers_of(said, judged.topics)
    draws, paired = (_draws(judged, said, replaced) for replaced in (False, True))
    blind = np.flatnonzero(judged.blind)
    asked_blind = question, judged.take(blind), _taken(said, blind), answers.take(blind), precision
    return Evaluation(
        question,
        judged,
        said,
        answers,
        counts,
        _part(question, judged, said, answers, precision, draws),
        _part(*asked_blind) if len(blind) else None,
        known,
        tuple(_compared(question, judged, said, answers, paired, scheme, others, learned, say)) if others else (),
        tuple(groups(question, judged, answers)),
    )


def _near_copies(judged: JudgedSet, said: Unseen, learned: JudgedSet | None) -> Flags:
    """The papers (n_papers,) that are new to a model, but nearly repeat one that it learned from."""
    copies = np.zeros(len(judged.papers), dtype=bool)
    new = np.flatnonzero(said.origins == Origin.NEW)
    old = np.flatnonzero(np.isin(said.origins, (Origin.HELD_OUT, Origin.SEEN)))
    known = [judged.papers[row].text for row in old]
    known += [paper.text for paper in (learned.papers if learned else ()) if said.model.has_learned_from(paper.ids)]
    if len(new) and known:
        groups = near_duplicate_groups([*known, *(judged.papers[row].text for row in new)])
        copies[new] = np.isin(groups[len(known) :], groups[: len(known)])
    return copies


def answers_of(said: Unseen, topics: Sequence[str]) -> Answers:
    """What a model says for each of ``topics``; one that it does not give has probability 0 and is never assigned."""
    given = said.given
    probabilities = np.zeros((len(given), len(topics)))
    assigned = np.zeros((len(given), len(topics)), dtype=bool)
    position = {topic: number for number, topic in enumerate(said.model.topics)}
    for column, topic in enumerate(topics):
        if topic in position:
            probabilities[:, column] = np.nan_to_num(given[:, position[topic]])
            assigned[:, column] = said.assigned[:, position[topic]]
    return Answers(probabilities, assigned)


def _part(
    question: Question, judged: JudgedSet, said: Unseen, answers: Answers, precision: float, draws: Draws | None = None
) -> Part:
    draws = draws or Draws.of_texts([paper.text for paper in judged.papers])
    return Part(
        figures(question, judged.truth, answers, draws),
        _decided(judged, said, precision, draws.weights[0]),
        int(judged.picked.sum()),
        judged.no_topic,
    )


def _draws(judged: JudgedSet, said: Unseen, replaced: bool) -> Draws:
    """Draws of papers; for differences between methods ``replaced`` ones."""
    return Draws.of_texts([paper.text for paper in judged.papers], _weights(said), replaced)


def _decided(judged: JudgedSet, said: Unseen, precision: float, weights: Floats) -> Outcome:
    """The outcome of the decisions on papers, among topics of which it is known whether they apply.

    Where topics are below others, the lowest ones count, from which the others follow. With ``weights`` the counts are
    those of as many papers as they are worth, as in a training.
    """
    model, truth = said.model, judged.truth
    found = decision_arrays(said.probabilities, model.rule, model.bands(precision))
    specific = replace(said, assigned=model.rule.most_specific(found.assigned))
    automatic = found.decisions != DECISIONS.index(REVIEW)
    given = answers_of(specific, judged.topics).assigned & ~np.isnan(truth) & automatic[:, None]
    right = given & (truth == 1)
    worth = weights * effective_size(weights) / weights.sum()
    columns = (np.ones(len(truth)), automatic, given.sum(axis=1), right.sum(axis=1))
    papers, decided, assigned, correct = (round(float(worth @ column)) for column in columns)
    return Outcome(papers, decided, assigned, correct)


def _compared(
    question: Question, judged: JudgedSet, said: Unseen, answers: Answers, draws: Draws, scheme: Scheme,
    others: Others, learned: JudgedSet | None, say: Progress,
) -> list[Compared]:  # fmt: skip
    """The model beside others, on the same papers and the same draws of them."""
    rows: list[tuple[Baseline, Flags]] = []
    everything = np.ones(len(judged.papers), dtype=bool)
    task = _task(question, judged, said, learned)
    for one in baselines(task, others.definitions, others.background, say):
        cut = one._replace(answers=one.answers.take(np.arange(len(judged.papers))) if one.answers else None)
        rows.append((cut, everything))
    if others.former is not None:
        label, model = others.former
        say(f"what {label} says of them …")
        before = unseen(model, judged.papers, scheme)
        rows.append((Baseline(label, "the version before", answers_of(before, judged.topics)), before.usable))
    return [_beside(question, judged.truth, answers, draws, *row) for row in rows]


def _task(question: Question, judged: JudgedSet, said: Unseen, learned: JudgedSet | None) -> Task:
    """What baselines predict: the papers in question first, then those that they may learn from beside them."""
    texts, truth, folds = [paper.text for paper in judged.papers], judged.truth, said.folds
    if learned is not None and len(learned.papers):
        known = {identifier for paper in judged.papers for identifier in paper.ids}
        apart = [row for row, paper in enumerate(learned.papers) if known.isdisjoint(paper.ids)]
        held_out = unseen(said.model, [learned.papers[row] for row in apart])
        usable = np.flatnonzero(held_out.folds >= 0)
        kept = [apart[row] for row in usable]
        texts += [learned.papers[row].text for row in kept]
        truth, folds = np.vstack([truth, learned.truth[kept]]), np.append(folds, held_out.folds[usable])
    return Task(question, tuple(texts), truth, folds)


def _beside(
    question: Question, truth: Floats, answers: Answers, draws: Draws, other: Baseline, answered: Flags
) -> Compared:
    """The figures of another method on papers that both answer (``answered``, n_papers), and the model's lead."""
    rows = np.flatnonzero(answered)
    if other.answers is None or not len(rows):
        return Compared(other.name, other.made if other.answers is None else "it had seen all of these papers")
    drawn = Draws(draws.weights[:, rows])
    mine = all_averages(question, truth[rows], answers.take(rows), drawn)
    theirs = all_averages(question, truth[rows], other.answers.take(rows), drawn)
    means = {name: found for name, values in theirs.items() if (found := drawn.estimate(values))}
    leads = {name: found for name in theirs if (found := drawn.estimate(mine[name] - theirs[name]))}
    return Compared(other.name, other.made, len(rows), means, leads)


def _weights(said: Unseen) -> Floats | None:
    """How much each paper counts where the papers to come have topics in other shares; None where all count alike."""
    weights = said.model.held_out_weights
    if weights is None:
        return None
    return np.where(said.rows >= 0, weights[np.maximum(said.rows, 0)], 1.0)


def _taken(said: Unseen, rows: npt.NDArray[np.intp]) -> Unseen:
    """What is said of some of the papers."""
    arrays = said.probabilities[rows], said.assigned[rows], said.origins[rows], said.folds[rows], said.rows[rows]
    return Unseen(said.model, *arrays)
