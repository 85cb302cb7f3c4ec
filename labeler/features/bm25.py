"""BM25: how much texts have of the words of a query, rare words first.

S. Robertson, H. Zaragoza, "The probabilistic relevance framework: BM25 and beyond", 2009. Words are those of
:mod:`labeler.features.terms`, so that letters are folded and a title counts twice. How rare a word is, is told by the
papers at hand and those of the background together: a digest of thirty papers alone would not know.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from labeler.features.background import Background
from labeler.features.terms import is_character, joined_parts, words_and_character_pairs
from labeler.features.tokens import batches
from labeler.features.vocabulary import Vocabulary

Floats = npt.NDArray[np.float64]
_SATURATION, _LENGTH = 1.2, 0.75  # k1 and b, as is usual
_COMMON = 0.5  # share of the background's papers with a word, such as "of", from which it tells nothing


def bm25(query: str, texts: Sequence[str], background: Background) -> Floats:
    """The score of each text (n_texts,); it is zero where a text holds no word of the query that tells something.

    Of a script that is written without blanks, pairs of characters count, as single ones are in most texts.
    """
    found = words_and_character_pairs(query)
    terms = list(dict.fromkeys(term for term in found if not is_character(term))) or list(dict.fromkeys(found))
    if not terms or not texts:
        return np.zeros(len(texts))
    counts, lengths = _counted(terms, texts)
    shares, papers = _shares(terms, background), len(texts) + background.papers
    frequencies = (counts > 0).sum(axis=0) + shares * background.papers
    weights = np.where(shares > _COMMON, 0, np.log1p((papers - frequencies + 0.5) / (frequencies + 0.5)))
    norm = 1 - _LENGTH + _LENGTH * lengths / max(lengths.mean(), 1)
    return np.asarray((counts * (_SATURATION + 1) / (counts + _SATURATION * norm[:, None])) @ weights)


def _counted(terms: Sequence[str], texts: Sequence[str]) -> tuple[Floats, Floats]:
    """How often each text holds each term (n_texts, n_terms), and how many words it has (n_texts,)."""
    vocabulary, counted, lengths = Vocabulary.of(terms), [], []
    for part in batches(texts):
        found = vocabulary.counts_in([joined_parts(text) for text in part])
        rows = np.repeat(np.arange(len(part)), np.diff(found.ends))
        counts = np.zeros((len(part), len(terms)))
        counts[rows, found.columns] = found.counts
        counted.append(counts)
        lengths.append(counts[:, vocabulary.is_word].sum(axis=1) + found.unknown)
    return np.concatenate(counted), np.concatenate(lengths)


def _shares(terms: Sequence[str], background: Background) -> Floats:
    """The share of the background's papers that hold each term (n_terms,), zero where it does not know the term."""
    known = dict(zip(background.words, background.shares.tolist(), strict=True))
    return np.array([known.get(term, 0.0) for term in terms])
