"""Mailboxes on an IMAP server (RFC 3501), which are read and never changed: EXAMINE, and BODY.PEEK.

Messages are known by their UID as long as the mailbox keeps its UIDVALIDITY (RFC 3501, 2.3.1.1).
"""

from __future__ import annotations

import base64
import imaplib
import os
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, zip_longest
from urllib.parse import SplitResult, unquote, urlsplit

from labeler.errors import InputError, NotFoundError, ServerError, UsageError
from labeler.files import os_message
from labeler.hosts import is_loopback

PASSWORD = "LABELER_IMAP_PASSWORD"  # noqa: S105  (the name of a variable)
FIRST_DAYS = 7  # whose messages a mailbox has for a watch that looks at it for the first time
LARGEST = 20_000_000  # bytes of a message: digests are smaller
_SECONDS = 60.0  # to wait for an answer
_AT_ONCE = 100  # messages that are asked for in one request
_PLAIN, _SECURE = "imap://", "imaps://"
_UID, _SIZE = re.compile(rb"\bUID (\d+)"), re.compile(rb"\bRFC822\.SIZE (\d+)")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")  # whatever the locale


@dataclass
class Mailbox:
    """A mailbox that is open: its ``name``, its UIDVALIDITY, and the ``last`` UID that was looked at.

    ``too_large`` counts messages that were passed over.
    """

    name: str
    validity: int
    last: int
    messages: Iterator[tuple[int, bytes]]
    too_large: int = 0


def is_mailbox(name: str) -> bool:
    """Whether an input is the address of a mailbox."""
    return name.lower().startswith((_PLAIN, _SECURE))


@contextmanager
def new_messages(address: str, last: tuple[int, int] | None) -> Iterator[Mailbox]:
    """The mailbox at an address (``imaps://user@host/INBOX``), open, with an iterator over its new messages.

    ``last`` is its UIDVALIDITY and the last UID that was looked at before. Without these, or where the UIDs are others
    now, messages of the last days are new.

    Raises:
        InputError: the address is none, or holds a password.
        NotFoundError: there is no password in the environment.
        ServerError: the server cannot be asked.
    """
    parts = _parts(address)
    name = unquote(parts.path.removeprefix("/")) or "INBOX"
    place = f"the mailbox {name} at {parts.hostname}"
    with _faults_of(place):
        server = _logged_in(parts)
    try:
        with _faults_of(place):
            mailbox = _opened(server, name, last, place)
        yield mailbox
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            server.logout()


@contextmanager
def _faults_of(place: str) -> Iterator[None]:
    """Say of which mailbox a fault is.

    Raises:
        ServerError: the server, or the network, failed.
    """
    try:
        yield
    except (imaplib.IMAP4.error, OSError) as error:
        raise ServerError(f"{place}: {_words(error)}", "it is tried again at the next run") from error


def _parts(address: str) -> SplitResult:
    """The parts of an address.

    Raises:
        InputError: it is none.
        UsageError: it holds a password.
    """
    try:
        parts = urlsplit(address)
        _ = parts.port  # which may be no number
    except ValueError as error:
        raise InputError(
            f"the address of a mailbox cannot be read: {error}", "write imaps://user@host/INBOX"
        ) from error
    if parts.password is not None:
        raise UsageError(
            f"the address of the mailbox at {parts.hostname} holds a password", f"put it into {PASSWORD} instead"
        )
    said = unquote(address)
    if not parts.hostname or not parts.username or not said.isprintable():
        raise InputError("the address of a mailbox lacks a user or a server", "write imaps://user@host/INBOX")
    if parts.scheme.lower() == "imap" and not is_loopback(parts.hostname):
        raise InputError(f"imap://{parts.hostname} would send the password for all to read", "write imaps:// instead")
    return parts


def _logged_in(parts: SplitResult) -> imaplib.IMAP4:
    """A connection to the server, on which the user is logged in."""
    host, secret = parts.hostname or "", os.environ.get(PASSWORD, "")
    if not secret:
        raise NotFoundError(f"there is no password for the mailbox at {host}", f"put it into {PASSWORD}")
    try:
        if parts.scheme.lower() == "imaps":
            server: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                host, parts.port or 993, ssl_context=ssl.create_default_context(), timeout=_SECONDS
            )
        else:
            server = imaplib.IMAP4(host, parts.port or 143, timeout=_SECONDS)
    except ssl.SSLError:
        raise
    except OSError as error:
        message = f"cannot reach the mail server {host}: {os_message(error)}"
        raise ServerError(message, "it is tried again at the next run") from error
    try:
        server.login(unquote(parts.username or ""), secret)
    except imaplib.IMAP4.error as error:
        with suppress(imaplib.IMAP4.error, OSError):
            server.shutdown()
        raise ServerError(
            f"the mail server {host} does not let {unquote(parts.username or '')} in: {_words(error)}",
            f"check the user and {PASSWORD}; some services want a password for programs alone",
        ) from error
    return server


def _opened(server: imaplib.IMAP4, name: str, last: tuple[int, int] | None, place: str) -> Mailbox:
    """The mailbox of a name, open for reading alone."""
    kind, said = server.select(_quoted(name), readonly=True)
    if kind != "OK":
        raise imaplib.IMAP4.error(said[-1] or b"it cannot be opened")
    validity = _number(server.response("UIDVALIDITY")[1])
    is_known = last is not None and last[0] == validity
    first = last[1] + 1 if last and is_known else 1
    day = datetime.now(UTC) - timedelta(days=FIRST_DAYS)
    since = () if is_known else ("SINCE", f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}")
    kind, found = server.uid("SEARCH", "UID", f"{first}:*", *since)
    if kind != "OK":
        raise imaplib.IMAP4.error(b"it cannot be searched")
    numbers = (int(number) for line in found if line for number in line.split() if number.isdigit())
    uids = sorted(uid for uid in set(numbers) if uid >= first)  # "9:*" has the last message, too, if that is 8
    mailbox = Mailbox(name.rpartition("/")[2], validity, max(first - 1, *uids) if uids else first - 1, iter(()))
    mailbox.messages = _fetched(server, uids, mailbox, place)
    return mailbox


def _fetched(server: imaplib.IMAP4, uids: Sequence[int], mailbox: Mailbox, place: str) -> Iterator[tuple[int, bytes]]:
    """The messages of these UIDs as they are, but for those that are too large. One that is gone is passed over.

    Raises:
        ServerError: the server, or the network, failed.
    """
    for start in range(0, len(uids), _AT_ONCE):
        some = ",".join(map(str, uids[start : start + _AT_ONCE]))
        sizes: dict[int, int] = {}
        with _faults_of(place):
            lines = _asked(server, some, "(UID RFC822.SIZE)")
        for line in lines:
            said = line if isinstance(line, bytes) else line[0]
            if (uid := _UID.search(said)) and (size := _SIZE.search(said)):
                sizes[int(uid[1])] = int(size[1])
        for number, length in sorted(sizes.items()):
            if length > LARGEST:
                mailbox.too_large += 1
                continue
            with _faults_of(place):
                parts = _asked(server, str(number), "(UID BODY.PEEK[])")
            content = next((part[1] for part in parts if isinstance(part, tuple)), None)
            if content is not None:
                yield number, content


def _asked(server: imaplib.IMAP4, uids: str, what: str) -> list[bytes | tuple[bytes, bytes]]:
    """What the server says of messages."""
    kind, said = server.uid("FETCH", uids, what)
    if kind != "OK":
        raise imaplib.IMAP4.error(b"its messages cannot be read")
    return [part for part in said if part]


def _number(said: Sequence[bytes | None]) -> int:
    """The number in an answer; 0 where there is none."""
    with suppress(ValueError, IndexError, TypeError):
        return int(said[-1] or b"0")
    return 0


def _quoted(name: str) -> str:
    """A mailbox's name as the protocol has it: modified UTF-7 (RFC 3501, 5.1.3), in quotes."""
    pieces = re.split(r"([^\x20-\x7e]+)", name)
    plain, shifted = (piece.replace("&", "&-") for piece in pieces[::2]), map(_shifted, pieces[1::2])
    encoded = "".join(chain.from_iterable(zip_longest(plain, shifted, fillvalue="")))
    return '"' + encoded.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _shifted(text: str) -> str:
    return "&" + base64.b64encode(text.encode("utf-16-be")).decode("ascii").rstrip("=").replace("/", ",") + "-"


def _words(error: Exception) -> str:
    """What a server or a library says, as text."""
    said = error.args[0] if error.args and not isinstance(error, OSError) else error
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
