"""TF-IDF rows of texts: sublinear term frequencies times inverse document frequencies, scaled to length one.

(1 + ln tf) · idf after G. Salton and C. Buckley, "Term-weighting approaches in automatic text retrieval", 1988.
scikit-learn's ``TfidfVectorizer(sublinear_tf=True)`` computes the same rows. The weight of each term is learned by
:mod:`labeler.features.weighting`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from labeler.features.rows import Rows
from labeler.features.terms import joined_parts
from labeler.features.tokens import batches
from labeler.features.vocabulary import Counts, Vocabulary

if TYPE_CHECKING:
    from scipy import sparse


Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Tfidf:
    """The ``vocabulary`` of the columns, and ``idf`` (n_terms,), the weight of each term. Rows have its precision."""

    vocabulary: Vocabulary
    idf: npt.NDArray[np.floating[Any]]

    @classmethod
    def of(cls, terms: Sequence[str], idf: npt.NDArray[np.floating[Any]]) -> Tfidf:
        """The TF-IDF of terms given as strings.

        Raises:
            ValueError: a string is no term, a term is there twice, or there are not as many weights.
        """
        if len(terms) != len(idf):
            raise ValueError(f"there are {len(terms)} terms and {len(idf)} weights")
        return cls(Vocabulary.of(terms), idf)

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms as strings, by column."""
        return self.vocabulary.terms

    def transform(self, texts: Iterable[str]) -> sparse.csr_matrix:
        """:meth:`rows` of all texts for scipy: a sparse matrix (n_texts, n_terms)."""
        from scipy import sparse

        parts = [self.rows(part).sparse() for part in batches(texts)]
        return sparse.csr_matrix(sparse.vstack(parts)) if parts else self.rows([]).sparse()

    def rows(self, texts: Sequence[str]) -> Rows:
        """The rows of some texts, of length one (or zero)."""
        return self.rows_of([joined_parts(text) for text in texts])

    def rows_of(self, texts: Sequence[str]) -> Rows:
        """Return the same as :meth:`rows`, for texts that went through :func:`~labeler.features.terms.joined_parts`."""
        return self.rows_from_counts(self.vocabulary.counts_in(texts))

    def rows_from_counts(self, counts: Counts) -> Rows:
        """The rows of texts whose terms are counted."""
        values = self.idf.take(counts.columns)
        logs = 1 + np.log(np.maximum(np.arange(counts.counts.max(initial=1) + 1), 1))
        values *= logs.astype(values.dtype).take(counts.counts)
        squares = np.add.reduceat(np.append(values * values, 0), counts.ends[:-1]) if len(counts.ends) > 1 else values
        lengths = np.sqrt(np.where((np.diff(counts.ends) > 0) & (squares > 0), squares, 1))
        values /= np.repeat(lengths.astype(values.dtype), np.diff(counts.ends))
        return Rows(values, counts.columns, counts.ends, len(self.vocabulary), counts.unknown)
