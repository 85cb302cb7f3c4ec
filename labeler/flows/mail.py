"""A labelled digest to its subscribers: each gets it once.

A message is noted as begun, sent, and noted as sent. A process that is killed between the answer of the server and the
note sends it again when it is run again, with the same Message-ID and Date, by which mail programs know it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

from labeler.config import Workspace
from labeler.errors import InputError, NotFoundError, ServerError
from labeler.files import os_message, write_bytes
from labeler.flows.label import Labelling
from labeler.mail.message import digest_name, message_for, message_id, wanted
from labeler.mail.sending import Connection, RefusedMessageError, UnreachableError, WaitingMessageError
from labeler.mail.sent import REFUSED, SENT, WAITING, SentLog, open_log
from labeler.mail.settings import MailSettings, Subscriber
from labeler.publish.labelled import LabelledPaper

LOG = "mail.jsonl"
_PAUSES = (0.0, 2.0, 10.0)  # seconds before a message is tried, and tried again where the server cannot take it now
_LONGEST_NAME = 100  # characters of an address in the name of a file


@dataclass
class Mailed:
    """What became of a digest: the addresses that it was ``sent`` to now, or ``before``; those for whom there is
    nothing (``empty``); those it could not be sent to, with the reason (``failed``); those that were not tried
    (``waiting``), as the server takes nothing (``fault``).

    The server has ``refused`` some of the failed ones for good; to the others it may be sent later. ``files`` are those
    that were written in place of sending.
    """

    digest: str
    papers: int
    sent: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    fault: ServerError | None = None


class _Due(NamedTuple):
    """A message that is to be sent: to whom, and with which papers."""

    subscriber: Subscriber
    papers: Sequence[LabelledPaper]
    id: str

    @property
    def to(self) -> str:
        """The address."""
        return self.subscriber.address.addr_spec


@dataclass
class _Mailing:
    """One run over the subscribers."""

    job: Labelling
    settings: MailSettings
    mailed: Mailed
    log: SentLog
    connection: Connection
    tell: Callable[[str], None]

    def send(self, due: list[_Due]) -> None:
        """Send the messages that were not sent before; those that the server cannot take now, again after a while."""
        self.mailed.before += [one.to for one in due if self.log.has(one.id)]
        waiting = [one for one in due if not self.log.has(one.id)]
        for pause in _PAUSES:
            if waiting:
                time.sleep(pause)
            try:
                waiting = [one for one in waiting if not self._is_done(one)]
                self.mailed.fault = None
            except ServerError as error:
                self.mailed.fault = error
                if not isinstance(error, UnreachableError):
                    break
        self.mailed.waiting += [one.to for one in waiting if one.to not in {*self.mailed.sent, *self.mailed.failed}]

    def _is_done(self, one: _Due) -> bool:
        """Send one message, if it was not; False where it is to be tried again.

        Raises:
            ServerError: the server takes nothing.
        """
        if self.log.has(one.id) or one.to in self.mailed.refused:
            return True
        more = {"digest": self.mailed.digest, "to": one.to, "papers": len(one.papers)}
        message = _message(one, self.job, self.settings, self.mailed.papers, self.log.begin(one.id, more))
        try:
            self.connection.send(message, one.to)
        except (RefusedMessageError, WaitingMessageError) as error:
            self.mailed.failed[one.to] = str(error)
            is_final = isinstance(error, RefusedMessageError)
            self.mailed.refused += [one.to] * is_final
            self.log.note(one.id, REFUSED if is_final else WAITING, {**more, "reason": str(error)})
            return is_final
        self.log.note(one.id, SENT, more)
        self.mailed.failed.pop(one.to, None)
        self.mailed.sent.append(one.to)
        self.tell(one.to)
        return True


def mail_digest(
    labelled: Sequence[LabelledPaper],
    job: Labelling,
    settings: MailSettings,
    workspace: Workspace,
    tell: Callable[[str], None] = lambda _: None,
) -> Mailed:
    """Send the labelled papers of a digest to the subscribers, to each once, and note in the log what was sent.

    ``tell`` is told each address that a message went to. That a server takes nothing is told in what is returned.

    Raises:
        NotFoundError: a topic of a subscriber does not exist.
        UsageError: the password is missing.
        InputError: the log cannot be written, or another process is sending.
    """
    mailed, due = _due(labelled, job, settings)
    workspace.make_private()
    with open_log(workspace.private / LOG) as log, Connection(settings) as connection:
        mailed.notes += log.messages
        _Mailing(job, settings, mailed, log, connection, tell).send(due)
    return mailed


def write_messages(labelled: Sequence[LabelledPaper], job: Labelling, settings: MailSettings, folder: Path) -> Mailed:
    """Write the messages of a digest into a folder, a file each. Nothing is sent, and nothing noted.

    Raises:
        NotFoundError: a topic of a subscriber does not exist.
        InputError: the folder cannot be written.
    """
    mailed, due = _due(labelled, job, settings)
    now = datetime.now().astimezone()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot write {folder}: {os_message(error)}", "name another folder") from error
    for number, one in enumerate(due, start=1):
        path = folder / f"{number:03}-{_file_name(one.to)}.eml"
        write_bytes(path, _message(one, job, settings, mailed.papers, now).as_bytes())
        mailed.files.append(str(path))
    return mailed


def _due(labelled: Sequence[LabelledPaper], job: Labelling, settings: MailSettings) -> tuple[Mailed, list[_Due]]:
    """Who is to get which papers of a digest; those who get nothing are in the first."""
    digest = digest_name((item.paper.id for item in labelled), datetime.now().astimezone().date().isoformat())
    mailed, due = Mailed(digest, len(labelled)), []
    topics = [_topics(one, job) for one in settings.subscribers]
    for one, chosen in zip(settings.subscribers, topics, strict=True):
        papers = wanted(labelled, chosen, one.least_probability, job.hierarchy)
        if papers or one.on_empty == "send":
            due.append(_Due(one, papers, message_id(digest, one, settings)))
        else:
            mailed.empty.append(one.address.addr_spec)
    return mailed, due


def _topics(subscriber: Subscriber, job: Labelling) -> frozenset[str]:
    """The ids of the topics that a person wants."""
    try:
        return frozenset(map(job.topic, subscriber.topics))
    except NotFoundError as error:
        raise NotFoundError(f"{error.message}, which {subscriber.address.addr_spec} wants", error.hint) from None


def _message(one: _Due, job: Labelling, settings: MailSettings, of: int, date: datetime) -> EmailMessage:
    message = message_for(one.subscriber, one.papers, of, job.names, settings, date)
    message["Message-ID"] = one.id
    return message


def _file_name(address: str) -> str:
    """An address as a part of a file's name, without any sign that a file system takes for another thing."""
    return "".join(char if char.isalnum() or char in "@.-_+" else "_" for char in address)[:_LONGEST_NAME]
