"""TF-IDF with sublinear term frequencies, each text of length one, in which topical words weigh more.

(1 + ln tf) · (ln((1 + n) / (1 + df)) + 1) after G. Salton and C. Buckley, "Term-weighting approaches in automatic text
retrieval", 1988, with the smoothing of scikit-learn; times the square root of a word's topicality, which
:mod:`labeler.features.background` measures. Where papers are few, what a background knows of a word's rarity counts
as if ``PRIOR`` more papers had been read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import sparse

from labeler.features.background import Background
from labeler.features.terms import terms as terms_of

Floats = npt.NDArray[np.float64]
PRIOR = 50.0  # papers that the background stands for
_COMMON = 0.5  # share of papers from which on a word says nothing


@dataclass(frozen=True, slots=True)
class Tfidf:
    """The terms of the columns, in alphabetical order, and the weight of each; ``vocabulary`` finds a term's column.

    ``is_word`` (n_terms,) is 1 for a word and 0 for a pair.
    """

    terms: tuple[str, ...]
    idf: Floats
    vocabulary: dict[str, int] = field(init=False, repr=False, compare=False)
    is_word: npt.NDArray[np.intp] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "vocabulary", {term: column for column, term in enumerate(self.terms)})
        object.__setattr__(self, "is_word", np.array([" " not in term for term in self.terms], dtype=np.intp))

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


def fit_tfidf(texts: Sequence[str], min_df: int, background: Background) -> Tfidf:
    """Terms that at least ``min_df`` of ``texts`` hold, and all words of ``background``; very common words are out."""
    frequencies: Counter[str] = Counter()
    for text in texts:
        frequencies.update(set(terms_of(text)))
    known = {word: column for column, word in enumerate(background.words)}
    prior = PRIOR if known else 0.0
    kept = {term for term, count in frequencies.items() if count >= min_df} | known.keys()
    terms = np.array(sorted(kept), dtype=object)
    counts = np.array([frequencies[term] for term in terms], dtype=np.float64)
    columns = np.array([known.get(term, -1) for term in terms], dtype=np.int64)
    is_known = columns >= 0
    counts[is_known] += prior * background.shares[columns[is_known]]
    papers = len(texts) + prior
    telling = counts <= _COMMON * papers if papers >= PRIOR else np.ones(len(terms), dtype=bool)
    idf = np.log((1.0 + papers) / (1.0 + counts)) + 1.0
    weights = idf * np.sqrt([_topicality(term, known, background.topicality) for term in terms])
    return Tfidf(tuple(terms[telling]), weights[telling])


def _topicality(term: str, known: dict[str, int], topicality: npt.NDArray[np.float32]) -> float:
    """Of a word, 1 where it is unknown; of a pair the geometric mean."""
    told = [float(topicality[known[word]]) if word in known else 1.0 for word in term.split(" ")]
    return told[0] if len(told) == 1 else float(np.sqrt(told[0] * told[1]))
