"""What the formats of reference managers have in common: the kind of a work, its keywords, and clean lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from labeler.papers.cleaning import plain, printable
from labeler.papers.paper import Paper
from labeler.patterns import pattern
from labeler.publish.labelled import LabelledPaper
from labeler.score.decision import REVIEW

ARTICLE, CONFERENCE, BOOK, CHAPTER, PREPRINT, OTHER = "article", "conference", "book", "chapter", "preprint", "other"
_CONFERENCE = pattern(r"\b(?:proceedings|proc\.|conference|workshop|symposium|congress|colloquium)", re.IGNORECASE)
_DATE = pattern(r"(\d{4})?-{0,2}(\d\d)?(?:-(\d\d))?", re.ASCII)


def kind_of(paper: Paper) -> str:
    """The kind of a work, by what is known of it."""
    is_book = any(identifier.startswith("isbn:") for identifier in paper.ids)
    if is_book:
        return CHAPTER if paper.venue else BOOK
    if paper.venue:
        return CONFERENCE if _CONFERENCE.search(paper.venue) else ARTICLE
    return PREPRINT if paper.id.startswith("arxiv:") else OTHER


def line(text: str | None) -> str:
    """A text on one line, without what breaks lines or steers a terminal."""
    return plain(printable(text)) if text else ""


def keywords_of(item: LabelledPaper, names: Mapping[str, str]) -> list[str]:
    """The keywords of a paper, then its topics by name, each once. Reference managers divide them at semicolons.

    Topics of a paper that a person should look at are no keywords, but for those that people gave (:func:`doubtful`).
    """
    sure = [topic for topic, _, _ in item.topics if not _is_doubtful(item, topic)]
    return _tidy([*item.paper.keywords, *(names.get(topic, topic) for topic in sure)])


def doubtful(item: LabelledPaper, names: Mapping[str, str]) -> str:
    """The names of the topics that a person should look at, divided by semicolons; empty where there is none."""
    return "; ".join(_tidy(names.get(topic, topic) for topic, _, _ in item.topics if _is_doubtful(item, topic)))


def _is_doubtful(item: LabelledPaper, topic: str) -> bool:
    return item.decision == REVIEW and topic not in item.by


def _tidy(words: Iterable[str]) -> list[str]:
    tidy = (line(word).replace(";", ",").strip(" ,") for word in words)
    return list(dict.fromkeys(word for word in tidy if word))


def numbers(ids: Sequence[str], kind: str) -> list[str]:
    """The identifiers of a kind (``doi``, ``isbn``), without its name."""
    return [line(identifier).partition(":")[2] for identifier in ids if identifier.startswith(f"{kind}:")]


def web_link(paper: Paper) -> str:
    """The link of a paper on one line; empty where it is none of the web."""
    link = line(paper.url)
    return link if re.fullmatch(r"https?://\S+", link, re.IGNORECASE) else ""


def parts_of_date(date: str | None) -> tuple[str, str, str]:
    """Year, month and day of an ISO 8601 date; what it does not say is empty."""
    found = _DATE.fullmatch(date or "")
    return (found[1] or "", found[2] or "", found[3] or "") if found else ("", "", "")
