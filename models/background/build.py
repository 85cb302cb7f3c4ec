"""The learning of the background that comes with labeler: word vectors from how words are used, and from an encoder.

Three steps. What :func:`~labeler.features.learn_background.learn_background` learns from the papers alone; beside it,
vectors of words that predict a sentence encoder's vectors of the papers; and of both together the components in which
papers differ most. Papers that are told in another language as well teach its words: their vectors predict the points
of the same papers in English, so that papers and topics of both languages can be compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from labeler.features.background import Background
from labeler.features.cooccurrence import unit_rows
from labeler.features.distillation import distilled_vectors
from labeler.features.learn_background import learn_background
from labeler.features.terms import is_character, terms
from labeler.features.tfidf import Tfidf

Matrix = npt.NDArray[np.float32]
_DISTILLED = 0.4  # share of the encoder in a comparison of two papers
# Vectors that predict the categories of papers were tried as a third part, of .2. Of areas of conference papers (half
# of the learning part, eight draws) macro-F1 changed by .000, +.011 and +.012 at 25, 100 and 250 judged papers with
# errors of .007, average precision not at all; without the categories that those areas resemble by -.018, -.003 and
# -.014. From 10,000, 30,000 and 94,000 papers macro-F1 of 24 topics at 0, 100 and 1,000 judged papers was .610, .649,
# .720; .623, .658, .728; .642, .677, .731 (development split, three draws). Vectors from the letters of words that
# the background lacks did harm: .627 and .662 at 0 and 100 where 9,000 words were hidden, .643 and .675 without them.
_WIDTH = 400  # components of both together
_ENCODED = 200  # components of the encoder's vectors: the rest cannot be predicted from words
_TRANSLATED_TERMS, _TRANSLATED_DF = 14_000, 5  # terms of another language, in so many papers or more


def background_of(
    texts: Sequence[str], vectors: Matrix, name: str, say: Callable[[str], None] = lambda _: None
) -> Background:
    """The background of ``texts`` (title, line break, abstract) and of an encoder's ``vectors`` (n_texts, k) of them.

    Raises:
        InputError: there are too few texts.
    """
    known = learn_background(texts, name, say)
    say(f"vectors of words from {len(vectors)} vectors of papers …")
    rows = rows_of(known, texts)
    weights = np.sqrt(known.idf)[:, None].astype(np.float32)
    encoded = vectors @ _components(vectors, _ENCODED)
    distilled = distilled_vectors(rows, encoded, known.vectors * weights)
    blocks = [
        _scaled(rows, block, share)
        for block, share in ((known.vectors * weights, 1 - _DISTILLED), (distilled, _DISTILLED))
    ]
    both = np.hstack(blocks)
    both = both @ _components(np.asarray(rows @ both), _WIDTH)
    return replace(known, vectors=_scaled(rows, both, 1.0) / weights)


def with_language(
    background: Background, texts: Sequence[str], translations: Sequence[str], others: Sequence[str] = ()
) -> Background:
    """The background with the terms of another language, which is written without blanks between words.

    ``translations`` (n_texts,) tell the papers of ``texts`` in that language. How many papers hold a term is counted in
    them and in ``others`` of the language.
    """
    weights = np.sqrt(background.idf)[:, None].astype(np.float32)
    points = np.asarray(rows_of(background, texts) @ (background.vectors * weights))
    points = unit_rows(points - points.mean(axis=0))
    frequencies: Counter[str] = Counter()
    for text in (*translations, *others):
        frequencies.update({term for term in terms(text) if all(map(is_character, term.split(" ")))})
    ranked = sorted((-count, term) for term, count in frequencies.items() if count >= _TRANSLATED_DF)
    words = tuple(sorted(term for _, term in ranked[:_TRANSLATED_TERMS]))
    papers = len(translations) + len(others)
    shares = np.array([frequencies[word] / papers for word in words], np.float32)
    language = Background(words, shares, np.ones_like(shares), np.zeros((len(words), 0), np.float32), papers, "")
    rows = rows_of(language, translations)
    vectors = _scaled(rows, distilled_vectors(rows, points), 1.0)
    vectors = vectors / np.sqrt(language.idf)[:, None].astype(np.float32)
    return replace(
        background,
        words=(*background.words, *words),
        shares=np.concatenate([background.shares, shares]),
        topicality=np.concatenate([background.topicality, language.topicality]),
        vectors=np.concatenate([background.vectors, vectors]),
    )


def rows_of(background: Background, texts: Sequence[str]) -> sparse.csr_matrix:
    """The TF-IDF rows (n_texts, n_words) of texts in the words of a background."""
    weights = background.idf * np.sqrt(background.topicality)
    return Tfidf.of(background.words, weights).transform(texts).astype(np.float32)


def _components(points: Matrix, width: int) -> Matrix:
    """The directions (k, at most ``width``) in which points (n, k) differ most (principal components)."""
    covariance = np.cov(points.astype(np.float64), rowvar=False)
    _, directions = np.linalg.eigh(covariance)
    return np.asarray(directions[:, : -width - 1 : -1], dtype=np.float32)


def _scaled(rows: sparse.csr_matrix, vectors: Matrix, square: float) -> Matrix:
    """``vectors`` of words, such that papers have this squared length on average, from the mean paper on."""
    points = np.asarray(rows @ vectors)
    points -= points.mean(axis=0)
    return np.asarray(vectors * np.sqrt(square / max(float((points**2).sum(axis=1).mean()), 1e-9)))
