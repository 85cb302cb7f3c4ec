"""How right each annotator is by the consensus, what each confuses, and whose answers tell nothing.

Intervals are of the bootstrap over papers, near-duplicates together; the consensus itself is not drawn anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.annotators.consensus import Consensus
from labeler.annotators.resamples import FEWEST_OF_ANSWER, Coefficient, Figure, Floats, Resamples
from labeler.topics import NONE_OF_THESE
from labeler.topics.mode import Mode

_BY_CHANCE = 0.2  # agreement with the others beyond chance, "slight" by J. Landis and G. Koch, 1977
_SAME = 0.95  # share of one answer from which an annotator gives the same to all
_OF_OTHERS = 0.8  # share of this answer by the others up to which that is strange


class Cell(NamedTuple):
    """Of ``papers`` that have the ``truth`` by the consensus, the ``share`` to which an annotator gave ``said``."""

    truth: str
    said: str
    papers: float
    share: Figure

    def to_dict(self) -> dict[str, Any]:
        """The cell, for programs."""
        return self._asdict() | {"papers": round(self.papers, 1), "share": self.share.to_dict()}


class Rightness(NamedTuple):
    """How often an annotator gave the answer of the consensus (``accuracy``), and its agreement with the most probable
    answer by the others beyond chance (``kappa``, J. Cohen 1960).

    ``confusion`` are answers given in place of the consensus's: in multi mode a topic that was given (``said``) or not
    given, where the other side is "none of these". ``always`` is the share of the answer that was given most, and
    ``others`` the share of it among those of the others to the same papers.
    """

    annotator: str
    papers: int
    accuracy: Figure
    kappa: Figure
    always: float
    others: float
    confusion: tuple[Cell, ...]

    @property
    def note(self) -> str:
        """What speaks against the annotator's answers, in words; empty where nothing does."""
        who, on = self.annotator, f"on {self.papers} papers that others judged"
        if self.always >= _SAME and self.others <= _OF_OTHERS:
            return (
                f"{who} gives the same answer to {self.always:.0%} of papers, {on}; the others give it to "
                f"{self.others:.0%}. Look at these judgements before you rely on them."
            )
        if self.kappa.high is not None and self.kappa.high <= _BY_CHANCE:
            return (
                f"{who} answers as if by chance, {on}: agreement with the others beyond chance is {self.kappa}. "
                "Look at these judgements before you rely on them."
            )
        return ""

    def to_dict(self) -> dict[str, Any]:
        """The figures, for programs."""
        return {
            "papers": self.papers,
            "accuracy": self.accuracy.to_dict(),
            "kappa": self.kappa.to_dict(),
            "confusion": [cell.to_dict() for cell in self.confusion],
            "note": self.note,
        }


def rightness_of(consensus: Consensus, names: Mapping[str, str] | None = None) -> list[Rightness]:
    """How right each annotator is; of nobody where the answers do not tell it. ``names`` are those of topics."""
    if not consensus.is_told:
        return []
    ratings, answers = consensus.ratings, consensus.answers
    resamples = Resamples.of(ratings.groups)
    truth = consensus.model.posterior(answers)
    others = consensus.model.posterior_of_others(answers).argmax(axis=3)
    labels = _labels(consensus, names or {})
    chosen = answers.chosen.reshape(*truth.shape[:2], answers.annotators, answers.answers)
    found = []
    for number, annotator in enumerate(ratings.annotators):
        rows = np.flatnonzero(ratings.known[:, number].any(axis=1))
        if len(rows):
            own, guess = chosen[:, rows, number], np.eye(answers.answers)[others[:, rows, number]]
            guess *= own.any(axis=2, keepdims=True)
            weights = resamples.weights[:, rows]
            right = Coefficient(*_wrong(own, truth[:, rows], weights))
            found.append(
                Rightness(
                    annotator,
                    len(rows),
                    resamples.figure(right, rows),
                    resamples.figure(_kappa(own, guess, weights), rows),
                    *_most_given(own, guess),
                    _confusion(own, truth[:, rows], resamples, rows, labels),
                )
            )
    return found


def careless_notes(consensus: Consensus) -> list[str]:
    """Sentences on annotators who answer at random, or always the same."""
    return [one.note for one in rightness_of(consensus) if one.note]


def _labels(consensus: Consensus, names: Mapping[str, str]) -> list[list[str]]:
    """The names of the answers to each question."""
    topics = [names.get(topic, topic) for topic in consensus.ratings.topics]
    if consensus.ratings.mode == Mode.MULTI:
        return [[NONE_OF_THESE, topic] for topic in topics]
    return [[[*topics, NONE_OF_THESE][kind] for kind in consensus.kinds]]


def _wrong(own: Floats, truth: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """The share of an annotator's answers that are wrong in each draw (n_draws,), and ones."""
    total = weights @ own.sum(axis=(0, 2))
    wrong = 1 - weights @ (own * truth).sum(axis=(0, 2)) / np.maximum(total, 1e-12)
    return np.where(total > 0, wrong, np.nan), np.ones(len(weights))


def _kappa(own: Floats, guess: Floats, weights: Floats) -> Coefficient:
    """Cohen's kappa of an annotator with the guess, over questions of mean agreement and that by chance (as
    :func:`labeler.annotators.kappa.pooled_kappa`). The arrays are (n_questions, n_papers, n_answers).
    """
    first, second = (np.matmul(weights, one) for one in (own, guess))
    same = np.stack([weights @ one for one in (own * guess).sum(axis=2)])
    every = first.sum(axis=2)
    asked = every > 0
    total = np.maximum(every, 1e-12)
    agreed = np.where(asked, same / total, 0).sum(axis=0)
    chance = np.where(asked, (first * second).sum(axis=2) / total**2, 0).sum(axis=0)
    questions = np.maximum(asked.sum(axis=0), 1)
    return Coefficient(1 - agreed / questions, 1 - chance / questions)


def _most_given(own: Floats, guess: Floats) -> tuple[float, float]:
    """The share of papers (n_papers) with the set of answers that was given most, and the share with it by the guess.

    The arrays are (n_questions, n_papers, n_answers).
    """
    papers = own.shape[1]
    said, by_others = (one.transpose(1, 0, 2).reshape(papers, -1) for one in (own, guess))
    kinds, counts = np.unique(said, axis=0, return_counts=True)
    most = kinds[counts.argmax()]
    return float(counts.max() / papers), float((by_others == most).all(axis=1).mean())


def _confusion(
    own: Floats, truth: Floats, resamples: Resamples, rows: npt.NDArray[np.intp], labels: list[list[str]]
) -> tuple[Cell, ...]:
    """The cells beside the diagonal that hold papers, the one with most papers first."""
    cells = []
    counts, weights = np.matmul(truth.transpose(0, 2, 1), own), resamples.weights[:, rows]
    for question, name in enumerate(labels):
        pairs = np.argwhere((np.round(counts[question]) >= 1) & ~np.eye(len(name), dtype=bool))
        papers = truth[question] * own[question].any(axis=1, keepdims=True)
        totals = weights @ papers
        shares = weights @ (papers[:, pairs[:, 0]] * own[question][:, pairs[:, 1]])
        for number, (true, said) in enumerate(pairs.tolist()):
            total, every = totals[:, true], float(papers[:, true].sum())
            part = np.where(total > 0, shares[:, number] / np.maximum(total, 1e-12), np.nan)
            figure = resamples.figure(Coefficient(part, np.ones_like(part)), rows, every >= FEWEST_OF_ANSWER)
            cells.append((float(counts[question, true, said]), Cell(name[true], name[said], every, _less(figure))))
    return tuple(cell for _, cell in sorted(cells, key=lambda one: -one[0]))


def _less(figure: Figure) -> Figure:
    """A share, of a figure of all that it leaves."""
    if figure.value is None:
        return figure
    bounds = (None, None) if figure.low is None or figure.high is None else (1 - figure.high, 1 - figure.low)
    return Figure(1 - figure.value, *bounds)
