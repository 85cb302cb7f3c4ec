"""What a mail shows of labelled papers: short texts, each on one line, and how they are grouped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isnan, nan
from typing import TYPE_CHECKING, NamedTuple

from labeler.publish.labelled import LabelledPaper
from labeler.publish.reasons import reason_in_words
from labeler.wording import shortened

if TYPE_CHECKING:
    from markupsafe import Markup

_TITLE, _ABSTRACT, _LINK, _LINE = 300, 360, 1000, 200  # characters at most
_AUTHORS = 3  # that are named
_ALSO = 5  # further topics of a paper


class Entry(NamedTuple):
    """A paper in a mail. ``percent`` and ``width`` are of the topic below which it stands: in words, and of a bar; the
    one is empty and the other None where there is no probability, or where people gave the topic. ``judged`` says
    whether people have judged the paper. ``also`` are its other topics. What begins with ``html_`` is HTML, with the
    words behind the topic marked."""

    title: str
    html_title: Markup
    html_abstract: Markup
    link: str
    task: str
    facts: str
    percent: str
    width: int | None
    judged: bool
    state: str
    also: str
    words: str


def sections(papers: Iterable[LabelledPaper], names: Mapping[str, str]) -> list[tuple[str, list[LabelledPaper]]]:
    """The papers, each below its first topic, the most probable first; topics in the order of ``names``.

    Those without a topic come last, below the empty one; before them, the ones that a person should look at.
    """
    found: dict[str, list[LabelledPaper]] = {}
    for item in papers:
        found.setdefault(item.topics[0][0] if item.topics else "", []).append(item)
    for topic, members in found.items():
        members.sort(key=_by_probability if topic else _by_decision)
    order = [*names, *sorted(found.keys() - names.keys() - {""}), ""]
    return [(topic, found[topic]) for topic in order if topic in found]


def entry_of(item: LabelledPaper, names: Mapping[str, str]) -> Entry:
    """A paper as a mail shows it."""
    from labeler.pages.texts import html_text
    from labeler.papers.addresses import addresses, web_address
    from labeler.papers.formula_text import readable
    from labeler.publish.shown import percent

    paper = item.paper
    topic, probability, words = item.topics[0] if item.topics else ("", nan, ())
    by, reason = item.by.get(topic, ()), reason_in_words(item, names)
    link = web_address(paper.url) or next((address.url for address in addresses(paper.ids)), "")
    judged = "judged" if item.topics else "judged: none of these"
    state = f"judged by {', '.join(by)}" if by else {"review": "to review", "judged": judged}.get(item.decision, "")
    probability = nan if by else probability  # which is the model's, and says nothing beside what people gave
    title = shortened(one_line(paper.title or paper.abstract), _TITLE)
    return Entry(
        title=readable(title),
        html_title=html_text(title, words),
        html_abstract=html_text(_beginning(one_line(paper.abstract)) if paper.title else "", words),
        link=link if len(link) <= _LINK else "",
        task=web_address(item.task),
        facts=_facts(item),
        percent=percent(probability),
        width=None if isnan(probability) else min(100, max(0, round(100 * probability))),
        judged=item.decision == "judged",
        state=shortened(one_line(f"{state}: {reason}" if state and reason else state or reason), _LINE),
        also=shortened(_also(item, names), _LINE),
        words=shortened(one_line(", ".join(words)), _LINE),
    )


def one_line(text: str) -> str:
    """A text on one line, without what could steer or deceive a program."""
    from labeler.papers.cleaning import printable

    return " ".join(printable(text).split())


def _facts(item: LabelledPaper) -> str:
    from labeler.papers.dates import format_date

    paper = item.paper
    authors = ", ".join(paper.authors[:_AUTHORS]) + (" et al." if len(paper.authors) > _AUTHORS else "")
    date = f"seen {item.since}" if item.since and not paper.date else format_date(paper.date)
    return " · ".join(
        one_line(fact) for fact in (shortened(authors, _LINE), date, shortened(paper.venue or "", 80)) if fact
    )


def _also(item: LabelledPaper, names: Mapping[str, str]) -> str:
    """The further topics of a paper, with their probabilities and with who gave them."""
    from labeler.publish.shown import percent

    told = []
    for topic, probability, _ in item.topics[1 : _ALSO + 1]:
        by = ", ".join(item.by.get(topic, ()))
        more = f" (by {by})" if by else f" {percent(probability)}" if percent(probability) else ""
        told.append(f"{names.get(topic, topic)}{more}")
    left = len(item.topics) - 1 - _ALSO
    return one_line(", ".join(told) + (f" and {left} more" if left > 0 else ""))


def _beginning(abstract: str) -> str:
    """The first sentences of an abstract; no formula is cut."""
    text = shortened(abstract, _ABSTRACT)
    if text == abstract or text.count("$") % 2 == 0:
        return text
    return text[: text.rindex("$")].rstrip() + "…"


def _by_probability(item: LabelledPaper) -> float:
    probability = item.topics[0][1]
    return 1.0 if isnan(probability) else -probability


def _by_decision(item: LabelledPaper) -> float:
    return 0.0 if item.decision == "review" else 1.0
