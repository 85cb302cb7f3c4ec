"""A labelled digest to its subscribers: each gets it once.

A message is noted as begun, sent, and noted as sent. A process that is killed between the answer of the server and the
note sends it again when it is run again, with the same Message-ID and Date, by which mail programs know it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from labeler.config import Workspace
from labeler.errors import InputError, NotFoundError, ServerError
from labeler.files import os_message, write_bytes
from labeler.flows.label import Labelling
from labeler.hosts import is_loopback
from labeler.mail.message import digest_name, message_bytes, message_for, message_id, wanted
from labeler.mail.sending import Connection, RefusedMessageError, UnreachableError, WaitingMessageError
from labeler.mail.sent import REFUSED, SENT, WAITING, Letter, SentLog, open_log, sent_so_far
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
    letter: Letter


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
        self.mailed.before += [one.letter.to for one in due if self.log.has(one.letter)]
        waiting = [one for one in due if not self.log.has(one.letter)]
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
        tried = {*self.mailed.sent, *self.mailed.failed}
        self.mailed.waiting += [one.letter.to for one in waiting if one.letter.to not in tried]

    def _is_done(self, one: _Due) -> bool:
        """Send one message, if it was not; False where it is to be tried again.

        Raises:
            ServerError: the server takes nothing.
        """
        letter, mailed = one.letter, self.mailed
        if self.log.has(letter) or letter.to in mailed.refused:
            return True
        message = _message(one, self.job, self.settings, mailed.papers, *self.log.begin(letter))
        try:
            self.connection.send(message, letter.to)
        except (RefusedMessageError, WaitingMessageError) as error:
            mailed.failed[letter.to] = str(error)
            is_final = isinstance(error, RefusedMessageError)
            mailed.refused += [letter.to] * is_final
            self.log.note(letter, REFUSED if is_final else WAITING, str(error))
            return is_final
        self.log.note(letter, SENT)
        mailed.failed.pop(letter.to, None)
        mailed.sent.append(letter.to)
        self.tell(letter.to)
        return True


def mail_digest(
    labelled: Sequence[LabelledPaper],
    job: Labelling,
    settings: MailSettings,
    workspace: Workspace,
    tell: Callable[[str], None] = lambda _: None,
    dry_run: bool = False,
) -> Mailed:
    """Send the labelled papers of a digest to the subscribers, to each once, and note in the log what was sent.

    ``tell`` is told each address that a message went to. That a server takes nothing is told in what is returned. A
    dry run asks no server, and tells to whom it would be sent.

    Raises:
        NotFoundError: a topic of a subscriber does not exist.
        UsageError: the password is missing.
        InputError: the log cannot be written, or another process is sending.
    """
    mailed, due = _due(labelled, job, settings)
    if dry_run:
        Connection(settings)  # which is not made: there is a password
        log = sent_so_far(workspace.private / LOG)
        mailed.before += [one.letter.to for one in due if log.has(one.letter)]
        mailed.sent += [one.letter.to for one in due if not log.has(one.letter)]
        return mailed
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
        path = folder / f"{number:03}-{_file_name(one.letter.to)}.eml"
        message = _message(one, job, settings, mailed.papers, one.letter.message_id, now)
        write_bytes(path, message_bytes(message, settings.sender.addr_spec, one.letter.to))
        mailed.files.append(str(path))
    return mailed


def _due(labelled: Sequence[LabelledPaper], job: Labelling, settings: MailSettings) -> tuple[Mailed, list[_Due]]:
    """Who is to get which papers of a digest; those who get nothing are in the first."""
    digest = digest_name((item.paper.id for item in labelled), datetime.now().astimezone().date().isoformat())
    mailed, due = Mailed(digest, len(labelled)), []
    labelled, notes = _with_links_for_others(labelled)
    mailed.notes += notes
    for one in [_with_topic_ids(one, job) for one in settings.subscribers]:
        to, papers = one.address.addr_spec, wanted(labelled, one, job.hierarchy)
        if papers or one.on_empty == "send":
            due.append(_Due(one, papers, Letter(digest, to, message_id(digest, one, settings), len(papers))))
        else:
            mailed.empty.append(to)
    return mailed, due


def _with_links_for_others(labelled: Sequence[LabelledPaper]) -> tuple[Sequence[LabelledPaper], list[str]]:
    """The papers without addresses of tasks that lead nowhere on other machines, and a note where there were any."""
    local = next((item.task for item in labelled if item.task and _is_local(item.task)), None)
    if local is None:
        return labelled, []
    kept = [item._replace(task=None) if item.task and _is_local(item.task) else item for item in labelled]
    server = "{0.scheme}://{0.netloc}".format(urlsplit(local))
    note = f"messages have no links to Label Studio, as {server} leads there on this machine alone"
    return kept, [f"{note}; where others may judge, push to the address that they reach it at ([studio] url)"]


def _is_local(address: str) -> bool:
    """Whether an address of the web leads to the machine on which it is followed; one that is none leads nowhere."""
    try:
        return is_loopback(urlsplit(address).hostname or "")
    except ValueError:
        return True


def _with_topic_ids(subscriber: Subscriber, job: Labelling) -> Subscriber:
    """A person with the ids of the topics that she wants."""
    try:
        return replace(subscriber, topics=tuple(map(job.topic, subscriber.topics)))
    except NotFoundError as error:
        raise NotFoundError(f"{error.message}, which {subscriber.address.addr_spec} wants", error.hint) from None


def _message(
    one: _Due, job: Labelling, settings: MailSettings, of: int, message_id: str, date: datetime
) -> EmailMessage:
    message = message_for(one.subscriber, one.papers, of, job.names, settings, date)
    message["Message-ID"] = message_id
    return message


def _file_name(address: str) -> str:
    """An address as a part of a file's name, without any sign that a file system takes for another thing."""
    return "".join(char if char.isalnum() or char in "@.-_+" else "_" for char in address)[:_LONGEST_NAME]
