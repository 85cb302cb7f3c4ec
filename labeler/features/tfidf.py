"""TF-IDF with sublinear term frequencies: (1 + ln tf) · (ln((1 + n) / (1 + df)) + 1), each text of length one.

G. Salton and C. Buckley, "Term-weighting approaches in automatic text retrieval", 1988; smoothing as in scikit-learn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import sparse

from labeler.features.terms import terms as terms_of

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tfidf:
    """The terms of the columns, in alphabetical order, and the idf of each; ``vocabulary`` finds a term's column."""

    terms: tuple[str, ...]
    idf: Floats
    vocabulary: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "vocabulary", {term: column for column, term in enumerate(self.terms)})

    def transform(self, texts: Iterable[str]) -> sparse.csr_matrix:
        """The rows of ``texts``: a sparse matrix (n_texts, n_terms) with rows of length one (or zero)."""
        found: list[int] = []
        ends = [0]
        look_up = self.vocabulary.get
        for text in texts:
            found += [column for column in map(look_up, terms_of(text)) if column is not None]
            ends.append(len(found))
        width = len(self.idf)
        rows = np.repeat(np.arange(len(ends) - 1, dtype=np.int64), np.diff(ends))
        keys, counts = np.unique(rows * width + np.array(found, dtype=np.int64), return_counts=True)
        indices = (keys % max(width, 1)).astype(np.int32)
        indptr = np.searchsorted(keys, np.arange(len(ends), dtype=np.int64) * width)
        values = 1.0 + np.log(counts.astype(np.float64))
        values *= self.idf[indices]
        row_of = keys // max(width, 1)
        squares = np.bincount(row_of, values**2, minlength=len(ends) - 1)
        values /= np.sqrt(squares)[row_of]
        return sparse.csr_matrix((values, indices, indptr), shape=(len(ends) - 1, width))


def fit_tfidf(texts: Sequence[str], min_df: int = 1) -> Tfidf:
    """The vocabulary of ``texts``: every term that at least ``min_df`` of them hold."""
    frequencies: Counter[str] = Counter()
    for text in texts:
        frequencies.update(set(terms_of(text)))
    terms = sorted(term for term, count in frequencies.items() if count >= min_df)
    counts = np.array([frequencies[term] for term in terms], dtype=np.float64)
    idf = np.log((1.0 + len(texts)) / (1.0 + counts)) + 1.0
    return Tfidf(tuple(terms), idf)
