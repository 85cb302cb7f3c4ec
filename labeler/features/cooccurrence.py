"""Word vectors (embeddings) from co-occurrence: words that occur near the same words point the same way.

The vectors are the singular vectors of the positive pointwise mutual information (PPMI) of words within eight positions
of each other: O. Levy, Y. Goldberg, I. Dagan, "Improving Distributional Similarity with Lessons Learned from Word
Embeddings", 2015. Rows are scaled to length one and singular values are dropped, which is best for topics of papers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

Ids = npt.NDArray[np.int64]
_WINDOW = 8
_CONTEXT_SMOOTHING = 0.75  # exponent of context counts
_SUBSAMPLED_SHARE = 3e-4  # of all occurrences: a word with a larger share keeps only some of its occurrences


def word_vectors(documents: Sequence[Ids], words: int, width: int) -> npt.NDArray[np.float32]:
    """Vectors (words, at most ``width``) of the words 0 … ``words`` - 1, from documents of their numbers.

    Numbers below zero are left out: they stand for words that do not count.
    """
    from sklearn.utils.extmath import randomized_svd

    width = min(width, words // 4)
    if width < 1:
        return np.zeros((words, 0), np.float32)
    information = ppmi(_subsampled(documents, words), words)
    left, _, _ = randomized_svd(information, width, n_iter=2, power_iteration_normalizer="QR", random_state=0)
    return unit_rows(left.astype(np.float32))


def ppmi(documents: Sequence[Ids], words: int) -> Any:
    """Positive pointwise mutual information of words, a sparse matrix (words, contexts)."""
    ids = np.concatenate([*documents, np.empty(0, np.int64)])
    document_of = np.repeat(np.arange(len(documents)), [len(document) for document in documents])
    counts: Any = sparse.csr_matrix((words, words), dtype=np.float32)
    for distance in range(1, _WINDOW + 1):
        together = document_of[distance:] == document_of[:-distance]
        pairs = (ids[:-distance][together], ids[distance:][together])
        counts += sparse.csr_matrix((np.ones(len(pairs[0]), np.float32), pairs), shape=(words, words))
    counts = sparse.csr_matrix(counts + counts.T)
    totals = np.maximum(np.asarray(counts.sum(axis=1)).ravel(), 1.0)
    contexts = totals**_CONTEXT_SMOOTHING / (totals**_CONTEXT_SMOOTHING).sum()
    row = np.repeat(np.arange(words), np.diff(counts.indptr))
    counts.data = np.maximum(np.log(counts.data / (totals[row] * contexts[counts.indices])), 0.0).astype(np.float32)
    counts.eliminate_zeros()
    return counts


def unit_rows(rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """``rows`` scaled to length one; rows of zeros stay."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1.0), dtype=np.float32)


def _subsampled(documents: Sequence[Ids], words: int) -> list[Ids]:
    """The documents without words that do not count, and without most occurrences of the most frequent words."""
    kept = [document[document >= 0] for document in documents]
    counts = np.bincount(np.concatenate([*kept, np.empty(0, np.int64)]), minlength=words)
    keep_probability = np.sqrt(_SUBSAMPLED_SHARE * counts.sum() / np.maximum(counts, 1))
    rng = np.random.RandomState(0)  # its stream is the same in every version of numpy
    return [document[rng.random_sample(len(document)) < keep_probability[document]] for document in kept]
