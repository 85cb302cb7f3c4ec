"""What simpler methods say of the same papers: a model that is no better than these has learned nothing worth having.

Each predicts the papers of a fold from those of the other folds, which are the folds of the version that is measured,
and papers that were not learned from, from all folds.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from labeler.errors import TooFewJudgementsError
from labeler.evaluation.figures import Answers, Question, averages
from labeler.features.background import Background
from labeler.learn.classifier import TopicClassifier
from labeler.learn.selection import cross_validated_thresholds
from labeler.learn.thresholds import thresholds_for
from labeler.measure.resampling import Draws
from labeler.topics import Mode

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]
Progress = Callable[[str], None]
FREQUENT, NAMES, REGRESSION = "most frequent answer", "names alone", "TF-IDF + logistic regression"
_WORDS: tuple[tuple[int, int], ...] = ((1, 1), (1, 2))  # alone, and with pairs of neighbours
_GRID = tuple(product((None, "balanced"), (1.0, 10.0, 100.0)))  # weight of classes, C
_NEW = -1


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """The papers to predict: their texts, known answers (n_papers, n_topics), and folds (n_papers,).

    Papers of the fold -1 are not learned from: their answers may be anything.
    """

    question: Question
    texts: tuple[str, ...]
    truth: Floats
    folds: npt.NDArray[np.int8]

    def splits(self) -> Iterator[tuple[Indices, Indices]]:
        """For each fold the papers to learn from and those to predict."""
        for fold in np.unique(self.folds).tolist():
            train = np.flatnonzero((self.folds != fold) & (self.folds != _NEW))
            yield train, np.flatnonzero(self.folds == fold)


class Baseline(NamedTuple):
    """What a method says, and how it was ``made``; without answers, why there are none."""

    name: str
    made: str
    answers: Answers | None


def baselines(
    task: Task, definitions: Mapping[str, str], background: Background | None, say: Progress = lambda _: None
) -> list[Baseline]:
    """The most frequent answer, the names of topics alone, and a tuned logistic regression of words."""
    rows = [_names_alone(task, definitions, background)]
    if not any(len(train) for train, _ in task.splits()):
        nothing = "there is no judged paper that it could learn from"
        return [Baseline(FREQUENT, nothing, None), *rows, Baseline(REGRESSION, nothing, None)]
    say("a baseline: TF-IDF and logistic regression …")
    return [_most_frequent(task), *rows, _regression(task)]


def _most_frequent(task: Task) -> Baseline:
    """Every paper is given the answer that most of the other papers have; in multi mode the most frequent topic."""
    probabilities = np.zeros(task.truth.shape)
    assigned = np.zeros(task.truth.shape, dtype=bool)
    for train, test in task.splits():
        applies = task.truth[train] == 1
        shares = applies.mean(axis=0) if len(train) else np.zeros(task.truth.shape[1])
        probabilities[test] = shares
        none = (~applies.any(axis=1)).mean() if task.question.mode == Mode.SINGLE and len(train) else 0.0
        if len(shares) and shares.max() > none:
            assigned[test, int(shares.argmax())] = True
    what = "answer" if task.question.mode == Mode.SINGLE else "topic"
    return Baseline(FREQUENT, f"the {what} that most judged papers have", Answers(probabilities, assigned))


def _names_alone(task: Task, definitions: Mapping[str, str], background: Background | None) -> Baseline:
    """A model of the names and definitions of topics, without a judged paper; the texts of the papers help it."""
    topics = task.question.topics
    classifier = TopicClassifier(
        task.question.mode,
        definitions={topic: definitions.get(topic, topic) for topic in topics},
        background=background,
        parents=task.question.hierarchy.parents or None,
    )
    try:
        classifier.fit([], [], unlabeled=list(task.texts), classes=topics)
    except TooFewJudgementsError:
        return Baseline(NAMES, "nothing can be learned from the names of these topics", None)
    model = classifier.model_
    probabilities = model.predict_proba(list(task.texts))
    assigned = model.rule.assigned(model.linear.probabilities(list(task.texts)))
    return Baseline(NAMES, "names and definitions of the topics, no judged paper", Answers(probabilities, assigned))


def _regression(task: Task) -> Baseline:
    """Logistic regressions of TF-IDF, one a topic, with the words, weights and C that do best on the folds themselves.

    That flatters it a little, as these folds measure it as well.
    """
    splits = [(train, test) for train, test in task.splits() if len(train) and len(test)]
    learned = task.folds != _NEW
    draws = Draws(np.ones((1, int(learned.sum()))))
    best, best_figure, made = None, -1.0, ""
    for words in _WORDS:
        features = [_features(task.texts, train, test, words) for train, test in splits]
        for weight, C in _GRID:
            answers = _regressions(task, splits, features, weight, C)
            means = averages(task.question, task.truth[learned], answers.assigned[learned], draws)
            figure = float(np.nan_to_num(means["macro_f1"][0]))
            if figure > best_figure:
                best, best_figure = answers, figure
                made = f"C = {C:g}, {'words and pairs' if words[1] == 2 else 'words'}, {weight or 'equal'} weights"
    return Baseline(REGRESSION, f"scikit-learn, the best of {len(_WORDS) * len(_GRID)} settings: {made}", best)


def _features(texts: Sequence[str], train: Indices, test: Indices, words: tuple[int, int]) -> tuple[Any, Any] | None:
    """The TF-IDF rows of both, None where there is no word to learn from."""
    vectorizer = TfidfVectorizer(ngram_range=words, sublinear_tf=True, min_df=2 if len(train) >= 50 else 1)
    try:
        rows = vectorizer.fit_transform([texts[row] for row in train])
    except ValueError:  # no word is left
        return None
    return rows, vectorizer.transform([texts[row] for row in test])


def _regressions(
    task: Task, splits: Sequence[tuple[Indices, Indices]], features: Sequence[Any], weight: str | None, C: float
) -> Answers:
    """The answers of regressions with one setting, for all folds."""
    single, shape = task.question.mode == Mode.SINGLE, task.truth.shape
    columns = shape[1] + single
    truth = np.hstack([task.truth, _none(task.truth)]) if single else task.truth
    scores = np.zeros((shape[0], columns))

    def of_column(fold: int, column: int) -> Floats:
        (train, test), found = splits[fold], features[fold]
        known = np.flatnonzero(~np.isnan(truth[train, column]))
        answers = truth[train[known], column] == 1
        if found is None or len(set(answers.tolist())) < 2:
            return np.full(len(test), float(answers[0]) if len(answers) and answers.all() else 0.0)
        model = LogisticRegression(C=C, class_weight=weight, solver="liblinear", dual=True, tol=0.01, random_state=0)
        return np.asarray(model.fit(found[0][known], answers).predict_proba(found[1])[:, 1])

    jobs = list(product(range(len(splits)), range(columns)))
    with warnings.catch_warnings():  # a setting that is not done after all iterations is measured as it is
        warnings.simplefilter("ignore", ConvergenceWarning)
        results = Parallel(n_jobs=-1, prefer="threads")(delayed(of_column)(*job) for job in jobs)
    for (fold, column), found in zip(jobs, results, strict=True):
        scores[splits[fold][1], column] = found
    if not single:
        return Answers(scores, scores >= _thresholds(task, scores))
    probabilities = scores / np.maximum(scores.sum(axis=1, keepdims=True), 1e-12)
    assigned = np.arange(columns) == scores.argmax(axis=1)[:, None]
    return Answers(probabilities[:, :-1], assigned[:, :-1])


def _thresholds(task: Task, probabilities: Floats) -> Floats:
    """The threshold (n_papers, n_topics) of each topic, chosen as for our own models: on the papers of other folds."""
    learned = task.folds != _NEW
    folds = task.folds[learned].astype(np.intp)
    found = np.empty(task.truth.shape)
    found[~learned] = thresholds_for(probabilities[learned], task.truth[learned])
    found[learned] = cross_validated_thresholds(probabilities[learned], task.truth[learned], folds)[folds]
    return found


def _none(truth: Floats) -> Floats:
    """Whether a paper is of no topic (n_papers, 1), NaN where that is not known."""
    unknown = ~(truth == 1).any(axis=1) & np.isnan(truth).any(axis=1)
    return np.where(unknown, np.nan, (truth == 0).all(axis=1).astype(float))[:, None]
