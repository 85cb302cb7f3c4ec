"""The sections of a page of labelled papers: one for each topic, then what is for review, then what has no topic."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from markupsafe import Markup

from labeler.papers.cleaning import printable
from labeler.papers.dates import format_date
from labeler.publish.chosen import heading
from labeler.publish.labelled import LabelledPaper
from labeler.publish.shown import SEEN, ShownPaper, shown_paper

_DECISIONS = (
    ("auto", "decided by the model"),
    ("review", "to review"),
    ("none", "of no topic"),
    ("judged", "judged by people"),
)
_MARKS = re.compile("</?mark>")


class Mention(NamedTuple):
    """A paper of a topic that stands in the section of another topic: ``told`` is its probability, or who gave it."""

    anchor: str
    title: Markup
    told: str
    under: str


@dataclass(slots=True)
class Section:
    """Papers that stand together, the most probable first; those for review in the order of their likeliest topics.

    ``kind`` is ``topic``, ``review`` or ``none``; ``key`` names its place on the page. ``topic`` is the number of its
    topic on the page, empty where it has none. ``also`` are papers of the topic that stand under another one.
    """

    key: str
    name: str
    kind: str
    topic: str = ""
    papers: list[ShownPaper] = field(default_factory=list)
    also: list[Mention] = field(default_factory=list)


class Digest(NamedTuple):
    """All that a page tells of labelled papers. ``topics`` are the number and the name of those that some paper has,
    ``decisions`` the value and the words of those that occur; ``dates`` is empty where no day is known."""

    heading: str
    dates: str
    counts: Sequence[str]
    models: Sequence[str]
    topics: Sequence[Mapping[str, str]]
    decisions: Sequence[tuple[str, str]]
    sections: Sequence[Section]


def digest_of(papers: Iterable[LabelledPaper], names: Mapping[str, str]) -> Digest:
    """The papers in sections, each paper once: under the most probable of its topics.

    Topics stand in the order of ``names`` (topic id → name). Of a labelled paper only what is shown is kept, so that
    very many fit into memory.
    """
    numbers = {topic: number for number, topic in enumerate(names)}
    shown: list[ShownPaper] = []
    keys: Counter[str] = Counter()
    dates: set[str] = set()
    since: set[str] = set()
    models: set[str] = set()
    for item in papers:
        for topic, _, _ in item.topics:
            numbers.setdefault(topic, len(numbers))
        keys[item.paper.id] += 1
        repeated = f"#{keys[item.paper.id]}" if keys[item.paper.id] > 1 else ""
        shown.append(shown_paper(item, f"{item.paper.id}{repeated}", numbers, names))
        dates.update([item.paper.date] if item.paper.date else ())
        since.update([item.since] if item.since else ())
        models.add(printable(item.model))
    shown.sort(key=lambda paper: -paper.topics[0].rank if paper.topics else 2)
    counts = Counter(paper.decision for paper in shown)
    sections = _sections(shown, [*names, *sorted(numbers.keys() - names.keys())], numbers, names)
    return Digest(
        heading=printable(heading(len(shown), names)),
        dates=_days(dates) if dates else f"{SEEN}{_days(since)}" if since else "",
        counts=[f"{counts[decision]} {told}" for decision, told in _DECISIONS if counts[decision]],
        models=sorted(models),
        topics=_topics(shown, sections),
        decisions=[(decision, told) for decision, told in _DECISIONS if counts[decision]],
        sections=[one for one in sections if one.papers or one.also],
    )


def _sections(
    papers: Sequence[ShownPaper], order: Sequence[str], numbers: Mapping[str, int], names: Mapping[str, str]
) -> list[Section]:
    """The sections of all topics in their ``order``, then the two that stand apart."""
    topics = {
        numbers[topic]: Section(
            f"topic-{numbers[topic]}", printable(names.get(topic, topic)), "topic", str(numbers[topic])
        )
        for topic in order
    }
    review, none = Section("review", "To review", "review"), Section("none", "No topic", "none")
    for paper in papers:
        if paper.decision == "review":
            review.papers.append(paper)
        elif not paper.topics:
            none.papers.append(paper)
        else:
            home = topics[paper.topics[0].number]
            home.papers.append(paper)
            for other in paper.topics[1:]:
                title = Markup(_MARKS.sub("", paper.title))  # noqa: S704  (HTML with fewer tags)
                told = f"judged by {other.by}" if other.by else other.percent
                topics[other.number].also.append(Mention(paper.anchor, title, told, home.name))
    review.papers.sort(key=lambda paper: paper.topics[0].number if paper.topics else len(topics))  # by likeliest topic
    return [*topics.values(), review, none]


def _topics(papers: Sequence[ShownPaper], sections: Sequence[Section]) -> list[dict[str, str]]:
    """The topics that some paper has, in the order of the sections."""
    found = {str(topic.number) for paper in papers for topic in paper.topics}
    return [{"id": one.topic, "name": one.name} for one in sections if one.topic in found]


def _days(dates: set[str]) -> str:
    """The first and the last of the days; empty where there is none, or where they are of different kinds."""
    first, last = min(dates, default=""), max(dates, default="")
    if first.startswith("--") != last.startswith("--"):
        return ""
    shown = [printable(format_date(date)) for date in dict.fromkeys((first, last))]
    return " to ".join(shown)
