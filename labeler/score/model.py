"""A trained model, whole: the linear model, the thresholds, and what held-out papers say of its decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.features.rows import Rows
from labeler.features.tfidf import Floats
from labeler.papers.inputs import as_texts
from labeler.score.decision import Bands, Decision, Rule, decide
from labeler.score.familiarity import Familiarity, out_of_vocabulary
from labeler.score.linear import LinearModel
from labeler.topics.mode import Mode

_WORDS_SHOWN = 5
_FUNCTION_WORDS = frozenset(
    """
    a about above across after again all also although among an and any are as at be because been before being
    between both but by can could did do does each even every few for from further had has have here how however
    if in into is it its just less many may more most much must no not of often on one only or other our out
    over own per same several show shows since so some such than that the their them then there these they this
    those through thus to too two under until up upon us use used using very was we well were what when where
    whether which while who why will with within without would yet you your new paper propose study results
    """.split()
)


class Explanation(NamedTuple):
    """Why a topic has its score: ``contributions`` (term, addend; largest first) and ``base`` add up to it."""

    topic: str
    probability: float
    score: float
    intercept: float
    contributions: tuple[tuple[str, float], ...]


@dataclass(frozen=True, eq=False)
class TopicModel:
    """What :func:`labeler.load_model` gives: probabilities, topics and decisions for papers.

    ``held_out`` are cross-validated probabilities (n_papers, n_columns) of the papers it was trained on and what was
    known of them (n_papers, n_topics; NaN unknown); decisions rest on them. ``unlearned`` tells why topics could not
    be learned. ``form`` is the form of topics that it was trained on and predicts in. ``least`` is the spread of
    scores below which a paper's words count as unfamiliar (:class:`Familiarity`).
    """

    linear: LinearModel
    thresholds: Floats
    held_out: tuple[Floats, Floats]
    unlearned: Mapping[str, str] = field(default_factory=dict)
    form: str = "lists"
    name: str = ""
    least: float = 0.0
    _bands: dict[float, Bands] = field(default_factory=dict, repr=False)

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
        """What turns probabilities into topics and decisions."""
        return Rule(
            self.mode,
            self.thresholds,
            bool(self.unlearned),
            Familiarity(self.mode, self.linear.intercepts, self.least),
        )

    def predict_proba(self, texts: Any) -> Floats:
        """Probabilities (n_samples, n_topics). In single mode what is left to one is "none of these"."""
        return self.linear.probabilities(as_texts(texts))[:, : len(self.linear.topics)]

    def predict(self, texts: Any) -> Any:
        """Topics in the form that was fitted: one or None a paper, a list a paper, or a 0/1 matrix."""
        chosen = self.rule.assigned(self.linear.probabilities(as_texts(texts)))
        if self.form == "matrix":
            return chosen.astype(int)
        rows = [[self.linear.topics[column] for column in np.flatnonzero(row)] for row in chosen]
        if self.form == "lists":
            return rows
        return np.array([row[0] if row else None for row in rows], dtype=object)

    def decide(self, texts: Any, precision: float = 0.9) -> list[Decision]:
        """Topics, scores and a decision for each paper; see :class:`Decision` and :class:`Bands`."""
        return [decision for decision, _ in self.label(as_texts(texts), precision)]

    def label(self, texts: Sequence[str], precision: float) -> list[tuple[Decision, dict[str, list[str]]]]:
        """A decision for each text, and the words that speak most for each of its topics."""
        rows = self.linear.rows(texts)
        probabilities = self.linear.probabilities_of(rows)
        bands = self.bands(precision)
        strange = out_of_vocabulary(self.linear.tfidf.vocabulary, rows, texts)
        decisions = decide(probabilities, self.rule, bands, self.linear.topics, strange)
        return [
            (decision, self._because(row, decision.topics) if decision.topics else {})
            for decision, row in zip(decisions, map(rows.__getitem__, range(len(rows))), strict=True)
        ]

    def bands(self, precision: float) -> Bands:
        """Where the model may decide alone for ``precision`` to be kept."""
        if precision not in self._bands:
            from labeler.score.bands import bands_for

            self._bands[precision] = bands_for(*self.held_out, self.rule, precision)
        return self._bands[precision]

    def explain(self, text: str, topics: Sequence[str] | None = None) -> list[Explanation]:
        """For each topic (those of ``topics``, else all that were learned), best first, what adds up to its score."""
        row = self.linear.rows([text])
        learned = np.isfinite(self.linear.intercepts)
        columns = np.flatnonzero(learned).tolist()
        added = dict(zip(columns, self.linear.contributions(row, columns), strict=True))
        scores = self.linear.intercepts.copy()
        scores[learned] += [addends.sum() for _, addends in added.values()]
        probabilities = self.linear.link(scores[None, :])[0]
        term = self.linear.tfidf.vocabulary.term
        wanted = [
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
                    (term(place), addend)
                    for place, addend in zip(added[column][0].tolist(), added[column][1].tolist(), strict=True)
                ),
            )
            for column in sorted(wanted, key=lambda column: -scores[column])
        ]

    def _because(self, row: Rows, topics: Sequence[str]) -> dict[str, list[str]]:
        """The words that add most to the scores of ``topics``; of a word and a pair that holds it, the first."""
        told = self.linear.contributions(row, [self.linear.topics.index(topic) for topic in topics])
        return {topic: self._telling(terms[added > 0]) for topic, (terms, added) in zip(topics, told, strict=True)}

    def _telling(self, columns: npt.NDArray[np.int32]) -> list[str]:
        """The first few of some terms that are of the matter, and do not repeat a word."""
        chosen: list[str] = []
        taken: set[str] = set()
        for column in columns.tolist():
            term = self.linear.tfidf.vocabulary.term(column)
            words = set(term.split(" "))
            if words <= _FUNCTION_WORDS or not taken.isdisjoint(words):
                continue
            taken |= words
            chosen.append(term)
            if len(chosen) == _WORDS_SHOWN:
                break
        return chosen
