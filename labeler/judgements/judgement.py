"""One judgement: the topics that an annotator chose for a paper, the topics that were offered, and the source."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from labeler.files import canonical_json, sha256
from labeler.papers import Paper
from labeler.papers.cleaning import printable
from labeler.papers.dates import iso_date
from labeler.papers.ids import sort_ids, text_id
from labeler.papers.times import iso_time

_TO_THE_SECOND = re.compile(r"\d+|\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?(?:Z|[+-]\d\d:?\d\d)?")
TABLE = "table"  # the annotator of tables that name none
STATUSES = ("judged", "skipped", "withdrawn")
ADJUDICATOR = "adjudicator"  # the role of one who settled what others differed on
REVIEWS = ("ties", "suspects", "unsure", "disagreements")  # why papers are judged once more
_LISTS = ("ids", "yes", "no", "offered", "unknown", "suggested")
_TEXTS = ("title", "abstract", "date", "comment", "prefill", "supersedes", "role")
_TYPES: dict[str, type] = dict.fromkeys(_LISTS, list) | dict.fromkeys(_TEXTS, str) | {"source": dict, "asked": dict}


@dataclass(frozen=True, slots=True)
class Judgement:
    """One line of the log.

    ``yes`` and ``no`` are the ids of topics that apply and that do not. ``offered`` are those that the annotator could
    choose from. ``unknown`` are chosen labels that are no topics of the scheme. A judgement with unknown labels and no
    topic has nothing in ``offered``, so that it is no negative example of any topic. ``prefill`` says whether the
    pre-annotation was ``kept`` or ``changed``, or that there was ``none``; ``suggested`` are the topics that it had,
    where that is known. ``asked`` says how the paper was chosen,
    such as by which strategy and in which batch. ``supersedes`` is the id of the judgement that this one corrects.
    ``date`` is that of the paper (ISO 8601), where it is known; it changes no id. ``role`` is ``adjudicator`` for a
    verdict on what others differed on, which outranks their judgements; it is empty otherwise.
    """

    paper: str
    ids: tuple[str, ...]
    title: str
    abstract: str
    annotator: str
    yes: tuple[str, ...]
    at: str
    source: Mapping[str, Any]
    no: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    status: str = "judged"
    unsure: bool = False
    comment: str = ""
    lead_time: float | None = None
    prefill: str = "none"
    suggested: tuple[str, ...] | None = None
    asked: Mapping[str, Any] | None = None
    supersedes: str | None = None
    date: str | None = None
    role: str = ""
    id: str = field(default="")

    def __post_init__(self) -> None:
        if not self.id:
            key = [*self.origin, *self.content, self.at, *([self.supersedes] if self.supersedes else ())]
            object.__setattr__(self, "id", sha256(canonical_json(key).encode("utf-8", "replace"))[:16])

    @property
    def moment(self) -> str:
        """The time in a form that sorts as times do: with the Z behind them, a whole second sorts after its parts."""
        return self.at.removesuffix("Z")

    @property
    def origin(self) -> tuple[Any, ...]:
        """The identity of the annotation or table row, which all versions of the judgement share.

        Annotations of different servers may have the same number. Their creation times, to the microsecond, are in
        every export format of Label Studio and distinguish them. What other programs write may have a time to the
        second, which many share; then the title counts, too. Without a number or a time, an annotation is the one of
        its annotator on its paper.
        """
        if "file" in self.source:
            return ("table", self.source["file"], *self.annotator_and_paper)
        number, created_at = self.source.get("annotation"), self.source.get("created_at") or None
        if number is None or created_at is None:
            return ("annotation", number, created_at, *self.annotator_and_paper)
        return ("annotation", number, created_at, *(self.ids[-1:] if _TO_THE_SECOND.fullmatch(str(created_at)) else ()))

    @property
    def annotator_and_paper(self) -> tuple[str, str, str]:
        """The annotator, and the paper by its title and abstract."""
        return (self.annotator, self.ids[-1], text_id(self.abstract))

    @property
    def content(self) -> tuple[Any, ...]:
        """The values by which versions of a judgement are compared.

        ``no`` is one of them only for tables, as annotations do not state which topics were offered.
        """
        values: tuple[Any, ...] = (list(self.yes), list(self.unknown), self.status, self.unsure, self.comment)
        values += (list(self.no),) if "file" in self.source else ()
        return (*values, self.role) if self.role else values

    def superseding(self, earlier: str) -> Self:
        """A copy of the judgement that supersedes the one with the id ``earlier``."""
        return replace(self, supersedes=earlier, id="")

    def as_paper(self) -> Paper:
        """The paper, with the title and abstract that the annotator read."""
        return Paper(self.title, self.abstract, sort_ids({self.paper, *self.ids}), date=self.date)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of the log, with its keys in the documented order.

        It has ``unknown`` and ``role`` only where they are not empty, ``date`` and ``suggested`` where they are known.
        """
        record: dict[str, Any] = {"id": self.id, "paper": self.paper, "ids": list(self.ids)}
        record |= {"title": self.title, "abstract": self.abstract} | ({"date": self.date} if self.date else {})
        record |= {"annotator": self.annotator}
        record |= {"yes": list(self.yes), "no": list(self.no), "offered": list(self.offered)}
        record |= {"unknown": list(self.unknown)} if self.unknown else {}
        record |= {"status": self.status} | ({"role": self.role} if self.role else {})
        record |= {"unsure": self.unsure, "comment": self.comment, "at": self.at}
        record |= {"lead_time": self.lead_time, "source": dict(self.source), "prefill": self.prefill}
        record |= {} if self.suggested is None else {"suggested": list(self.suggested)}
        return record | {"asked": dict(self.asked) if self.asked else None, "supersedes": self.supersedes}

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Self:
        """The judgement of a JSON object; the inverse of :meth:`to_dict`. Keys of later versions are ignored.

        Raises:
            ValueError: a required key is missing, or a value is of the wrong type.
        """
        try:
            status = record.get("status", "judged")
            if status not in STATUSES:
                raise ValueError(f"unknown status {status!r}")
            for key, expected in _TYPES.items():
                if not isinstance(record.get(key) or expected(), expected):
                    raise ValueError(f"{key} is no {expected.__name__}")
            if not all(isinstance(text, str) for key in _LISTS for text in record.get(key) or ()):
                raise ValueError(f"one of {', '.join(_LISTS)} holds something that is no text")
            return cls(
                id=str(record["id"]),
                paper=str(record["paper"]),
                annotator=_annotator(record),
                at=iso_time(str(record["at"])),
                ids=tuple(record.get("ids") or [record["paper"]]),
                title=record.get("title") or "",
                abstract=record.get("abstract") or "",
                yes=tuple(record.get("yes") or ()),
                no=tuple(record.get("no") or ()),
                offered=tuple(record.get("offered") or ()),
                unknown=tuple(record.get("unknown") or ()),
                status=status,
                role=record.get("role") or "",
                unsure=bool(record.get("unsure")),
                comment=record.get("comment") or "",
                lead_time=seconds(record.get("lead_time")),
                source=_source(record.get("source") or {}),
                prefill=record.get("prefill") or "none",
                suggested=None if record.get("suggested") is None else tuple(record["suggested"]),
                asked=record.get("asked") or None,
                supersedes=record.get("supersedes") or None,
                date=iso_date(record.get("date")),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a judgement ({error!r})") from error


def annotator_name(text: object) -> str:
    """The name of an annotator in one line, without control characters; ``unknown`` where it is empty."""
    return " ".join(printable(str(text)).split()) or "unknown"


def seconds(value: Any) -> float | None:
    """A duration in seconds; None for what is no number, is infinite, or is negative."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if 0 <= number < math.inf else None


def _source(source: Mapping[str, Any]) -> Mapping[str, Any]:
    """The source of a record in the log. Earlier versions kept a creation time as a spreadsheet had written it."""
    made = source.get("created_at")
    if not isinstance(made, str) or (time := iso_time(made)) == made:
        return source
    return {**source, "created_at": time}


def _annotator(record: Mapping[str, Any]) -> str:
    """The annotator of a record in the log. Earlier versions named the annotator of a table after its file."""
    name = str(record["annotator"])
    if name == f"table:{(record.get('source') or {}).get('file')}":
        return TABLE
    return annotator_name(name)
