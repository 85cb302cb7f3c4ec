"""TF-IDF with sublinear term frequencies: (1 + ln tf) · (ln((1 + n) / (1 + df)) + 1), each text of length one.

G. Salton and C. Buckley, "Term-weighting approaches in automatic text retrieval", 1988; smoothing as in scikit-learn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain

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
        columns: list[Sequence[int]] = []
        counts: list[Sequence[int]] = []
        look_up = self.vocabulary.get
        for text in texts:
            tally = Counter(map(look_up, terms_of(text)))
            tally.pop(None, None)
            pairs = sorted((column, count) for column, count in tally.items() if column is not None)
            columns.append([column for column, _ in pairs])
            counts.append([count for _, count in pairs])
        indptr = np.concatenate(([0], np.cumsum([len(row) for row in columns]))).astype(np.int64)
        indices = np.fromiter(chain.from_iterable(columns), dtype=np.int32, count=int(indptr[-1]))
        values = 1.0 + np.log(np.fromiter(chain.from_iterable(counts), dtype=np.float64, count=int(indptr[-1])))
        values *= self.idf[indices]
        lengths = np.sqrt(np.add.reduceat(np.append(values**2, 0.0), indptr[:-1])) if columns else np.ones(0)
        filled = np.diff(indptr)
        lengths[filled == 0] = 1.0  # reduceat gives the next row's first value for an empty row
        values /= np.repeat(lengths, filled)
        return sparse.csr_matrix((values, indices, indptr), shape=(len(columns), len(self.idf)))


def fit_tfidf(texts: Sequence[str], min_df: int = 1) -> Tfidf:
    """The vocabulary of ``texts``: every term that at least ``min_df`` of them hold."""
    frequencies: Counter[str] = Counter()
    for text in texts:
        frequencies.update(set(terms_of(text)))
    terms = sorted(term for term, count in frequencies.items() if count >= min_df)
    counts = np.array([frequencies[term] for term in terms], dtype=np.float64)
    idf = np.log((1.0 + len(texts)) / (1.0 + counts)) + 1.0
    return Tfidf(tuple(terms), idf)
