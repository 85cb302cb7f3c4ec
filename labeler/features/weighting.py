"""The terms of a vocabulary and their weights (idf), learned from texts.

The rarer a term, the larger its weight: ln((1 + n) / (1 + df)) + 1, with the smoothing of scikit-learn, times the
square root of the word's topicality, which :mod:`labeler.features.background` holds. The background's document
frequencies count as if ``PRIOR`` more papers had been read: they matter where papers are few.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import sqrt
from typing import NamedTuple

import numpy as np

from labeler.features.background import NO_BACKGROUND, Background
from labeler.features.corpus import Corpus
from labeler.features.terms import is_character
from labeler.features.tfidf import Tfidf

PRIOR = 50.0  # papers that the background counts as
# Of papers in its language, but far from its field, a background knows eight words in ten; of pages that are half in it
# and half in another language, and of others that are full of its terms, less than three quarters.
_MIN_KNOWN, _MIN_PAPERS = 0.75, 0.1  # share of a paper's words that it must know, and share of such papers
# The share of words of the usual paper that a background must know to count in full, the one up to which it counts
# least, and that least part. It knows .99 of papers like those it was learned from, .84 to .90 of medical ones, .86 of
# Reuters-21578 and .82 of R8, where it blurs what tells papers apart. With 1, .5, .25 and 0 of its part accuracy of R8
# at 100 judged papers was .823, .825, .835 and .818 (eight draws of the learning part), micro-F1 of Reuters-21578 at
# 400 .787, .797, .804 and .803 (three), mean average precision of nine reviews at 40 .343, .357, .361 and – (two).
_ALL_KNOWN, _LEAST_KNOWN, _LEAST_PART = 0.96, 0.86, 0.25
_MIN_SHARE = 0.01  # of words of letters, or of characters, from which on papers are written in them
_MAX_DF = 0.5  # share of papers above which a term is left out, as it says nothing


class Fitting(NamedTuple):
    """What a ``background`` knows of the languages of papers, and the ``part`` of its usual weight that fits them.

    The part is 1 of papers like those it was learned from, less of others, and 0 without a background.
    """

    background: Background
    part: float


def background_for(corpus: Corpus, background: Background, definitions: Iterable[str] = ()) -> Fitting:
    """What a ``background`` knows of the languages of papers; none where hardly a paper is in one that it knows.

    What it knows of others, names and numbers, would tell papers apart by what they have in common by chance. Where
    some papers are in its language and more are not, these lose little and those gain much by it. Words of letters, or
    characters that are words, are left out where hardly any is in the ``corpus`` or in ``definitions`` of topics.
    """
    known = set(background.words)
    is_known = np.array([*(word in known for word in corpus.words), False])  # one more, for -1
    counts = np.concatenate([[0], np.cumsum(corpus.numbers >= 0)])[corpus.ends]
    known_counts = np.concatenate([[0], np.cumsum(is_known[corpus.numbers])])[corpus.ends]
    known_shares = np.diff(known_counts) / np.maximum(np.diff(counts), 1)
    in_its_language = known_shares >= _MIN_KNOWN
    if in_its_language.sum() < _MIN_PAPERS * len(corpus) or not background.words:
        return Fitting(NO_BACKGROUND, 0.0)
    usual = float(np.median(known_shares[in_its_language])) if len(corpus) else 1.0
    part = float(np.interp(usual, (_LEAST_KNOWN, _ALL_KNOWN), (_LEAST_PART, 1.0)))
    of_characters = np.array([is_character(word.partition(" ")[0]) for word in background.words], dtype=bool)
    shares = [_share_of_characters(one) for one in (corpus, Corpus.of(definitions)) if len(one.numbers)]
    letters = not shares or any(share <= 1 - _MIN_SHARE for share in shares)
    characters = any(share >= _MIN_SHARE for share in shares)
    if (letters or of_characters.all()) and (characters or not of_characters.any()):
        return Fitting(background, part)
    return Fitting(background.only(of_characters == characters), part)


def _share_of_characters(corpus: Corpus) -> float:
    """Which share of the words of a corpus are characters of scripts without blanks between words."""
    counts = np.bincount(corpus.numbers[corpus.numbers >= 0], minlength=len(corpus.words))
    alone = np.array([is_character(word) for word in corpus.words], dtype=bool)
    return float(counts[alone].sum() / max(counts.sum(), 1))


def fit_tfidf(texts: Iterable[str], min_df: int, background: Background) -> Tfidf:
    """The TF-IDF of terms in at least ``min_df`` of ``texts`` and of all words of ``background``.

    Terms in more than half of the papers are left out.
    """
    return tfidf_of(Corpus.of(texts), min_df, background)


def tfidf_of(corpus: Corpus, min_df: int, background: Background, max_features: int | None = None) -> Tfidf:
    """As :func:`fit_tfidf`, of a corpus; with ``max_features`` at most so many terms beside the background's words."""
    frequencies = dict(zip(corpus.words, corpus.frequencies.tolist(), strict=True))
    known = {word: column for column, word in enumerate(background.words)}
    prior = PRIOR if known else 0.0
    document_frequencies = _frequent_terms(corpus, min_df, max_features)
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
