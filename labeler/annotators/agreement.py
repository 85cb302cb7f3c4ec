"""How far annotators agree: over all, on each topic, in pairs, each with itself, and as time went by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from labeler.annotators.alpha import masi_alpha, multi_valued_alpha, nominal_alpha, topic_alphas
from labeler.annotators.disagreements import Disagreements, disagreements_of
from labeler.annotators.kappa import cohen_kappa, gwet_ac1, observed_agreement, pabak, pooled_kappa
from labeler.annotators.ratings import Ratings, Repeat
from labeler.annotators.resamples import (
    FEWEST_OF_ANSWER,
    FEWEST_PAPERS,
    Coefficient,
    Figure,
    Floats,
    Resamples,
)
from labeler.notebook import block, table
from labeler.topics.mode import Mode
from labeler.wording import counted

if TYPE_CHECKING:
    from labeler.annotators.redefined import Redefined

_PERIODS = 3


class TopicAgreement(NamedTuple):
    """How far annotators agree on one topic, of ``papers`` that two of them answered it for.

    ``given`` are those that somebody gave the topic, ``prevalence`` is the share of yes among all answers, and
    ``disputed`` counts the papers on which they disagree. ``alpha`` falls where a topic is rare, ``ac1`` and ``pabak``
    do not.
    """

    topic: str
    papers: int
    given: int
    disputed: int
    prevalence: float
    alpha: Figure
    ac1: Figure
    pabak: Figure

    def to_dict(self) -> dict[str, Any]:
        """The figures, for programs."""
        return _told(self)


class PairAgreement(NamedTuple):
    """How far two annotators agree, on the ``papers`` that both judged: the share of them on which they gave just the
    same (``agreement``), and Cohen's ``kappa`` (with several topics a paper: pooled over topics).
    """

    one: str
    other: str
    papers: int
    agreement: Figure
    kappa: Figure

    def to_dict(self) -> dict[str, Any]:
        """The figures, for programs."""
        return _told(self)


class SelfAgreement(NamedTuple):
    """How far an annotator agrees with itself: of ``asked_again`` papers that it judged twice, on how many it gave just
    the ``same``; and how many answers it ``corrected``.
    """

    annotator: str
    asked_again: int
    same: int
    corrected: int

    def to_dict(self) -> dict[str, Any]:
        """The counts, for programs."""
        return self._asdict()


class Period(NamedTuple):
    """The agreement over all on a third of the papers, from the first to the last time at which one was judged."""

    since: str
    until: str
    papers: int
    alpha: Figure

    def to_dict(self) -> dict[str, Any]:
        """The figures, for programs."""
        return _told(self)


class Agreement(NamedTuple):
    """How far annotators agree. ``papers`` are those that two of them judged, of ``judged_papers``.

    ``overall`` has ``agreement`` (the share of pairs of annotators who gave a paper just the same) and coefficients: in
    single mode ``alpha`` (Krippendorff's, nominal), ``ac1`` and ``pabak``; in multi mode ``multi_valued_alpha`` and
    ``masi_alpha``. The first of the coefficients is the one that the verdict is about. ``redefined`` are topics whose
    definitions changed, as models know.
    """

    mode: Mode
    annotators: Mapping[str, int]
    judged_papers: int
    judgements: int
    papers: int
    distinct: int
    overall: Mapping[str, Figure]
    topics: Sequence[TopicAgreement]
    pairs: Sequence[PairAgreement]
    selves: Sequence[SelfAgreement]
    periods: Sequence[Period]
    disagreements: Disagreements
    titles: Mapping[str, str]
    redefined: Sequence[Redefined] = ()

    @property
    def alpha(self) -> Figure:
        """The coefficient that the verdict is about."""
        return self.overall["alpha" if self.mode == Mode.SINGLE else "multi_valued_alpha"]

    def to_dict(self) -> dict[str, Any]:
        """All of it, for programs."""
        counts = ("mode", "annotators", "judged_papers", "judgements", "papers", "distinct")
        lists = ("topics", "pairs", "selves", "periods", "redefined")
        return (
            {name: getattr(self, name) for name in counts}
            | {"overall": {name: figure.to_dict() for name, figure in self.overall.items()}}
            | {name: [one.to_dict() for one in getattr(self, name)] for name in lists}
            | {"disagreements": self.disagreements.to_dict()}
        )

    def _repr_html_(self) -> str:
        """The coefficients, topics and pairs as tables for notebooks."""
        people = f"{counted(len(self.annotators), 'annotator')}, {counted(self.papers, 'paper')} judged by two or more."
        topics = [(one.topic, one.papers, one.disputed, one.alpha, one.ac1) for one in self.topics]
        pairs = [(f"{one.one} and {one.other}", one.papers, one.agreement, one.kappa) for one in self.pairs]
        return block(
            "Agreement of annotators",
            [people, "Figures have their 95 % intervals where there are papers enough."],
            [
                table(("all topics", "figure"), ((name.replace("_", " "), one) for name, one in self.overall.items())),
                table(("topic", "papers", "disputed", "alpha", "AC1"), topics),
                table(("pair", "papers", "agreement", "Cohen's kappa"), pairs),
            ],
        )


def agreement_of(ratings: Ratings) -> Agreement:
    """How far the annotators of ``ratings`` agree, with 95 % intervals where there are papers enough for them."""
    resamples = Resamples.of(ratings.groups)
    disagreements = disagreements_of(ratings)
    differing = set(disagreements.papers)
    return Agreement(
        ratings.mode,
        dict(ratings.by_annotator or {}),
        ratings.papers,
        ratings.judgements,
        len(ratings.ids),
        len(np.unique(ratings.groups)),
        _overall(ratings, resamples),
        topics_of(ratings, resamples),
        _pairs(ratings, resamples),
        selves_of(ratings.repeats),
        _periods(ratings),
        disagreements,
        {paper: title for paper, title in zip(ratings.ids, ratings.titles, strict=True) if paper in differing},
    )


def _overall(ratings: Ratings, resamples: Resamples) -> dict[str, Figure]:
    weights = resamples.weights
    if ratings.mode == Mode.SINGLE:
        counts, rows = ratings.choices, np.flatnonzero(ratings.choices.sum(axis=1) >= 2)
        answers = max(int((counts.sum(axis=0) > 0).sum()), 2)
        found = {
            "agreement": _share(observed_agreement(counts, weights)),
            "alpha": nominal_alpha(counts, weights),
            "ac1": gwet_ac1(counts, weights),
            "pabak": pabak(counts, weights, answers),
        }
    else:
        sets, present = ratings.sets
        rows = np.flatnonzero(present.sum(axis=1) >= 2)
        found = {
            "agreement": _share(_same_sets(ratings, weights)),
            "multi_valued_alpha": multi_valued_alpha(sets, present, weights),
            "masi_alpha": masi_alpha(sets, present, weights),
        }
    return {name: resamples.figure(coefficient, rows) for name, coefficient in found.items()}


def _same_sets(ratings: Ratings, weights: Floats) -> Floats:
    """The mean over papers of the share of pairs of annotators who gave just the same topics (n_draws,)."""
    sets, present = ratings.sets
    same, pairs = np.zeros(len(sets)), present.sum(axis=1) * (present.sum(axis=1) - 1) / 2
    for one, other in combinations(range(present.shape[1]), 2):
        both = present[:, one] & present[:, other]
        same += both & (sets[:, one] == sets[:, other]).all(axis=1)
    rows = pairs > 0
    with np.errstate(invalid="ignore"):
        return np.asarray(weights[:, rows] @ (same[rows] / pairs[rows]) / weights[:, rows].sum(axis=1))


def topics_of(ratings: Ratings, resamples: Resamples) -> list[TopicAgreement]:
    """How far annotators agree on each topic, in the order of the topics."""
    alphas = topic_alphas(ratings.said_yes, ratings.said_no, resamples.weights)
    found = []
    for column, topic in enumerate(ratings.topics):
        counts = np.column_stack([ratings.said_yes[:, column], ratings.said_no[:, column]])
        rows = np.flatnonzero(counts.sum(axis=1) >= 2)
        counts, weights = counts[rows], resamples.weights[:, rows]
        yes, no = (len(np.unique(resamples.groups[rows[counts[:, answer] > 0]])) for answer in (0, 1))
        told = min(yes, no) >= FEWEST_OF_ANSWER
        coefficients = (alphas.column(column), gwet_ac1(counts, weights, 2), pabak(counts, weights))
        found.append(
            TopicAgreement(
                topic,
                len(rows),
                int((counts[:, 0] > 0).sum()),
                int((counts > 0).all(axis=1).sum()),
                float(counts[:, 0].sum() / max(counts.sum(), 1)),
                *(resamples.figure(coefficient, rows, told) for coefficient in coefficients),
            )
        )
    return found


def _pairs(ratings: Ratings, resamples: Resamples) -> list[PairAgreement]:
    sets, present = ratings.sets
    found = []
    for one, other in combinations(range(len(ratings.annotators)), 2):
        rows = np.flatnonzero(present[:, one] & present[:, other])
        if not len(rows):
            continue
        weights = resamples.weights[:, rows]
        weights = np.where(weights.sum(axis=1, keepdims=True) > 0, weights, 1.0)  # none of them may be left
        same = (sets[rows, one] == sets[rows, other]).all(axis=1).astype(np.float64)
        if ratings.mode == Mode.SINGLE:
            first, second = ratings.chosen[rows, one], ratings.chosen[rows, other]
            kappa = cohen_kappa(first, second, len(ratings.topics) + 1, weights)
        else:
            kappa = pooled_kappa(ratings.answers[rows, one], ratings.answers[rows, other], weights)
        agreement = _share(weights @ same / weights.sum(axis=1))
        figures = (resamples.figure(coefficient, rows) for coefficient in (agreement, kappa))
        found.append(PairAgreement(ratings.annotators[one], ratings.annotators[other], len(rows), *figures))
    return found


def selves_of(repeats: Sequence[Repeat]) -> list[SelfAgreement]:
    """How far annotators agree with their own earlier answers; those who never answered twice are left out."""
    counts: dict[str, list[int]] = {}
    for repeat in repeats:
        count = counts.setdefault(repeat.annotator, [0, 0, 0])
        shared = repeat.earlier.keys() & repeat.later.keys()
        same = bool(shared) and all(repeat.earlier[topic] == repeat.later[topic] for topic in shared)
        if repeat.again:
            count[0] += 1
            count[1] += same
        else:
            count[2] += not same
    return [SelfAgreement(who, *count) for who, count in sorted(counts.items()) if any(count)]


def _periods(ratings: Ratings) -> list[Period]:
    """The agreement on each third of the papers in the order of time; none where a third is too small for intervals."""
    order = np.array(
        sorted(np.flatnonzero(np.array(ratings.times, dtype=str) != ""), key=lambda row: ratings.times[row])
    )
    if len(order) < _PERIODS * FEWEST_PAPERS or ratings.times[order[0]] == ratings.times[order[-1]]:
        return []
    found = []
    for rows in np.array_split(order.astype(np.intp), _PERIODS):
        part = ratings.part(rows)
        overall = _overall(part, Resamples.of(part.groups))
        alpha = overall["alpha" if ratings.mode == Mode.SINGLE else "multi_valued_alpha"]
        found.append(Period(ratings.times[rows[0]][:10], ratings.times[rows[-1]][:10], len(rows), alpha))
    return found if all(period.alpha.low is not None for period in found) else []


def _share(agreed: npt.NDArray[np.float64]) -> Coefficient:
    """A share of papers as a coefficient: nothing is expected by chance."""
    return Coefficient(1 - agreed, np.ones_like(agreed))


def _told(figures: NamedTuple) -> dict[str, Any]:
    """The values of a tuple by their names, figures as records."""
    return {name: value.to_dict() if isinstance(value, Figure) else value for name, value in figures._asdict().items()}
