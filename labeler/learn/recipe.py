"""One fit, from judged papers, definitions and unlabeled papers to weights; and the recipes to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from labeler.features.space import Mix, Points, Space, SpaceWeights, stacked
from labeler.learn.frequency import frequencies
from labeler.learn.kernel import part, weighted_sum
from labeler.learn.parents import answers_of, own_shares, shared_factor
from labeler.learn.self_training import (
    GROUP_SIZE,
    MIN_PAPERS,
    ROUNDS,
    leads,
    most_confident,
    most_papers,
    standardized,
    topic_factors,
)
from labeler.learn.solver import Loss, fit_dual
from labeler.topics import Mode

Floats = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]
Indices = npt.NDArray[np.intp]
DEFINITION_WEIGHT = 16  # of a definition, in judged papers
# Pseudo-labelled papers of a topic: their weight together in judged papers, and the share that is taken of the papers
# that the topic is expected to have. Without definitions a first model is less to be trusted.
_PSEUDO_WEIGHT, _PSEUDO_WEIGHT_UNDEFINED = 12.0, 4.0
_PSEUDO_SHARE, _PSEUDO_SHARE_UNDEFINED = 0.8, 0.6
_CACHED_KERNELS = 2
_MAX_JUDGED = 1000  # papers above which self-training teaches nothing more


@dataclass(frozen=True, slots=True)
class Recipe:
    """The mix of features that papers are compared by, and C; with ``hinge`` the squared hinge loss, else the logistic.

    A logistic regression has no intercept, and its rare topics have larger class weights; with the hinge loss there is
    an intercept, and every paper counts the same. In selection, ``penalty`` over the root of the number of judged
    papers is subtracted from the recipe's metric, so that a lead by chance does not count.
    """

    name: str
    mix: Mix
    C: float
    hinge: bool = False
    penalty: float = 0.0


# Few papers need what words are about (the latent blocks); with many, the words themselves tell more.
_ABOUT, _BOTH, _WORDS = Mix(0.35, 0.45, 0.20), Mix(0.50, 0.35, 0.15), Mix(0.80, 0.12, 0.08)
# On the development split of 24 topics "about" had macro-F1 .651, .646, .682 and .712 at 0, 25, 100 and 250 judged
# papers with C = 4, .647, .648, .685 and .716 with 2, and .647, .651, .682 and .715 with 1 (three draws). Means of
# several recipes' log-probabilities were no better than the best one: .714 beside .712 at 250, .746 and .743 at 1,000.
REGRESSIONS = (Recipe("about", Mix(0.20, 0.60, 0.20), 2.0), Recipe("both", _BOTH, 16.0), Recipe("words", _WORDS, 20.0))
HINGE = (
    Recipe("about, hinge", _ABOUT, 4.0, hinge=True, penalty=0.3),
    Recipe("both, hinge", _BOTH, 4.0, hinge=True, penalty=0.3),
    Recipe("words, hinge", _WORDS, 4.0, hinge=True, penalty=0.3),
)
# Where topics are about as frequent as each other, the hinge loss does best with a smaller C.
SMALL_C_HINGE = (
    Recipe("both, calm hinge", _BOTH, 1.0, hinge=True, penalty=0.3),
    Recipe("words, calm hinge", _WORDS, 1.0, hinge=True, penalty=0.3),
)
# Of two topics one is mostly the rest of the world; a regression without intercept cannot tell it from a usual paper.
# Often all papers are about one thing, as where a review is screened; then a background only blurs what tells them
# apart.
TWO_TOPICS = (
    Recipe("both, hinge", _BOTH, 1.0, hinge=True, penalty=0.5),
    Recipe("own, hinge", Mix(0.50, 0.00, 0.50), 1.0, hinge=True),
)


class Evidence(Protocol):
    """Weak evidence beside judged papers and definitions: examples whose weights follow from the judged papers."""

    @property
    def points(self) -> Points:
        """The points of the examples."""

    def examples(self, answers: Floats, rows: Indices) -> tuple[Floats, Floats]:
        """The answers (n_points, n_columns) of the examples (1, 0 or NaN), and their weights, in judged papers.

        Weights are (n_points, 1), or with the hinge loss (n_points, n_columns). ``answers`` (n_papers, n_columns) are
        those of all judged papers, ``rows`` the ones to learn from.
        """


class _Examples(NamedTuple):
    """Points, their answers (n, n_columns) and weights: (n, 1) for logistic loss, (n, n_columns) for hinge loss."""

    points: Points
    answers: Floats
    weights: Floats


class _Labeled(NamedTuple):
    """Labeled points by their ``indices`` (n,), their answers and weights as in :class:`_Examples`, and their kernel.

    The ``kernel`` (n, n) holds their inner products under the mix of a recipe.
    """

    indices: Indices
    answers: Floats
    weights: Floats
    kernel: Matrix


class _Fitted(NamedTuple):
    """A model in the dual: ``coefficients`` (n_points, n_columns) of labeled points and then of ``pseudo`` ones.

    ``indices`` are those of the labeled ones; ``between`` (n_labeled, n_pseudo) has the inner products of all labeled
    points with the pseudo-labelled ones. ``intercepts`` (n_columns,) are the scores of the centre.
    """

    recipe: Recipe
    indices: Indices
    pseudo: Points
    between: Matrix
    coefficients: Floats
    intercepts: Floats


@dataclass(frozen=True)
class TrainingData:
    """All there is to learn from.

    ``answers`` (n_papers, n_columns) of the judged ``papers`` are 1, 0 or NaN (unknown); ``pair_weights`` are the
    weights of known ones. ``definitions`` are points of definitions, each of one of ``defined_columns``. ``unlabeled``
    are papers that nobody has judged, which are pseudo-labelled with ``self_training``; ``stream_shares`` (n_columns,)
    are the estimated shares of the columns among them, None where the judged papers are taken to have the same shares.
    ``evidence`` is all weaker evidence: keywords, and the soft labels of each other model. ``below`` (n_topics,
    n_topics) is :func:`labeler.learn.parents.topics_below`, None where none is. ``background_part`` is the part of a
    recipe's share of the background that fits the papers, 0 where none is known.
    """

    mode: Mode
    space: Space
    papers: Points
    answers: Floats
    pair_weights: Floats
    definitions: Points
    defined_columns: list[int]
    unlabeled: Points
    self_training: bool = True
    stream_shares: Floats | None = None
    evidence: tuple[Evidence, ...] = ()
    below: Floats | None = None
    background_part: float = 1.0
    _labeled: Points = field(init=False, repr=False)
    _products: list[Matrix] = field(init=False, repr=False)
    _kernels: dict[Mix, Matrix] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        labeled = stacked([self.papers, self.definitions, *(one.points for one in self.evidence)])
        object.__setattr__(self, "_labeled", labeled)
        # Every fold and every recipe takes a part of these.
        object.__setattr__(self, "_products", self.space.inner_products(labeled, labeled))

    def learnable_columns(self, rows: Indices) -> npt.NDArray[np.bool_]:
        """Which columns (n_columns,) can be learned from ``rows``: those with a positive example or a definition."""
        columns = (self.answers[rows] == 1).any(axis=0)
        columns[self.defined_columns] = True
        return np.asarray(columns)

    def self_trains(self, papers: int) -> bool:
        """Whether a model of so many judged papers learns from unlabeled ones as well."""
        return self.self_training and papers <= _MAX_JUDGED and len(self.unlabeled) > 0

    def fit(self, recipe: Recipe, rows: Indices, unlabeled: bool = True) -> SpaceWeights:
        """A model learned from the judged papers of ``rows`` and all definitions, then by self-training.

        Without ``unlabeled`` papers, and with many judged ones, there is no self-training.
        """
        return self._weights(self._fitted(recipe, rows, unlabeled))

    def held_out(self, recipe: Recipe, rows: Indices, others: Indices, unlabeled: bool = True) -> Floats:
        """Scores (n_others, n_columns) of the judged papers ``others`` under the model that :meth:`fit` learns.

        They come from inner products that are known already, which is much faster than from the weights of terms. A
        column that cannot be learned from ``rows`` has minus infinity.
        """
        fitted = self._fitted(recipe, rows, unlabeled)
        products = part(self._kernel(recipe.mix), others, fitted.indices)
        scores = np.hstack([products, fitted.between[others]]) @ fitted.coefficients + fitted.intercepts
        return np.asarray(np.where(self.learnable_columns(rows), scores, -np.inf))

    def _fitted(self, recipe: Recipe, rows: Indices, unlabeled: bool) -> _Fitted:
        """The model of :meth:`fit`, as coefficients."""
        defined = self._answers_of(self.defined_columns)
        paper_weights = self.pair_weights[rows] if recipe.hinge else self._class_weights(rows)
        definition_weights = _example_weights(defined, DEFINITION_WEIGHT * self._own_shares(rows), recipe)
        indices = np.concatenate([rows, np.arange(len(self.papers), len(self._labeled))])
        weak_answers, weak_weights = self._weak_examples(recipe, rows)
        answers = np.vstack([self.answers[rows], defined, weak_answers])
        weights = np.vstack([paper_weights, definition_weights, weak_weights])
        labeled = _Labeled(indices, answers, weights, part(self._kernel(recipe.mix), indices, indices))
        none = _Examples(self.unlabeled.take(np.arange(0)), answers[:0], weights[:0])
        fitted = self._solve(recipe, labeled, none)
        if not (unlabeled and self.self_trains(len(rows))):
            return fitted
        for _ in range(ROUNDS):
            fitted = self._solve(recipe, labeled, self._pseudo_labelled(recipe, self._weights(fitted), rows))
        return fitted

    def _weak_examples(self, recipe: Recipe, rows: Indices) -> tuple[Floats, Floats]:
        """The answers of weaker evidence and their weights, as far as the judged papers of ``rows`` leave them some."""
        examples = [one.examples(self.answers, rows) for one in self.evidence]
        answers = np.vstack([self.answers[:0], *(some for some, _ in examples)])
        weights = np.vstack([some for _, some in examples]) if examples else np.empty((0, 1))
        learnable = self.learnable_columns(rows)
        usable = ~(answers[:, ~learnable] == 1).any(axis=1) & ~np.isnan(answers[:, learnable]).all(axis=1)
        return answers, _example_weights(answers, weights * usable[:, None], recipe)

    def _weights(self, fitted: _Fitted) -> SpaceWeights:
        points = stacked([self._labeled.take(fitted.indices), fitted.pseudo])
        return replace(self.space.model(points, fitted.coefficients, fitted.recipe.mix), intercepts=fitted.intercepts)

    def _pseudo_labelled(self, recipe: Recipe, model: SpaceWeights, rows: Indices) -> _Examples:
        """The unlabeled papers that ``model`` is most confident of, in groups, with its labels.

        ``rows`` are the judged papers that it was learned from. In multi mode topics that a group probably has, beside
        its own, are unknown.
        """
        weight, share = (
            (_PSEUDO_WEIGHT, _PSEUDO_SHARE)
            if self.defined_columns
            else (_PSEUDO_WEIGHT_UNDEFINED, _PSEUDO_SHARE_UNDEFINED)
        )
        single, expected = self.mode == Mode.SINGLE, self._column_shares(rows)
        scores = self.space.scores(model, self.unlabeled)
        lead = self._leads(scores, len(rows), np.flatnonzero(expected)) if single else scores
        group_size, fewest = GROUP_SIZE if len(rows) else 1, MIN_PAPERS if self.stream_shares is None else 1
        groups, columns = most_confident(lead, share * expected, group_size, fewest, most_papers(self.mode, len(rows)))
        answers = self._answers_of(columns)
        if not single:
            means = np.array([scores[group].mean(axis=0) for group in groups]).reshape(answers.shape)
            answers[(answers == 0) & (means > 0)] = np.nan
        topic_weights = weight * (topic_factors(expected, len(rows)) if single else np.ones(len(expected)))
        group_weights = (topic_weights / np.maximum(np.bincount(columns, minlength=len(expected)), 1))[columns]
        points = self.unlabeled.means(groups).normalized()
        return _Examples(points, answers, _example_weights(answers, group_weights, recipe))

    def _leads(self, scores: Floats, judged: int, columns: Indices) -> Floats:
        """How far each of ``columns`` leads: the fewer papers are ``judged`` of each, the more scores are standardized.

        Other columns have minus infinity.
        """
        lead = np.full(scores.shape, -np.inf)
        lead[:, columns] = leads(standardized(scores[:, columns], 1 / (1 + judged / len(columns))))
        return lead

    def _solve(self, recipe: Recipe, labeled: _Labeled, pseudo: _Examples) -> _Fitted:
        """The model of ``labeled`` examples and of pseudo-labelled ones."""
        between = weighted_sum(self.space.inner_products(self._labeled, pseudo.points), recipe.mix.shares)
        kernel = labeled.kernel
        if len(pseudo.points):
            within = weighted_sum(self.space.inner_products(pseudo.points, pseudo.points), recipe.mix.shares)
            known = between[labeled.indices]
            kernel = np.block([[kernel, known], [known.T, within]])
        answers = np.vstack([labeled.answers, pseudo.answers])
        weights = np.vstack([labeled.weights, pseudo.weights])
        factor = None if recipe.hinge or self.below is None else shared_factor(self.below, answers.shape[1])
        loss = Loss(answers, weights, recipe.C, recipe.hinge, factor)
        coefficients = fit_dual(kernel + np.float32(1) if recipe.hinge else kernel, loss)
        intercepts = coefficients.sum(axis=0) if recipe.hinge else np.zeros(answers.shape[1])
        return _Fitted(recipe, labeled.indices, pseudo.points, between, coefficients, intercepts)

    def _kernel(self, mix: Mix) -> Matrix:
        """The inner products of all judged papers and definitions; the last ones are cached for the next folds."""
        kernel = self._kernels.get(mix)
        if kernel is None:
            kernel = weighted_sum(self._products, mix.shares)
            for old in list(self._kernels)[: 1 - _CACHED_KERNELS]:
                self._kernels.pop(old, None)
            self._kernels[mix] = kernel
        return kernel

    def _class_weights(self, rows: Indices) -> Floats:
        """Weights (n_rows, 1) of papers by their topic, larger for rare topics (class weights).

        With scikit-learn's ``class_weight="balanced"`` all topics have the same total weight. Here the total weight of
        a topic is the root of its estimated frequency: the same for all where chance may have made some of them rare,
        and less for those that are rare indeed.
        """
        answers = self.answers[rows]
        counts = (answers == 1).sum(axis=0)
        per_paper = np.sqrt(frequencies(counts, counts > 0)) / np.maximum(counts, 1)
        weights = np.where(answers == 1, per_paper * self.pair_weights[rows], 0.0).sum(axis=1, keepdims=True)
        return np.asarray(weights / max(float(weights.mean()), 1e-9)) if len(rows) else weights

    def _answers_of(self, columns: Sequence[int] | Indices) -> Floats:
        """The answers (n, n_columns) of examples that are said to be of one of ``columns`` each.

        In multi mode they are of the topics above these, too, and may be of those below them.
        """
        if self.below is None or self.mode == Mode.SINGLE:
            return np.eye(self.answers.shape[1])[columns]
        return answers_of(columns, self.below)

    def _own_shares(self, rows: Indices) -> Floats:
        """How far each definition (n_definitions,) is of an answer of its own, by the judged papers of ``rows``."""
        if self.below is None or self.mode != Mode.SINGLE:
            return np.ones(len(self.defined_columns))
        counts = (self.answers[rows] == 1).sum(axis=0)[: len(self.below)]
        return own_shares(counts, self.below * self.learnable_columns(rows)[: len(counts)])[self.defined_columns]

    def _expected_columns(self, rows: Indices) -> npt.NDArray[np.bool_]:
        """The columns (n_columns,) that papers are expected to have: those that can be learned.

        A topic above others is left out where none of the judged papers of ``rows`` is of itself.
        """
        columns = self.learnable_columns(rows)
        has_own = (self.answers[rows] == 1).any(axis=0)
        of_below = np.array(self.defined_columns, dtype=np.intp)[self._own_shares(rows) < 1]
        columns[of_below] &= has_own[of_below]
        return columns

    def _column_shares(self, rows: Indices) -> Floats:
        """The share of papers that each column is expected to have; zero for one without an example or a definition."""
        if self.stream_shares is not None:
            return np.where(self._expected_columns(rows), self.stream_shares, 0.0)
        counts = (self.answers[rows] == 1).sum(axis=0).astype(float)
        if self.mode == Mode.SINGLE:
            return frequencies(counts, self._expected_columns(rows))
        counts[self.defined_columns] += 1
        return np.asarray(counts / (len(rows) + len(self.defined_columns)))


def _example_weights(answers: Floats, weights: Floats, recipe: Recipe) -> Floats:
    """The weights of definitions or pseudo-labelled papers: with the hinge loss a half for yes and a half for all no.

    One that only says no to a topic has a half for that.

    ``answers`` are (n, n_columns), ``weights`` (n,), (n, 1) or with the hinge loss (n, n_columns); the result is (n, 1)
    or (n, n_columns).
    """
    weights = weights if weights.ndim == 2 else weights[:, None]
    if not recipe.hinge:
        return np.asarray(weights)
    others = np.where((answers == 1).any(axis=1, keepdims=True), max(answers.shape[1] - 1, 1), 1)
    return np.asarray(np.where(answers == 1, weights / 2, weights / (2 * others)))
