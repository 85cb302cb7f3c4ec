"""Raw mails (``.eml``, mbox, Apple's ``.emlx``): their text, decoded.

Format: RFC 5322 (messages), RFC 2045 (encodings of bodies), https://www.loc.gov/preservation/digital/formats/fdd/fdd000383.shtml
(mbox). Parts are read wherever they are: in forwarded messages that are attached, in alternatives, in attachments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from labeler.digests.decoding import decode_text
from labeler.patterns import pattern

if TYPE_CHECKING:
    from email.message import Message

_HEADER = rb"[A-Za-z][\w-]*[ \t]*:[^\n]*\n(?:[ \t]+[^\n]*\n)*"
_HEADERS = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:\d+[ \t]*\r?\n)?(?P<mbox>>?From [^\n]*\n)?(?P<headers>(?:" + _HEADER + rb")+)"
)
_MIME = re.compile(rb"^(?:MIME-Version|Content-Type|Content-Transfer-Encoding)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_MBOX = re.compile(rb"^From [^\n]*\n(?=" + _HEADER + rb")", re.MULTILINE)
_SOFT_BREAK = re.compile(rb"=[ \t]*\r?\n")
_ESCAPED = re.compile(rb"=(?:[0-9A-F]{2})")
_ENTRIES = pattern(r"^(?:[>|] ?)*\\\\\s*$", re.MULTILINE)  # of a mail of arXiv
_ALERT = "gse_alrt_title"
_RULE = "-" * 78  # which divides its entries
_DATA = (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".ris", ".bib", ".nbib", ".enw", ".ciw", ".net")
_LINK = pattern(r"<a\b[^>]{1,1000}href=", re.IGNORECASE)
_SINGLE_BYTES = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "iso8859-1": "cp1252"}


class _Part(NamedTuple):
    """The text of a part of a mail; ``name`` is that of an attached file, ``""`` for what the mail itself says."""

    name: str
    text: str


def is_mail(head: bytes) -> bool:
    """Whether a file with this beginning is a raw mail, or several of them (mbox)."""
    match = _HEADERS.match(head)
    if match is None:
        return False
    return bool(match["mbox"] or _MIME.search(match["headers"]))


def is_quoted_printable(head: bytes) -> bool:
    """Whether a file with this beginning is the body of a mail of arXiv in quoted-printable, without its headers."""
    return (
        len(_SOFT_BREAK.findall(head)) >= 3
        and _ESCAPED.search(head) is not None
        and _ENTRIES.search(head.decode("latin-1").replace("\r", "")) is not None
    )


def decode_quoted_printable(data: bytes) -> str:
    """The text of a body in quoted-printable."""
    from quopri import decodestring

    return _with_plain_breaks(decode_text(decodestring(data)))


def text_of_mails(data: bytes) -> tuple[str, list[str]]:
    """The text of raw mails, one after the other, and a sentence for each attachment that is not read.

    Where mails hold entries of arXiv, these are the text. Otherwise an attached table, library or JSON file is, before
    what the mails themselves say.
    """
    parts = [part for mail in _mails(data) for part in _parts(_message(mail))]
    used = [part for part in parts if _ENTRIES.search(part.text)]
    if not used:
        used = [part for part in parts if PurePath(part.name).suffix.lower() in _DATA and part.text.strip()][:1]
    used = used or _of_one_kind([part for part in parts if not part.name and part.text.strip()])
    used = used or [part for part in parts if part.text.strip()]
    left = [part.name for part in parts if part.name and part not in used]
    notes = [f"the attachment {name} was not read; to read it, save it from the mail" for name in dict.fromkeys(left)]
    rule = f"\n{_RULE}\n" if any(_ENTRIES.search(part.text) for part in used) else "\n\n"
    return rule.join(part.text for part in used), notes


def _of_one_kind(parts: list[_Part]) -> list[_Part]:
    """Of parts that are pages and parts that are plain, as around a forwarded alert, the pages, if they have links."""
    pages = [part for part in parts if part.text.lstrip().startswith("<")]
    return pages if any(_LINK.search(page.text) for page in pages) else parts


def _mails(data: bytes) -> Iterator[bytes]:
    """The messages of a file, one by one."""
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    starts = [match.start() for match in _MBOX.finditer(data)]
    if not starts or starts[0] != 0:
        yield re.sub(rb"\A\d+[ \t]*\r?\n", b"", data)  # the length of a message of Apple's
        return
    for start, end in zip(starts, [*starts[1:], len(data)], strict=True):
        _, _, mail = data[start:end].partition(b"\n")
        yield re.sub(rb"^>(?=>*From )", b"", mail, flags=re.MULTILINE)


def _message(data: bytes) -> Message:
    from email import message_from_bytes

    return message_from_bytes(data)


def _inner(message: Message) -> list[Message]:
    """The messages and parts that a message is made of."""
    payload = message.get_payload()
    return [part for part in payload if not isinstance(part, str)] if isinstance(payload, list) else []


def _parts(message: Message) -> Iterator[_Part]:
    """The texts in a message and in those inside it; attachments that hold no text are empty."""
    kind = message.get_content_type()
    if kind == "message/rfc822" and _is_encoded(message):
        inner = _inner(message)
        body = inner[0].as_bytes() if inner else b""
        yield from _parts(_message(_decoded_base64(body)))
    elif message.is_multipart():
        if kind == "multipart/alternative":
            yield from _preferred([list(_parts(part)) for part in _inner(message)])
        else:
            for part in _inner(message):
                yield from _parts(part)
    else:
        yield from _part(message, kind)


def _part(message: Message, kind: str) -> Iterator[_Part]:
    name = _file_name(message)
    payload = message.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    if kind == "message/rfc822" or (name.lower().endswith((".eml", ".mbox")) and is_mail(data)):
        for mail in _mails(data):
            yield from _parts(_message(mail))
        return
    suffix = PurePath(name).suffix.lower()
    if not kind.startswith("text/") and suffix not in (*_DATA, ".txt"):
        if name:
            yield _Part(name, "")
        return
    text = _with_plain_breaks(_decoded(data, message.get_content_charset()))
    if kind == "text/html":
        from labeler.digests.markup import text_of_html

        text = plain if _ENTRIES.search(plain := text_of_html(text)) else text
    yield _Part(name, text)


def _preferred(alternatives: list[list[_Part]]) -> list[_Part]:
    """That one of the alternatives of a mail that has entries of arXiv or Scholar, else the first with a text."""
    for parts in alternatives:
        if any(_ENTRIES.search(part.text) or _ALERT in part.text for part in parts):
            return parts
    return next((parts for parts in alternatives if any(part.text.strip() for part in parts)), [])


def _file_name(message: Message) -> str:
    """The name of an attached file; that of its kind where it has none."""
    try:
        name = message.get_filename()
    except (ValueError, LookupError, TypeError, AttributeError):  # broken headers
        name = None
    if name:
        return re.sub(r"\s+", " ", str(name))
    disposition = str(message.get("content-disposition") or "").lower()
    return message.get_content_type() if disposition.startswith("attachment") else ""


def _is_encoded(message: Message) -> bool:
    return str(message.get("content-transfer-encoding") or "").strip().lower() == "base64"


def _decoded_base64(data: bytes) -> bytes:
    from base64 import b64decode

    try:
        return b64decode(data.partition(b"\n\n")[2] or data)
    except ValueError:
        return data


def _decoded(data: bytes, charset: str | None) -> str:
    """The text of a part. What calls itself Latin-1 is Windows-1252 (https://encoding.spec.whatwg.org/#names-and-labels);
    a charset that is unknown, or not that of the part, does not count.
    """
    name = _SINGLE_BYTES.get((charset or "").lower(), (charset or "").lower())
    if name in ("", "us-ascii", "ascii", "utf-8", "utf8", "unknown-8bit"):
        return decode_text(data)
    try:
        return data.decode(name)
    except (LookupError, ValueError):
        return decode_text(data)


def _with_plain_breaks(text: str) -> str:
    return text.replace("\r\n", "\n").removeprefix("\ufeff")
