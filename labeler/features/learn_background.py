"""Learning a background from a corpus of papers without labels: only which words occur in which papers is used.

Three things are learned. Vectors of words: words that occur near the same words point the same way. Reliability of
components: the two halves of an abstract are about one thing, so a component in which they agree says what a paper is
about, and one in which they do not is noise (canonical correlation of the halves; H. Hotelling, "Relations between two
sets of variates", 1936). Topicality of words: how well a word's vector agrees with the rest of each paper with the
word; it separates "galaxy" from "moreover".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.linalg import eigh

from labeler.errors import InputError
from labeler.features.background import Background
from labeler.features.cooccurrence import unit_rows, word_vectors
from labeler.features.terms import words_and_character_pairs
from labeler.papers.sentences import sentences

Matrix = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]
_MAX_WORDS, _MAX_WIDTH = 30_000, 400
_MAX_PAIRS = 30_000  # of characters that are words
_MIN_COUNT = 100  # papers, and words
_MIN_DF = 3  # papers that a word must be in
_RIDGE = 1e-3  # of the mean variance, so that rare components do not look reliable by chance
_MIN_TOPICALITY = 0.05


def learn_background(texts: Sequence[str], name: str, progress: Callable[[str], None] = lambda _: None) -> Background:
    """The background of ``texts`` (title, line break, abstract). ``progress`` is called with a line before each step.

    The same texts in any order give the same background on the same machine, with one thread of linear algebra.

    Raises:
        InputError: there are too few texts, or hardly a word that is in three of them.
    """
    texts = sorted(set(texts))
    if len(texts) < _MIN_COUNT:
        raise InputError(f"a background needs at least {_MIN_COUNT} papers, here are {len(texts)}", "give more papers")
    progress(f"counting the words of {len(texts)} papers …")
    words, frequencies = _vocabulary(texts)
    number = {word: index for index, word in enumerate(words)}
    shares = np.array(frequencies) / len(texts)
    idf = np.log((1 + len(texts)) / (1 + shares * len(texts))) + 1
    progress(f"word vectors of {len(words)} words …")
    numbers = [_numbers(text, number) for text in texts]
    vectors = word_vectors(numbers, len(words), _MAX_WIDTH)
    progress("topicality of words, reliability of components …")
    topicality = _topicality(vectors, _tfidf_rows(numbers, idf), idf)
    halves = [
        _tfidf_rows([_numbers(half, number) for half in part], idf) for part in zip(*map(_halves, texts), strict=True)
    ]
    weights = idf**0.5 * topicality**0.5
    components = _reliable_components(*(np.asarray(half @ (vectors * weights[:, None])) for half in halves))
    vectors = (vectors @ components).astype(np.float32)
    vectors /= np.sqrt((vectors**2).sum(axis=1).mean())
    return Background(words, shares.astype(np.float32), topicality.astype(np.float32), vectors, len(texts), name)


def _vocabulary(texts: Sequence[str]) -> tuple[tuple[str, ...], list[int]]:
    """The most frequent words and pairs of characters, sorted, and in how many of ``texts`` each occurs.

    Raises:
        InputError: hardly a word is in three texts.
    """
    frequencies: Counter[str] = Counter()
    for text in texts:
        frequencies.update(set(words_and_character_pairs(text)))
    ranked = sorted((-count, word) for word, count in frequencies.items() if count >= _MIN_DF)
    single = [word for _, word in ranked if " " not in word][:_MAX_WORDS]
    pairs = [word for _, word in ranked if " " in word][:_MAX_PAIRS]
    words = tuple(sorted([*single, *pairs]))
    if len(words) < _MIN_COUNT:
        raise InputError(f"only {len(words)} words are in {_MIN_DF} papers or more", "give more papers, with abstracts")
    return words, [frequencies[word] for word in words]


def _numbers(text: str, number: dict[str, int]) -> Numbers:
    """The numbers of a text's words, -1 for words out of vocabulary."""
    return np.array([number.get(word, -1) for word in words_and_character_pairs(text)], dtype=np.int64)


def _tfidf_rows(numbers: Sequence[Numbers], idf: npt.NDArray[np.float64]) -> sparse.csr_matrix:
    """TF-IDF rows of length one (n_papers, n_words)."""
    kept = [row[row >= 0] for row in numbers]
    columns = np.concatenate([*kept, np.empty(0, np.int64)])
    rows = np.repeat(np.arange(len(kept)), [len(row) for row in kept])
    counts = sparse.csr_matrix((np.ones(len(columns), np.float32), (rows, columns)), shape=(len(kept), len(idf)))
    counts.data = (1 + np.log(counts.data)) * idf[counts.indices]
    lengths = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1 / np.where(lengths > 0, lengths, 1)) @ counts, dtype=np.float32)


def _topicality(vectors: Matrix, rows: sparse.csr_matrix, idf: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The mean cosine between a word's vector and the rest of each paper with the word; the median word has 1."""
    weighted = (rows @ sparse.diags(np.sqrt(idf))).astype(np.float32)
    papers = np.asarray(weighted @ vectors)
    centre = papers.mean(axis=0)
    lengths = np.maximum(np.linalg.norm(papers - centre, axis=1), 1e-9)
    centred = vectors - centre / max(float(weighted.sum(axis=1).mean()), 1e-9)
    units = unit_rows(centred.astype(np.float32))
    occurs = sparse.csr_matrix((np.ones_like(weighted.data), weighted.indices, weighted.indptr), shape=weighted.shape)
    agreement = ((occurs.T @ ((papers - centre) / lengths[:, None])) * units).sum(axis=1)
    own_part = np.asarray(weighted.T @ (1 / lengths)).ravel() * (vectors * units).sum(axis=1)
    counts = np.asarray(occurs.sum(axis=0)).ravel()
    cosines = (agreement - own_part) / np.maximum(counts, 1)
    return np.asarray(np.maximum(cosines / max(float(np.median(cosines)), 1e-9), _MIN_TOPICALITY))


def _reliable_components(first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """A map (k, k) to components of equal variance, each times the square of its correlation between the halves.

    ``first`` and ``second`` (n_papers, k) are the halves of each paper. Where hardly a text has two halves, as in a
    list of titles, the map is the identity.
    """
    both = (np.abs(first).sum(axis=1) > 0) & (np.abs(second).sum(axis=1) > 0)
    if both.sum() < _MIN_COUNT:
        return np.eye(first.shape[1])
    first, second = first[both] - first[both].mean(axis=0), second[both] - second[both].mean(axis=0)
    between = (first.T @ second + second.T @ first) / (2 * len(first))
    within = (first.T @ first + second.T @ second) / (2 * len(first))
    within += _RIDGE * np.trace(within) / len(within) * np.eye(len(within))
    correlations, components = eigh(between.astype(np.float64), within.astype(np.float64))
    return np.asarray(components * np.maximum(correlations, 1e-4) ** 2)


def _halves(text: str) -> tuple[str, str]:
    """Every other sentence of the abstract, and the ones between."""
    found = sentences(text.partition("\n")[2] or text)
    return " ".join(found[::2]), " ".join(found[1::2])
