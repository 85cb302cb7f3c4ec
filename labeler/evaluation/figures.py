"""All figures of what a method says of judged papers, measured together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.measure.by_topic import Tallies, TopicFigures, figures_by_topic, mean_average_precision
from labeler.measure.confusion import Confusion, confusions
from labeler.measure.estimates import Estimate, weighted_proportion
from labeler.measure.measured import added_estimates
from labeler.measure.reliability import Reliability, reliability
from labeler.measure.resampling import Draws
from labeler.measure.risk_coverage import Coverage, coverages
from labeler.measure.screening import Screening, screening
from labeler.topics import Mode
from labeler.topics.hierarchy import Hierarchy

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
NONE = "none of these"
_RARE, _FEWEST = 0.2, 5  # share of papers up to which a topic is searched for, and papers that it must have


class Answers(NamedTuple):
    """What a method says of papers: ``probabilities`` and ``assigned`` topics, both (n_papers, n_topics)."""

    probabilities: Floats
    assigned: Flags

    def take(self, rows: npt.NDArray[np.intp]) -> Answers:
        """What it says of some of the papers."""
        return Answers(self.probabilities[rows], self.assigned[rows])


class Question(NamedTuple):
    """What is asked of each paper: the topics, how many of them it may have, and which is above which."""

    mode: Mode
    topics: tuple[str, ...]
    hierarchy: Hierarchy

    @property
    def has_levels(self) -> bool:
        """Whether some of the topics are above others of them."""
        ancestors = self.hierarchy.ancestors
        return any(above in self.topics for topic in self.topics for above in ancestors.get(topic, ()))

    def with_above(self, flags: Flags) -> Flags:
        """The flags (n_papers, n_topics) of topics, and those of the topics above them."""
        found = flags.copy()
        for column, topic in enumerate(self.topics):
            for above in self.hierarchy.ancestors.get(topic, ()):
                if above in self.topics:
                    found[:, self.topics.index(above)] |= flags[:, column]
        return found


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures on so many ``papers``: ``exact`` is the share that has just the right topics.

    ``averages`` are ``macro_f1``, ``micro_f1``, ``weighted_f1``, the mean ``average_precision`` and, where topics are
    above others, :func:`hierarchical_averages`, and the metrics of other packages; one that cannot be computed is left
    out. ``topics`` has each topic, and
    in single mode "none of these" where a paper is that.
    ``searches`` say what the model saves who looks for the papers of one topic.
    """

    papers: int
    exact: Estimate | None
    averages: Mapping[str, Estimate]
    topics: tuple[TopicFigures, ...]
    reliability: Reliability
    coverage: tuple[Coverage, ...]
    confusions: tuple[Confusion, ...]
    searches: tuple[Screening, ...]

    def to_dict(self) -> dict[str, Any]:
        """All figures, for programs."""
        return {
            "papers": self.papers,
            "exact": self.exact.to_dict() if self.exact else None,
            **{name: estimate.to_dict() for name, estimate in self.averages.items()},
            "topics": [one.to_dict() for one in self.topics],
            "reliability": self.reliability.to_dict(),
            "coverage": [one.to_dict() for one in self.coverage],
            "confusions": [one.to_dict() for one in self.confusions],
            "searches": [one.to_dict() for one in self.searches],
        }


def averages(question: Question, truth: Floats, assigned: Flags, draws: Draws) -> dict[str, Floats]:
    """Macro-, micro- and weighted F1 (n_draws,) by name. A topic counts for those above it."""
    tallies = _tallies(question, truth, assigned, draws)
    return {"macro_f1": tallies.macro_f1(), "micro_f1": tallies.micro_f1(), "weighted_f1": tallies.weighted_f1()}


def hierarchical_averages(question: Question, truth: Floats, assigned: Flags, draws: Draws) -> dict[str, Floats]:
    """Hierarchical precision, recall and F1 (n_draws,) by name; none where no topic is above another.

    Each topic, of a paper or given to it, brings those above it, and all pairs of paper and topic count the same: a
    wrong topic under the right parent is right in part (S. Kiritchenko et al., "Learning and evaluation in the
    presence of class hierarchies", 2006). As topics count so for all averages here, the F1 is the micro-F1.
    """
    if not question.has_levels:
        return {}
    tallies = _tallies(question, truth, assigned, draws)
    shares = {"precision": tallies.micro_precision(), "recall": tallies.micro_recall(), "f1": tallies.micro_f1()}
    return {f"hierarchical_{name}": share for name, share in shares.items()}


def _tallies(question: Question, truth: Floats, assigned: Flags, draws: Draws) -> Tallies:
    applies = question.with_above(truth == 1)
    return Tallies.of(np.where(applies, 1.0, truth), question.with_above(assigned), draws.weights)


def all_averages(question: Question, truth: Floats, answers: Answers, draws: Draws) -> dict[str, Floats]:
    """The same, and the mean of average precision (n_draws,), which looks at the order of probabilities alone."""
    precision = mean_average_precision(truth, answers.probabilities, draws.weights)
    found = averages(question, truth, answers.assigned, draws) | {"average_precision": precision}
    return found | hierarchical_averages(question, truth, answers.assigned, draws)


def figures(question: Question, truth: Floats, answers: Answers, draws: Draws) -> Figures:
    """The figures of ``answers`` on papers whose topics are known (``truth``, NaN where they are not)."""
    means = {
        name: found
        for name, values in all_averages(question, truth, answers, draws).items()
        if (found := draws.estimate(values)) is not None
    }
    means = added_estimates(truth, answers.assigned, answers.probabilities, draws) | means
    right, known = exactly_right(question.mode, truth, answers.assigned)
    is_known = ~np.isnan(truth)
    confidence = confidences(question.mode, answers.probabilities)
    shown = _with_none(question, truth, answers)
    topics, truth_shown, answers_shown = shown
    return Figures(
        len(truth),
        weighted_proportion(right, known, draws.weights[0]),
        means,
        tuple(figures_by_topic(topics, truth_shown, answers_shown.assigned, answers_shown.probabilities, draws)),
        _reliability(question.mode, truth, answers, draws),
        tuple(
            coverages(
                confidence,
                (answers.assigned & is_known).sum(axis=1),
                (answers.assigned & (truth == 1)).sum(axis=1),
            )
        ),
        tuple(confusions(topics, truth_shown, answers_shown.assigned)),
        tuple(_searches(question, truth, answers.probabilities, draws)),
    )


def exactly_right(mode: Mode, truth: Floats, assigned: Flags) -> tuple[Flags, Flags]:
    """Which papers (n_papers,) have just the right topics, and of which that is known.

    In single mode it is known where a topic applies, or none does; in multi mode all known answers must be right.
    """
    is_known, applies = ~np.isnan(truth), truth == 1
    right = np.asarray((~is_known | (applies == assigned)).all(axis=1))
    if mode == Mode.SINGLE:
        return right & (applies == assigned).all(axis=1), np.asarray(applies.any(axis=1) | is_known.all(axis=1))
    return right, np.asarray(is_known.any(axis=1))


def confidences(mode: Mode, probabilities: Floats) -> Floats:
    """How sure each answer is (n_papers,): of its least sure topic in multi mode, of the best answer in single mode.

    In single mode the remainder to 1 is the probability of "none of these".
    """
    if not probabilities.shape[1]:
        return np.ones(len(probabilities))
    if mode == Mode.SINGLE:
        return np.asarray(np.maximum(probabilities.max(axis=1), 1 - probabilities.sum(axis=1)))
    return np.asarray(np.maximum(probabilities, 1 - probabilities).min(axis=1))


def _with_none(question: Question, truth: Floats, answers: Answers) -> tuple[tuple[str, ...], Floats, Answers]:
    """The topics, their answers and what was said of them; in single mode with "none of these" where that is one."""
    none = np.asarray((truth == 0).all(axis=1))
    if question.mode != Mode.SINGLE or not none.any():
        return question.topics, truth, answers
    unknown = ~(truth == 1).any(axis=1) & ~none
    column = np.where(unknown, np.nan, none.astype(float))[:, None]
    remainder = np.clip(1 - answers.probabilities.sum(axis=1), 0, 1)[:, None]
    assigned = ~answers.assigned.any(axis=1, keepdims=True)
    said = Answers(np.hstack([answers.probabilities, remainder]), np.hstack([answers.assigned, assigned]))
    return (*question.topics, NONE), np.hstack([truth, column]), said


def _reliability(mode: Mode, truth: Floats, answers: Answers, draws: Draws) -> Reliability:
    """In single mode of the best answer of each paper, in multi mode of all pairs of paper and topic."""
    if mode == Mode.SINGLE:
        right, known = exactly_right(mode, truth, answers.assigned)
        rows = np.flatnonzero(known)
        probabilities, applies = answers.probabilities[rows], truth[rows] == 1
        none = (1 - probabilities.sum(axis=1)) - ~applies.any(axis=1)
        squares = np.square(probabilities - applies).sum(axis=1) + np.square(none)
        claimed = np.clip(confidences(mode, probabilities), 0, 1)
        return reliability(claimed, right[rows], rows, draws, squares)
    papers, topics = np.nonzero(~np.isnan(truth))
    return reliability(answers.probabilities[papers, topics], truth[papers, topics] == 1, papers, draws)


def _searches(question: Question, truth: Floats, probabilities: Floats, draws: Draws) -> list[Screening]:
    """The work that is saved in the search for the papers of each rare topic, or of the rarer one of two answers."""
    counts, known = (truth == 1).sum(axis=0), (~np.isnan(truth)).sum(axis=0)
    two_answers = question.mode == Mode.SINGLE and (counts > 0).sum() + (truth == 0).all(axis=1).any() == 2
    searches = []
    for column, topic in enumerate(question.topics):
        is_rare = counts[column] <= (0.5 if two_answers else _RARE) * known[column]
        if counts[column] >= _FEWEST and is_rare:
            found = screening(topic, truth[:, column], probabilities[:, column], draws)
            searches += [found] if found else []
    return searches
