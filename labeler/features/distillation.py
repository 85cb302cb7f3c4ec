"""Vectors of words that are learned from vectors of papers, as a sentence encoder makes them.

G. Hinton et al., "Distilling the Knowledge in a Neural Network", 2015, with a student that is linear: a paper's vector
is predicted from its TF-IDF row by ridge regression (A. Hoerl, R. Kennard, "Ridge regression", 1970). As the student
is linear in the row, it is one vector a word, and the encoder is not needed any more.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import sparse

Matrix = npt.NDArray[np.float32]
_KNOWN_SHARE = 0.7  # of a comparison of two papers that what is known of their words has; their words have the rest
_STEPS = 40  # of conjugate gradients; after them nothing changes that four bits would show
_RESIDUAL = 1e-3  # of the right-hand side, at which it is solved


def distilled_vectors(
    rows: sparse.csr_matrix, papers: Matrix, known: Matrix | None = None, penalty: float = 0.3
) -> Matrix:
    """Vectors (n_words, k) such that ``rows`` times them are about ``papers`` (n_papers, k), up to a constant.

    ``rows`` (n_papers, n_words) are TF-IDF rows of length one. With ``known`` vectors of words (n_words, m) a paper is
    compared with another by what is known of their words as well, so that rare words learn from like ones. ``penalty``
    is that of ridge regression, where papers have the squared length one on average.
    """
    rows = rows.astype(np.float32)
    centre = np.asarray(rows.mean(axis=0), dtype=np.float32).ravel()
    share = 0.0 if known is None else _KNOWN_SHARE
    size = np.float32(np.sqrt((1 - share) / max(1 - float(centre @ centre), 1e-9)))
    latent = np.zeros((rows.shape[0], 0), np.float32) if known is None else np.asarray(rows @ known)
    latent -= latent.mean(axis=0)
    scale = np.float32(np.sqrt(share / max(float((latent**2).sum(axis=1).mean()), 1e-9)))
    latent *= scale
    transposed = rows.T.tocsr()
    words = rows.shape[1]

    def back(errors: Matrix) -> Matrix:
        own = size * (np.asarray(transposed @ errors) - np.outer(centre, errors.sum(axis=0)))
        return np.vstack([own, latent.T @ errors])

    def normal(weights: Matrix) -> Matrix:
        own = weights[:words]
        return back(size * (np.asarray(rows @ own) - centre @ own) + latent @ weights[words:]) + penalty * weights

    solved = _conjugate_gradients(normal, back(np.asarray(papers - papers.mean(axis=0), dtype=np.float32)))
    vectors = size * solved[:words]
    return vectors if known is None else np.asarray(vectors + scale * (known @ solved[words:]))


def _conjugate_gradients(operator: Callable[[Matrix], Matrix], right: Matrix) -> Matrix:
    """The solutions of ``operator(x) = right`` for each column (M. Hestenes, E. Stiefel, 1952), all at once."""
    solution, residual = np.zeros_like(right), right.copy()
    direction = residual.copy()
    squares = (residual**2).sum(axis=0)
    enough = _RESIDUAL**2 * squares
    for _ in range(_STEPS):
        image = operator(direction)
        step = squares / np.maximum((direction * image).sum(axis=0), 1e-30)
        solution += step * direction
        residual -= step * image
        former, squares = squares, (residual**2).sum(axis=0)
        if (squares <= enough).all():
            break
        direction = residual + squares / np.maximum(former, 1e-30) * direction
    return solution
