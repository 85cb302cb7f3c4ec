"""Whether a paper's words are ones that the model has learned from.

Two signs. Of a paper in another language hardly a word is known. And where the words are known but come from a field
that nobody judged, they speak for no topic more than for another: what they add to the topics' scores hardly differs
from topic to topic. This spread tells papers of other fields from papers of the scheme better than the largest
probability does (D. Hendrycks and K. Gimpel, "A baseline for detecting misclassified and out-of-distribution examples
in neural networks", 2017), which looks at the difference alone, and keeps its meaning where topics differ much in
frequency, which the energy of all scores (W. Liu et al., "Energy-based out-of-distribution detection", 2020) does not.
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
_KNOWN = 0.45  # share of a paper's different words that must be known; in another language it is below 0.4
_RARE = 0.05  # share of judged papers that may have as small a spread
_ENOUGH = 20  # judged papers that such a share can be told from
_FEW = 200  # papers at hand below which the judged ones, held out or not, shaped much of what they are measured by
_TINY = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Familiarity:
    """``intercepts`` (n_columns,) are the scores of a paper without words; ``least`` is the spread papers must have."""

    mode: Mode
    intercepts: Floats
    least: float = 0.0

    def spread(self, probabilities: Floats) -> Floats:
        """How unequal (n_papers,) the words make the topics: the standard deviation of what they add to the scores.

        It is worked out from ``probabilities`` (n_papers, n_columns), as these are what is kept of held-out papers.
        A column without a score (NaN or zero) is left out.
        """
        given = np.isfinite(probabilities) & (probabilities > 0) & np.isfinite(self.intercepts)
        kept = np.clip(np.where(given, probabilities, 0.5), _TINY, 1 - _TINY)
        scores = np.log(kept) if self.mode == Mode.SINGLE else np.log(kept) - np.log1p(-kept)
        added = np.where(given, scores - np.where(np.isfinite(self.intercepts), self.intercepts, 0.0), 0.0)
        count = np.maximum(given.sum(axis=1), 1)
        mean = added.sum(axis=1) / count
        squares = np.where(given, (added - mean[:, None]) ** 2, 0.0)
        return np.asarray(np.sqrt(squares.sum(axis=1) / count))

    def unfamiliar(self, probabilities: Floats) -> Flags:
        """The papers (n_papers,) whose words say too little."""
        return np.asarray(self.spread(probabilities) < self.least)


def least_spread(judged: Floats, at_hand: Floats) -> float:
    """The spread that a paper must have: one that only one in twenty ``judged`` papers (n,), held out, stays below.

    ``judged`` are those that have a topic. Where they are few, it is half the usual one of all papers ``at_hand``;
    where these are few too, it is not above half the usual one of the judged.
    """
    if len(judged) < _ENOUGH:
        return float(np.median(at_hand)) / 2 if len(at_hand) else 0.0
    rare = float(np.quantile(judged, _RARE))
    return rare if len(at_hand) >= _FEW else min(rare, float(np.median(judged)) / 2)


def out_of_vocabulary(vocabulary: Vocabulary, rows: Rows, texts: Sequence[str]) -> Flags:
    """The ``texts`` (n,) with so few known words that nothing said of them rests on what they are about.

    ``rows`` are theirs. Different words are counted; where even with all repetitions the unknown ones are few enough,
    that is not needed.
    """
    is_word = np.append(vocabulary.is_word.take(rows.columns), False)
    known = np.where(np.diff(rows.ends) > 0, np.add.reduceat(is_word, rows.ends[:-1], dtype=np.int64), 0)
    words = known + rows.unknown
    for place in np.flatnonzero(known < _KNOWN * words):
        words[place] = len(set(words_of(texts[place])))
    return np.asarray((known == 0) | (known < _KNOWN * words))
