"""Learning a background from a corpus of papers: no topics are read, only which words stand in which papers.

Three things are learned. Vectors: words that keep the same company point the same way. Reliability of components: the
two halves of an abstract are about one thing, so a component in which they agree says what a paper is about, and one
in which they do not is noise (canonical correlation of the halves; H. Hotelling, "Relations between two sets of
variates", 1936). Topicality of words: how well a word's vector agrees with the rest of the papers it stands in, which
tells "galaxy" from "moreover".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.linalg import eigh

from labeler.errors import InputError
from labeler.features.background import Background
from labeler.features.cooccurrence import unit_rows, word_vectors
from labeler.features.terms import words as words_of

Matrix = npt.NDArray[np.float32]
_WORDS, _WIDTH = 30_000, 400
_FEWEST = 100  # papers, and words
_RARE = 3  # papers that a word must be in
_RIDGE = 1e-3  # of the mean variance, so that rare components do not look reliable by chance
_LEAST_TOPICAL = 0.05
_SENTENCES = re.compile(r"(?<=[.!?])\s+")


def learn_background(texts: Sequence[str], name: str, say: Callable[[str], None] = lambda _: None) -> Background:
    """The background of ``texts`` (title, line break, abstract). A file of it holds its vectors in four bits a number.

    The same texts in any order give the same background on the same machine, with one thread of linear algebra.

    Raises:
        InputError: there are too few texts, or hardly a word that is in three of them.
    """
    texts = sorted(set(texts))
    if len(texts) < _FEWEST:
        raise InputError(f"a background needs at least {_FEWEST} papers, here are {len(texts)}", "give more papers")
    say(f"counting the words of {len(texts)} papers …")
    frequencies: Counter[str] = Counter()
    for text in texts:
        frequencies.update(set(words_of(text)))
    ranked = sorted((-count, word) for word, count in frequencies.items() if count >= _RARE)[:_WORDS]
    words = tuple(sorted(word for _, word in ranked))
    if len(words) < _FEWEST:
        raise InputError(f"only {len(words)} words are in {_RARE} papers or more", "give more papers, with abstracts")
    known = {word: number for number, word in enumerate(words)}
    shares = np.array([frequencies[word] for word in words]) / len(texts)
    idf = np.log((1 + len(texts)) / (1 + shares * len(texts))) + 1
    say(f"word vectors of {len(words)} words …")
    numbers = [np.array([known.get(word, -1) for word in words_of(text)], dtype=np.int64) for text in texts]
    vectors = word_vectors(numbers, len(words), _WIDTH)
    say("topicality of words, reliability of components …")
    topicality = _topicality(vectors, _bags(numbers, idf), idf)
    halves = [
        _bags([np.array([known.get(word, -1) for word in words_of(half)], np.int64) for half in part], idf)
        for part in zip(*map(_halves, texts), strict=True)
    ]
    towards = idf**0.5 * topicality**0.5
    components = _reliable(*(np.asarray(half @ (vectors * towards[:, None])) for half in halves))
    vectors = (vectors @ components).astype(np.float32)
    vectors /= np.sqrt((vectors**2).sum(axis=1).mean())
    return Background(words, shares.astype(np.float32), topicality.astype(np.float32), vectors, len(texts), name)


def _bags(numbers: Sequence[npt.NDArray[np.int64]], idf: npt.NDArray[np.float64]) -> sparse.csr_matrix:
    """TF-IDF rows of length one (n_papers, n_words)."""
    kept = [row[row >= 0] for row in numbers]
    columns = np.concatenate([*kept, np.empty(0, np.int64)])
    rows = np.repeat(np.arange(len(kept)), [len(row) for row in kept])
    bags = sparse.csr_matrix((np.ones(len(columns), np.float32), (rows, columns)), shape=(len(kept), len(idf)))
    bags.data = (1 + np.log(bags.data)) * idf[bags.indices]
    lengths = np.sqrt(np.asarray(bags.multiply(bags).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1 / np.where(lengths > 0, lengths, 1)) @ bags, dtype=np.float32)


def _topicality(vectors: Matrix, bags: sparse.csr_matrix, idf: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Of each word the mean cosine between its vector and the rest of each paper that holds it; 1 for the median."""
    weighted = (bags @ sparse.diags(np.sqrt(idf))).astype(np.float32)
    papers = np.asarray(weighted @ vectors)
    centre = papers.mean(axis=0)
    lengths = np.maximum(np.linalg.norm(papers - centre, axis=1), 1e-9)
    centred = vectors - centre / max(float(weighted.sum(axis=1).mean()), 1e-9)
    directed = unit_rows(centred.astype(np.float32))
    holds = sparse.csr_matrix((np.ones_like(weighted.data), weighted.indices, weighted.indptr), shape=weighted.shape)
    agreement = ((holds.T @ ((papers - centre) / lengths[:, None])) * directed).sum(axis=1)
    itself = np.asarray(weighted.T @ (1 / lengths)).ravel() * (vectors * directed).sum(axis=1)
    counts = np.asarray(holds.sum(axis=0)).ravel()
    cosines = (agreement - itself) / np.maximum(counts, 1)
    return np.asarray(np.maximum(cosines / max(float(np.median(cosines)), 1e-9), _LEAST_TOPICAL))


def _reliable(first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """A map (k, k) to components of equal variance, each times the square of how well the halves agree in it.

    Where hardly a text has two halves, as in a list of titles, all components stay as they are.
    """
    both = (np.abs(first).sum(axis=1) > 0) & (np.abs(second).sum(axis=1) > 0)
    if both.sum() < _FEWEST:
        return np.eye(first.shape[1])
    first, second = first[both] - first[both].mean(axis=0), second[both] - second[both].mean(axis=0)
    between = (first.T @ second + second.T @ first) / (2 * len(first))
    within = (first.T @ first + second.T @ second) / (2 * len(first))
    within += _RIDGE * np.trace(within) / len(within) * np.eye(len(within))
    correlations, components = eigh(between.astype(np.float64), within.astype(np.float64))
    return np.asarray(components * np.maximum(correlations, 1e-4) ** 2)


def _halves(text: str) -> tuple[str, str]:
    """Every other sentence of the abstract, and the ones between."""
    sentences = _SENTENCES.split(text.partition("\n")[2] or text)
    return " ".join(sentences[::2]), " ".join(sentences[1::2])
