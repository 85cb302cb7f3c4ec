"""The making of the map of fields: the background's vectors of words in fewer numbers, and categories told by them.

Tried on streams of papers of twelve categories into which a thirteenth comes (eighty streams; changes found within 300
papers at a bound that one stream in ten passes without a change): clusters of papers instead of categories, as cells of
100 or of 40, 100 and 200 clusters 55 to 60 % found, as balls around 400 centres that 2 and 5 % of papers are in 73 %;
categories, at three levels of probability, 91 %. Vectors of 128 numbers are as good as the background's 400, 32 are
not; 15,000 words of 30,000 are as good as all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from labeler.drift.fields import field_map_file, unit, words_of
from labeler.errors import InputError
from labeler.features.background import Background
from labeler.features.quantization import dequantized, quantized
from labeler.features.terms import is_character

Matrix = npt.NDArray[np.float32]
_WORDS, _CHARACTERS = 15_000, 4000  # of each kind the most frequent
_WIDTH = 128
_FEWEST_PAPERS = 50  # of a category
_INVERSE_PENALTY = 10.0
_ITERATIONS = 150


def field_map_of(
    background: Background,
    texts: Sequence[str],
    categories: Sequence[str],
    say: Callable[[str], None] = lambda _: None,
) -> bytes:
    """The file of a map of fields (:func:`labeler.drift.fields.field_map_file`), from papers and a background.

    ``texts`` (title, line break, abstract) have a category each. Fields are those of enough papers.

    Raises:
        InputError: there are fewer than two such categories.
    """
    from sklearn.linear_model import LogisticRegression

    counts = Counter(categories)
    kept = np.array([counts[category] >= _FEWEST_PAPERS for category in categories])
    fields = {category for category, count in counts.items() if count >= _FEWEST_PAPERS}
    if len(fields) < 2:
        raise InputError(f"fewer than two categories have {_FEWEST_PAPERS} papers", "give more papers")
    known = background.only(_most_frequent(background))
    say(f"points of {len(texts)} papers of {len(fields)} fields from {len(known.words)} words …")
    rows = _rows(known, texts)
    weighted = known.vectors * (known.idf**1.5 * np.sqrt(known.topicality))[:, None].astype(np.float32)
    vectors = weighted @ _directions(unit(np.asarray(rows @ weighted)))
    points = unit(np.asarray(rows @ dequantized(*quantized(vectors))))
    middle = points.mean(axis=0)
    say("logistic regression …")
    regression = LogisticRegression(C=_INVERSE_PENALTY, max_iter=_ITERATIONS, tol=1e-3)
    regression.fit(unit(points - middle)[kept], np.array(categories)[kept])
    weights, intercepts = regression.coef_, regression.intercept_
    if len(fields) == 2:  # scikit-learn has one row for two classes
        weights, intercepts = (np.concatenate([-each / 2, each / 2]) for each in (weights, intercepts))
    return field_map_file(known.words, vectors, middle, regression.classes_.tolist(), weights, intercepts)


def _most_frequent(background: Background) -> npt.NDArray[np.bool_]:
    """Which words (n_words,) of the background the map has."""
    is_other = np.array([is_character(word.split(" ")[0]) for word in background.words])
    kept = np.zeros(len(background.words), dtype=bool)
    for group, count in ((~is_other, _WORDS), (is_other, _CHARACTERS)):
        order = np.flatnonzero(group)[np.argsort(-background.shares[group], kind="stable")]
        kept[order[:count]] = True
    return kept


def _rows(background: Background, texts: Sequence[str]) -> sparse.csr_matrix:
    """How often each text has each word (n_texts, n_words): 1 + ln of the count."""
    numbers = {word: number for number, word in enumerate(background.words)}
    columns, ends = list[int](), [0]
    for text in texts:
        columns += [numbers[word] for word in words_of(text) if word in numbers]
        ends.append(len(columns))
    shape = (len(texts), len(numbers))
    rows = sparse.csr_matrix((np.ones(len(columns), np.float32), columns, ends), shape=shape)
    rows.sum_duplicates()
    rows.data = 1 + np.log(rows.data)
    return rows


def _directions(points: Matrix) -> Matrix:
    """The directions (k, width) in which points differ most (principal components)."""
    _, directions = np.linalg.eigh(np.cov(points.astype(np.float64), rowvar=False))
    return np.asarray(directions[:, : -_WIDTH - 1 : -1], dtype=np.float32)
