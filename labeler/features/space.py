"""The space in which papers are compared: their terms beside what the terms are about, in one linear map.

A paper's point holds its TF-IDF row and latent blocks, each a projection of that row: vectors of words from the
background, and the main components of the papers at hand (latent semantic analysis; S. Deerwester et al., "Indexing by
latent semantic analysis", 1990). All is centred on a usual paper, so that a regression needs no intercept; and as every
block is linear in the TF-IDF row, a linear model of it folds into one weight a term.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from labeler.features.background import Background
from labeler.features.cooccurrence import unit_rows
from labeler.features.tfidf import Floats, Tfidf
from labeler.features.weighting import PRIOR

Matrix = npt.NDArray[np.float32]
_COMPONENTS = 300
_OVERSAMPLED = 10
_EXACT = 1e-6  # of the largest squared singular value: below it single precision tells nothing
_PAPERS = 10  # for each direction: those of fewer fit the papers at hand, and no others
_MANY = 10  # components that count in full: fewer count for less, being arbitrary among their like
_NOISE = 1e-5  # size of a block below which it is rounding: the papers are all equal
_SHARED = 5  # papers that must hold a word for a vector to be made from them: of fewer, it would be those papers


@dataclass(frozen=True, slots=True)
class Mix:
    """How much the terms, the background's vectors and the latent components count in a comparison."""

    terms: float
    background: float
    components: float

    @property
    def latent(self) -> tuple[float, float]:
        """The shares of the latent blocks, in their order."""
        return self.background, self.components


@dataclass(frozen=True, slots=True)
class Points:
    """Papers in a :class:`Space`: TF-IDF rows (n_papers, n_terms) and the centred latent blocks (n_papers, k)."""

    terms: sparse.csr_matrix
    blocks: tuple[Matrix, ...]

    def __len__(self) -> int:
        return int(self.terms.shape[0])

    def take(self, rows: npt.ArrayLike) -> Points:
        """Some of the points, in the order of ``rows``."""
        chosen = np.asarray(rows)
        return Points(self.terms[chosen], tuple(block[chosen] for block in self.blocks))

    def lengthened(self) -> Points:
        """With every latent block scaled to length one, as those of papers are on average."""
        return Points(self.terms, tuple(unit_rows(block) for block in self.blocks))

    def means(self, groups: Sequence[npt.NDArray[np.intp]]) -> Points:
        """The mean of each group of points."""
        rows = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
        columns = np.concatenate([*groups, np.empty(0, np.intp)])
        values = 1.0 / np.array([len(groups[row]) for row in rows])
        average = sparse.csr_matrix((values, (rows, columns)), shape=(len(groups), len(self)))
        blocks = tuple(np.asarray(average @ block, dtype=np.float32) for block in self.blocks)
        return Points(sparse.csr_matrix(average @ self.terms), blocks)


def stacked(parts: Sequence[Points]) -> Points:
    """The points of all ``parts``, one after the other."""
    return Points(
        sparse.csr_matrix(sparse.vstack([part.terms for part in parts])),
        tuple(np.concatenate(blocks) for blocks in zip(*(part.blocks for part in parts), strict=True)),
    )


@dataclass(frozen=True, slots=True)
class Space:
    """``centre`` (n_terms,) is the usual TF-IDF row; each of ``projections`` (n_terms, k) makes a block of a row.

    The projections are scaled so that the papers at hand have, on average, blocks of squared length one.
    """

    centre: Floats
    projections: tuple[Matrix, ...]

    def points(self, rows: sparse.csr_matrix) -> Points:
        """The points of TF-IDF ``rows`` (n_papers, n_terms)."""
        blocks = tuple(np.asarray((rows @ side) - self.centre @ side, np.float32) for side in self.projections)
        return Points(rows, blocks)

    def inner_products(self, left: Points, right: Points) -> list[Matrix]:
        """Inner products (n_left, n_right) of the terms, then of each latent block."""
        terms = np.asarray((left.terms @ right.terms.T).toarray())
        terms -= np.add.outer(left.terms @ self.centre, right.terms @ self.centre) - self.centre @ self.centre
        return [terms.astype(np.float32)] + [
            one @ other.T for one, other in zip(left.blocks, right.blocks, strict=True)
        ]

    def model(self, points: Points, coefficients: Floats, mix: Mix) -> SpaceWeights:
        """The model whose score of a new point is its inner products with ``points`` times ``coefficients``."""
        terms = points.terms.T @ coefficients - np.outer(self.centre, coefficients.sum(axis=0))
        blocks = tuple(share * (block.T @ coefficients) for share, block in zip(mix.latent, points.blocks, strict=True))
        return SpaceWeights(mix.terms * terms, blocks, np.zeros(coefficients.shape[1]))

    def scores(self, model: SpaceWeights, points: Points) -> Floats:
        """Scores (n_points, n_columns)."""
        found = np.asarray(points.terms @ model.terms) - self.centre @ model.terms + model.intercepts
        for block, part in zip(points.blocks, model.blocks, strict=True):
            found += block @ part
        return found

    def fold(self, model: SpaceWeights) -> tuple[Floats, Floats]:
        """Weights (n_terms, n_columns) and intercepts (n_columns,): the score is ``row @ weights + intercepts``."""
        weights = model.terms.copy()
        for side, part in zip(self.projections, model.blocks, strict=True):
            weights += side @ part.astype(np.float32)
        return weights, np.asarray(model.intercepts - self.centre @ weights)


@dataclass(frozen=True, slots=True)
class SpaceWeights:
    """A linear model in a space: what each term adds (n_terms, n_columns), and each latent dimension (k, n_columns).

    ``intercepts`` (n_columns,) are the scores of the centre.
    """

    terms: Floats
    blocks: tuple[Floats, ...]
    intercepts: Floats


def fit_space(tfidf: Tfidf, rows: sparse.csr_matrix, background: Background) -> tuple[Space, Points]:
    """The space of the papers at hand, given as TF-IDF ``rows`` (n_papers, n_terms), and their points in it."""
    centre = _centre(tfidf, rows, background)
    by_term = rows.tocsc()  # products with long thin matrices go through memory in order: the same sums, much faster
    components = _components(by_term)
    weight = np.float32(min(1.0, components.shape[1] / _MANY))
    sides, blocks = [], []
    for side, length in ((_from_background(tfidf, by_term, background), np.float32(1)), (components, weight)):
        block = np.asarray((by_term @ side) - centre @ side, dtype=np.float32)
        size = np.float32(np.sqrt((block**2).sum(axis=1).mean())) if len(block) else np.float32(0)
        size = size if size > _NOISE else np.float32(1)
        sides.append(side * (length / size))
        blocks.append(block * (length / size))
    return Space(centre, tuple(sides)), Points(rows, tuple(blocks))


def _centre(tfidf: Tfidf, rows: sparse.csr_matrix, background: Background) -> Floats:
    """The mean of the papers at hand, drawn towards that of the background where they are few.

    What few papers have in common would else be of no account, though it may be a topic. The background's mean row is
    taken to be in proportion to how many papers hold a word and to the word's weight.
    """
    papers = rows.shape[0]
    own = np.asarray(rows.mean(axis=0)).ravel() if papers else np.zeros(rows.shape[1])
    columns = np.array([tfidf.vocabulary.column(word) for word in background.words], dtype=np.intp)
    known = columns[columns >= 0]
    usual = np.zeros(len(own))
    usual[known] = background.shares[columns >= 0] * tfidf.idf[known]
    length = float(usual @ usual)
    if not papers or not length:
        return own
    usual *= float(own[known] @ usual[known]) / length
    return np.asarray((papers * own + PRIOR * usual) / (papers + PRIOR))


def _from_background(tfidf: Tfidf, rows: sparse.csc_matrix, background: Background) -> Matrix:
    """For each word its vector, the rarer the longer; a word without one gets the mean of the papers that hold it."""
    side = np.zeros((len(tfidf.vocabulary), background.vectors.shape[1]), dtype=np.float32)
    if not background.words:
        return side
    columns = np.array([tfidf.vocabulary.column(word) for word in background.words])
    side[columns[columns >= 0]] = background.vectors[columns >= 0]
    side *= np.sqrt(tfidf.idf)[:, None].astype(np.float32)
    lengths = np.linalg.norm(side, axis=1)
    papers = np.asarray(rows @ side, dtype=np.float32)
    papers = unit_rows(papers - papers.sum(axis=0) / max(len(papers), 1))
    held = np.diff(rows.indptr)
    strange = np.flatnonzero(tfidf.vocabulary.is_word & (lengths == 0) & (held >= _SHARED))
    holders = rows[:, strange].T.tocsr()
    holders.data[:] = 1.0
    usual = np.median(lengths[lengths > 0] / np.sqrt(tfidf.idf[lengths > 0])) if (lengths > 0).any() else 1.0
    side[strange] = unit_rows(np.asarray(holders @ papers)) * (usual * np.sqrt(tfidf.idf[strange]))[:, None]
    return side


def _components(rows: sparse.csc_matrix) -> Matrix:
    """The right singular vectors of ``rows`` of the largest singular values, from a random basis of its range.

    N. Halko et al., "Finding structure with randomness", 2011, algorithms 4.3 and 5.1; the last step by the small
    square of the projected matrix, which is exact enough for components that matter, and there are no others.
    """
    from sklearn.utils.extmath import randomized_range_finder

    width = min(_COMPONENTS, rows.shape[0] // _PAPERS)
    if width < 2 or not rows.nnz:  # the first direction is that of the mean, in which papers hardly differ
        return np.zeros((rows.shape[1], 0), dtype=np.float32)
    single = rows.astype(np.float32)
    basis = randomized_range_finder(
        single,
        size=min(rows.shape[0], _COMPONENTS + _OVERSAMPLED),
        n_iter=2,
        power_iteration_normalizer="none",
        random_state=0,
    )
    projected = np.asarray(single.T @ basis)
    squares, vectors = np.linalg.eigh((projected.T @ projected).astype(np.float64))
    largest = slice(None, -width - 1, -1)
    kept = squares[largest] > _EXACT * squares[-1]
    turned = vectors[:, largest][:, kept] / np.sqrt(squares[largest][kept])
    return np.ascontiguousarray(projected @ turned.astype(np.float32))
