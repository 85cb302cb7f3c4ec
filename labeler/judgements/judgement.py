"""One judgement: what one annotator said of one paper, what was offered, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from labeler.files import canonical_json, sha256
from labeler.papers import Paper
from labeler.papers.ids import sort_ids, text_id

STATUSES = ("judged", "skipped", "withdrawn")
_LISTS = ("ids", "yes", "no", "offered", "unknown")
_TEXTS = ("title", "abstract", "comment", "prefill", "supersedes")
_KINDS: dict[str, type] = dict.fromkeys(_LISTS, list) | dict.fromkeys(_TEXTS, str) | {"source": dict, "asked": dict}


@dataclass(frozen=True, slots=True)
class Judgement:
    """One line of the log.

    ``yes`` and ``no`` are topic ids known to apply and not to; ``offered`` those the annotator was shown; ``unknown``
    the labels chosen that no topic of the scheme is called. A judgement with unknown labels and no topic offers
    nothing, so that nothing is learned from it. ``supersedes`` is the id of the judgement that this one corrects.
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
    asked: Mapping[str, Any] | None = None
    supersedes: str | None = None
    id: str = field(default="")

    def __post_init__(self) -> None:
        if not self.id:
            key = [*self.origin, *self.content, self.at, *([self.supersedes] if self.supersedes else ())]
            object.__setattr__(self, "id", sha256(canonical_json(key).encode("utf-8", "replace"))[:16])

    @property
    def origin(self) -> tuple[Any, ...]:
        """What this is a judgement of: the same for every version of one annotation, or of one paper in one table.

        The time an annotation was made, to the microsecond, tells apart annotations of different servers that have
        the same number, in every format that Label Studio exports.
        """
        if "file" in self.source:
            return ("table", self.source["file"], self.annotator, self.ids[-1], text_id(self.abstract))
        made = self.source.get("created_at") or [self.source.get(key) for key in ("server", "project", "task")]
        return ("annotation", self.source.get("annotation"), made)

    @property
    def content(self) -> tuple[Any, ...]:
        """What was said. What was offered belongs to it only where the source itself says so (a table)."""
        said = (list(self.yes), list(self.unknown), self.status, self.unsure, self.comment)
        return (*said, list(self.no)) if "file" in self.source else said

    def superseding(self, earlier: str) -> Self:
        """The same judgement, as a correction of an earlier one."""
        return replace(self, supersedes=earlier, id="")

    def as_paper(self) -> Paper:
        """The paper as the annotator read it."""
        return Paper(self.title, self.abstract, sort_ids({self.paper, *self.ids}))

    def to_dict(self) -> dict[str, Any]:
        """The line of the log, in the contract's order; ``unknown`` only where there is any."""
        record: dict[str, Any] = {"id": self.id, "paper": self.paper, "ids": list(self.ids)}
        record |= {"title": self.title, "abstract": self.abstract, "annotator": self.annotator}
        record |= {"yes": list(self.yes), "no": list(self.no), "offered": list(self.offered)}
        record |= {"unknown": list(self.unknown)} if self.unknown else {}
        record |= {"status": self.status, "unsure": self.unsure, "comment": self.comment, "at": self.at}
        record |= {"lead_time": self.lead_time, "source": dict(self.source), "prefill": self.prefill}
        return record | {"asked": dict(self.asked) if self.asked else None, "supersedes": self.supersedes}

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`; keys of later versions are passed over.

        Raises:
            ValueError: a key that every judgement has is missing or of the wrong kind.
        """
        try:
            status = record.get("status", "judged")
            if status not in STATUSES:
                raise ValueError(f"unknown status {status!r}")
            for key, kind in _KINDS.items():
                if not isinstance(record.get(key) or kind(), kind):
                    raise ValueError(f"{key} is no {kind.__name__}")
            if not all(isinstance(text, str) for key in _LISTS for text in record.get(key) or ()):
                raise ValueError(f"one of {', '.join(_LISTS)} holds something that is no text")
            return cls(
                id=str(record["id"]),
                paper=str(record["paper"]),
                annotator=str(record["annotator"]),
                at=str(record["at"]),
                ids=tuple(record.get("ids") or [record["paper"]]),
                title=record.get("title") or "",
                abstract=record.get("abstract") or "",
                yes=tuple(record.get("yes") or ()),
                no=tuple(record.get("no") or ()),
                offered=tuple(record.get("offered") or ()),
                unknown=tuple(record.get("unknown") or ()),
                status=status,
                unsure=bool(record.get("unsure")),
                comment=record.get("comment") or "",
                lead_time=record.get("lead_time"),
                source=record.get("source") or {},
                prefill=record.get("prefill") or "none",
                asked=record.get("asked"),
                supersedes=record.get("supersedes"),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a judgement ({error!r})") from error
