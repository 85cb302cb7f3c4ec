"""The figures of a model, as typed records that go into its manifest and its report."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, Self

from labeler.measure.estimates import Estimate
from labeler.measure.keywords import KeywordCount

_MOST = 1 << 53  # a number of papers above it is none that anybody counted


class Outcome(NamedTuple):
    """The outcome of automatic decisions on papers whose topics are known.

    Of ``papers``, ``decided`` were decided automatically. These have ``assigned`` topics, of which ``right`` were
    right. ``since`` is the date of the first paper (ISO 8601) where the papers are the latest ones, else empty.
    """

    papers: int
    decided: int
    assigned: int
    right: int
    since: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The record as a manifest holds it; ``since`` only where there is one."""
        counts = {"papers": self.papers, "decided": self.decided, "assigned": self.assigned, "right": self.right}
        return counts | ({"since": self.since} if self.since else {})

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`."""
        papers, decided, assigned, right = (_count(record[key]) for key in ("papers", "decided", "assigned", "right"))
        return cls(papers, decided, assigned, right, str(record.get("since", "")))


class Bands(NamedTuple):
    """The decision band for one promised ``precision``: the confidences that leave a decision to a person.

    Topics are sure from the confidence ``upper`` up, which is infinite where no confidence keeps the promise. That a
    paper has no topic is sure where the probability that it has one is at most ``lower``; 0 where that is never sure.
    ``held_out`` is the outcome on held-out papers, ``interval`` the 95 % interval of the precision of such decisions on
    new papers, None where it is not known.
    """

    precision: float
    lower: float
    upper: float
    held_out: Outcome
    interval: tuple[float, float] | None = None

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`."""
        upper = math.inf if record["upper"] is None else float(record["upper"])
        lower = float(record["lower"])
        if math.isnan(lower) or math.isnan(upper):
            raise ValueError("a bound is no number")
        interval = record.get("interval")
        low_high = None if interval is None else (float(interval[0]), float(interval[1]))
        return cls(precision_of(record["precision"]), lower, upper, Outcome.from_dict(record["held_out"]), low_high)

    def to_dict(self) -> dict[str, Any]:
        """The record as a manifest holds it; an infinite bound is None."""
        upper = None if math.isinf(self.upper) else self.upper
        bounds = {"precision": self.precision, "lower": self.lower, "upper": upper, "held_out": self.held_out.to_dict()}
        return bounds | ({"interval": list(self.interval)} if self.interval else {})


class PaperCounts(NamedTuple):
    """The numbers of papers that a model learned from: ``labelled`` and ``unlabeled`` ones; ``ties`` were left out.

    ``near_duplicates`` of the labelled papers nearly repeat another one, and ``picked`` were asked as harder ones.
    ``languages`` are the shares of papers in each language, by its code; empty where all are in English.
    """

    labelled: int
    ties: int
    unlabeled: int
    near_duplicates: int = 0
    picked: int = 0
    languages: Mapping[str, float] = MappingProxyType({})

    def to_dict(self) -> dict[str, Any]:
        """The record as a manifest holds it."""
        counts = {"labelled": self.labelled, "ties": self.ties, "unread": self.unlabeled}
        others = {"nearly_the_same": self.near_duplicates, "picked": self.picked}
        languages = {"languages": dict(self.languages)} if self.languages else {}
        return counts | {name: count for name, count in others.items() if count} | languages

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`."""
        labelled, ties, unlabeled = (_count(record[key]) for key in ("labelled", "ties", "unread"))
        near_duplicates, picked = (_count(record.get(key, 0)) for key in ("nearly_the_same", "picked"))
        languages = {str(code): float(share) for code, share in record.get("languages", {}).items()}
        return cls(labelled, ties, unlabeled, near_duplicates, picked, languages)


class FixedSet(NamedTuple):
    """The metrics (``measured``, by name) on the ``papers`` of the evaluation set, which no version learns from."""

    papers: int
    measured: Mapping[str, Estimate]

    def to_dict(self) -> dict[str, Any]:
        """The record as a manifest holds it."""
        return {"papers": self.papers} | {"measured": {name: found.to_dict() for name, found in self.measured.items()}}

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`."""
        measured = {str(name): Estimate.from_dict(found) for name, found in record["measured"].items()}
        return cls(_count(record["papers"]), measured)


class FieldCounts(NamedTuple):
    """Of so many ``papers``, how many reach each level of probability in a field (:mod:`labeler.drift.fields`)."""

    papers: int
    counts: Mapping[str, Mapping[float, int]]

    def of(self, field: str, level: float) -> int:
        """How many papers reach a level in a field."""
        return self.counts.get(field, {}).get(level, 0)

    def to_dict(self) -> dict[str, Any]:
        """The record as a manifest holds it."""
        counts = {field: {str(level): count for level, count in found.items()} for field, found in self.counts.items()}
        return {"papers": self.papers, "counts": counts}

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`."""
        counts = {
            str(field): {float(level): _count(count) for level, count in found.items()}
            for field, found in record["counts"].items()
        }
        return cls(_count(record["papers"]), counts)


class Figures(NamedTuple):
    """The figures of a model; those that are not known are None, or empty.

    ``measured`` holds the metrics on held-out papers by name, ``weak`` the topics with few or no negative examples,
    ``no_topic`` the share of unlabeled papers that fit no topic. ``time_ordered`` is the outcome on the latest papers,
    decided by models that were trained on the papers before them. ``counts`` are the judged papers of each topic.
    ``stream_shares`` are the estimated shares of topics among unlabeled papers, where ``measured`` is for these.
    ``promises`` are the decision bands of usual promises, and ``right`` is the 95 % interval of the share of all topics
    given to new papers that will be right.
    ``evaluation_set`` has the figures on the papers that no version learns from, where there are such.
    ``no_topic_asked`` is the number of papers asked blind and at random that ``no_topic`` rests on, 0 where it was
    estimated from unlabeled papers. ``keywords`` has the counts of the keywords of each topic, ``fields`` those of the
    fields of judged papers.
    """

    measured: Mapping[str, Estimate] = MappingProxyType({})
    weak: tuple[str, ...] | None = None
    no_topic: Estimate | None = None
    time_ordered: Outcome | None = None
    papers: PaperCounts | None = None
    counts: Mapping[str, int] | None = None
    stream_shares: Mapping[str, float] | None = None
    promises: tuple[Bands, ...] = ()
    right: tuple[float, float] | None = None
    evaluation_set: FixedSet | None = None
    no_topic_asked: int = 0
    keywords: Mapping[str, tuple[KeywordCount, ...]] = MappingProxyType({})
    fields: FieldCounts | None = None

    @property
    def labelled(self) -> int:
        """How many judged papers the model learned from; 0 where that is not known."""
        return self.papers.labelled if self.papers else 0

    @property
    def unlabeled(self) -> int:
        """How many unlabeled papers the model learned from; 0 where that is not known."""
        return self.papers.unlabeled if self.papers else 0

    def expected_shares(self) -> Mapping[str, float]:
        """The share of papers with each topic that the model expects; empty where it is not known."""
        if self.stream_shares is not None:
            return self.stream_shares
        if not self.labelled:
            return {}
        return {topic: min(1.0, count / self.labelled) for topic, count in (self.counts or {}).items()}

    def to_dict(self) -> dict[str, Any]:
        """The keys and values as a manifest holds them."""
        record: dict[str, Any] = {"measured": {name: estimate.to_dict() for name, estimate in self.measured.items()}}
        if self.weak is not None:
            record |= {"weak": list(self.weak), "no_topic": self.no_topic.to_dict() if self.no_topic else None}
        if self.papers is not None:
            outcome = self.time_ordered.to_dict() if self.time_ordered else None
            record |= {"in_time": outcome, "papers": self.papers.to_dict(), "counts": dict(self.counts or {})}
        if self.stream_shares is not None:
            record |= {"stream_shares": {topic: round(share, 4) for topic, share in self.stream_shares.items()}}
        if self.promises:
            record |= {"promises": [bands.to_dict() for bands in self.promises]}
        if self.right is not None:
            record |= {"right": list(self.right)}
        if self.no_topic_asked:
            record |= {"no_topic_asked": self.no_topic_asked}
        if self.keywords:
            record |= {"keywords": {topic: [one.to_dict() for one in some] for topic, some in self.keywords.items()}}
        if self.fields is not None:
            record |= {"fields": self.fields.to_dict()}
        if self.evaluation_set is not None:
            record |= {"evaluation_set": self.evaluation_set.to_dict()}
        return record

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`; missing keys are not known."""
        no_topic, time_ordered, papers = (record.get(key) for key in ("no_topic", "in_time", "papers"))
        return cls(
            measured={str(name): Estimate.from_dict(value) for name, value in record.get("measured", {}).items()},
            weak=tuple(map(str, record["weak"])) if "weak" in record else None,
            no_topic=Estimate.from_dict(no_topic) if no_topic else None,
            time_ordered=Outcome.from_dict(time_ordered) if time_ordered else None,
            papers=PaperCounts.from_dict(papers) if papers else None,
            counts={str(topic): _count(count) for topic, count in record["counts"].items()}
            if "counts" in record
            else None,
            stream_shares={str(topic): float(share) for topic, share in record["stream_shares"].items()}
            if "stream_shares" in record
            else None,
            promises=tuple(map(Bands.from_dict, record.get("promises", ()))),
            right=(float(record["right"][0]), float(record["right"][1])) if "right" in record else None,
            evaluation_set=FixedSet.from_dict(record["evaluation_set"]) if record.get("evaluation_set") else None,
            no_topic_asked=_count(record.get("no_topic_asked", 0)),
            keywords={
                str(topic): tuple(map(KeywordCount.from_dict, some))
                for topic, some in record.get("keywords", {}).items()
            },
            fields=FieldCounts.from_dict(record["fields"]) if "fields" in record else None,
        )


def _count(value: Any) -> int:
    """A number of papers in a record.

    Raises:
        TypeError, ValueError: it is none.
    """
    number = int(value)
    if not 0 <= number <= _MOST:
        raise ValueError(f"{number} is no number of papers")
    return number


def precision_of(value: Any) -> float:
    """A promised precision in a record.

    Raises:
        TypeError, ValueError: it is no share.
    """
    precision = float(value)
    if not 0 < precision <= 1:
        raise ValueError(f"{precision} is no precision")
    return precision
