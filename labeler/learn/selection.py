"""Which recipe fits the judged papers best, by cross-validation, and what its models say of papers held out."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from scipy.special import expit

from labeler.learn.recipe import CALM_HINGE, HINGE, PAIRED, REGRESSIONS, Material, Recipe
from labeler.learn.thresholds import thresholds_for
from labeler.measure.folds import grouped_folds
from labeler.measure.metrics import average_precision, macro_f1, micro_f1
from labeler.topics.mode import Mode

Floats = npt.NDArray[np.float64]
_FEWEST, _FEW = 50, 250  # judged papers below which no choice is better than chance, and few are
_ENOUGH = 3000  # above, words tell more than what papers are about, in every set that was looked at
_PARTS = 5
_UNTAUGHT = -1e9  # for minus infinity, where differences are taken


@dataclass(frozen=True, slots=True)
class Selected:
    """The recipe, the figure of each candidate, held-out scores (n_papers, n_columns; minus infinity: none), folds."""

    recipe: Recipe
    candidates: dict[str, float]
    scores: Floats
    folds: npt.NDArray[np.intp]


def select(material: Material, groups: Sequence[Hashable], seed: int) -> Selected:
    """Choose a recipe and hold every judged paper out once under it; folds and recipes run in parallel.

    Recipes are compared without unlabeled papers: that is faster, and hardly ever chooses another.
    """
    papers = len(material.papers)
    topics = int(material.taught(np.arange(papers)).sum())
    candidates = candidates_for(material.mode, papers, topics)
    if papers < 2:
        return Selected(candidates[0], {}, np.full(material.answers.shape, -np.inf), np.zeros(papers, dtype=np.intp))
    folds = grouped_folds(material.answers == 1, groups, fold_count(papers), seed)
    if papers > _ENOUGH:  # one fold of five tells enough; with fewer papers to learn from, another recipe would be best
        tried_on = grouped_folds(material.answers == 1, groups, _PARTS, seed) == 0
        tried = _held_out(material, candidates, np.where(tried_on, 0, 1), (0,), unlabeled=False)
    else:
        tried_on = np.ones(papers, dtype=bool)
        tried = _held_out(material, candidates, folds, np.unique(folds), unlabeled=False)
    figures = {
        recipe.name: round(figure_of(scores[tried_on], material.answers[tried_on], material.mode), 6)
        for recipe, scores in zip(candidates, tried, strict=True)
    }
    best = max(candidates, key=lambda recipe: figures[recipe.name] - recipe.doubt / np.sqrt(papers))
    scores = tried[candidates.index(best)]
    if len(material.unlabeled) or not tried_on.all():
        [scores] = _held_out(material, (best,), folds, np.unique(folds))
    return Selected(best, figures, scores, folds)


def candidates_for(mode: Mode, papers: int, topics: int) -> tuple[Recipe, ...]:
    """The recipes that are compared, the usual one first: the more papers, the more can be told apart.

    In single mode a regression is better where ``topics`` are about equally frequent, the hinge loss where they are
    not; chance must not decide that.
    """
    if mode == Mode.SINGLE and topics == 2:
        return PAIRED if papers >= _FEWEST else PAIRED[:1]
    if mode != Mode.SINGLE:
        return HINGE[papers > _ENOUGH :] + CALM_HINGE if papers >= _FEW else HINGE[:1]
    if papers >= _FEW:
        return REGRESSIONS[papers > _ENOUGH :] + HINGE[papers > _ENOUGH :] + CALM_HINGE
    return (REGRESSIONS[0], HINGE[0]) if papers >= _FEWEST else REGRESSIONS[:1]


def fold_count(papers: int) -> int:
    """Ten folds of few papers, as a model of nine tenths is closer to the one of all; fewer of many, for speed."""
    return 10 if papers <= 250 else 5 if papers <= _ENOUGH else 3


def _held_out(
    material: Material,
    recipes: Sequence[Recipe],
    folds: npt.NDArray[np.intp],
    asked: Iterable[int],
    unlabeled: bool = True,
) -> list[Floats]:
    """For each recipe the scores of papers of the ``asked`` folds, by models that have not seen their fold.

    A column that has nothing to be learned from without the fold has minus infinity there.
    """

    def run(recipe: Recipe, fold: int) -> Floats:
        inside, outside = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        scores = material.space.scores(material.fit(recipe, inside, unlabeled), material.papers.take(outside))
        scores[:, ~material.taught(inside)] = -np.inf
        return scores

    jobs = [(number, int(fold)) for number in range(len(recipes)) for fold in asked]
    results = Parallel(n_jobs=-1, prefer="threads")(delayed(run)(recipes[number], fold) for number, fold in jobs)
    held_out = [np.full(material.answers.shape, -np.inf) for _ in recipes]
    for (number, fold), scores in zip(jobs, results, strict=True):
        held_out[number][folds == fold] = scores
    return held_out


def crossed_thresholds(probabilities: Floats, matrix: Floats, folds: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    """What would be assigned on each fold with thresholds chosen on the others: what honest figures are taken from."""
    assigned = np.zeros(matrix.shape, dtype=bool)
    for fold in np.unique(folds):
        outside = folds != fold
        thresholds = thresholds_for(probabilities[outside], matrix[outside])
        assigned[~outside] = probabilities[~outside] >= thresholds
    return assigned


def figure_of(scores: Floats, answers: Floats, mode: Mode) -> float:
    """The mean of macro- and micro-F1: neither rare topics nor frequent ones decide alone.

    Of two topics one may be so rare that hardly a paper is given it: there average precision of that one.
    """
    counts = (answers == 1).sum(axis=0)
    present = np.flatnonzero(counts)
    if mode == Mode.SINGLE and len(present) == 2:
        rare, other = present[np.argsort(counts[present], kind="stable")]
        finite = np.maximum(scores, _UNTAUGHT)
        return average_precision(answers[:, rare] == 1, finite[:, rare] - finite[:, other])
    if mode == Mode.SINGLE:
        chosen = np.arange(scores.shape[1]) == scores.argmax(axis=1)[:, None]
    else:
        probabilities = np.where(np.isfinite(scores), expit(scores), np.nan)
        chosen = probabilities >= thresholds_for(probabilities, answers)
    return float((macro_f1(answers, chosen) + micro_f1(answers, chosen)) / 2)
