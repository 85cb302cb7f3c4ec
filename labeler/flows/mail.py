"""A labelled digest to its subscribers: each gets it once."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

from labeler.config import Workspace
from labeler.errors import InputError
from labeler.files import os_message, write_bytes
from labeler.flows.label import Labelling
from labeler.mail.message import digest_name, message_for, message_id, wanted
from labeler.mail.sending import Connection, RefusedMessageError, WaitingMessageError
from labeler.mail.sent import BEGUN, REFUSED, SENT, WAITING, SentLog, open_log
from labeler.mail.settings import MailSettings, Subscriber
from labeler.publish.labelled import LabelledPaper

LOG = "mail.jsonl"
_PAUSES = (0.0, 2.0, 10.0)  # seconds before a message is tried, and tried again, where the server cannot take it now


@dataclass
class Mailed:
    """What became of the messages of a digest: for each address; ``failed`` ones with the reason."""

    digest: str
    papers: int
    sent: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


class _Letter(NamedTuple):
    """A message that is to be made: for whom, with which papers."""

    subscriber: Subscriber
    papers: Sequence[LabelledPaper]
    id: str


def mail_digest(
    labelled: Sequence[LabelledPaper],
    job: Labelling,
    settings: MailSettings,
    workspace: Workspace,
    tell: Callable[[str], None] = lambda _: None,
) -> Mailed:
    """Send the labelled papers of a digest to the subscribers, to each once, and note in the log what was sent.

    ``tell`` is told each address that a message went to.

    Raises:
        NotFoundError: a topic of a subscriber does not exist.
        ServerError: the server cannot be reached, or refuses whatever is sent.
        InputError: the log cannot be written.
    """
    now = datetime.now().astimezone()
    mailed, letters = _letters(labelled, job, settings, now)
    workspace.make_private()
    with open_log(workspace.private / LOG) as log, Connection(settings) as connection:
        mailed.notes += log.messages
        waiting = [letter for letter in letters if not log.has(letter.id)]
        mailed.before += [letter.subscriber.address.addr_spec for letter in letters if log.has(letter.id)]
        for pause in _PAUSES:
            if waiting and pause:
                time.sleep(pause)
            waiting = [
                letter for letter in waiting if _is_to_wait(letter, job, settings, connection, log, mailed, tell)
            ]
    return mailed


def write_messages(labelled: Sequence[LabelledPaper], job: Labelling, settings: MailSettings, folder: Path) -> Mailed:
    """Write the messages of a digest into a folder, a file each. Nothing is sent, and nothing noted.

    Raises:
        NotFoundError: a topic of a subscriber does not exist.
        InputError: the folder cannot be written.
    """
    now = datetime.now().astimezone()
    mailed, letters = _letters(labelled, job, settings, now)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot write {folder}: {os_message(error)}", "name another folder") from error
    for number, letter in enumerate(letters, start=1):
        path = folder / f"{number:03}-{_file_name(letter.subscriber)}.eml"
        write_bytes(path, _message(letter, job, settings, now).as_bytes())
        mailed.files.append(str(path))
    return mailed


def _letters(
    labelled: Sequence[LabelledPaper], job: Labelling, settings: MailSettings, now: datetime
) -> tuple[Mailed, list[_Letter]]:
    """Who gets which papers of a digest; those who get nothing on a day without any are in the first."""
    digest = digest_name((item.paper.id for item in labelled), now.date().isoformat())
    mailed, letters = Mailed(digest, len(labelled)), []
    topics = {one.key: frozenset(map(job.topic, one.topics)) for one in settings.subscribers}
    for one in settings.subscribers:
        papers = wanted(labelled, topics[one.key], one.least_probability, job.hierarchy)
        if papers or one.on_empty == "send":
            letters.append(_Letter(one, papers, message_id(digest, one, settings)))
        else:
            mailed.empty.append(one.address.addr_spec)
    return mailed, letters


def _message(letter: _Letter, job: Labelling, settings: MailSettings, date: datetime) -> EmailMessage:
    return message_for(letter.subscriber, letter.papers, job.names, settings, letter.id, date)


def _is_to_wait(
    letter: _Letter,
    job: Labelling,
    settings: MailSettings,
    connection: Connection,
    log: SentLog,
    mailed: Mailed,
    tell: Callable[[str], None],
) -> bool:
    """Send one message; whether it is to be tried again, as the server cannot take it now."""
    to, now = letter.subscriber.address.addr_spec, datetime.now().astimezone()
    more = {"digest": mailed.digest, "to": to, "papers": len(letter.papers)}
    date = log.date(letter.id, now)
    if date is now:
        log.note(letter.id, BEGUN, now, **more)
        date = log.date(letter.id, now)
    try:
        connection.send(_message(letter, job, settings, date), to)
    except RefusedMessageError as error:
        mailed.failed[to] = str(error)
        log.note(letter.id, REFUSED, now, **more, reason=str(error))
        return False
    except WaitingMessageError as error:
        mailed.failed[to] = str(error)
        log.note(letter.id, WAITING, now, **more, reason=str(error))
        return True
    log.note(letter.id, SENT, now, **more)
    mailed.failed.pop(to, None)
    mailed.sent.append(to)
    tell(to)
    return False


def _file_name(subscriber: Subscriber) -> str:
    """The address as a part of a file's name, without any sign that a file system takes for another thing."""
    return "".join(char if char.isalnum() or char in "@.-_+" else "_" for char in subscriber.address.addr_spec)[:100]
