"""The sections of a page of labelled papers: one for each topic, then what is for review, then what has no topic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from markupsafe import Markup

from labeler.pages.texts import html_text
from labeler.papers.cleaning import printable
from labeler.papers.dates import format_date
from labeler.publish.labelled import LabelledPaper
from labeler.publish.shown import ShownPaper, percent, rank, shown_paper

_DECISIONS = (
    ("auto", "decided by the model"),
    ("review", "to review"),
    ("none", "of no topic"),
    ("judged", "judged by people"),
)


class Mention(NamedTuple):
    """A paper of a topic that stands in the section of another topic."""

    anchor: str
    title: Markup
    percent: str
    under: str


@dataclass(slots=True)
class Section:
    """Papers that stand together, the most probable first.

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

    Topics stand in the order of ``names`` (topic id → name).
    """
    items = sorted(papers, key=_rank)
    found = {topic for item in items for topic, _, _ in item.topics}
    order = [topic for topic in names if topic in found] + sorted(found.difference(names))
    numbers = {topic: number for number, topic in enumerate(order)}
    sections = {
        topic: Section(f"topic-{number}", printable(names.get(topic, topic)), "topic", str(number))
        for topic, number in numbers.items()
    }
    apart = {"review": Section("review", "To review", "review"), "none": Section("none", "No topic", "none")}
    dates = _dates(items)
    for item, key in zip(items, _keys(items), strict=True):
        paper = shown_paper(item, key, numbers, names, dates)
        first = item.topics[0][0] if item.topics else ""
        home = apart["review"] if item.decision == "review" else sections[first] if first else apart["none"]
        home.papers.append(paper)
        for topic, probability, _ in item.topics[1:] if home is not apart["review"] else ():
            title = html_text(item.paper.title) or paper.title
            sections[topic].also.append(Mention(paper.anchor, title, percent(probability), home.name))
    counts = Counter(item.decision for item in items)
    return Digest(
        heading=f"{len(items)} paper{'s' * (len(items) != 1)} by topic",
        dates=dates,
        counts=[f"{counts[decision]} {told}" for decision, told in _DECISIONS if counts[decision]],
        models=sorted({printable(item.model) for item in items}),
        topics=[{"id": str(number), "name": sections[topic].name} for topic, number in numbers.items()],
        decisions=[(decision, told) for decision, told in _DECISIONS if counts[decision]],
        sections=[one for one in (*sections.values(), *apart.values()) if one.papers or one.also],
    )


def _rank(item: LabelledPaper) -> int:
    return -rank(item.topics[0][1]) if item.topics else 2


def _keys(items: Sequence[LabelledPaper]) -> list[str]:
    """The names of the papers' places: their ids, with a number where two are the same."""
    seen: Counter[str] = Counter()
    keys = []
    for item in items:
        seen[item.paper.id] += 1
        keys.append(item.paper.id if seen[item.paper.id] == 1 else f"{item.paper.id}#{seen[item.paper.id]}")
    return keys


def _dates(items: Sequence[LabelledPaper]) -> str:
    """The days of the papers, the first and the last; empty where they are unknown or of different kinds."""
    dates = sorted({item.paper.date for item in items if item.paper.date})
    if not dates or dates[0].startswith("--") != dates[-1].startswith("--"):
        return ""
    first, last = printable(format_date(dates[0])), printable(format_date(dates[-1]))
    return first if first == last else f"{first} to {last}"
