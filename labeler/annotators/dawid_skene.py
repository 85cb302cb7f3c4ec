"""What papers are about, and how right each annotator is, from answers alone: the model of Dawid and Skene.

A. Dawid, A. Skene, "Maximum likelihood estimation of observer error-rates using the EM algorithm", 1979. Each annotator
has a matrix of confusion for each question, and EM finds these and the true answers together. As there are few answers
of most kinds, matrices are drawn to simpler ones by pseudo-counts: that of a question to that of the annotator on all
questions, and this to one of a single accuracy, with errors spread as the annotator's errors are.

The simple model has this single accuracy alone, with errors spread evenly: a vote weighted by accuracy (Y. Zhang,
X. Chen, D. Zhou, M. Jordan, "Spectral methods meet EM", 2014, call it one-coin).

In single mode there is one question, whose answers are the topics and "none of these"; in multi mode each topic is a
question, answered no (0) or yes (1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Said = npt.NDArray[np.integer]
_STEPS, _CHANGE = 100, 1e-5  # of EM, and that of the probabilities below which it ends
_RIGHT, _WRONG = 4.0, 1.0  # answers that each annotator has beforehand, so that no accuracy is 0 or 1
_SIMPLER = 20.0  # answers that a row of an annotator's confusion has beforehand, as the simpler matrix says
_POOLED = 4.0  # and that of a question, as the annotator's on all questions
_ANSWER = 1.0  # papers that each answer has beforehand


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Who gave which answer: ``chosen`` (n_questions, n_papers, n_annotators × n_answers) is 1 for it, and there are so
    many ``annotators`` and ``answers``.
    """

    chosen: Floats
    annotators: int
    answers: int

    @classmethod
    def of(cls, said: Said, answers: int) -> Answers:
        """Of ``said`` (n_papers, n_annotators, n_questions): the number of the answer, -1 where there is none."""
        papers, annotators, questions = said.shape
        chosen = (said[..., None] == np.arange(answers)).transpose(2, 0, 1, 3)
        return cls(chosen.reshape(questions, papers, annotators * answers).astype(np.float64), annotators, answers)

    def part(self, rows: npt.NDArray[np.generic]) -> Answers:
        """Those to some of the papers (a mask, or positions)."""
        return Answers(self.chosen[:, rows], self.annotators, self.answers)

    def votes(self) -> Floats:
        """How many gave each answer (n_questions, n_papers, n_answers)."""
        return np.asarray(self._by_annotator().sum(axis=2))

    def votes_of_others(self) -> Floats:
        """How many others gave each answer (n_questions, n_papers, n_annotators, n_answers)."""
        return np.asarray(self.votes()[:, :, None] - self._by_annotator())

    def counts(self, posterior: Floats) -> Floats:
        """How often an annotator gave an answer where another was the true one
        (n_questions, n_annotators, n_answers true, n_answers given).
        """
        found = np.matmul(self.chosen.transpose(0, 2, 1), posterior)
        shape = (len(self.chosen), self.annotators, self.answers, self.answers)
        return np.asarray(found.reshape(shape).transpose(0, 1, 3, 2))

    def _by_annotator(self) -> Floats:
        return self.chosen.reshape(*self.chosen.shape[:2], self.annotators, self.answers)


class Model(NamedTuple):
    """``prior`` (n_questions, n_answers) is how frequent each true answer is, and ``confusion`` (n_questions,
    n_annotators, n_answers true, n_answers given) how probable an answer is where another is the true one.
    """

    prior: Floats
    confusion: Floats

    @property
    def accuracy(self) -> Floats:
        """How probable it is that an annotator answers a question rightly (n_questions, n_annotators)."""
        return np.asarray(np.einsum("qk,qakk->qa", self.prior, self.confusion))

    def posterior(self, answers: Answers) -> Floats:
        """The probability of each true answer (n_questions, n_papers, n_answers)."""
        return _normalized(np.log(self.prior)[:, None] + np.matmul(answers.chosen, self._evidence()))

    def posterior_of_others(self, answers: Answers) -> Floats:
        """The same by the answers of all others (n_questions, n_papers, n_annotators, n_answers)."""
        evidence = self._evidence()
        every = np.log(self.prior)[:, None] + np.matmul(answers.chosen, evidence)
        found = np.empty((*every.shape[:2], answers.annotators, answers.answers))
        for number in range(answers.annotators):
            own = slice(number * answers.answers, (number + 1) * answers.answers)
            found[:, :, number] = _normalized(every - np.matmul(answers.chosen[:, :, own], evidence[:, own]))
        return found

    def _evidence(self) -> Floats:
        """The logarithm of each annotator's confusion (n_questions, n_annotators × n_answers given, n_answers true)."""
        questions, annotators, answers, _ = self.confusion.shape
        return np.log(self.confusion).transpose(0, 1, 3, 2).reshape(questions, annotators * answers, answers)


def dawid_skene(answers: Answers) -> Model:
    """The model of Dawid and Skene, with pseudo-counts. It begins with the shares of votes."""
    return _fitted(answers, simple=False)


def weighted_vote(answers: Answers) -> Model:
    """The model in which an annotator has one accuracy, whatever the true answer: a vote weighted by it."""
    return _fitted(answers, simple=True)


def _fitted(answers: Answers, simple: bool) -> Model:
    votes = answers.votes()
    known = votes.sum(axis=2, keepdims=True) > 0
    posterior = np.where(known, votes, 1) / np.where(known, votes, 1).sum(axis=2, keepdims=True)
    for _ in range(_STEPS):
        model = _model(answers, posterior, known, simple)
        before, posterior = posterior, model.posterior(answers)
        if not posterior.size or np.abs(posterior - before).max() < _CHANGE:
            break
    return model


def _model(answers: Answers, posterior: Floats, known: npt.NDArray[np.bool_], simple: bool) -> Model:
    """What is most probable where true answers have these probabilities."""
    kinds = answers.answers
    counts = answers.counts(posterior)
    pooled = counts.sum(axis=0)
    right = np.trace(pooled, axis1=1, axis2=2) + _RIGHT
    accuracy = right / (pooled.sum(axis=(1, 2)) + _RIGHT + _WRONG)
    if simple:
        even = np.full((answers.annotators, kinds), 1.0)
        confusion = np.broadcast_to(_one_accuracy(accuracy, even), counts.shape)
        return Model(np.full((len(posterior), kinds), 1 / kinds), confusion)
    errors = (pooled * (1 - np.eye(kinds))).sum(axis=1) + 1 / kinds
    pooled = _smoothed(pooled, _one_accuracy(accuracy, errors), _SIMPLER)
    given = (posterior * known).sum(axis=1) + _ANSWER / kinds
    return Model(given / given.sum(axis=1, keepdims=True), _smoothed(counts, pooled[None], _POOLED))


def _one_accuracy(accuracy: Floats, errors: Floats) -> Floats:
    """Confusion (n_annotators, n_answers, n_answers) of one accuracy each, with errors shared out as ``errors``."""
    kinds = errors.shape[1]
    if kinds == 1:
        return np.ones((len(errors), 1, 1))
    wrong = errors[:, None, :] * (1 - np.eye(kinds))
    wrong /= wrong.sum(axis=2, keepdims=True)
    return np.asarray(accuracy[:, None, None] * np.eye(kinds) + (1 - accuracy)[:, None, None] * wrong)


def _smoothed(counts: Floats, simpler: Floats, answers: float) -> Floats:
    """The shares of counts, where each row has so many answers beforehand as the simpler matrix says."""
    return np.asarray((counts + answers * simpler) / (counts.sum(axis=-1, keepdims=True) + answers))


def _normalized(logarithms: Floats) -> Floats:
    shares = np.exp(logarithms - logarithms.max(axis=-1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=-1, keepdims=True))
