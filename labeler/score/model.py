"""A trained model: the linear model, the thresholds, and the held-out probabilities that its decisions rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.features.rows import Rows
from labeler.features.terms import printed
from labeler.features.tfidf import Floats
from labeler.measure.figures import Bands
from labeler.papers.ids import identifier_hash
from labeler.papers.inputs import as_texts
from labeler.score.cross_lists import CrossLists
from labeler.score.decision import Decision, Rule, decide
from labeler.score.familiarity import Familiarity, out_of_vocabulary
from labeler.score.given import GivenTopics
from labeler.score.linear import LinearModel
from labeler.score.reliability import Reliability
from labeler.score.shown import ShownInNotebooks
from labeler.score.top_words import TopWords
from labeler.score.uncertainty import margins
from labeler.topics import Scheme
from labeler.topics.hierarchy import FLAT, Hierarchy
from labeler.topics.mode import Mode

_FEW = 10  # judged papers of a topic that is doubted for want of more
NEWER = "it came to the scheme after the training"


class Explanation(NamedTuple):
    """Why a topic has its ``score``: the sum of the ``intercept`` and of ``contributions`` (term, addend).

    Contributions are in the order of their size, the largest first. Where the probability is that of a topic below, the
    score is that one's, too, and ``through`` is its id.
    """

    topic: str
    probability: float
    score: float
    intercept: float
    contributions: tuple[tuple[str, float], ...]
    through: str | None = None


class JudgedCounts(NamedTuple):
    """How many judged ``papers`` a model learned from, and of how many each of its columns is (``yes``, n_topics)."""

    papers: int
    yes: npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class TopicModel(ShownInNotebooks):
    """A trained model, as :func:`labeler.load_model` returns it: probabilities, topics and decisions for papers.

    ``thresholds`` (n_topics,) are the probabilities from which topics are assigned in multi mode. ``held_out`` are the
    cross-validated probabilities (n_papers, n_columns) of the papers it was trained on, and their topics (n_papers,
    n_topics; 1 yes, 0 no, NaN unknown): the decision bands follow from them. ``unlearned`` says why topics could not be
    learned. ``form`` is the form of topics that it was trained on and predicts in. ``least`` is the spread of scores
    below which a paper's words count as unfamiliar (:class:`Familiarity`). ``held_out_weights`` (n_papers,) say how
    much each held-out paper counts, where the papers that the model is for have topics in other shares (None: alike).
    ``learned`` are the sorted hashes of the identifiers of the judged papers that it learned from
    (``labeler.papers.ids.identifier_hash``), None where that is not known. ``hierarchy`` is that of its topics.
    ``given_today`` are the topics it gives under a later scheme (:meth:`under`). ``held_out_contradicted`` (n_papers,)
    says of which held-out papers topics are named that are all others than those given to them, ``held_out_picked``
    (n_papers,) which of them a strategy picked. ``saved_reliability`` was computed of ``held_out`` before the model was
    saved. ``judged`` counts the papers it was trained on where ``held_out`` has some of them alone; None where it has
    all. ``cross_lists`` say which other topics a paper is likely listed under; None where that is not known.

    ``held_out_papers`` (n_papers,) are the hashes of the identifiers of the held-out papers, and ``held_out_folds``
    (n_papers,) the folds in which they were held out; None where that is not known. ``held_out_thresholds`` (n_folds,
    n_topics) are those that were chosen in multi mode without the papers of each fold.
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
    hierarchy: Hierarchy = FLAT
    given_today: GivenTopics | None = None
    held_out_papers: npt.NDArray[np.uint64] | None = None
    held_out_folds: npt.NDArray[np.int8] | None = None
    held_out_thresholds: Floats | None = None
    held_out_contradicted: npt.NDArray[np.bool_] | None = None
    held_out_picked: npt.NDArray[np.bool_] | None = None
    saved_reliability: Reliability | None = None
    judged: JudgedCounts | None = None
    cross_lists: CrossLists | None = None
    _bands: dict[float, Bands] = field(default_factory=dict, repr=False)
    _least_in_sets: dict[float, Floats] = field(default_factory=dict, init=False, repr=False)  # of these given topics

    def __repr__(self) -> str:
        """One line: what it is called, and how large it is."""
        of = f"{self.name!r}, " if self.name else ""
        return f"TopicModel({of}{self.mode}, {len(self.linear.topics)} topics, {len(self.linear.tfidf.idf)} terms)"

    @property
    def mode(self) -> Mode:
        """How many topics a paper may have."""
        return self.linear.mode

    @cached_property
    def given(self) -> GivenTopics:
        """The topics that the model gives, and the columns they come from."""
        if self.given_today is not None:
            return self.given_today
        return GivenTopics.of(self.linear.topics, self.mode, self.linear.with_none, self.hierarchy)

    @property
    def topics(self) -> tuple[str, ...]:
        """The ids of the topics that the model gives."""
        return self.given.topics

    @property
    def classes_(self) -> npt.NDArray[np.str_]:
        """Every topic, in the order of the columns of :meth:`predict_proba`."""
        return np.array(self.topics)

    def under(self, scheme: Scheme) -> TopicModel:
        """The model for a later scheme of the same mode than that of its training.

        Topics that went into others are given as these, hidden and removed ones are not given. A topic that the model
        has not learned is never predicted, so that it is never sure that none applies.
        """
        given = GivenTopics.under(scheme, self.linear.topics, self.linear.with_none)
        unlearned = {topic: NEWER for topic in scheme.offered if topic not in given.topics}
        for topic, columns in zip(given.topics, given.own, strict=True):
            reasons = [self.unlearned.get(self.linear.topics[column]) for column in columns]
            if reasons and all(reasons):
                unlearned[topic] = str(reasons[0])
        return replace(self, given_today=given, unlearned=unlearned)

    @property
    def unchanged_topics(self) -> frozenset[str]:
        """The topics that stand for what they stood for in the training: none went into them or came below them."""
        trained = replace(self, given_today=None).given
        before = dict(zip(trained.topics, map(set, trained.sources), strict=True))
        now = zip(self.topics, map(set, self.given.sources), strict=True)
        return frozenset(topic for topic, columns in now if before.get(topic) == columns)

    @cached_property
    def rule(self) -> Rule:
        """The decision rule: what turns probabilities into topics and decisions."""
        return replace(self._rule(self.reliability.offsets), few=self.examples < _FEW)

    def _rule(self, offsets: Floats | None) -> Rule:
        """The rule with the offsets (n_columns,) of decisions; a topic has the least of its columns."""
        familiarity = Familiarity(self.mode, self.linear.intercepts, self.least)
        columns = [own or sources for own, sources in zip(self.given.own, self.given.sources, strict=True)]
        columns += [self.given.rest] if self.given.rest else []
        least = None if offsets is None else np.array([offsets[list(part)].min() for part in columns])
        return Rule(self.mode, self.thresholds, bool(self.unlearned), familiarity, self.given, least)

    @cached_property
    def reliability(self) -> Reliability:
        """How far its decisions can be relied on, by the held-out papers."""
        if self.saved_reliability is not None:
            return self.saved_reliability
        from labeler.score.reliability_fit import PaperKinds, reliability

        # In the order of names, so that the order of columns changes no bit of it.
        topics, (probabilities, answers) = self.linear.topics, self.held_out
        order = np.array(sorted(range(len(topics)), key=topics.__getitem__), dtype=np.intp)
        columns = np.append(order, np.arange(len(topics), probabilities.shape[1]))
        named = tuple(topics[column] for column in order)
        given = GivenTopics.of(named, self.mode, self.linear.with_none, self.hierarchy)
        rule = Rule(self.mode, self.thresholds[order], given=given)
        kinds = PaperKinds(self.held_out_contradicted, self.held_out_picked)
        found = reliability(probabilities[:, columns], answers[:, order], rule, self.held_out_weights, kinds)
        offsets = np.empty(len(columns))
        offsets[columns] = found.offsets
        return found._replace(offsets=offsets)

    @property
    def given_thresholds(self) -> Floats:
        """The threshold of each topic that is given (n_given,): the lowest of the columns that it comes from."""
        columns = (own or sources for own, sources in zip(self.given.own, self.given.sources, strict=True))
        return np.array([self.thresholds[list(part)].min() for part in columns])

    @property
    def examples(self) -> npt.NDArray[np.int64]:
        """Of how many judged papers each topic that is given is (n_given,).

        Where only numbers of papers are known, a topic of several columns has at least those of the largest in multi
        mode, as a paper may be of all of them.
        """
        kept = np.asarray(self.given.any_of(self.held_out[1] == 1).sum(axis=0))
        if self.judged is None:
            return kept
        combined = np.max if self.mode == Mode.MULTI else np.sum
        counted = [int(combined(self.judged.yes[list(part)])) for part in self.given.sources]
        return np.asarray(np.maximum(kept, counted), np.int64)

    @property
    def judged_papers(self) -> int:
        """The number of judged papers that it was trained on."""
        return len(self.held_out[1]) if self.judged is None else self.judged.papers

    def margins(self, probabilities: Floats, reference: Floats | None = None) -> Floats:
        """The margin of each paper (n_papers,), from the probabilities (n_papers, n_columns) of the linear model.

        ``reference`` are those of other papers (:func:`labeler.score.uncertainty.margins`).
        """
        others = None if reference is None else self.given.probabilities(reference)
        return margins(self.given.probabilities(probabilities), self.given_thresholds, self.mode, others)

    def has_learned_from(self, identifiers: Iterable[str]) -> bool | None:
        """Whether a paper with one of these identifiers was learned from; None where that is not known."""
        if self.learned is None:
            return None
        hashes = np.array([identifier_hash(identifier) for identifier in identifiers], dtype=np.uint64)
        at = np.searchsorted(self.learned, hashes)
        return bool((self.learned[at[at < len(self.learned)]] == hashes[at < len(self.learned)]).any())

    def predict_proba(self, texts: Any) -> Floats:
        """Probabilities (n_samples, n_topics). In single mode the remainder to 1 is that of "none of these"."""
        return self.given.probabilities(self.linear.probabilities(as_texts(texts)))[:, : len(self.topics)]

    def predict(self, texts: Any) -> Any:
        """The assigned topics, in the form that was fitted: a name or None, a list a paper, or a 0/1 matrix."""
        assigned = self._rule(None).assigned(self.linear.probabilities(as_texts(texts)))
        if self.form == "matrix":
            return assigned.astype(int)
        rows = [[self.topics[column] for column in np.flatnonzero(row)] for row in assigned]
        if self.form == "lists":
            return rows
        return np.array([row[0] if row else None for row in rows], dtype=object)

    def decide(self, texts: Any, precision: float = 0.9) -> list[Decision]:
        """A decision for each paper, so that the share ``precision`` of the automatic topics is right."""
        return [decision for decision, _ in self.label(as_texts(texts), precision)]

    def label(
        self,
        texts: Sequence[str],
        precision: float,
        others: Mapping[int, Iterable[str]] = MappingProxyType({}),
        set_error: float | None = None,
    ) -> list[tuple[Decision, dict[str, list[str]]]]:
        """A decision for each text, and for each of its topics the words that add most to the score.

        ``others`` are more topics to tell the words of, by the positions of texts; those that the model does not give
        have none. With a ``set_error`` each decision has a set of topics, as of :meth:`topic_sets`.
        """
        rows = self.linear.rows(texts)
        probabilities = self.linear.probabilities_of(rows)
        bands = self.bands(precision)
        unreadable = out_of_vocabulary(self.linear.tfidf.vocabulary, rows, texts)
        promised = self.reliability.topics.promised
        decisions = decide(probabilities, self.rule, bands, self.topics, unreadable, promised, self.cross_lists)
        if set_error is not None:
            found = self.topic_sets(probabilities, set_error)
            decisions = [one._replace(topic_set=chosen) for one, chosen in zip(decisions, found, strict=True)]
        topics = [tuple(dict.fromkeys((*one.topics, *others.get(row, ())))) for row, one in enumerate(decisions)]
        return list(zip(decisions, self._words_behind(rows, probabilities, topics), strict=True))

    def bands(self, precision: float) -> Bands:
        """The decision band for a ``precision``, computed once."""
        if precision not in self._bands:
            trained = replace(self, given_today=None, saved_reliability=self.reliability).rule
            self._bands[precision] = self.reliability.bands(precision, trained, self.held_out, self.held_out_weights)
        return self._bands[precision]

    def topic_sets(self, probabilities: Floats, error: float) -> list[tuple[str | None, ...]]:
        """For each paper a conformal set of topics, the most probable first; it may lack the right one.

        ``probabilities`` (n_papers, n_columns) are those of the linear model, ``error`` is the share of
        papers whose set lacks the right topic, above 0 and below 1 (:mod:`labeler.score.conformal`).
        """
        from labeler.score.conformal import sets

        names: tuple[str | None, ...] = (*self.topics, None)
        given = self.given.probabilities(probabilities)
        rows = zip(given, sets(given, self._least_in_set(error), self.mode), strict=True)
        return [
            tuple(names[column] for column in sorted(np.flatnonzero(chosen), key=lambda column: -row[column]))
            for row, chosen in rows
        ]

    def _least_in_set(self, error: float) -> Floats:
        """From which probability on each topic (n_given,) is in a conformal set, computed once."""
        if error not in self._least_in_sets:
            from labeler.score.conformal import least_probabilities

            held_out, answers = self.given.probabilities(self.held_out[0]), self.held_out[1]
            is_unknown = self.given.any_of(np.isnan(answers))
            truth = np.where(self.given.any_of(answers == 1), 1.0, np.where(is_unknown, np.nan, 0.0))
            self._least_in_sets[error] = least_probabilities(held_out, truth, self.mode, error, self.held_out_weights)
        return self._least_in_sets[error]

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
        probabilities = self.linear.link(scores[None, :])
        given = self.given.probabilities(probabilities)[0]
        term = self.linear.tfidf.vocabulary.term
        explained = []
        columns = self.given.columns_behind(np.zeros(len(self.topics), int), np.arange(len(self.topics)), probabilities)
        for position, (topic, column) in enumerate(zip(self.topics, columns.tolist(), strict=True)):
            if not learned[column] or (topics is not None and topic not in topics):
                continue
            terms = zip(*(array.tolist() for array in contributions[column]), strict=True)
            explained.append(
                Explanation(
                    topic=topic,
                    probability=float(given[position]),
                    score=float(scores[column]),
                    intercept=float(self.linear.intercepts[column]),
                    contributions=tuple((printed(term(number)), addend) for number, addend in terms),
                    through=None if column in self.given.own[position] else self.linear.topics[column],
                )
            )
        return sorted(explained, key=lambda explanation: -explanation.score)

    def _words_behind(
        self, rows: Rows, probabilities: Floats, topics: Sequence[Sequence[str]]
    ) -> list[dict[str, list[str]]]:
        """The words behind some ``topics`` of each row, given the ``probabilities`` (n_papers, n_columns)."""
        position = {topic: number for number, topic in enumerate(self.topics)}
        given = [[topic for topic in some if topic in position] for some in topics]
        papers = np.repeat(np.arange(len(given)), list(map(len, given)))
        positions = np.array([position[topic] for some in given for topic in some], np.int64)
        columns = self.given.columns_behind(papers, positions, probabilities)
        words = iter(self.top_words.texts(rows, papers, columns))
        return [{topic: next(words) for topic in some} for some in given]
