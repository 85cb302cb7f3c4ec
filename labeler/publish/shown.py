"""A labelled paper as a page shows it: texts as HTML, links, probabilities as shares, and words in place of codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from urllib.parse import quote

from markupsafe import Markup

from labeler.pages.texts import html_text
from labeler.papers.addresses import Address, addresses, web_address
from labeler.papers.cleaning import printable
from labeler.papers.dates import format_date
from labeler.papers.languages import ENGLISH, language_of
from labeler.publish.labelled import LabelledPaper
from labeler.publish.reasons import reason_in_words

_LONG = 480  # characters of an abstract, which are about four lines
_WIDE, _LONG_OF_WIDE = ("zh", "ja", "ko"), 200  # languages whose characters are twice as wide
_AUTHORS = 8  # that are named
SEEN = "seen "  # before the day on which a paper of unknown date was labelled first
_OF_ABSTRACT = 80  # characters that stand for a title


@dataclass(frozen=True, slots=True)
class ShownTopic:
    """One topic of a paper: its ``number`` on the page, its name, its probability in words, as the ``width`` of a bar
    (0 to 100) and as the ``rank`` that papers are sorted by (parts of 10000), and who gave it, if people did. Where it
    is unknown, the words are empty and the rank is -1; beside what people gave, the model's probability says nothing,
    and is a rank alone."""

    number: int
    name: str
    percent: str
    width: int
    rank: int
    by: str


@dataclass(frozen=True, slots=True)
class ShownPaper:
    """What a page shows of a paper. All texts but ``title`` and ``abstract``, which are HTML, are plain ones.

    ``key`` names the paper's place on the page, and ``anchor`` is that in a link. ``words`` are those behind the
    topics; ``reason`` says why it is for review; ``task`` is the address of its Label Studio task. What is not known is
    empty, as is ``language`` where it is English.
    """

    key: str
    anchor: str
    title: Markup
    abstract: Markup
    long: bool
    url: str
    links: Sequence[Address]
    authors: str
    date: str
    venue: str
    language: str
    topics: Sequence[ShownTopic]
    words: Sequence[str]
    decision: str
    judged: bool
    reason: str
    task: str


def shown_paper(item: LabelledPaper, key: str, numbers: Mapping[str, int], names: Mapping[str, str]) -> ShownPaper:
    """A labelled paper as a page shows it. ``numbers`` are those of the topics on the page, ``names`` their names."""
    paper, terms = item.paper, {word for _, _, words in item.topics for word in words}
    links = addresses(paper.ids)
    language = language_of(f"{paper.title} {paper.abstract}")
    return ShownPaper(
        key=key,
        anchor=quote(key, safe=":/.-_"),
        title=html_text(paper.title, terms) or html_text(paper.abstract[:_OF_ABSTRACT]),
        abstract=html_text(paper.abstract, terms),
        long=len(paper.abstract) > (_LONG_OF_WIDE if language in _WIDE else _LONG),
        url=web_address(paper.url) or (links[0].url if links else ""),
        links=links,
        authors=_authors(paper.authors),
        date=_date(item),
        venue=printable(paper.venue or ""),
        language="" if language == ENGLISH else language,
        topics=[_topic(item, topic, probability, numbers, names) for topic, probability, _ in item.topics],
        words=list(dict.fromkeys(printable(word) for _, _, words in item.topics for word in words)),
        decision=item.decision,
        judged=item.decision == "judged",
        reason=_review(item, names),
        task=web_address(item.task),
    )


def percent(probability: float) -> str:
    """A probability in words; empty where it is unknown. Only what is certain is 100 %."""
    if isnan(probability):
        return ""
    if 0 < probability <= 0.005:
        return "<1 %"
    return ">99 %" if 0.995 <= probability < 1 else f"{probability * 100:.0f} %"


def _topic(
    item: LabelledPaper, topic: str, probability: float, numbers: Mapping[str, int], names: Mapping[str, str]
) -> ShownTopic:
    known = not isnan(probability)
    width, rank = (min(100, max(0, round(probability * 100))), round(probability * 10000)) if known else (0, -1)
    by = printable(", ".join(item.by.get(topic, ())))
    told, width = ("", 0) if by else (percent(probability), width)
    return ShownTopic(numbers[topic], printable(names.get(topic, topic)), told, width, rank, by)


def _authors(authors: Sequence[str]) -> str:
    more = len(authors) - _AUTHORS
    return printable(", ".join(authors[:_AUTHORS])) + (f" and {more} more" if more > 0 else "")


def _date(item: LabelledPaper) -> str:
    """The date of a paper, else the day on which it was labelled first."""
    if item.paper.date or not item.since:
        return printable(format_date(item.paper.date))
    return f"{SEEN}{printable(item.since)}"


def _review(item: LabelledPaper, names: Mapping[str, str]) -> str:
    """Why a paper is for review; of another one, what else is to know."""
    words = printable(reason_in_words(item, names))
    if item.decision == "review":
        return f"To review: {words}." if words else "To review."
    return f"Note: {words}." if words else ""
