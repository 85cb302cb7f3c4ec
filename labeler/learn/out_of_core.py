"""Training out of core: from more judged papers than fit into memory to a calibrated model.

Each paper is read once. From then on its words are numbers in a file, and its TF-IDF row is in another. Two models are
learned from these: support vector machines on the terms, as so many papers say themselves what most words tell, and
logistic regression on what the background says that papers are about, as rare topics have few papers here too. Both are
linear, and so is their sum. Unlabeled papers are not used.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.errors import InputError
from labeler.features.background import Background
from labeler.features.space import Mix
from labeler.files import os_message
from labeler.learn.background_regression import BackgroundRegression
from labeler.learn.calibrated import UncalibratedModel
from labeler.learn.column_order import in_order_of, name_order
from labeler.learn.dual_coordinate_descent import DualCoordinateDescent
from labeler.learn.racing import selection_metric
from labeler.learn.recipe import Recipe
from labeler.learn.selection import Selection
from labeler.learn.stored_papers import Indices, Progress, StoredPapers
from labeler.learn.targets import Targets, evaluation_answers
from labeler.learn.training import TrainingResult
from labeler.score.model import JudgedCounts
from labeler.temporary import temporary_folder
from labeler.topics import Mode
from labeler.topics.hierarchy import FLAT, Hierarchy
from labeler.wording import duration

Floats = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]
_C_GRID = (0.5, 1.0, 2.0, 4.0)  # in turn, until two are worse than the best one: one may be so by chance
# The share of the background's regression beside the terms' machines, and how far it goes towards topics that are all
# as frequent as each other. The first ones are taken unless others are clearly better. Learned from 24,000 arXiv papers
# of 70 categories, the terms alone had accuracy .62 and macro-F1 .43 on those of the next three months, the regression
# alone .66 and .54, both .68 and .57; machines that begin at the regression (a prior mean) were no better than it.
_SHARES = (0.5, 0.25, 0.125, 1.0, 0.0)
_BALANCES = (0.5, 0.75, 0.25, 1.0, 0.0)
_PENALTY = 0.15  # over the root of the number of held-out papers: a smaller lead in the metric may be one by chance
_MAX_WORSE = 2
_MAX_SEARCHED = 50_000  # papers that models are learned from to choose C, which hardly depends on their number
_FOLDS = 5  # of the papers held out, for thresholds that are chosen on others
_MIN_LEFT = 2.0  # seconds left that are worth a word


def train_many(
    mode: Mode,
    papers: Iterable[tuple[str, Floats]],
    topics: Sequence[str],
    form: str,
    definitions: Mapping[str, str],
    background: Background,
    progress: Progress = lambda _: None,
    hierarchy: Hierarchy = FLAT,
) -> TrainingResult:
    """Train on ``papers``, each a text and its row (n_topics,) of 1, 0 and NaN; they are iterated over once.

    The folder for temporary files needs room for some 4,000 bytes a paper. ``form`` is how the topics were given; a
    definition counts as :data:`~labeler.learn.recipe.DEFINITION_WEIGHT` papers. The ``background`` is used where it
    knows the language of papers. ``progress`` is called with a line before each step. ``hierarchy`` says which topic is
    above which.

    Raises:
        InputError: nothing can be learned, or there is no room.
        ServerError: a process was ended from outside.
    """
    order = name_order(topics)
    by_name = ((text, row[order]) for text, row in papers)
    try:
        with temporary_folder() as folder:
            names = [topics[number] for number in order]
            stored = StoredPapers.read(mode, by_name, names, definitions, background, folder, progress)
            return in_order_of(_trained(stored, form, folder, progress, hierarchy), topics)
    except OSError as error:
        raise InputError(
            f"cannot keep the papers in the folder for temporary files: {os_message(error)}",
            "make room, or name another folder in the environment variable TMPDIR",
        ) from error


class _Steps:
    """The models still to be learned, and how long one takes by those before it: the more papers, the longer."""

    def __init__(self, stored: StoredPapers, solver: DualCoordinateDescent, progress: Progress) -> None:
        self._stored, self._solver, self._progress = stored, solver, progress
        self._seconds, self._rows = 0.0, 0

    def fit(self, learned: Indices, C: float, later: int) -> None:
        """Learn from the rows ``learned``, and tell the time left if models of ``later`` rows in all follow."""
        papers = np.count_nonzero(learned < len(self._stored.title_hashes))
        left = self._seconds / max(self._rows, 1) * (len(learned) + later)
        told = f"; {duration(left)} left at most" if left >= _MIN_LEFT else ""
        self._progress(f"learning from {papers} papers, with C = {C}{told} …")
        begun = time.monotonic()
        self._solver.fit(learned, C)
        self._seconds += time.monotonic() - begun
        self._rows += len(learned)

    def scores(self, rows: Indices) -> Floats:
        """Scores (n, n_columns) of some rows by the model that was learned last."""
        weights, intercepts = self._solver.model()
        return self._stored.rows.times(weights, rows) + intercepts


class _Search(NamedTuple):
    """The best C, the metric of each C that was tried, and the held-out scores (n_held_out, n_columns) of the best."""

    C: float
    metrics: dict[float, float]
    scores: Floats

    @property
    def metrics_by_name(self) -> dict[str, float]:
        """The metric of each C, by its name among recipes."""
        return {f"C = {C}": metric for C, metric in self.metrics.items()}


def _search(stored: StoredPapers, steps: _Steps, held_out: Indices, others: Indices) -> _Search:
    """Choose C by the metric of ``held_out`` papers, smaller ones first, and score these by a model of all ``others``.

    The models that choose have learned from a sample of very many others.
    """
    answers = stored.answers(held_out)
    learned = stored.sample(others, _MAX_SEARCHED)
    after = len(stored.rows) + (len(others) if len(learned) < len(others) else 0)
    metrics: dict[float, float] = {}
    scores: dict[float, Floats] = {}
    for number, C in enumerate(_C_GRID, start=1):
        steps.fit(learned, C, (len(_C_GRID) - number) * len(learned) + after)
        scores[C] = steps.scores(held_out)
        metrics[C] = round(selection_metric(scores[C], answers, stored.mode), 6)
        best = max(metrics, key=metrics.__getitem__)
        if number - _C_GRID.index(best) > _MAX_WORSE:
            break
    if len(learned) < len(others):
        steps.fit(others, best, len(stored.rows))
        scores[best] = steps.scores(held_out)
    return _Search(best, metrics, scores[best])


class _Blend(NamedTuple):
    """How the two models are added, and the held-out scores (n_held_out, n_columns) of their sum.

    The sum is the machines of the terms, plus ``share`` times the regression of the background, plus ``shift``
    (n_columns,).
    """

    share: float
    shift: Floats
    scores: Floats


def _blend(stored: StoredPapers, terms: Floats, about: Floats, held_out: Indices) -> _Blend:
    """The blend that is best for the ``held_out`` papers, by their scores (n_held_out, n_columns) of both models.

    In single mode topics may be moved towards each other's frequency (A. K. Menon et al., "Long-tail learning via logit
    adjustment", 2021); in multi mode thresholds do so.
    """
    answers = stored.answers(held_out)
    yes = (np.asarray(stored.signs[: len(stored.title_hashes)]) == 1).sum(axis=0)
    rarity = -np.log(np.maximum(yes, 1) / len(stored.title_hashes))
    balances = _BALANCES if stored.mode == Mode.SINGLE else (0.0,)
    candidates = [(share, balance) for share in _SHARES for balance in balances if share or not balance]
    blends, values = list[_Blend](), list[float]()
    for share, balance in candidates:
        shift = share * balance * rarity
        blends.append(_Blend(share, shift, terms + share * about + shift))
        values.append(selection_metric(blends[-1].scores, answers, stored.mode))
    values[0] += _PENALTY / np.sqrt(len(held_out))
    return blends[int(np.argmax(values))]


def _trained(stored: StoredPapers, form: str, folder: Path, progress: Progress, hierarchy: Hierarchy) -> TrainingResult:
    """The model of all papers, with the C and the blend that are best for those held out, calibrated on these."""
    is_held_out, repeated = stored.held_out()
    if repeated:
        progress(f"{repeated} papers that nearly repeat others are no test of the model …")
    held_out, others = np.flatnonzero(is_held_out), np.flatnonzero(~is_held_out)
    solver = DualCoordinateDescent(stored.rows, stored.signs, stored.negative_weight, folder)
    steps = _Steps(stored, solver, progress)
    search = _search(stored, steps, held_out, others)
    blend = _Blend(0.0, np.zeros(search.scores.shape[1]), search.scores)
    if stored.background.words:
        progress("learning what papers are about …")
        regression = BackgroundRegression(stored)
        regression.fit(others)
        blend = _blend(stored, search.scores, regression.scores(held_out), held_out)
    steps.fit(np.arange(len(stored.rows)), search.C, 0)
    weights, intercepts = solver.model()
    name = f"terms, hinge, C = {search.C}"
    if blend.share:
        name += f", and {blend.share} × background"
        regression.fit(np.arange(len(stored.rows)))
        regression.add_to(weights, intercepts, blend.share)
    recipe = Recipe(name, Mix(1.0, 0.0, 0.0), search.C, hinge=True)
    selection = Selection(recipe, search.metrics_by_name, blend.scores, np.arange(len(held_out)) % _FOLDS)
    return _calibrated(stored, weights, intercepts + blend.shift, selection, held_out, form, hierarchy)


def _calibrated(
    stored: StoredPapers,
    weights: Matrix,
    intercepts: Floats,
    selection: Selection,
    held_out: Indices,
    form: str,
    hierarchy: Hierarchy,
) -> TrainingResult:
    """The model of weights (n_terms, n_columns) and intercepts (n_columns,), calibrated on the ``held_out`` papers."""
    unlearned = [stored.topics.index(topic) for topic in stored.unlearned]
    intercepts[unlearned], selection.scores[:, unlearned] = -np.inf, -np.inf
    answers = stored.answers(held_out)
    matrix = answers[:, : len(stored.topics)]
    calibrated = UncalibratedModel(
        mode=stored.mode,
        tfidf=stored.tfidf,
        weights=weights,
        intercepts=intercepts,
        sample_scores=stored.rows.times(weights, held_out) + intercepts,
        selection=selection,
        answers=evaluation_answers(stored.mode, matrix, answers),
        targets=Targets(matrix, stored.topics, form),
        unlearned=stored.unlearned,
        time_ordered=None,
        hierarchy=hierarchy,
    ).calibrated()
    parameters = {
        "recipe": selection.recipe.name,
        "candidates": selection.candidates,
        "background": stored.background.name,
        "unread": 0,
    }
    model = replace(calibrated.model, judged=JudgedCounts(len(stored.title_hashes), stored.yes))
    return TrainingResult(model, parameters, calibrated.measured, stored.weak, held_out)
