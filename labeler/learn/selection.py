"""Model selection by cross-validation: the recipe that fits the judged papers best, and its held-out scores."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed

from labeler.learn.racing import selection_metric, still_racing
from labeler.learn.recipe import HINGE, REGRESSIONS, SMALL_C_HINGE, TWO_TOPICS, Recipe, TrainingData
from labeler.learn.self_training import ROUNDS
from labeler.learn.thresholds import thresholds_for
from labeler.measure.folds import grouped_folds
from labeler.topics import Mode
from labeler.wording import duration

Floats = npt.NDArray[np.float64]
Folds = npt.NDArray[np.intp]
_MIN_PAPERS = 50  # judged papers below which no choice is better than chance
_MIN_PAPERS_ALL = 250  # from which on all recipes are compared
_MIN_LEFT = 2.0  # seconds left that are worth a line
_MIN_FOLDS = 2  # on which recipes are tried before one drops out
_MAX_PAPERS_ABOUT = 3000  # above which words tell more than what papers are about, in every data set that was tried


@dataclass(frozen=True, slots=True)
class Selection:
    """The recipe, the metric of each candidate by name, and the held-out scores of the recipe with their folds.

    A candidate that dropped out has the metric of the folds on which it was tried. ``scores`` are (n_papers,
    n_columns), minus infinity where there is none; ``folds`` (n_papers,). ``noisy`` says that papers were weighed
    (:mod:`labeler.learn.label_noise`).
    """

    recipe: Recipe
    candidates: dict[str, float]
    scores: Floats
    folds: Folds
    noisy: bool = False

    def to_parameters(self) -> dict[str, Any]:
        """What a manifest keeps of it."""
        noisy = {"noisy_labels": True} if self.noisy else {}
        return {"recipe": self.recipe.name, "candidates": self.candidates, **noisy}


def select(
    data: TrainingData,
    groups: Sequence[Hashable],
    seed: int,
    progress: Callable[[str], None] = lambda _: None,
) -> Selection:
    """Choose a recipe, and hold every judged paper out once under it; folds and recipes run in parallel.

    Papers of one group (``groups``, n_papers) are in one fold. Recipes are compared without unlabeled papers: that is
    faster, and hardly ever chooses another. ``progress`` is called with a line after each fold of a longer
    training.
    """
    papers = len(data.papers)
    topics = int(data.learnable_columns(np.arange(papers)).sum())
    candidates = candidates_for(data.mode, papers, topics, data.background_part)
    if papers < 2:
        return Selection(candidates[0], {}, np.full(data.answers.shape, -np.inf), np.zeros(papers, dtype=np.intp))
    folds = grouped_folds(data.answers == 1, groups, fold_count(papers), seed)
    racers = [_Racer(recipe, np.full(data.answers.shape, -np.inf)) for recipe in candidates]
    self_trains = data.self_trains(int((folds != folds[0]).sum()))
    after = (ROUNDS + 1) * (int(folds.max()) + 2) if self_trains else 1  # fits: with self-training, some in one
    best = max(_race(data, racers, folds, after, progress), key=_Racer.value)
    if self_trains:
        [best.scores] = _held_out_scores(data, (best.recipe,), folds, np.unique(folds))
    metrics = {racer.recipe.name: round(racer.metric, 6) for racer in racers}
    return Selection(best.recipe, metrics, best.scores, folds)


@dataclass(slots=True)
class _Racer:
    """A recipe, its held-out scores (n_papers, n_columns) on the folds it was tried on, and its metric there."""

    recipe: Recipe
    scores: Floats
    metric: float = 0.0

    @property
    def handicap(self) -> float:
        """What is subtracted from the metric, so that a lead by chance does not count."""
        return float(self.recipe.penalty / np.sqrt(len(self.scores)))

    def value(self) -> float:
        """The metric less the handicap."""
        return self.metric - self.handicap


def _race(
    data: TrainingData, racers: Sequence[_Racer], folds: Folds, after: int, progress: Callable[[str], None]
) -> Sequence[_Racer]:
    """Try recipes fold by fold, those that are clearly behind no longer, and return those that are left.

    Of very many papers the first fold is enough to choose. ``progress`` is told the time left, which is at most that
    of the fits of all recipes left and of so many ``after`` the race.
    """
    fits, begun, each = 0, time.monotonic(), np.unique(folds)
    for number, fold in enumerate(each, start=1):
        found = _held_out_scores(data, [racer.recipe for racer in racers], folds, (fold,), unlabeled=False)
        fits += len(racers)
        seen = folds <= fold
        for racer, scores in zip(racers, found, strict=True):
            racer.scores[folds == fold] = scores[folds == fold]
            racer.metric = selection_metric(racer.scores[seen], data.answers[seen], data.mode)
        if number >= _MIN_FOLDS or len(folds) > _MAX_PAPERS_ABOUT:
            racers = _left(racers, data, seen)
        left = (len(racers) * (len(each) - number) + after) * (time.monotonic() - begun) / fits
        done = f"comparing recipes: fold {number} of {len(each)} done, {len(racers)} may be the best"
        if left >= _MIN_LEFT:
            progress(f"{done}; {duration(left)} left at most …")
    return racers


def _left(racers: Sequence[_Racer], data: TrainingData, seen: npt.NDArray[np.bool_]) -> Sequence[_Racer]:
    """The racers that may be the best, by the papers ``seen`` so far."""
    if len(seen) > _MAX_PAPERS_ABOUT:
        return [max(racers, key=_Racer.value)]
    scores_so_far, handicaps = [racer.scores[seen] for racer in racers], [racer.handicap for racer in racers]
    return [racers[number] for number in still_racing(scores_so_far, data.answers[seen], data.mode, handicaps)]


def held_out_scores(data: TrainingData, recipe: Recipe, groups: Sequence[Hashable], seed: int) -> Floats:
    """The score of every judged paper by a model that has neither seen its fold nor unlabeled papers.

    Papers of one group (``groups``, n_papers) are in one fold.
    """
    folds = grouped_folds(data.answers == 1, groups, fold_count(len(data.papers)), seed)
    [scores] = _held_out_scores(data, (recipe,), folds, np.unique(folds), unlabeled=False)
    return scores


def candidates_for(mode: Mode, papers: int, topics: int, background_part: float = 1.0) -> tuple[Recipe, ...]:
    """The recipes that are compared, the default one first; the more ``papers``, the more recipes.

    In single mode a logistic regression is better where ``topics`` are about equally frequent, and the hinge loss where
    they are not. With few papers chance would decide between them. Of the background ``background_part`` counts, and
    terms for the rest: none of it for papers in a language that it does not know.
    """
    if background_part < 1:
        recipes = candidates_for(mode, papers, topics)
        return tuple(replace(recipe, mix=recipe.mix.with_background(background_part)) for recipe in recipes)
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


def cross_validated_thresholds(probabilities: Floats, matrix: Floats, folds: Folds) -> Floats:
    """The thresholds (n_folds, n_topics) for the papers of each fold, chosen on the other folds.

    Metrics with them are honest: no paper has a part in choosing its own thresholds.
    """
    count = int(folds.max(initial=-1)) + 1
    chosen = [thresholds_for(probabilities[folds != fold], matrix[folds != fold]) for fold in range(count)]
    return np.array(chosen).reshape(count, matrix.shape[1])
