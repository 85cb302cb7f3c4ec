"""Which terms count, and how much, learned from texts.

The rarer a term the more: ln((1 + n) / (1 + df)) + 1, with the smoothing of scikit-learn; times the square root of a
word's topicality, which :mod:`labeler.features.background` measures. Where papers are few, what a background knows of
a word's rarity counts as if ``PRIOR`` more papers had been read.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from labeler.features.background import Background
from labeler.features.corpus import Corpus
from labeler.features.tfidf import Tfidf

PRIOR = 50.0  # papers that the background stands for
_COMMON = 0.5  # share of papers from which on a word says nothing


def fit_tfidf(texts: Iterable[str], min_df: int, background: Background) -> Tfidf:
    """Terms that at least ``min_df`` of ``texts`` hold, and all words of ``background``; very common words are out."""
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
