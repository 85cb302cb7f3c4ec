"""TF-IDF with sublinear term frequencies, each text of length one.

(1 + ln tf) · idf after G. Salton and C. Buckley, "Term-weighting approaches in automatic text retrieval", 1988. What
each term weighs, :mod:`labeler.features.weighting` learns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from labeler.features.rows import Rows
from labeler.features.terms import laid_out
from labeler.features.tokens import Ints, batches, encoded
from labeler.features.vocabulary import Counts, Vocabulary

if TYPE_CHECKING:
    from scipy import sparse


Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Tfidf:
    """The terms of the columns, and the weight of each, ``idf`` (n_terms,). Rows have its precision."""

    vocabulary: Vocabulary
    idf: npt.NDArray[np.floating[Any]]

    @classmethod
    def of(cls, terms: Sequence[str], idf: npt.NDArray[np.floating[Any]]) -> Tfidf:
        """Of terms as strings.

        Raises:
            ValueError: one is no term, or there twice, or there are not as many weights.
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
        return self.rows_of(*encoded([laid_out(text) for text in texts]))

    def rows_of(self, run: bytes, begins: Ints) -> Rows:
        """As :meth:`rows`, of texts that are laid out and :func:`~labeler.features.tokens.encoded`."""
        return self.weighted(self.vocabulary.found_in(run, begins))

    def weighted(self, found: Counts) -> Rows:
        """The rows of texts whose terms are counted."""
        values = self.idf.take(found.columns)
        logs = 1 + np.log(np.maximum(np.arange(found.counts.max(initial=1) + 1), 1))
        values *= logs.astype(values.dtype).take(found.counts)
        squares = np.add.reduceat(np.append(values * values, 0), found.ends[:-1]) if len(found.ends) > 1 else values
        lengths = np.sqrt(np.where((np.diff(found.ends) > 0) & (squares > 0), squares, 1))
        values /= np.repeat(lengths.astype(values.dtype), np.diff(found.ends))
        return Rows(values, found.columns, found.ends, len(self.vocabulary), found.unknown)
