"""One fit, from judged papers, definitions and papers nobody has judged to weights; the recipes to choose from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from labeler.features.space import Mix, Points, Space, SpaceWeights, stacked
from labeler.learn.frequency import frequencies
from labeler.learn.self_training import ROUNDS, TOGETHER, evened, leads, surest
from labeler.learn.solver import Loss, fit_dual
from labeler.topics.mode import Mode

Floats = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]
DEFINITION = 16  # weight of a definition, in judged papers
# Papers that stand in for judged ones of a topic: their weight together, and which share of those the topic is thought
# to have. Without definitions a first model is less to be trusted.
_SUREST, _SUREST_UNDEFINED = 12.0, 4.0
_TAKEN, _TAKEN_UNDEFINED = 0.8, 0.6
_KERNELS = 2  # that are kept at a time
_MANY = 1000  # judged papers above which papers nobody has judged teach nothing more


@dataclass(frozen=True, slots=True)
class Recipe:
    """What papers are compared by, and C; with ``hinge``, the squared hinge loss in place of the logistic one.

    A logistic regression has no intercept, and its rare topics are made to count more; with the hinge loss there is
    one, and every paper counts the same. ``doubt``, over the root of the number of judged papers, is how far ahead of
    the others a recipe must be before chance is ruled out.
    """

    name: str
    mix: Mix
    C: float
    hinge: bool = False
    doubt: float = 0.0


# What few papers need is what words are about; with many, the words themselves tell more.
_ABOUT, _BOTH, _WORDS = Mix(0.35, 0.45, 0.20), Mix(0.50, 0.35, 0.15), Mix(0.80, 0.12, 0.08)
REGRESSIONS = (Recipe("about", Mix(0.20, 0.50, 0.30), 4.0), Recipe("both", _BOTH, 16.0), Recipe("words", _WORDS, 20.0))
HINGE = (
    Recipe("about, hinge", _ABOUT, 4.0, hinge=True, doubt=0.3),
    Recipe("both, hinge", _BOTH, 4.0, hinge=True, doubt=0.3),
    Recipe("words, hinge", _WORDS, 4.0, hinge=True, doubt=0.3),
)
# Where topics are about as frequent as each other, the hinge loss does best with a smaller C.
CALM_HINGE = (
    Recipe("both, calm hinge", _BOTH, 1.0, hinge=True, doubt=0.3),
    Recipe("words, calm hinge", _WORDS, 1.0, hinge=True, doubt=0.3),
)
# Of two topics one is mostly the rest of the world, which no regression without intercept can tell from a usual paper.
# Often all papers are about one thing, as where a review is screened; then a background only blurs what tells them
# apart.
PAIRED = (
    Recipe("both, hinge", _BOTH, 1.0, hinge=True, doubt=0.5),
    Recipe("own, hinge", Mix(0.50, 0.00, 0.50), 1.0, hinge=True),
)


@dataclass(frozen=True)
class Material:
    """All there is to learn from.

    ``answers`` (n_papers, n_columns) of the judged ``papers`` are 1, 0 or NaN (unknown); ``pairs`` are the weights of
    known ones. ``definitions`` are points of definitions, ``defined`` the column of each. ``unlabeled`` are papers that
    nobody has judged.
    """

    mode: Mode
    space: Space
    papers: Points
    answers: Floats
    pairs: Floats
    definitions: Points
    defined: list[int]
    unlabeled: Points
    _own: Points = field(init=False, repr=False)
    _products: list[Matrix] = field(init=False, repr=False)
    _kernels: dict[Mix, Matrix] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        own = stacked([self.papers, self.definitions])
        object.__setattr__(self, "_own", own)
        # Of these every fold and recipe takes a part.
        object.__setattr__(self, "_products", self.space.inner_products(own, own))

    def taught(self, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
        """The columns (n_columns,) that the judged papers of ``rows`` or a definition tell something of."""
        columns = (self.answers[rows] == 1).any(axis=0)
        columns[self.defined] = True
        return np.asarray(columns)

    def fit(self, recipe: Recipe, rows: npt.NDArray[np.intp], unlabeled: bool = True) -> SpaceWeights:
        """A model learned from the judged papers of ``rows``, with all definitions and, if wanted, unlabeled papers."""
        named = np.eye(self.answers.shape[1])[self.defined]
        own = np.concatenate([rows, np.arange(len(self.papers), len(self._own))])
        answers = np.vstack([self.answers[rows], named])
        judged = self.pairs[rows] if recipe.hinge else self._balanced(rows)
        weights = np.vstack([judged, self._told(named, np.full(len(named), DEFINITION), recipe)])
        found = self._solve(recipe, own, None, answers, weights)
        if len(rows) > _MANY or not (unlabeled and len(self.unlabeled)):
            return found
        together, taken = (_SUREST, _TAKEN) if self.defined else (_SUREST_UNDEFINED, _TAKEN_UNDEFINED)
        shares = taken * self._shares(rows)
        for _ in range(ROUNDS):
            scores = self.space.scores(found, self.unlabeled)
            lead = self._leads(scores, len(rows), np.flatnonzero(shares)) if self.mode == Mode.SINGLE else scores
            groups, columns = surest(lead, shares, TOGETHER if len(rows) else 1)
            guessed = np.eye(self.answers.shape[1])[columns]
            if self.mode != Mode.SINGLE:
                means = np.array([scores[group].mean(axis=0) for group in groups]).reshape(guessed.shape)
                guessed[(guessed == 0) & (means > 0)] = np.nan
            each = together / np.maximum(np.bincount(columns, minlength=len(shares))[columns], 1)
            found = self._solve(
                recipe,
                own,
                self.unlabeled.means(groups).lengthened(),
                np.vstack([answers, guessed]),
                np.vstack([weights, self._told(guessed, each, recipe)]),
            )
        return found

    def _leads(self, scores: Floats, judged: int, taught: npt.NDArray[np.intp]) -> Floats:
        """How far each column of ``taught`` leads: the fewer papers are ``judged`` of each, the evener the columns."""
        found = np.full(scores.shape, -np.inf)
        found[:, taught] = leads(evened(scores[:, taught], 1 / (1 + judged / len(taught))))
        return found

    def _solve(
        self, recipe: Recipe, own: npt.NDArray[np.intp], more: Points | None, answers: Floats, weights: Floats
    ) -> SpaceWeights:
        """The model of points of ``own`` and ``more``, whose rows ``answers`` and ``weights`` follow."""
        points = self._own.take(own)
        loss = Loss(answers, weights, recipe.C, recipe.hinge)
        kernel = self._kernel(recipe.mix).take(own, 0).take(own, 1)
        if more is not None:
            beside = _mixed(self.space.inner_products(points, more), recipe.mix)
            kernel = np.block([[kernel, beside], [beside.T, _mixed(self.space.inner_products(more, more), recipe.mix)]])
            points = stacked([points, more])
        if not recipe.hinge:
            return self.space.model(points, fit_dual(kernel, loss), recipe.mix)
        coefficients = fit_dual(kernel + np.float32(1), loss)
        return replace(self.space.model(points, coefficients, recipe.mix), intercepts=coefficients.sum(axis=0))

    def _kernel(self, mix: Mix) -> Matrix:
        """The inner products of all judged papers and definitions. The last ones are kept: folds follow each other."""
        kernel = self._kernels.get(mix)
        if kernel is None:
            kernel = _mixed(self._products, mix)
            for old in list(self._kernels)[: 1 - _KERNELS]:
                self._kernels.pop(old, None)
            self._kernels[mix] = kernel
        return kernel

    def _balanced(self, rows: npt.NDArray[np.intp]) -> Floats:
        """Weights (n_rows, 1) that let rare topics count.

        All count the same where chance alone may have made them rare; where they are rare indeed, they are drawn
        halfway to that.
        """
        answers = self.answers[rows]
        counts = (answers == 1).sum(axis=0)
        per_paper = np.sqrt(frequencies(counts, counts > 0)) / np.maximum(counts, 1)
        each = np.where(answers == 1, per_paper, 0.0).sum(axis=1, keepdims=True)
        return np.asarray(each / max(float(each.mean()), 1e-9)) if len(rows) else each

    def _told(self, answers: Floats, weights: Floats, recipe: Recipe) -> Floats:
        """Weights of rows that stand for judged papers: under the hinge loss yes and no have a half each."""
        each = weights[:, None]
        if not recipe.hinge:
            return np.asarray(each)
        others = max(answers.shape[1] - 1, 1)
        return np.asarray(np.where(answers == 1, each / 2, each / (2 * others)))

    def _shares(self, rows: npt.NDArray[np.intp]) -> Floats:
        """Which share of papers each column is thought to have; zero where it has neither a paper nor a definition."""
        counts = (self.answers[rows] == 1).sum(axis=0).astype(float)
        if self.mode == Mode.SINGLE:
            return frequencies(counts, self.taught(rows))
        counts[self.defined] += 1
        return np.asarray(counts / (len(rows) + len(self.defined)))


def _mixed(products: list[Matrix], mix: Mix) -> Matrix:
    mixed = np.float32(mix.terms) * products[0]
    for share, part in zip(mix.latent, products[1:], strict=True):
        if share:
            mixed += np.float32(share) * part
    return np.asarray(mixed)
