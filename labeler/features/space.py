"""The space in which papers are compared: their terms beside what the terms are about, in one linear map.

A paper's point holds its TF-IDF row and two latent blocks, each a projection of that row: onto word vectors of the
background, and onto the main components of the papers at hand (latent semantic analysis, as scikit-learn's
``TruncatedSVD``; S. Deerwester et al., "Indexing by latent semantic analysis", 1990). All is centred on the mean paper,
so that a regression needs no intercept. As every block is linear in the TF-IDF row, a linear model in the space folds
into one weight a term.
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
_MAX_COMPONENTS = 300
_OVERSAMPLING = 10
_POWERS = 2  # of the papers' inner products, to find the components by
_MIN_SQUARE = 1e-6  # of the largest squared singular value: below it single precision tells nothing
_PAPERS_PER_COMPONENT = 10  # components of fewer papers fit the papers at hand, and no others
_FULL_COMPONENTS = 10  # components that count in full: fewer count for less, being arbitrary among their like
_SQUARE_ROWS = 500  # at a time
_MIN_SIZE = 1e-5  # size of a block below which it is rounding: the papers are all equal
_MIN_DF = 5  # papers with a word that a vector is made from: of fewer, it would be those papers


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

    def with_background(self, share: float) -> Mix:
        """The mix where the background counts for this ``share`` of what it does here, and terms for the rest."""
        return Mix(self.terms + (1 - share) * self.background, share * self.background, self.components)

    @property
    def shares(self) -> tuple[float, float, float]:
        """The shares of the terms and of the latent blocks, as in :meth:`Space.inner_products`."""
        return self.terms, *self.latent


@dataclass(frozen=True, slots=True)
class Points:
    """Papers as points of a :class:`Space`.

    ``terms`` (n_papers, n_terms) holds their TF-IDF rows in single precision, not centred. Each of ``blocks``
    (n_papers, k) is a latent block (of word vectors, or of components), centred on the space's ``centre``; k may differ
    between blocks.
    """

    terms: sparse.csr_matrix
    blocks: tuple[Matrix, ...]

    def __len__(self) -> int:
        return int(self.terms.shape[0])

    def take(self, rows: npt.ArrayLike) -> Points:
        """Some of the points, in the order of ``rows``."""
        chosen = np.asarray(rows)
        return Points(self.terms[chosen], tuple(block[chosen] for block in self.blocks))

    def normalized(self) -> Points:
        """Return the points with each paper's latent blocks scaled to length one; blocks of zeros stay as they are."""
        return Points(self.terms, tuple(unit_rows(block) for block in self.blocks))

    def means(self, groups: Sequence[npt.NDArray[np.intp]]) -> Points:
        """The mean of each group of points."""
        rows = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
        columns = np.concatenate([*groups, np.empty(0, np.intp)])
        values = 1 / np.array([len(groups[row]) for row in rows], dtype=np.float32)
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
    """``centre`` (n_terms,) is the mean TF-IDF row; each of ``projections`` (n_terms, k) makes a latent block of a row.

    The projections are scaled so that the papers at hand have, on average, blocks of squared length one.
    """

    centre: Floats
    projections: tuple[Matrix, ...]

    def points(self, rows: sparse.csr_matrix) -> Points:
        """The points of TF-IDF ``rows`` (n_papers, n_terms)."""
        single, centre = rows.astype(np.float32), self.centre.astype(np.float32)
        blocks = tuple(np.asarray((single @ projection) - centre @ projection) for projection in self.projections)
        return Points(single, blocks)

    def recentred(self, centre: Floats, *parts: Points) -> tuple[Space, list[Points]]:
        """The space with another ``centre`` (n_terms,), and points of this one in it."""
        steps = [(self.centre - centre).astype(np.float32) @ projection for projection in self.projections]
        moved = [
            Points(part.terms, tuple(block + step for block, step in zip(part.blocks, steps, strict=True)))
            for part in parts
        ]
        return Space(centre, self.projections), moved

    def inner_products(self, left: Points, right: Points) -> list[Matrix]:
        """Inner products (n_left, n_right) of the terms, then of each latent block."""
        terms = _squares(left.terms) if left is right else np.asarray((left.terms @ right.terms.T).toarray())
        half = self.centre @ self.centre / 2
        sums = (np.asarray(points.terms @ self.centre - half, np.float32) for points in (left, right))
        terms -= np.add.outer(*sums)
        return [terms] + [one @ other.T for one, other in zip(left.blocks, right.blocks, strict=True)]

    def model(self, points: Points, coefficients: Floats, mix: Mix) -> SpaceWeights:
        """The model whose score of a new point is its inner products with ``points`` times ``coefficients``."""
        terms = points.terms.T @ coefficients - np.outer(self.centre, coefficients.sum(axis=0))
        blocks = tuple(share * (block.T @ coefficients) for share, block in zip(mix.latent, points.blocks, strict=True))
        return SpaceWeights(mix.terms * terms, blocks, np.zeros(coefficients.shape[1]))

    def scores(self, model: SpaceWeights, points: Points) -> Floats:
        """Scores (n_points, n_columns)."""
        scores = np.asarray(points.terms @ model.terms) - self.centre @ model.terms + model.intercepts
        for block, weights in zip(points.blocks, model.blocks, strict=True):
            scores += block @ weights
        return scores

    def fold(self, model: SpaceWeights) -> tuple[Floats, Floats]:
        """Weights (n_terms, n_columns) and intercepts (n_columns,): the score is ``row @ weights + intercepts``."""
        weights = model.terms.copy()
        for projection, block_weights in zip(self.projections, model.blocks, strict=True):
            weights += projection @ block_weights.astype(np.float32)
        return weights, np.asarray(model.intercepts - self.centre @ weights)


@dataclass(frozen=True, slots=True)
class SpaceWeights:
    """A linear model in a space: the weights of terms (n_terms, n_columns) and of each latent block (k, n_columns).

    ``intercepts`` (n_columns,) are the scores of the centre.
    """

    terms: Floats
    blocks: tuple[Floats, ...]
    intercepts: Floats


def _squares(rows: sparse.csr_matrix) -> Matrix:
    """The inner products (n_rows, n_rows) of ``rows`` with each other, of which half are calculated."""
    products = np.empty((rows.shape[0], rows.shape[0]), rows.dtype)
    for first in range(0, rows.shape[0], _SQUARE_ROWS):
        block = slice(first, first + _SQUARE_ROWS)
        known = np.asarray((rows[block] @ rows[: block.stop].T).toarray())
        products[block, : block.stop] = known
        products[: block.stop, block] = known.T
    return products


def fit_space(tfidf: Tfidf, rows: sparse.csr_matrix, background: Background) -> tuple[Space, Points]:
    """The space of the papers at hand, given as TF-IDF ``rows`` (n_papers, n_terms), and their points in it."""
    centre = _centre(tfidf, rows, background)
    # Products with long thin matrices go through memory in this order, and in single precision: much faster.
    by_term = rows.tocsc().astype(np.float32)
    vectors, vector_sums = _word_vectors(tfidf, by_term, background)
    components = _components(by_term)
    length = np.float32(min(1.0, components.shape[1] / _FULL_COMPONENTS))
    projections, blocks = [], []
    for projection, sums, block_length in (
        (vectors, vector_sums, np.float32(1)),
        (components, np.asarray(by_term @ components), length),
    ):
        block = sums - centre.astype(np.float32) @ projection
        size = np.float32(np.sqrt((block**2).sum(axis=1).mean())) if len(block) else np.float32(0)
        size = size if size > _MIN_SIZE else np.float32(1)
        projection *= block_length / size
        projections.append(projection)
        blocks.append(block * (block_length / size))
    return Space(centre, tuple(projections)), Points(rows.astype(np.float32), tuple(blocks))


def _centre(tfidf: Tfidf, rows: sparse.csr_matrix, background: Background) -> Floats:
    """The mean row of the papers at hand, shrunk towards the mean row of the background where papers are few.

    Otherwise a word that few papers have in common would not count, though it may be their topic. In the background's
    mean row a word has its share of papers times its weight; the row is scaled to fit that of the papers.
    """
    papers = rows.shape[0]
    mean = np.asarray(rows.mean(axis=0)).ravel() if papers else np.zeros(rows.shape[1])
    columns = tfidf.vocabulary.columns_of(background.words)
    known = columns[columns >= 0]
    prior_mean = np.zeros(len(mean))
    prior_mean[known] = background.shares[columns >= 0] * tfidf.idf[known]
    square = float(prior_mean @ prior_mean)
    if not papers or not square:
        return mean
    prior_mean *= float(mean[known] @ prior_mean[known]) / square
    return np.asarray((papers * mean + PRIOR * prior_mean) / (papers + PRIOR))


def _word_vectors(tfidf: Tfidf, rows: sparse.csc_matrix, background: Background) -> tuple[Matrix, Matrix]:
    """The background's vector of each term, longer for rarer ones (n_terms, k), and ``rows`` times it (n_papers, k).

    A word out of the background's vocabulary gets the mean of the papers with the word; pairs out of it have zeros.
    """
    known, known_vectors = known_word_vectors(tfidf, background)
    vectors = np.zeros((len(tfidf.vocabulary), background.vectors.shape[1]), dtype=np.float32)
    if not background.words:
        return vectors, np.zeros((rows.shape[0], vectors.shape[1]), dtype=np.float32)
    lengths = np.zeros(len(vectors), dtype=np.float32)
    vectors[known] = known_vectors
    lengths[known] = np.linalg.norm(known_vectors, axis=1)
    sums = np.asarray(rows[:, known] @ vectors[known])
    papers = unit_rows(sums - sums.sum(axis=0) / max(len(sums), 1))
    document_frequencies = np.diff(rows.indptr)
    unknown = np.flatnonzero(tfidf.vocabulary.is_word & (lengths == 0) & (document_frequencies >= _MIN_DF))
    occurrences = rows[:, unknown].T.tocsr()
    occurrences.data[:] = 1.0
    median = np.median(lengths[lengths > 0] / np.sqrt(tfidf.idf[lengths > 0])) if (lengths > 0).any() else 1.0
    vectors[unknown] = unit_rows(np.asarray(occurrences @ papers)) * (median * np.sqrt(tfidf.idf[unknown]))[:, None]
    return vectors, np.asarray(sums + rows[:, unknown] @ vectors[unknown])


def known_word_vectors(tfidf: Tfidf, background: Background) -> tuple[npt.NDArray[np.int64], Matrix]:
    """The columns (n,) of terms that the background has vectors of, and these (n, k), longer for rarer terms."""
    columns = tfidf.vocabulary.columns_of(background.words)
    known = columns[columns >= 0]
    return known, background.vectors[columns >= 0] * np.sqrt(tfidf.idf[known])[:, None].astype(np.float32)


def _components(rows: sparse.csc_matrix) -> Matrix:
    """The right singular vectors of ``rows`` with the largest singular values (n_terms, k), by a randomized SVD.

    N. Halko et al., "Finding structure with randomness", 2011, algorithms 4.3 and 5.1: the range is that of the papers'
    inner products, whose powers draw the largest components to the front. The last step decomposes the square of the
    projected matrix, which is small. Its precision suffices for the components that are kept.
    """
    papers = rows.shape[0]
    width = min(_MAX_COMPONENTS, papers // _PAPERS_PER_COMPONENT)
    if width < 2 or not rows.nnz:  # the first component is the mean paper, in which papers hardly differ
        return np.zeros((rows.shape[1], 0), dtype=np.float32)
    chance = np.random.RandomState(0)
    basis = chance.normal(size=(papers, min(papers, _MAX_COMPONENTS + _OVERSAMPLING))).astype(np.float32)
    for _ in range(_POWERS):
        basis = np.linalg.qr(np.asarray(rows @ (rows.T @ basis)))[0]
    projected = np.asarray(rows.T @ basis)
    squares, vectors = np.linalg.eigh((projected.T @ projected).astype(np.float64))
    largest = slice(None, -width - 1, -1)
    kept = squares[largest] > _MIN_SQUARE * squares[-1]
    rotation = vectors[:, largest][:, kept] / np.sqrt(squares[largest][kept])
    return np.ascontiguousarray(projected @ rotation.astype(np.float32))
