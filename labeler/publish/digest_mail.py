"""A labelled digest as a mail that nobody sends yet: papers by topic, as plain text and as HTML.

The HTML is what mail programs show alike: tables, styles at each element, no script, nothing from elsewhere
(https://www.caniemail.com says what they know). Gmail cuts a message whose HTML is larger than 102 kB, so that of many
papers only the first of each topic are in it, and the others are counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.policy import SMTP
from typing import NamedTuple

from labeler.publish.labelled import LabelledPaper
from labeler.publish.mail_entries import Entry, entry_of, one_line, sections
from labeler.wording import counted, shortened

LARGEST_HTML = 100_000  # bytes
MOST = 50  # papers of a topic
_SMALLEST_ENTRY = 400  # bytes of a paper in HTML, at least
_LONGEST_NAME = 80  # characters of a topic's name
_NO_TOPIC = "No topic"


class Cover(NamedTuple):
    """What a mail says beside its papers: the ``heading``, how many papers the whole digest has (``of``), and the
    ``notes`` at the end. ``most`` papers of a topic are shown."""

    heading: str
    of: int
    notes: Sequence[str] = ()
    most: int = MOST


class Group(NamedTuple):
    """The papers of one topic: the first ones, and how many there are."""

    name: str
    size: int
    entries: Sequence[Entry]


def digest_mail(papers: Sequence[LabelledPaper], names: Mapping[str, str], cover: Cover) -> EmailMessage:
    """The two parts of a mail with these papers, without any address, subject or date. The same papers give the same.

    ``names`` (topic id → name) has the topics in the order of the mail. Of a paper's topics the first is the one below
    which it stands.
    """
    summary = _summary(papers, cover.of)
    groups = _groups(papers, names, cover.most)
    shown = _most_that_fit(groups, cover, summary)
    values = _values(groups, cover, summary, shown)
    return _message(_rendered("mail.txt", values), _rendered("mail.html", values))


def _groups(papers: Sequence[LabelledPaper], names: Mapping[str, str], most: int) -> list[Group]:
    """All groups, each with as many entries as can have room."""
    found = sections(papers, names)
    lengths = [min(most, len(members)) for _, members in found]
    room = _spread(lengths, LARGEST_HTML // _SMALLEST_ENTRY)
    return [
        Group(
            shortened(one_line(names.get(topic, topic)) or _NO_TOPIC, _LONGEST_NAME),
            len(members),
            [entry_of(item, names) for item in members[:count]],
        )
        for (topic, members), count in zip(found, room, strict=True)
    ]


def _most_that_fit(groups: Sequence[Group], cover: Cover, summary: str) -> list[int]:
    """How many papers of each group are shown: the first of all, then the second, as long as the HTML has room."""
    lengths = [len(group.entries) for group in groups]
    low, high = 0, sum(lengths)
    tried = high  # mostly, all have room
    while low < high:
        html = _rendered("mail.html", _values(groups, cover, summary, _spread(lengths, tried)))
        low, high = (tried, high) if len(html.encode()) <= LARGEST_HTML else (low, tried - 1)
        tried = (low + high + 1) // 2
    return _spread(lengths, low)


def _spread(lengths: Sequence[int], count: int) -> list[int]:
    """``count`` papers over groups of these lengths: as many of each as of the others, while they last."""
    shown = [0] * len(lengths)
    count = min(count, sum(lengths))
    level = 0
    while count:
        below = [position for position, length in enumerate(lengths) if length > level][:count]
        for position in below:
            shown[position] += 1
        count -= len(below)
        level += 1
    return shown


def _values(groups: Sequence[Group], cover: Cover, summary: str, shown: Sequence[int]) -> dict[str, object]:
    """The variables of the templates."""
    hidden = [group.size for group, count in zip(groups, shown, strict=True) if not count]
    left_out = f"Not shown: {counted(sum(hidden), 'paper')} of {counted(len(hidden), 'more topic')}." if hidden else ""
    return {
        "heading": one_line(cover.heading),
        "summary": summary,
        "groups": [
            group._replace(entries=group.entries[:count]) for group, count in zip(groups, shown, strict=True) if count
        ],
        "left_out": left_out,
        "notes": [one_line(note) for note in cover.notes],
    }


def _summary(papers: Sequence[LabelledPaper], of: int) -> str:
    """How many papers there are, how many are to be looked at, and what labelled them."""
    if not papers:
        return f"None of {counted(of, 'paper')} is for you." if of else "No papers."
    parts = [counted(of, "paper") if of == len(papers) else f"{len(papers)} of {counted(of, 'paper')}"]
    if review := sum(item.decision == "review" for item in papers):
        parts.append(f"{review} to review")
    if judged := sum(item.decision == "judged" for item in papers):
        parts.append(f"{judged} judged by people")
    return f"{', '.join(parts)}; labelled by {one_line(papers[0].model)}."


def _rendered(template: str, values: Mapping[str, object]) -> str:
    from labeler.pages.render import render

    return render(template, **values)


def _message(text: str, html: str) -> EmailMessage:
    """A message with the two parts. What stands between them comes from their content, so that it is the same again."""
    from labeler.files import sha256

    message = EmailMessage(policy=SMTP)
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message.set_boundary(f"=_{sha256(f'{text}{html}'.encode())[:32]}")  # quoted-printable has no "=_"
    return message
