"""Out-of-distribution detection: whether a paper's words are ones that the model has learned from.

There are two signs. Papers in another language are out of vocabulary: the model knows hardly any of their words. Where
the words are known but come from a field that nobody judged, they speak for no topic more than for another: what they
add to the scores hardly differs from topic to topic. The spread of these additions tells papers of other fields from
papers of the scheme better than the largest probability does (D. Hendrycks and K. Gimpel, "A baseline for detecting
misclassified and out-of-distribution examples in neural networks", 2017), which depends on one topic alone. It also
keeps its meaning where topics differ much in frequency, which the energy of all scores does not (W. Liu et al.,
"Energy-based out-of-distribution detection", 2020).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labeler.features.rows import Rows
from labeler.features.terms import words as words_of
from labeler.features.tfidf import Floats
from labeler.features.vocabulary import Vocabulary
from labeler.topics.mode import Mode

Flags = npt.NDArray[np.bool_]
_MIN_KNOWN = 0.45  # share of a paper's different words that must be known; in another language it is below 0.4
_RARE = 0.05  # share of the judged papers that may be taken for unfamiliar
_MIN_JUDGED = 20  # papers from which that share can be estimated
_MIN_PAPERS = 200  # below this, the judged papers shaped much of the model, so that even held out they look familiar
_TINY = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Familiarity:
    """The measure of familiar words, and the ``least`` spread that a paper must have.

    ``intercepts`` (n_columns,) are the scores of a paper without words.
    """

    mode: Mode
    intercepts: Floats
    least: float = 0.0

    def spread(self, probabilities: Floats) -> Floats:
        """The standard deviation over topics (n_papers,) of what a paper's words add to the scores.

        It is computed from ``probabilities`` (n_papers, n_columns), as these are what is kept of held-out papers.
        A column without a score (NaN or zero) is left out.
        """
        has_score = np.isfinite(probabilities) & (probabilities > 0) & np.isfinite(self.intercepts)
        bounded = np.clip(np.where(has_score, probabilities, 0.5), _TINY, 1 - _TINY)
        scores = np.log(bounded) if self.mode == Mode.SINGLE else np.log(bounded) - np.log1p(-bounded)
        additions = np.where(has_score, scores - np.where(np.isfinite(self.intercepts), self.intercepts, 0.0), 0.0)
        count = np.maximum(has_score.sum(axis=1), 1)
        mean = additions.sum(axis=1) / count
        squares = np.where(has_score, (additions - mean[:, None]) ** 2, 0.0)
        return np.asarray(np.sqrt(squares.sum(axis=1) / count))

    def unfamiliar(self, probabilities: Floats) -> Flags:
        """The papers (n_papers,) whose spread is below the least one."""
        return np.asarray(self.spread(probabilities) < self.least)


def least_spread(judged: Floats, at_hand: Floats) -> float:
    """The least spread that a paper must have: 95 % of the judged papers reach it.

    ``judged`` (n_judged,) are the spreads of held-out papers with a topic, ``at_hand`` (n_papers,) those of any papers,
    judged or not. With few judged papers it is half the median of ``at_hand``; with few papers in all
    it is at most half the median of ``judged``.
    """
    if len(judged) < _MIN_JUDGED:
        return float(np.median(at_hand)) / 2 if len(at_hand) else 0.0
    rare = float(np.quantile(judged, _RARE))
    return rare if len(at_hand) >= _MIN_PAPERS else min(rare, float(np.median(judged)) / 2)


def out_of_vocabulary(vocabulary: Vocabulary, rows: Rows, texts: Sequence[str]) -> Flags:
    """The texts (n_texts,) of which the vocabulary knows too few words for any prediction.

    ``rows`` are the sparse rows of ``texts``. What counts is the share of different words that are known. They are
    counted only in texts where the unknown words, counted with their repetitions, are too many.
    """
    is_word = np.append(vocabulary.is_word.take(rows.columns), False)
    known = np.where(np.diff(rows.ends) > 0, np.add.reduceat(is_word, rows.ends[:-1], dtype=np.int64), 0)
    words = known + rows.unknown
    for row in np.flatnonzero(known < _MIN_KNOWN * words):
        words[row] = len(set(words_of(texts[row], vocabulary.tokenizer)))
    return np.asarray((known == 0) | (known < _MIN_KNOWN * words))
