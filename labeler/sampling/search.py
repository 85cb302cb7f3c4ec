"""Papers that are looked for: those that hold some words, or fit a topic's definition, and those about the same.

By words, three orders are fused: BM25, the nearness to the words' own vector, and the nearness to the papers that are
first so far (pseudo-relevance feedback: J. Rocchio, "Relevance feedback in information retrieval", 1971). A paper has
the sum of the reciprocals of its ranks (G. Cormack, C. Clarke, S. Büttcher, "Reciprocal rank fusion outperforms
Condorcet and individual rank learning methods", 2009).

By definition it is how much nearer papers are to it than to those of other topics, times the probability of the topic
by a model (G. Hinton, "Products of experts", 1999), and again the nearness to the first of them. Where most
papers fit no topic, the product finds more than a model that has few papers of the topic to learn from; where each has
one, the model alone finds as many or more (`tests/bench/SOUGHT.md`). BM25 is no part of it: names of topics hold common
words, such as "physics", that it finds anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from labeler.features.background import Background
from labeler.features.bm25 import bm25
from labeler.features.cooccurrence import unit_rows
from labeler.sampling.vectors import Matrix, paper_vectors

Floats = npt.NDArray[np.float64]
_RANK = 10  # added to ranks. With 60, as in the paper, many that hold all words are lost among those like them.
_FIRST, _SHARE = 10, 20  # the most papers that stand for what is looked for, one of so many
_SHARPNESS, _NONE = 10.0, 0.2  # of the softmax over topics, and the nearness of a paper to a topic that is none of them
# Where no paper is as near to a definition, and none as probable, none fits it: papers of a topic have a nearness of .2
# to .5 to it.
_NEAR, _LIKELY = 0.15, 0.05
_LEAST = 1e-6  # probability of a topic; a model that has not learned it gives zeros


def found_by_words(query: str, texts: Sequence[str], background: Background) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """How well each text fits a query (n_texts,), and which texts hold a word of it that tells something (n_texts,)."""
    by_words = bm25(query, texts, background)
    if not by_words.any():
        return np.zeros(len(texts)), by_words > 0
    vectors = paper_vectors([*texts, query, ""], background)
    papers, own, unknown = unit_rows(vectors[:-2]), vectors[-2], vectors[-1]
    found = fused([by_words, papers @ own] if (own != unknown).any() else [by_words])
    return found + _like_the_first(papers, found), by_words > 0


def found_by_definition(
    definition: str,
    others: Sequence[str],
    texts: Sequence[str],
    background: Background,
    probabilities: Floats | None = None,
) -> Floats:
    """How well each text fits the definition of a topic (n_texts,), beside those of ``others``; all zero if none does.

    ``probabilities`` (n_texts,) are those of the topic by a model, None without one. Where there is none and the words
    of the definition are not known, those texts fit that hold them.
    """
    vectors = paper_vectors([*texts, definition, *others, ""], background)
    papers, defined, unknown = unit_rows(vectors[: len(texts)]), vectors[len(texts) : -1], vectors[-1]
    known = (defined != unknown).any(axis=1)
    if probabilities is None and not known[0]:
        return found_by_words(definition, texts, background)[0]
    nearness = (papers @ defined.T).astype(np.float64)
    is_likely = probabilities is not None and probabilities.max(initial=0.0) >= _LIKELY
    if not is_likely and nearness[:, 0].max(initial=0.0) < _NEAR:
        return np.zeros(len(texts))
    scores = np.exp(_SHARPNESS * (nearness - _NONE)) * known
    share = scores[:, 0] / (1 + scores.sum(axis=1)) if known[0] else np.ones(len(texts))
    found = fused([share if probabilities is None else share * np.maximum(probabilities, _LEAST)])
    return found + _like_the_first(papers, found)


def _like_the_first(papers: Matrix, found: Floats) -> Floats:
    """The reciprocal ranks (n_papers,) by the nearness to the papers that were found first."""
    first = np.argsort(-found, kind="stable")[: min(_FIRST, 1 + len(found) // _SHARE)]
    return fused([papers @ papers[first[found[first] > 0]].sum(axis=0)])


def fused(orders: Sequence[npt.NDArray[np.floating[Any]]]) -> Floats:
    """The sum (n_papers,) of the reciprocals of each paper's ranks in some ``orders``, given by their scores.

    A score that is not above zero has no rank: nothing speaks for the paper.
    """
    total = np.zeros(len(orders[0]))
    for scores in orders:
        ranks = np.empty(len(scores))
        ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
        total += np.where(scores > 0, 1 / (_RANK + ranks), 0)
    return total
