"""Which answer counts where annotators differ: that of the majority, or of a model of how right each annotator is.

Which of them, is found on held-out papers: models are learned on the other papers, and each annotator's answer is
predicted from those of the others. A model takes the place of the majority only where it predicts more answers, by two
standard errors. Where there are fewer than three annotators, or too few papers that two judged, the answers do not tell
who is right, and the majority counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from labeler.annotators.choice import DAWID_SKENE, FEWEST_ANNOTATORS, FEWEST_OF_ANNOTATOR, MAJORITY, WEIGHTED, Choice
from labeler.annotators.dawid_skene import Answers, Floats, Model, dawid_skene, weighted_vote
from labeler.annotators.ratings import UNKNOWN, Ratings
from labeler.annotators.resamples import FEWEST_PAPERS
from labeler.topics.mode import Mode

# Probability from which an answer takes the place of the majority's, or settles a tie. In simulated studies of 200
# papers by three people, of whom one always says the same, .8 gave more right labels than .9 in single mode, and fewer
# in multi mode, where it took .002 from the majority's.
SURE = {Mode.SINGLE: 0.8, Mode.MULTI: 0.9}
_MODELS: Mapping[str, Callable[[Answers], Model]] = {WEIGHTED: weighted_vote, DAWID_SKENE: dawid_skene}
_FOLDS, _DRAWS = 5, 20
_STANDARD_ERRORS = 2.0


@dataclass(frozen=True, eq=False)
class Consensus:
    """The consensus on the papers of ``ratings``."""

    ratings: Ratings

    @cached_property
    def kinds(self) -> npt.NDArray[np.intp]:
        """The answers that were given: in single mode columns of ``ratings.choices``, in multi mode no and yes."""
        if self.ratings.mode == Mode.MULTI:
            return np.arange(2)
        return np.flatnonzero(self.ratings.choices.sum(axis=0))

    @cached_property
    def answers(self) -> Answers:
        """Who gave which answer: one question in single mode, one for each topic in multi mode."""
        return Answers.of(self._said, len(self.kinds))

    @property
    def _said(self) -> npt.NDArray[np.integer]:
        if self.ratings.mode == Mode.MULTI:
            return self.ratings.answers
        chosen = self.ratings.chosen
        return np.where(chosen == UNKNOWN, UNKNOWN, np.searchsorted(self.kinds, chosen))[:, :, None]

    @cached_property
    def experienced(self) -> int:
        """How many annotators judged enough papers that another judged."""
        return int((self.ratings.known.any(axis=2).sum(axis=0) >= FEWEST_OF_ANNOTATOR).sum())

    @cached_property
    def is_told(self) -> bool:
        """Whether there are papers and annotators enough to tell how right each is."""
        papers = len(np.unique(self.ratings.groups))
        return papers >= FEWEST_PAPERS and self.experienced >= FEWEST_ANNOTATORS and len(self.kinds) > 1

    @cached_property
    def choice(self) -> Choice:
        """The method that counts, by held-out agreement."""
        counts = len(self.ratings.ids), self.experienced
        if not self.is_told:
            return Choice(MAJORITY, *counts)
        right = self._predicted()
        agreement = {name: float(np.nanmean(one)) for name, one in right.items()}
        better = [name for name in _MODELS if _is_more(right[name] - right[MAJORITY])]
        clearly = _is_more(right[WEIGHTED] - right[DAWID_SKENE])
        # Of two that predict as much, that of Dawid and Skene is surer: it knows which errors each makes.
        best = DAWID_SKENE if DAWID_SKENE in better and not clearly else next(iter(better), MAJORITY)
        return Choice(best, *counts, agreement)

    def _predicted(self) -> dict[str, Floats]:
        """For each method and group of near-duplicates the share of the held-out answers that it predicts."""
        groups, number = np.unique(self.ratings.groups, return_inverse=True)
        folds = (np.random.default_rng(0).permutation(len(groups)) % _FOLDS)[number]
        found = {name: np.zeros(len(folds)) for name in (MAJORITY, *_MODELS)}
        for fold in range(_FOLDS):
            rows = folds == fold
            asked, others = self.answers.part(rows), self.answers.part(~rows)
            found[MAJORITY][rows] = _right(asked, asked.votes_of_others())
            for name, method in _MODELS.items():
                found[name][rows] = _right(asked, method(others).posterior_of_others(asked))
        sizes = np.bincount(number, minlength=len(groups))
        return {name: np.bincount(number, one, len(groups)) / sizes for name, one in found.items()}

    @cached_property
    def model(self) -> Model:
        """How right each annotator is: in single mode by one accuracy each, in multi mode as Dawid and Skene say.

        In simulated studies of 200 papers by three people, of whom two judge each paper, accuracies are told to .030 to
        .042 in single mode, where matrices of confusion are too much for so few answers (.034 to .056), and to .009 to
        .017 in multi mode (one accuracy: .010 to .018).
        """
        return (weighted_vote if self.ratings.mode == Mode.SINGLE else dawid_skene)(self.answers)

    def _posterior(self) -> Floats:
        """The mean probability of each true answer (n_questions, n_papers, n_answers) by models learned on draws of
        papers (L. Breiman, "Bagging predictors", 1996), so that nothing is sure that a few papers decide.
        """
        groups, number = np.unique(self.ratings.groups, return_inverse=True)
        method, rng = _MODELS[self.choice.method], np.random.default_rng(0)
        total = np.zeros((*self.answers.chosen.shape[:2], self.answers.answers))
        for _ in range(_DRAWS):
            times = np.bincount(rng.integers(0, len(groups), len(groups)), minlength=len(groups))[number]
            drawn = np.repeat(np.arange(len(number)), times)
            total += method(self.answers.part(drawn)).posterior(self.answers)
        return total / _DRAWS

    def settled(self) -> dict[str, dict[str, bool]]:
        """The answers (topic → whether it applies) of which the chosen model is sure, by the ids of papers on which
        annotators differ; in single mode on all topics. None where the majority counts.
        """
        if self.choice.method == MAJORITY:
            return {}
        votes, posterior = self.answers.votes(), self._posterior()
        best = posterior.argmax(axis=2)
        given = np.take_along_axis(votes, best[:, :, None], axis=2)[:, :, 0] > 0
        sure = given & ((votes > 0).sum(axis=2) > 1) & (posterior.max(axis=2) >= SURE[self.ratings.mode])
        found: dict[str, dict[str, bool]] = {}
        for question, row in np.argwhere(sure).tolist():
            answer = int(self.kinds[best[question, row]])
            if self.ratings.mode == Mode.MULTI:
                said = {self.ratings.topics[question]: bool(answer)}
            else:
                said = {topic: number == answer for number, topic in enumerate(self.ratings.topics)}
            found.setdefault(self.ratings.ids[row], {}).update(said)
        return found


def _is_more(gain: Floats) -> bool:
    """Whether a mean gain over groups of papers is above zero by two standard errors."""
    gain = gain[~np.isnan(gain)]
    return len(gain) > 1 and bool(gain.mean() > _STANDARD_ERRORS * gain.std(ddof=1) / np.sqrt(len(gain)) + 1e-9)


def _right(answers: Answers, others: Floats) -> Floats:
    """The share (n_papers,) of answers that are the most probable ones by ``others``
    (n_questions, n_papers, n_annotators, n_answers); of several, each counts in part. NaN where nobody else answered.
    """
    best = others >= others.max(axis=3, keepdims=True) - 1e-9
    given = answers.chosen.reshape(others.shape) * (answers.votes_of_others().sum(axis=3, keepdims=True) > 0)
    share = (given * best / best.sum(axis=3, keepdims=True)).sum(axis=(0, 2, 3))
    asked = given.sum(axis=(0, 2, 3))
    return np.asarray(np.where(asked > 0, share / np.maximum(asked, 1), np.nan))
