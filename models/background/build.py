"""The learning of the background that comes with labeler: word vectors from how words are used, and from an encoder.

What :func:`~labeler.features.learn_background.learn_background` learns from the papers alone; beside it, vectors of
words that predict a sentence encoder's vectors of the papers, and vectors that predict their categories; and of all of
them together the components in which papers differ most. Papers that are told in another language as well teach
its words: their vectors predict the points of the same papers in English, so that papers and topics of both languages
can be compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
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
# Share of the categories in it. Of areas of conference papers, which are no categories (learning part, three draws),
# macro-F1 at 25, 100, 250 and 1,000 judged papers was .390, .418, .471 and .545 without and .408, .452, .485 and .558
# with .2 (with .1, and a smaller penalty, .403, .438, .487 and .540); average precision of four reviews at 100 was .513
# without and .512 with it; R8 changed by .002 (24 draws).
_CATEGORIES = 0.2
_MIN_CATEGORY = 150  # papers of a category
# Of the regression on categories. With .3, 1 and 3 words explain .456, .425 and .373 of the variance of the categories
# of the papers they are learned from, and .368, .388 and .387 of that of others: with 3 they know no paper by heart.
_CATEGORY_PENALTY = 3.0
_WIDTH = 400  # components of all together
_ENCODED = 200  # components of the encoder's vectors: the rest cannot be predicted from words
_TRANSLATED_TERMS, _TRANSLATED_DF = 14_000, 5  # terms of another language, in so many papers or more


def background_of(
    texts: Sequence[str],
    vectors: Matrix,
    name: str,
    say: Callable[[str], None] = lambda _: None,
    categories: Sequence[Collection[str]] = (),
) -> Background:
    """The background of ``texts`` (title, line break, abstract) and of an encoder's ``vectors`` (n_texts, k) of them.

    ``categories`` (n_texts, or none at all) are those of each paper; a paper without any teaches nothing of them.

    Raises:
        InputError: there are too few texts.
    """
    known = learn_background(texts, name, say)
    say(f"vectors of words from {len(vectors)} vectors of papers …")
    rows = rows_of(known, texts)
    weights = np.sqrt(known.idf)[:, None].astype(np.float32)
    encoded = vectors @ _components(vectors, _ENCODED)
    distilled = distilled_vectors(rows, encoded, known.vectors * weights)
    rest = 1.0
    parts = []
    if any(categories):
        rest -= _CATEGORIES
        parts.append((_category_vectors(rows, categories, known.vectors * weights), _CATEGORIES))
    parts += [(known.vectors * weights, rest * (1 - _DISTILLED)), (distilled, rest * _DISTILLED)]
    together = np.hstack([_scaled(rows, block, share) for block, share in parts])
    together = together @ _components(np.asarray(rows @ together), _WIDTH)
    return replace(known, vectors=_scaled(rows, together, 1.0) / weights)


def _category_vectors(rows: sparse.csr_matrix, categories: Sequence[Collection[str]], known: Matrix) -> Matrix:
    """Vectors of words (n_words, n_categories) that predict which categories papers have; rare ones count for more."""
    counts = Counter(category for one in categories for category in set(one))
    names = sorted(category for category, count in counts.items() if count >= _MIN_CATEGORY)
    told = np.array([bool(one) for one in categories], dtype=bool)
    has = np.array([[name in one for name in names] for one in categories if one], dtype=np.float32)
    return distilled_vectors(rows[np.flatnonzero(told)], has / np.sqrt(has.mean(axis=0)), known, _CATEGORY_PENALTY)


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
