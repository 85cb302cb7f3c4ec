"""Invented judgements and topic schemes for tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from labeler.judgements import Judgement, JudgementLog
from labeler.papers import Paper
from labeler.topics import Mode, Scheme, Topic

TOPICS = ("llm", "vision", "speech")


def scheme(mode: Mode = Mode.MULTI, *names: str) -> Scheme:
    """A scheme of three topics, or of topics with the given names."""
    labels = names or ("Language models", "Vision", "Speech")
    ids = TOPICS if not names else [f"t{number}" for number in range(len(names))]
    return Scheme(mode, tuple(Topic(topic, name) for topic, name in zip(ids, labels, strict=True)))


def judgement(yes: str = "", *, number: int = 1, at: str = "2026-03-01T10:00:00Z", **values: Any) -> Judgement:
    """The judgement of one annotation by ``ada``: the topics ``yes`` out of all three."""
    title = values.pop("title", "A made up paper")
    paper = Paper.make(title, values.pop("abstract", f"{title} says little."), ids=values.pop("ids", ()))
    chosen = tuple(yes.split())
    offered = values.pop("offered", TOPICS)
    fields: dict[str, Any] = {
        "annotator": "ada",
        "no": tuple(topic for topic in offered if topic not in chosen),
        "source": {"project": 1, "task": 1, "annotation": number, "created_at": f"2026-03-01T09:00:{number:06}Z"},
    }
    return Judgement(
        paper=paper.id,
        ids=paper.ids,
        title=paper.title,
        abstract=paper.abstract,
        yes=chosen,
        offered=offered,
        at=at,
        **(fields | values),
    )


def row(yes: str, at: str = "2026-03-01T10:00:00Z", **values: Any) -> Judgement:
    """The judgement of a row of ``table.csv``."""
    return judgement(yes, at=at, annotator="table", source={"file": "table.csv", "row": "row 1"}, **values)


def written(path: Path, judgements: Sequence[Judgement]) -> Path:
    """A log of these judgements."""
    JudgementLog(path).update(lambda _: judgements)
    return path
