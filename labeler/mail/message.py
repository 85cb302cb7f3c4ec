"""The message to one subscriber: the digest's papers that she wants, and headers that say what list it is from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from math import isnan

from labeler.files import sha256
from labeler.mail.settings import MailSettings, Subscriber
from labeler.publish.digest_mail import digest_mail
from labeler.publish.labelled import LabelledPaper
from labeler.topics.hierarchy import Hierarchy
from labeler.wording import counted

_LABEL = re.compile(r"[^a-z0-9]+")


def digest_name(papers: Iterable[str], day: str) -> str:
    """What a digest is called in the log and in message ids: a hash of the identifiers of its papers.

    The order of the papers and the model that labels them do not count, so that a person gets the same papers once.
    An empty digest is called after its ``day``.
    """
    identifiers = sorted(set(papers))
    return sha256("\n".join(identifiers).encode())[:20] if identifiers else f"empty-{day}"


def wanted(
    papers: Iterable[LabelledPaper], topics: frozenset[str], least: float, hierarchy: Hierarchy
) -> list[LabelledPaper]:
    """The papers with a topic that a person wants, which stands first; none of them is below the ``least`` probability.

    A paper of a topic counts for those above it, too. Topics that people gave count whatever their probability. Who
    names neither topics nor a probability gets all papers, those without a topic too.
    """
    if not topics and not least:
        return list(papers)
    found = []
    for item in papers:
        chosen = [
            entry
            for entry in item.topics
            if (not topics or not topics.isdisjoint(hierarchy.with_ancestors([entry[0]])))
            and (entry[0] in item.by or isnan(entry[1]) or entry[1] >= least)
        ]
        if chosen:
            others = [entry for entry in item.topics if entry not in chosen]
            found.append(item._replace(topics=(*chosen, *others)))
    return found


def message_for(
    subscriber: Subscriber,
    papers: Sequence[LabelledPaper],
    names: Mapping[str, str],
    settings: MailSettings,
    message_id: str,
    date: datetime,
) -> EmailMessage:
    """The message to a subscriber with these papers."""
    leave = settings.unsubscribe.addr_spec
    note = f"You get this as {subscriber.address.addr_spec}. To get it no longer, write to {leave}."
    message = digest_mail(papers, names, settings.name, [note], settings.most)
    message["From"] = settings.sender
    message["To"] = subscriber.address
    message["Subject"] = _subject(settings, len(papers), date)
    message["Date"] = date
    message["Message-ID"] = message_id
    message["List-Id"] = f"{_phrase(settings.name)} <{list_id(settings)}>"
    message["List-Unsubscribe"] = f"<mailto:{leave}?subject=unsubscribe>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday notice answers
    return message


def list_id(settings: MailSettings) -> str:
    """What tells this list from all others (RFC 2919): its name, and the domain of its sender."""
    label = _LABEL.sub("-", settings.name.casefold()).strip("-")
    if not label:  # a name without an ASCII letter
        label = sha256(settings.name.encode())[:12]
    return f"{label[:60]}.{settings.sender.domain}"


def message_id(digest: str, subscriber: Subscriber, settings: MailSettings) -> str:
    """The id of the message that brings a digest to a person; always the same one (RFC 5322, 3.6.4)."""
    whole = "\n".join((list_id(settings), digest, subscriber.key))
    return f"<{sha256(whole.encode())[:32]}@{settings.sender.domain}>"


def _subject(settings: MailSettings, papers: int, date: datetime) -> str:
    values = {"name": settings.name, "date": date.date().isoformat(), "papers": counted(papers, "paper")}
    return re.sub(r"\{(name|date|papers)\}", lambda match: values[match[1]], settings.subject)


def _phrase(name: str) -> str:
    return str(Address(name, "x", "example.org")).removesuffix(" <x@example.org>")
