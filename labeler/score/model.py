"""A trained model: the linear model, the thresholds, and the held-out probabilities that its decisions rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.features.terms import printed
from labeler.features.tfidf import Floats
from labeler.measure.figures import Bands
from labeler.papers.ids import identifier_hash
from labeler.papers.inputs import as_texts
from labeler.score.decision import Decision, Rule, decide
from labeler.score.familiarity import Familiarity, out_of_vocabulary
from labeler.score.linear import LinearModel
from labeler.score.top_words import TopWords
from labeler.topics.mode import Mode


class Explanation(NamedTuple):
    """Why a topic has its ``score``: the sum of the ``intercept`` and of ``contributions`` (term, addend).

    Contributions are in the order of their size, the largest first.
    """

    topic: str
    probability: float
    score: float
    intercept: float
    contributions: tuple[tuple[str, float], ...]


@dataclass(frozen=True, eq=False)
class TopicModel:
    """A trained model, as :func:`labeler.load_model` returns it: probabilities, topics and decisions for papers.

    ``thresholds`` (n_topics,) are the probabilities from which topics are assigned in multi mode. ``held_out`` are the
    cross-validated probabilities (n_papers, n_columns) of the papers it was trained on, and their topics (n_papers,
    n_topics; 1 yes, 0 no, NaN unknown): the decision bands follow from them. ``unlearned`` says why topics could not be
    learned. ``form`` is the form of topics that it was trained on and predicts in. ``least`` is the spread of scores
    below which a paper's words count as unfamiliar (:class:`Familiarity`). ``held_out_weights`` (n_papers,) say how
    much each held-out paper counts, where the papers that the model is for have topics in other shares (None: alike).
    ``learned`` are the sorted hashes of the identifiers of the judged papers that it learned from
    (:func:`labeler.papers.ids.identifier_hash`), None where that is not known.
    """

    linear: LinearModel
    thresholds: Floats
    held_out: tuple[Floats, Floats]
    unlearned: Mapping[str, str] = field(default_factory=dict)
    form: str = "lists"
    name: str = ""
    least: float = 0.0
    held_out_weights: Floats | None = None
    learned: npt.NDArray[np.uint64] | None = None
    _bands: dict[float, Bands] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        """One line: what it is called, and how large it is."""
        of = f"{self.name!r}, " if self.name else ""
        return f"TopicModel({of}{self.mode}, {len(self.linear.topics)} topics, {len(self.linear.tfidf.idf)} terms)"

    @property
    def mode(self) -> Mode:
        """How many topics a paper may have."""
        return self.linear.mode

    @property
    def classes_(self) -> npt.NDArray[np.str_]:
        """Every topic, in the order of the columns of :meth:`predict_proba`."""
        return np.array(self.linear.topics)

    @property
    def rule(self) -> Rule:
        """The decision rule: what turns probabilities into topics and decisions."""
        return Rule(
            self.mode,
            self.thresholds,
            bool(self.unlearned),
            Familiarity(self.mode, self.linear.intercepts, self.least),
        )

    def has_learned_from(self, identifiers: Iterable[str]) -> bool | None:
        """Whether a paper with one of these identifiers was learned from; None where that is not known."""
        if self.learned is None:
            return None
        hashes = np.array([identifier_hash(identifier) for identifier in identifiers], dtype=np.uint64)
        at = np.searchsorted(self.learned, hashes)
        return bool((self.learned[at[at < len(self.learned)]] == hashes[at < len(self.learned)]).any())

    def predict_proba(self, texts: Any) -> Floats:
        """Probabilities (n_samples, n_topics). In single mode the remainder to 1 is that of "none of these"."""
        return self.linear.probabilities(as_texts(texts))[:, : len(self.linear.topics)]

    def predict(self, texts: Any) -> Any:
        """The assigned topics, in the form that was fitted: a name or None, a list a paper, or a 0/1 matrix."""
        assigned = self.rule.assigned(self.linear.probabilities(as_texts(texts)))
        if self.form == "matrix":
            return assigned.astype(int)
        rows = [[self.linear.topics[column] for column in np.flatnonzero(row)] for row in assigned]
        if self.form == "lists":
            return rows
        return np.array([row[0] if row else None for row in rows], dtype=object)

    def decide(self, texts: Any, precision: float = 0.9) -> list[Decision]:
        """A decision for each paper, so that the share ``precision`` of the automatic topics is right."""
        return [decision for decision, _ in self.label(as_texts(texts), precision)]

    def label(self, texts: Sequence[str], precision: float) -> list[tuple[Decision, dict[str, list[str]]]]:
        """A decision for each text, and for each of its topics the words that add most to the score."""
        rows = self.linear.rows(texts)
        probabilities = self.linear.probabilities_of(rows)
        bands = self.bands(precision)
        unreadable = out_of_vocabulary(self.linear.tfidf.vocabulary, rows, texts)
        decisions = decide(probabilities, self.rule, bands, self.linear.topics, unreadable)
        column = {topic: number for number, topic in enumerate(self.linear.topics)}
        papers = np.repeat(np.arange(len(decisions)), [len(decision.topics) for decision in decisions])
        topics = np.array([column[topic] for decision in decisions for topic in decision.topics], np.int64)
        words = iter(self.top_words.texts(rows, papers, topics))
        return [(decision, {topic: next(words) for topic in decision.topics}) for decision in decisions]

    def bands(self, precision: float) -> Bands:
        """The decision band for a ``precision``, computed once."""
        if precision not in self._bands:
            from labeler.score.bands import bands_for

            self._bands[precision] = bands_for(*self.held_out, self.rule, precision, self.held_out_weights)
        return self._bands[precision]

    @cached_property
    def top_words(self) -> TopWords:
        """What finds the words behind topics."""
        return TopWords(self.linear)

    def explain(self, text: str, topics: Sequence[str] | None = None) -> list[Explanation]:
        """An explanation of each topic's score, the largest score first.

        ``topics`` are the ids of some topics; without them all that were learned are explained.
        """
        row = self.linear.rows([text])
        learned = np.isfinite(self.linear.intercepts)
        columns = np.flatnonzero(learned).tolist()
        contributions = dict(zip(columns, self.linear.contributions(row, columns), strict=True))
        scores = self.linear.intercepts.copy()
        scores[learned] += [addends.sum() for _, addends in contributions.values()]
        probabilities = self.linear.link(scores[None, :])[0]
        term = self.linear.tfidf.vocabulary.term
        explained = [
            column
            for column, topic in enumerate(self.linear.topics)
            if (topics is None or topic in topics) and learned[column]
        ]
        return [
            Explanation(
                topic=self.linear.topics[column],
                probability=float(probabilities[column]),
                score=float(scores[column]),
                intercept=float(self.linear.intercepts[column]),
                contributions=tuple(
                    (printed(term(number)), addend)
                    for number, addend in zip(*(array.tolist() for array in contributions[column]), strict=True)
                ),
            )
            for column in sorted(explained, key=lambda column: -scores[column])
        ]
