"""Model selection by cross-validation: the recipe that fits the judged papers best, and its held-out scores."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from scipy.special import expit

from labeler.learn.recipe import HINGE, REGRESSIONS, SMALL_C_HINGE, TWO_TOPICS, Recipe, TrainingData
from labeler.learn.thresholds import thresholds_for
from labeler.measure.folds import grouped_folds
from labeler.measure.metrics import average_precision, macro_f1, micro_f1
from labeler.topics import Mode

Floats = npt.NDArray[np.float64]
Folds = npt.NDArray[np.intp]
_MIN_PAPERS = 50  # judged papers below which no choice is better than chance
_MIN_PAPERS_ALL = 250  # from which on all recipes are compared
_MAX_PAPERS_ABOUT = 3000  # above which words tell more than what papers are about, in every data set that was tried
_SELECTION_FOLDS = 5  # with more papers than that, one of which chooses
_NO_SCORE = -1e9  # for minus infinity, where differences are taken


@dataclass(frozen=True, slots=True)
class Selection:
    """The recipe, the metric of each candidate by name, and the held-out scores of the recipe with their folds.

    ``scores`` are (n_papers, n_columns), minus infinity where there is none; ``folds`` (n_papers,).
    """

    recipe: Recipe
    candidates: dict[str, float]
    scores: Floats
    folds: Folds


def select(data: TrainingData, groups: Sequence[Hashable], seed: int) -> Selection:
    """Choose a recipe, and hold every judged paper out once under it; folds and recipes run in parallel.

    Papers of one group (``groups``, n_papers) are in one fold. Recipes are compared without unlabeled papers: that is
    faster, and hardly ever chooses another.
    """
    papers = len(data.papers)
    topics = int(data.learnable_columns(np.arange(papers)).sum())
    candidates = candidates_for(data.mode, papers, topics)
    if papers < 2:
        return Selection(candidates[0], {}, np.full(data.answers.shape, -np.inf), np.zeros(papers, dtype=np.intp))
    folds = grouped_folds(data.answers == 1, groups, fold_count(papers), seed)
    # Of very many papers one fold of five is enough to choose; larger folds leave fewer papers to learn from, with
    # which another recipe would be best.
    if papers > _MAX_PAPERS_ABOUT:
        compared = grouped_folds(data.answers == 1, groups, _SELECTION_FOLDS, seed) == 0
        held_out = _held_out_scores(data, candidates, np.where(compared, 0, 1), (0,), unlabeled=False)
    else:
        compared = np.ones(papers, dtype=bool)
        held_out = _held_out_scores(data, candidates, folds, np.unique(folds), unlabeled=False)
    metrics = {
        recipe.name: round(selection_metric(scores[compared], data.answers[compared], data.mode), 6)
        for recipe, scores in zip(candidates, held_out, strict=True)
    }
    best = max(candidates, key=lambda recipe: metrics[recipe.name] - recipe.penalty / np.sqrt(papers))
    scores = held_out[candidates.index(best)]
    if len(data.unlabeled) or not compared.all():
        [scores] = _held_out_scores(data, (best,), folds, np.unique(folds))
    return Selection(best, metrics, scores, folds)


def held_out_scores(data: TrainingData, recipe: Recipe, groups: Sequence[Hashable], seed: int) -> Floats:
    """The score of every judged paper by a model that has neither seen its fold nor unlabeled papers.

    Papers of one group (``groups``, n_papers) are in one fold.
    """
    folds = grouped_folds(data.answers == 1, groups, fold_count(len(data.papers)), seed)
    [scores] = _held_out_scores(data, (recipe,), folds, np.unique(folds), unlabeled=False)
    return scores


def candidates_for(mode: Mode, papers: int, topics: int) -> tuple[Recipe, ...]:
    """The recipes that are compared, the default one first; the more ``papers``, the more recipes.

    In single mode a logistic regression is better where ``topics`` are about equally frequent, and the hinge loss where
    they are not. With few papers chance would decide between them.
    """
    if mode == Mode.SINGLE and topics == 2:
        return TWO_TOPICS if papers >= _MIN_PAPERS else TWO_TOPICS[:1]
    if mode != Mode.SINGLE:
        return HINGE[papers > _MAX_PAPERS_ABOUT :] + SMALL_C_HINGE if papers >= _MIN_PAPERS_ALL else HINGE[:1]
    if papers >= _MIN_PAPERS_ALL:
        return REGRESSIONS[papers > _MAX_PAPERS_ABOUT :] + HINGE[papers > _MAX_PAPERS_ABOUT :] + SMALL_C_HINGE
    return (REGRESSIONS[0], HINGE[0]) if papers >= _MIN_PAPERS else REGRESSIONS[:1]


def fold_count(papers: int) -> int:
    """Ten folds of few papers, as a model of nine tenths is closer to the one of all; fewer of many, for speed."""
    return 10 if papers <= 250 else 5 if papers <= _MAX_PAPERS_ABOUT else 3


def _held_out_scores(
    data: TrainingData, recipes: Sequence[Recipe], folds: Folds, test_folds: Iterable[int], unlabeled: bool = True
) -> list[Floats]:
    """For each recipe the scores of the papers of ``test_folds``, by models that have not seen their fold.

    A column that cannot be learned without the fold has minus infinity there.
    """

    def fold_scores(recipe: Recipe, fold: int) -> Floats:
        return data.held_out(recipe, np.flatnonzero(folds != fold), np.flatnonzero(folds == fold), unlabeled)

    jobs = [(number, int(fold)) for number in range(len(recipes)) for fold in test_folds]
    results = Parallel(n_jobs=-1, prefer="threads")(
        delayed(fold_scores)(recipes[number], fold) for number, fold in jobs
    )
    held_out = [np.full(data.answers.shape, -np.inf) for _ in recipes]
    for (number, fold), scores in zip(jobs, results, strict=True):
        held_out[number][folds == fold] = scores
    return held_out


def cross_validated_assignments(probabilities: Floats, matrix: Floats, folds: Folds) -> npt.NDArray[np.bool_]:
    """The topics (n_papers, n_topics) assigned in each fold with thresholds chosen on the other folds.

    Metrics of them are honest: no paper has a part in choosing its own thresholds.
    """
    assigned = np.zeros(matrix.shape, dtype=bool)
    for fold in np.unique(folds):
        train = folds != fold
        thresholds = thresholds_for(probabilities[train], matrix[train])
        assigned[~train] = probabilities[~train] >= thresholds
    return assigned


def selection_metric(scores: Floats, answers: Floats, mode: Mode) -> float:
    """The metric that recipes are compared by: the mean of macro- and micro-F1 of held-out ``scores``.

    So neither rare topics nor frequent ones decide alone. Of two topics in single mode one may be so rare that hardly a
    paper is assigned to it: there the metric is the average precision of the rarer one.
    """
    counts = (answers == 1).sum(axis=0)
    present = np.flatnonzero(counts)
    if mode == Mode.SINGLE and len(present) == 2:
        rare, other = present[np.argsort(counts[present], kind="stable")]
        finite = np.maximum(scores, _NO_SCORE)
        return average_precision.score(answers[:, rare] == 1, finite[:, rare] - finite[:, other])
    if mode == Mode.SINGLE:
        assigned = np.arange(scores.shape[1]) == scores.argmax(axis=1)[:, None]
    else:
        probabilities = np.where(np.isfinite(scores), expit(scores), np.nan)
        assigned = probabilities >= thresholds_for(probabilities, answers)
    return float((macro_f1.score(answers, assigned) + micro_f1.score(answers, assigned)) / 2)
