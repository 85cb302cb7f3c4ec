"""TF-IDF with sublinear term frequencies, each text of length one, in which topical words weigh more.

(1 + ln tf) · (ln((1 + n) / (1 + df)) + 1) after G. Salton and C. Buckley, "Term-weighting approaches in automatic text
retrieval", 1988, with the smoothing of scikit-learn; times the square root of a word's topicality, which
:mod:`labeler.features.background` measures. Where papers are few, what a background knows of a word's rarity counts
as if ``PRIOR`` more papers had been read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from labeler.features.rows import Rows
from labeler.features.terms import laid_out
from labeler.features.tokens import AT_ONCE, Ints, encoded
from labeler.features.vocabulary import Counts, Vocabulary

if TYPE_CHECKING:
    from scipy import sparse

    from labeler.features.background import Background
    from labeler.features.corpus import Corpus

Floats = npt.NDArray[np.float64]
PRIOR = 50.0  # papers that the background stands for
_COMMON = 0.5  # share of papers from which on a word says nothing


@dataclass(frozen=True, slots=True)
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

        parts = [self.rows(part).sparse() for part in batches(texts, AT_ONCE)]
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


def batches(texts: Iterable[str], size: int) -> Iterator[list[str]]:
    """The texts, ``size`` at a time."""
    waiting = iter(texts)
    while part := list(islice(waiting, size)):
        yield part


def fit_tfidf(texts: Iterable[str], min_df: int, background: Background) -> Tfidf:
    """Terms that at least ``min_df`` of ``texts`` hold, and all words of ``background``; very common words are out."""
    from labeler.features.corpus import Corpus

    return tfidf_of(Corpus.of(texts), min_df, background)


def tfidf_of(corpus: Corpus, min_df: int, background: Background, most: int | None = None) -> Tfidf:
    """As :func:`fit_tfidf`, of texts that are read; with ``most`` only so many terms, the most frequent ones."""
    frequencies = dict(zip(corpus.words, corpus.frequencies.tolist(), strict=True))
    known = {word: column for column, word in enumerate(background.words)}
    prior = PRIOR if known else 0.0
    counted = _frequent(corpus, min_df, most)
    if most is None:
        counted |= {word: frequencies.get(word, 0) for word in known}
    # Frequent terms side by side: what is looked up most often stays in a processor's cache.
    terms = np.array(sorted(counted, key=lambda term: (-counted[term], term)), dtype=object)
    counts = np.array([counted[term] for term in terms], dtype=np.float64)
    columns = np.array([known.get(term, -1) for term in terms], dtype=np.int64)
    is_known = columns >= 0
    counts[is_known] += prior * background.shares[columns[is_known]]
    papers = len(corpus) + prior
    telling = counts <= _COMMON * papers if papers >= PRIOR else np.ones(len(terms), dtype=bool)
    idf = np.log((1.0 + papers) / (1.0 + counts)) + 1.0
    weights = idf * np.sqrt([_topicality(term, known, background.topicality) for term in terms])
    return Tfidf.of(terms[telling].tolist(), weights[telling])


def _frequent(corpus: Corpus, fewest: int, most: int | None) -> dict[str, int]:
    """The terms that at least ``fewest`` texts hold, and how many do; or those of them that are most frequent."""
    words, single = corpus.often(fewest)
    one, other, together = corpus.pairs(words, fewest)
    counts = np.sort(np.concatenate([single, together]))
    least = counts[-most - 1] + 1 if most is not None and len(counts) > most else fewest
    names = [corpus.words[word] for word in words.tolist()]
    found = {name: count for name, count in zip(names, single.tolist(), strict=True) if count >= least}
    kept = np.flatnonzero(together >= least)
    for first, second, count in zip(*(part[kept].tolist() for part in (one, other, together)), strict=True):
        found[f"{names[first]} {names[second]}"] = count
    return found


def _topicality(term: str, known: dict[str, int], topicality: npt.NDArray[np.float32]) -> float:
    """Of a word, 1 where it is unknown; of a pair the geometric mean."""
    told = [float(topicality[known[word]]) if word in known else 1.0 for word in term.split(" ")]
    return told[0] if len(told) == 1 else float(np.sqrt(told[0] * told[1]))
