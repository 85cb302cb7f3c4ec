from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from scipy import sparse

from labeler.features.cooccurrence import unit_rows
from labeler.features.distillation import distilled_vectors

PAPERS, WORDS, WIDTH = 300, 60, 4


def rows(seed: int = 0) -> sparse.csr_matrix:
    """Rows of length one, in which a few words of each paper occur."""
    rng = np.random.default_rng(seed)
    dense = rng.random((PAPERS, WORDS)) * (rng.random((PAPERS, WORDS)) < 0.2)
    return sparse.csr_matrix(unit_rows(dense.astype(np.float32)))


def ridge(points: npt.NDArray[np.float64], targets: npt.NDArray[np.float64], penalty: float) -> npt.NDArray[np.float64]:
    """The coefficients of ridge regression by its normal equations."""
    centred = points - points.mean(axis=0)
    square = centred.T @ centred + penalty * np.eye(points.shape[1])
    return np.asarray(np.linalg.solve(square, centred.T @ (targets - targets.mean(axis=0))))


def test_without_known_vectors_they_are_the_coefficients_of_a_ridge_regression() -> None:
    papers = np.random.default_rng(1).normal(size=(PAPERS, WIDTH))
    found = distilled_vectors(rows(), papers.astype(np.float32), penalty=0.3)
    dense = rows().toarray().astype(np.float64)
    size = 1 - dense.mean(axis=0) @ dense.mean(axis=0)
    assert np.allclose(found, ridge(dense, papers, 0.3 * size), atol=5e-3)  # the size of a paper counts as one


def test_with_known_vectors_rows_times_the_vectors_are_the_predictions_of_both() -> None:
    rng = np.random.default_rng(2)
    papers, known = rng.normal(size=(PAPERS, WIDTH)), rng.normal(size=(WORDS, 3)).astype(np.float32)
    found = distilled_vectors(rows(), papers.astype(np.float32), known, penalty=0.3)
    dense = rows().toarray().astype(np.float64)
    latent = dense @ known
    sizes = [((block - block.mean(axis=0)) ** 2).sum(axis=1).mean() for block in (dense, latent)]
    mean = dense.mean(axis=0)
    scales = np.sqrt(0.3 / (1 - mean @ mean)), np.sqrt(0.7 / sizes[1])
    both = np.hstack([scales[0] * dense, scales[1] * latent])
    predicted = (both - both.mean(axis=0)) @ ridge(both, papers, 0.3)
    assert np.allclose(dense @ found - (dense @ found).mean(axis=0), predicted, atol=5e-3)


def test_a_rare_word_learns_from_words_that_are_known_to_be_like_it() -> None:
    """Two groups of words tell two kinds of papers; the first word is in a single paper, and known to be of a group."""
    rng = np.random.default_rng(3)
    kinds = np.arange(PAPERS) % 2
    words = [rng.integers(1, 30, 5) + 30 * kind for kind in kinds]
    dense = np.zeros((PAPERS, WORDS), np.float32)
    for paper, chosen in enumerate(words):
        dense[paper, chosen % WORDS] = 1
    dense[0, 0] = 1
    known = np.where(np.arange(WORDS) < 30, 1.0, -1.0).astype(np.float32)[:, None]
    papers = np.where(kinds == 0, 1.0, -1.0).astype(np.float32)[:, None]
    papers[0] = -1  # the one paper with the rare word is of the other kind
    unit = sparse.csr_matrix(unit_rows(dense))
    alone, taught = (float(distilled_vectors(unit, papers, more)[0, 0]) for more in (None, known))
    assert alone < 5 * taught < 0  # it hardly follows its one paper


@pytest.mark.parametrize("empty", [np.zeros((PAPERS, WIDTH), np.float32), np.ones((PAPERS, WIDTH), np.float32)])
def test_papers_that_are_all_equal_teach_nothing(empty: npt.NDArray[np.float32]) -> None:
    assert not distilled_vectors(rows(), empty).any()
