"""The terms of a vocabulary and their weights (idf), learned from texts.

The rarer a term, the larger its weight: ln((1 + n) / (1 + df)) + 1, with the smoothing of scikit-learn, times the
square root of the word's topicality, which :mod:`labeler.features.background` holds. The background's document
frequencies count as if ``PRIOR`` more papers had been read: they matter where papers are few.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from math import sqrt

import numpy as np
import numpy.typing as npt

from labeler.features.background import NO_BACKGROUND, Background
from labeler.features.corpus import Corpus
from labeler.features.terms import is_character
from labeler.features.tfidf import Tfidf

PRIOR = 50.0  # papers that the background counts as
_MIN_KNOWN = 0.25  # share of all words that a background must know; of its own language it knows nine in ten
_MIN_KNOWN_CHARACTERS = 0.5  # the same of characters that are words: Japanese has a third in common with Chinese
_MIN_SHARE = 0.01  # of words of letters, or of characters, from which on papers are written in them
_LETTERS, _CHARACTERS = 0, 1
_MAX_DF = 0.5  # share of papers above which a term is left out, as it says nothing


def background_for(corpus: Corpus, background: Background, definitions: Iterable[str] = ()) -> Background:
    """What a ``background`` knows of the languages of a ``corpus`` and of ``definitions``; none where that is too little.

    Words of letters and those of scripts whose characters are words (:mod:`labeler.features.scripts`) are looked at
    apart: a Chinese paper has English terms. What is known of a language that papers are not in, names and numbers,
    would tell them apart by what they have in common by chance.
    """
    known = set(background.words)
    papers, described = _word_counts(corpus, known), _word_counts(Corpus.of(definitions), known)
    kept = [
        kind
        for kind, least in ((_LETTERS, _MIN_KNOWN), (_CHARACTERS, _MIN_KNOWN_CHARACTERS))
        if any(counts[kind].sum() >= _MIN_SHARE * counts.sum() > 0 for counts in (papers, described))
        and papers[kind, 1] + described[kind, 1] >= least * (papers[kind] + described[kind]).sum()
    ]
    if not kept or papers[kept, 1].sum() < _MIN_KNOWN * papers.sum():
        return NO_BACKGROUND
    kinds = np.array([_kind(word.partition(" ")[0]) for word in background.words])
    return background if set(kinds) <= set(kept) else background.only(np.isin(kinds, kept))


def _word_counts(corpus: Corpus, known: Collection[str]) -> npt.NDArray[np.int64]:
    """How many words of letters and of characters a corpus holds, each not in ``known`` and in it (2, 2)."""
    counts = np.bincount(corpus.numbers[corpus.numbers >= 0], minlength=len(corpus.words))
    found = np.zeros((2, 2), np.int64)
    for word, count in zip(corpus.words, counts.tolist(), strict=True):
        found[_kind(word), word in known] += count
    return found


def _kind(word: str) -> int:
    return _CHARACTERS if is_character(word) else _LETTERS


def fit_tfidf(texts: Iterable[str], min_df: int, background: Background) -> Tfidf:
    """The TF-IDF of terms in at least ``min_df`` of ``texts`` and of all words of ``background``.

    Terms in more than half of the papers are left out.
    """
    return tfidf_of(Corpus.of(texts), min_df, background)


def tfidf_of(corpus: Corpus, min_df: int, background: Background, max_features: int | None = None) -> Tfidf:
    """As :func:`fit_tfidf`, of a corpus; with ``max_features`` at most so many terms, the most frequent ones."""
    frequencies = dict(zip(corpus.words, corpus.frequencies.tolist(), strict=True))
    known = {word: column for column, word in enumerate(background.words)}
    prior = PRIOR if known else 0.0
    document_frequencies = _frequent_terms(corpus, min_df, max_features)
    if max_features is None:
        rare = known.keys() - document_frequencies.keys()
        document_frequencies |= {term: frequencies.get(term, 0) for term in rare}
    # Frequent terms side by side: what is looked up most often stays in a processor's cache.
    ranked = sorted(document_frequencies, key=lambda term: (-document_frequencies[term], term))
    terms = np.array(ranked, dtype=object)
    counts = np.array([document_frequencies[term] for term in terms], dtype=np.float64)
    columns = np.array([known.get(term, -1) for term in terms], dtype=np.int64)
    is_known = columns >= 0
    counts[is_known] += prior * background.shares[columns[is_known]]
    papers = len(corpus) + prior
    kept = counts <= _MAX_DF * papers if papers >= PRIOR else np.ones(len(terms), dtype=bool)
    idf = np.log((1.0 + papers) / (1.0 + counts)) + 1.0
    topicality = dict(zip(background.words, background.topicality.tolist(), strict=True))
    weights = idf * np.sqrt([_topicality(term, topicality) for term in ranked])
    return Tfidf.of(terms[kept].tolist(), weights[kept])


def _frequent_terms(corpus: Corpus, min_df: int, max_features: int | None) -> dict[str, int]:
    """The terms in at least ``min_df`` texts (or the most frequent of them), and in how many texts each occurs.

    Of terms that are as frequent as each other all are kept or none, so there may be fewer than ``max_features``.
    """
    words, word_counts = corpus.frequent_words(min_df)
    one, other, pair_counts = corpus.pairs(words, min_df)
    counts = np.sort(np.concatenate([word_counts, pair_counts]))
    min_count = counts[-max_features - 1] + 1 if max_features is not None and len(counts) > max_features else min_df
    names = [corpus.words[word] for word in words.tolist()]
    found = {name: count for name, count in zip(names, word_counts.tolist(), strict=True) if count >= min_count}
    kept = np.flatnonzero(pair_counts >= min_count)
    for first, second, count in zip(*(part[kept].tolist() for part in (one, other, pair_counts)), strict=True):
        found[f"{names[first]} {names[second]}"] = count
    return found


def _topicality(term: str, known: Mapping[str, float]) -> float:
    """The topicality of a term; of an unknown pair the geometric mean of its words, of an unknown word 1."""
    one, _, other = term.partition(" ")
    if not other or term in known:
        return known.get(term, 1.0)
    return sqrt(known.get(one, 1.0) * known.get(other, 1.0))
