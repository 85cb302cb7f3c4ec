"""What feeds of labelled papers have in common: identifiers, dates, titles, and what an entry shows.

Everything comes from the papers, so that the same labels give the same feed. An identifier is a UUID made of a name
(RFC 9562, version 5): a reader knows the paper again on another day. Where a date is demanded and none is known, it is
the day on which the paper was labelled first, else the month in its arXiv identifier, else the beginning of 1970.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from html import escape
from math import isnan
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING
from uuid import UUID, uuid5

from labeler.papers.cleaning import printable
from labeler.papers.ids import arxiv_month
from labeler.patterns import pattern
from labeler.publish.chosen import chosen_of
from labeler.publish.reasons import reason_in_words

if TYPE_CHECKING:
    from labeler.publish.labelled import LabelledPaper

UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)  # programs write it where they know no time
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
PRISM = "http://prismstandard.org/namespaces/basic/2.0/"
_OURS = UUID("6f1c2b0e-5a3d-5c47-9b8e-2d7a4f90c1d3")  # the namespace of all names of labeler
_DATE = pattern(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", re.ASCII)
_IN_MEMORY = 1 << 24  # bytes of entries; more wait in a file
_OF_OTHERS = ("arxiv:", "doi:", "pmid:")  # identifiers that others know, too


def element(name: str, text: str | None, attributes: str = "") -> str:
    """An element with a text, without what XML forbids or what steers a terminal; nothing where there is no text."""
    shown = printable(text or "").strip()
    return f"<{name}{attributes}>{escape(shown, quote=False)}</{name}>\n" if shown else ""


def attribute(text: str) -> str:
    """A text as the value of an attribute in double quotes."""
    return escape(printable(text))


class EntryIds:
    """The identifiers of the entries of one feed."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def of(self, item: LabelledPaper) -> str:
        """The identifier of a paper, made of the best one that it has; of papers that share this (chapters with the DOI
        of their book), those that come later have it made of all.
        """
        found = uuid5(_OURS, f"paper {printable(item.paper.id)}").urn
        if found in self._given:
            found = uuid5(_OURS, f"paper {printable(' '.join(item.paper.ids))}").urn
        self._given.add(found)
        return found


def feed_id(names: Mapping[str, str]) -> str:
    """The identifier of a feed, made of the topics that its papers were chosen by, or of all topics."""
    chosen = chosen_of(names)
    return uuid5(_OURS, printable(" ".join(["feed on", *chosen] if chosen else ["feed by", *sorted(names)]))).urn


def feed_title(names: Mapping[str, str]) -> str:
    """The title of a feed, with the topics that its papers were chosen by."""
    chosen = ", ".join(names[topic] for topic in chosen_of(names))
    return f"Papers on {chosen}" if chosen else "Papers by topic"


def paper_title(item: LabelledPaper) -> str:
    """The title of an entry, which it must have: that of the paper, or the beginning of its abstract."""
    return item.paper.title if printable(item.paper.title).strip() else f"{item.paper.abstract[:80]} …"


def stated(item: LabelledPaper) -> datetime | None:
    """The time that a paper's date stands for: the first of a month or year alone, None without a year."""
    return _moment(item.paper.date)


def moment(item: LabelledPaper) -> datetime:
    """The time of an entry whose format demands one: that of the paper's date, or what comes nearest."""
    month = arxiv_month(item.paper.id)
    found = (_moment(date) for date in (item.paper.date, item.since and item.since[:10], month))
    return next(filter(None, found), UNKNOWN)


def _moment(date: str | None) -> datetime | None:
    found = _DATE.fullmatch(date) if date else None
    if found is None:
        return None
    try:
        return datetime(int(found[1]), int(found[2] or 1), int(found[3] or 1), tzinfo=UTC)
    except ValueError:  # no calendar has the day
        return None


def link_of(item: LabelledPaper) -> str:
    """The address of a paper on the web; empty where none is known."""
    from labeler.papers.addresses import addresses, uri_of

    return uri_of(item.paper.url) or next((found.url for found in addresses(item.paper.ids)), "")


def described(item: LabelledPaper) -> Iterator[str]:
    """The elements of Dublin Core and PRISM for what feeds have none for, so that reading finds it again."""
    paper = item.paper
    if stated(item):
        yield element("prism:publicationDate", paper.date)  # as exact as it is known
    yield element("dc:language", paper.language)
    for identifier in paper.ids:
        if identifier.startswith(_OF_OTHERS):
            yield element("dc:identifier", identifier)
    yield element("prism:publicationName", paper.venue)


def shown_html(item: LabelledPaper, names: Mapping[str, str]) -> str:
    """What an entry shows, as HTML: the topics with probabilities or annotators, and the abstract with words marked."""
    from labeler.pages.texts import html_text

    words = {word for _, _, because in item.topics for word in because}
    topics = "; ".join(_topic(item, topic, probability, names) for topic, probability, _ in item.topics)
    review = ": ".join(filter(None, ("to review", reason_in_words(item, names)))) if item.decision == "review" else ""
    facts = [topics or "No topic", review]
    told = escape(printable(" · ".join(filter(None, facts))), quote=False)
    link = f' · <a href="{escape(task)}">Label Studio</a>' if (task := _task(item)) else ""
    abstract = html_text(item.paper.abstract, words)
    return f"<p><b>{told}</b>{link}</p>" + (f"<p>Abstract: {abstract}</p>" if abstract else "")


def _topic(item: LabelledPaper, topic: str, probability: float, names: Mapping[str, str]) -> str:
    by = ", ".join(item.by.get(topic, ()))
    told = f"by {by}" if by else "" if isnan(probability) else f"{probability:.2f}"
    return f"{names.get(topic, topic)} ({told})" if told else names.get(topic, topic)


def _task(item: LabelledPaper) -> str:
    from labeler.papers.addresses import uri_of

    return uri_of(item.task)


@contextmanager
def waiting_text() -> Iterator[IO[str]]:
    """A place for the entries, as what stands before them in a feed is known when all have been seen."""
    with SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8", newline="") as entries:
        yield entries
