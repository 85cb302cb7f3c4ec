"""A labelled digest as a mail that nobody sends yet: papers by topic, as plain text and as HTML.

The HTML is what mail programs show alike: tables, styles at each element, no script, nothing from elsewhere
(https://www.caniemail.com says what they know). Gmail cuts a message whose HTML is larger than 102 kB, so that of many
papers only the first of each topic are in it, and the others are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from email.message import EmailMessage
from email.policy import SMTP
from math import isnan
from typing import TYPE_CHECKING, NamedTuple

from labeler.publish.in_words import authors_in_words, by_probability, decision_in_words, reason_in_words
from labeler.publish.labelled import LabelledPaper
from labeler.wording import counted, shortened

if TYPE_CHECKING:
    from labeler.pages.highlight import Piece

LARGEST_HTML = 100_000  # bytes
MOST = 20  # papers of a topic
NO_TOPIC = "No topic"
_LONGEST_TITLE, _LONGEST_NAME, _LONGEST_ABSTRACT, _LONGEST_LINK = 300, 80, 360, 1000  # characters
_MOST_ALSO = 5  # further topics of a paper


class Entry(NamedTuple):
    """A paper in a mail: its texts, and ``percent``, the probability of the topic below which it stands."""

    title: str
    link: str
    facts: str
    percent: int | None
    state: str
    also: str
    words: str
    abstract: Sequence[Piece]


class Group(NamedTuple):
    """The papers of one topic: the first ones, and how many there are."""

    name: str
    size: int
    entries: Sequence[Entry]


class Section(NamedTuple):
    """The papers that stand below one topic, the most probable first; the topic is empty where they have none."""

    topic: str
    papers: Sequence[LabelledPaper]


def sections(papers: Iterable[LabelledPaper], names: Mapping[str, str]) -> list[Section]:
    """The papers, each below its first topic, in the order of ``names``; then those without one."""
    found: dict[str, list[LabelledPaper]] = {}
    for item in papers:
        found.setdefault(item.topics[0][0] if item.topics else "", []).append(item)
    for topic, members in found.items():
        if topic:
            members.sort(key=lambda item: by_probability(item.topics[0][1]))
        else:
            members.sort(key=lambda item: item.decision != "review")
    order = [*names, *sorted(found.keys() - names.keys() - {""}), ""]
    return [Section(topic, found[topic]) for topic in order if topic in found]


def digest_mail(
    papers: Sequence[LabelledPaper],
    names: Mapping[str, str],
    heading: str,
    notes: Sequence[str] = (),
    most: int = MOST,
) -> EmailMessage:
    """The two parts of a mail with these papers, without any address, subject or date. The same papers give the same.

    Args:
        papers: the papers, each with the topics below which it may stand.
        names: topic id → name, in the order of the mail.
        heading: the first line, such as the name of the list.
        notes: sentences at the end.
        most: how many papers of a topic are shown.
    """
    found = sections(papers, names)
    shown = _most_that_fit(found, names, heading, notes, most)
    values = _values(found, names, heading, notes, shown)
    return _message(_text(values), _html(values))


def _most_that_fit(
    found: Sequence[Section], names: Mapping[str, str], heading: str, notes: Sequence[str], most: int
) -> Sequence[int]:
    """How many papers of each section are shown: the first of all, then the second, as long as the HTML has room."""
    wanted = [min(most, len(section.papers)) for section in found]
    low, high = 0, sum(wanted)
    while low < high:
        middle = (low + high + 1) // 2 if high < sum(wanted) else high
        values = _values(found, names, heading, notes, _first(wanted, middle))
        if len(_html(values).encode()) <= LARGEST_HTML:
            low = middle
        else:
            high = middle - 1
    return _first(wanted, low)


def _first(wanted: Sequence[int], count: int) -> list[int]:
    """``count`` papers spread over sections of these lengths: as many of each as of the others, while they last."""
    shown = [0] * len(wanted)
    level = 0
    while count:
        below = [position for position, length in enumerate(wanted) if length > level][:count]
        for position in below:
            shown[position] += 1
        count -= len(below)
        level += 1
    return shown


def _values(
    found: Sequence[Section], names: Mapping[str, str], heading: str, notes: Sequence[str], shown: Sequence[int]
) -> dict[str, object]:
    """The variables of the templates."""
    groups = [
        Group(
            shortened(_line(names.get(section.topic, section.topic) or NO_TOPIC), _LONGEST_NAME),
            len(section.papers),
            [_entry(item, section.topic, names) for item in section.papers[:count]],
        )
        for section, count in zip(found, shown, strict=True)
        if count
    ]
    hidden = [len(section.papers) for section, count in zip(found, shown, strict=True) if not count]
    total = sum(len(section.papers) for section in found)
    left_out = f"Not shown: {counted(sum(hidden), 'paper')} of {counted(len(hidden), 'more topic')}." if hidden else ""
    return {
        "heading": _line(heading),
        "total": counted(total, "paper"),
        "summary": _summary(found),
        "groups": groups,
        "left_out": left_out,
        "notes": [_line(note) for note in notes],
    }


def _summary(found: Sequence[Section]) -> str:
    """How many papers there are, how many are to be looked at, and what labelled them."""
    papers = [item for section in found for item in section.papers]
    if not papers:
        return "No new papers."
    parts = [counted(len(papers), "paper")]
    if review := sum(item.decision == "review" for item in papers):
        parts.append(f"{review} to review")
    if judged := sum(item.decision == "judged" for item in papers):
        parts.append(f"{judged} judged by people")
    return f"{', '.join(parts)}; labelled by {_line(papers[0].model)}."


def _entry(item: LabelledPaper, topic: str, names: Mapping[str, str]) -> Entry:
    from labeler.pages.highlight import highlighted
    from labeler.papers.dates import format_date
    from labeler.publish.links import link_of

    paper = item.paper
    _, probability, words = item.topics[0] if item.topics else ("", float("nan"), ())
    by = item.by.get(topic, ())
    link = link_of(paper)
    facts = [shortened(_line(authors_in_words(paper)), 200), format_date(paper.date)]
    also = [_with_probability(names.get(other, other), chance) for other, chance, _ in item.topics[1 : _MOST_ALSO + 1]]
    state = f"judged by {', '.join(by)}" if by else decision_in_words(item, topic)
    reason = reason_in_words(item, names)
    abstract = shortened(_line(paper.abstract), _LONGEST_ABSTRACT) if paper.title else ""
    return Entry(
        title=shortened(_line(paper.title or paper.abstract), _LONGEST_TITLE),
        link=link if len(link) <= _LONGEST_LINK else "",
        facts=" · ".join(fact for fact in facts if fact),
        percent=None if isnan(probability) or by else round(100 * probability),
        state=shortened(_line(f"{state}: {reason}" if state and reason else state or reason), 200),
        also=shortened(_line(", ".join(also)), 300),
        words=shortened(_line(", ".join(words)), 200),
        abstract=highlighted(abstract, words),
    )


def _with_probability(name: str, probability: float) -> str:
    return name if isnan(probability) else f"{name} {round(100 * probability)} %"


def _html(values: Mapping[str, object]) -> str:
    from labeler.pages.render import render

    return render("mail.html", **values)


def _text(values: Mapping[str, object]) -> str:
    from labeler.pages.render import render

    return render("mail.txt", **values)


def _message(text: str, html: str) -> EmailMessage:
    """A message with the two parts. What stands between them comes from their content, so that it is the same again."""
    from labeler.files import sha256

    message = EmailMessage(policy=SMTP)
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message.set_boundary(f"=_{sha256(f'{text}{html}'.encode())[:32]}")  # quoted-printable has no "=_"
    return message


def _line(text: str) -> str:
    """A text on one line, without what could steer or deceive a program."""
    from labeler.papers.cleaning import printable

    return " ".join(printable(text).split())
