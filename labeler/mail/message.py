"""The message to one subscriber: the digest's papers that she wants, and headers that say what list it is from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from email.header import Header
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import quote
from math import isnan, nan
from typing import Any

from labeler.files import sha256
from labeler.mail.settings import MailSettings, Subscriber
from labeler.publish.digest_mail import Cover, digest_mail
from labeler.publish.labelled import LabelledPaper
from labeler.topics.hierarchy import Hierarchy
from labeler.wording import counted, shortened

_NO_LETTERS = re.compile(r"[^a-z0-9]+")
_ATOMS = re.compile(r"[\w !#$%&'*+/=?^`{|}~-]+", re.ASCII)  # words that need no quotes: RFC 5322, 3.2.3
_PLACEHOLDER = re.compile(r"\{(name|date|papers)\}")
_LONGEST_LABEL, _LONGEST_PHRASE, _LONGEST_SUBJECT = 60, 80, 150  # characters


class _OneLine(UnstructuredHeader):
    """A header that is written as it is: Python divides and encodes an address in angle brackets that is long."""

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        super().parse(value, kwds)
        kwds["decoded"] = value

    def fold(self, *, policy: EmailPolicy[Any]) -> str:
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]


def digest_name(ids: Iterable[str], day: str) -> str:
    """What a digest is called in the log and in message ids: a hash of the identifiers of its papers.

    The order of the papers and the model that labels them do not count, so that a person gets the same papers once.
    An empty digest is called after its ``day``.
    """
    identifiers = sorted(set(ids))
    return sha256("\n".join(identifiers).encode())[:20] if identifiers else f"empty-{day}"


def wanted(papers: Iterable[LabelledPaper], subscriber: Subscriber, hierarchy: Hierarchy) -> list[LabelledPaper]:
    """The papers with a topic that a person wants, in the probability that she wants; that topic stands first.

    Her topics are named by their ids. A paper of a topic counts for those above it, too. Topics that people gave
    count whatever their probability, and those that a paper is likely listed under beside its own by theirs. Who
    names neither topics nor a probability gets all papers, those without a topic too.
    """
    topics, least = frozenset(subscriber.topics), subscriber.least_probability
    if not topics and not least:
        return list(papers)
    found = []

    def is_wanted(topic: str, probability: float) -> bool:
        of_hers = not topics or not topics.isdisjoint(hierarchy.with_ancestors([topic]))
        return of_hers and (isnan(probability) or probability >= least)

    for item in papers:
        chosen = [entry for entry in item.topics if is_wanted(entry[0], nan if entry[0] in item.by else entry[1])]
        if chosen or any(is_wanted(*other) for other in item.also or ()):
            others = [entry for entry in item.topics if entry not in chosen]
            found.append(item._replace(topics=(*chosen, *others)))
    return found


def message_for(
    subscriber: Subscriber,
    papers: Sequence[LabelledPaper],
    of: int,
    names: Mapping[str, str],
    settings: MailSettings,
    date: datetime,
) -> EmailMessage:
    """The message to a subscriber with these papers of the ``of`` in a digest; it has no Message-ID yet."""
    leave = settings.unsubscribe.addr_spec
    notes = [
        _choice(subscriber, names),
        f"This was sent to {subscriber.address.addr_spec}. To get it no longer, write to {leave}.",
    ]
    message = digest_mail(papers, names, Cover(settings.name, of, notes, settings.most))
    message.policy = _policy()
    sender = settings.sender
    message["From"] = _named(sender, sender.display_name or settings.name)
    message["To"] = _named(subscriber.address, subscriber.address.display_name)
    message["Subject"] = _subject(settings, len(papers), date)
    message["Date"] = date
    message["List-Id"] = f"{_phrase(settings.name)} <{list_id(settings)}>"
    message["List-Unsubscribe"] = f"<mailto:{_in_address(leave)}?subject=unsubscribe>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday notice answers
    return message


def message_bytes(message: EmailMessage, *addresses: str) -> bytes:
    """A message as it is sent between these addresses. Its headers are UTF-8 where one of them is not ASCII (RFC 6532).

    No line is changed to begin with ">From", as Python's own way of sending has it.
    """
    policy = message.policy
    assert isinstance(policy, EmailPolicy)
    return message.as_bytes(policy=policy.clone(utf8=not all(address.isascii() for address in addresses)))


def list_id(settings: MailSettings) -> str:
    """What tells this list from all others (RFC 2919): its name, and the domain of its sender."""
    label = _NO_LETTERS.sub("-", settings.name.casefold()).strip("-")[:_LONGEST_LABEL].strip("-")
    if not label:  # a name without an ASCII letter
        label = sha256(settings.name.encode())[:12]
    return f"{label}.{settings.sender.domain}"


def message_id(digest: str, subscriber: Subscriber, settings: MailSettings) -> str:
    """The id of the message that brings a digest to a person; always the same one (RFC 5322, 3.6.4)."""
    whole = "\n".join((list_id(settings), digest, subscriber.key))
    return f"<{sha256(whole.encode())[:32]}@{settings.sender.domain}>"


def _policy() -> EmailPolicy[Any]:
    headers = HeaderRegistry()
    for name in ("list-id", "list-unsubscribe"):
        headers.map_to_type(name, _OneLine)  # type: ignore[arg-type]
    return SMTP.clone(header_factory=headers)


def _named(address: Address, name: str) -> Address:
    """An address with a name that is short enough for a line (RFC 5322, 2.1.1), even if it is one word."""
    return Address(shortened(name, _LONGEST_PHRASE), address.username, address.domain)


def _subject(settings: MailSettings, papers: int, date: datetime) -> str:
    values = {"name": settings.name, "date": date.date().isoformat(), "papers": counted(papers, "paper")}
    return shortened(_PLACEHOLDER.sub(lambda match: values[match[1]], settings.subject), _LONGEST_SUBJECT)


def _choice(subscriber: Subscriber, names: Mapping[str, str]) -> str:
    """Which papers a person gets, in words."""
    topics = (
        f"Topics: {', '.join(names.get(topic, topic) for topic in subscriber.topics)}"
        if subscriber.topics
        else "All topics"
    )
    least = f", from a probability of {subscriber.least_probability:g} on" if subscriber.least_probability else ""
    return f"{topics}{least}."


def _phrase(name: str) -> str:
    """A name as it stands before an address (RFC 2919, RFC 2047)."""
    name = shortened(name, _LONGEST_PHRASE)
    if name.isascii():
        return name if _ATOMS.fullmatch(name) else f'"{quote(name)}"'
    return " ".join(Header(name, "utf-8").encode().split())


def _in_address(address: str) -> str:
    """An address in a ``mailto`` address (RFC 6068)."""
    from urllib.parse import quote as percent_encoded

    return percent_encoded(address, safe="@!$'*+")
