"""Where a digest comes from: a file, an address or standard input; compressed, in a mail, in any usual encoding."""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple, cast

from labeler.compression import ENDINGS, START, damaged, decompressed
from labeler.digests.decoding import OLD, UTF_8, Utf8Stream, decode, encoding_of
from labeler.errors import InputError
from labeler.files import os_message
from labeler.nearby import near_names
from labeler.patterns import pattern
from labeler.storage import is_uri, open_file

if TYPE_CHECKING:
    from labeler.archives import Member

_HEAD = 1 << 16
_LINE = 64
_USUAL = (UTF_8, OLD, "utf-16", "utf-16-le", "utf-16-be", "utf-32")
STDIN = "-"
# Tables that are no text, by their first bytes: https://arrow.apache.org/docs/format/Columnar.html (Arrow's files
# and streams), https://parquet.apache.org/docs/file-format/, and ECMA-376 of workbooks, which are zip archives.
_TABLES = ((b"PAR1", "parquet"), (b"ARROW1", "arrow"), (b"FEA1", "arrow"))
_STREAM, _LONGEST_SCHEMA = b"\xff\xff\xff\xff", 1 << 24
_ZIP, _WORKBOOK = b"PK\x03\x04", pattern(r"xl/[^/]*\.xml")
_NO_TEXT = (b"PAR1", b"ARROW1", b"FEA1", _STREAM, _ZIP)


class Record(NamedTuple):
    """One record as its format spells it: ``where`` it stood (``line 12``) and its fields."""

    where: str
    fields: Mapping[str, Any]


class Refusal(NamedTuple):
    """Something that could not be used: in which file, where in it, and why."""

    source: str
    where: str
    why: str

    def __str__(self) -> str:
        return f"{self.source}, {self.where}: {self.why}" if self.where else f"{self.source}: {self.why}"


class Source:
    """One input: a file, a member of an archive, an address that fsspec knows (``s3://…``), or ``-``, standard input.

    ``address`` is what it was named by, ``name`` what messages call it (by default after its address), ``head`` its
    beginning as text, by which formats know it, and ``start`` its first bytes. ``notes`` is what its reader has to say
    about the whole of it, such as what it passed over. Where there is a ``copy`` of what lies at the address, that is
    read. ``is_found`` says that it was not named itself, but found in a folder or an archive; such a one that cannot be
    read has a ``fault``.

    Raises:
        InputError: there is no such file, or it cannot be read.
        UsageError: what the address needs is not installed.
    """

    def __init__(self, address: str, copy: Path | None = None, is_found: bool = False, name: str = "") -> None:
        self.address, self._copy, self.is_found = address, copy, is_found
        self._path = None if address == STDIN else Path(_without_query(address))
        self.name = name or ("standard input" if self._path is None else self._path.name)
        self.fault: InputError | None = None
        self.notes: list[str] = []
        is_file = self._path is not None and (is_uri(address) or self._path.is_file())
        self.member = None if is_file or self._path is None else self._member_at(address)
        head = self._read_head(is_file)
        self.start = head[:START]
        self._text = self._text_of_mail(head)
        is_utf_8 = self._text is not None or head.startswith(_NO_TEXT)
        self.encoding = UTF_8 if is_utf_8 else encoding_of(head)
        self.head = decode(head, self.encoding) if self._text is None else self._text[:_HEAD]

    def _member_at(self, address: str) -> Member | None:
        """The member of an archive that an address names, by which the input is called; None where it names none."""
        from labeler.archives import member_at, note_on

        if (member := member_at(address)) is not None:
            self.name = f"{member.archive.name}/{member.name}"
            self.notes += filter(None, [note_on(member)])
        return member

    def _read_head(self, is_file: bool) -> bytes:
        """The beginning. An input that can be opened again is closed, as many may be named at once."""
        self._stream: io.BufferedReader | None = None
        try:
            stream = self._open()
            self._head = stream.read(_HEAD)
        except InputError as error:
            if not self.is_found:
                raise
            self.fault, self._head, self._compressed = error, b"", False
            return b""
        if is_file or self.member is not None:
            stream.close()
        else:
            self._stream = stream
        return self._head

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it but blanks."""
        return self.fault is None and not self.head.strip().strip("\ufeff")

    @cached_property
    def table_format(self) -> str:
        """The format of a table that is no text: ``parquet``, ``arrow`` or ``excel``; ``""`` for all other inputs."""
        found = (name for start, name in _TABLES if self.start.startswith(start))
        if name := next(found, ""):
            return name
        if self.start.startswith(_STREAM) and 0 < int.from_bytes(self.start[4:8], "little") < _LONGEST_SCHEMA:
            return "arrow"
        if not self.start.startswith(_ZIP):
            return ""
        from labeler.archives import names_in_zip

        with self.binary() as stream:
            return "excel" if any(map(_WORKBOOK.fullmatch, names_in_zip(stream))) else ""

    @cached_property
    def beginning(self) -> str:
        r"""The head without blanks before it; its lines end with ``\n``."""
        return self.head.lstrip("\ufeff \t\r\n").replace("\r\n", "\n").replace("\r", "\n")

    @property
    def suffix(self) -> str:
        """The extension in lower case, with the dot, that of the content where the file is compressed; ``""``: none."""
        if self._path is None:
            return ""
        name = self._path.with_suffix("") if self._path.suffix.lower() in ENDINGS else self._path
        return name.suffix.lower()

    def text(self) -> IO[str]:
        """The whole input, or what a mail says, as text from its beginning; what cannot be decoded reads as U+FFFD.

        Raises:
            InputError: its encoding cannot be told.
        """
        if self._text is not None:
            return io.StringIO(self._text, newline="")
        if not self.encoding:
            raise InputError(f"cannot tell which encoding {self.name} is in", "save it as UTF-8")
        if self.encoding not in _USUAL:
            self.notes.append(f"{self.name}: taken to be in the encoding {self.encoding}")
        stream = self._whole()
        if self.encoding == UTF_8:
            stream = io.BufferedReader(Utf8Stream(stream, not self._head.isascii()), _HEAD)
        return io.TextIOWrapper(stream, encoding=self.encoding, errors="replace", newline="")

    def binary(self) -> IO[bytes]:
        """The whole input as bytes one can seek in (of what is compressed or piped, a temporary copy)."""
        if self._stream is not None:  # it can be read once
            from labeler.archives import copy_of

            self._copy, self._stream, self._compressed = copy_of(self._whole(), self.name), None, False
        if self.member is None and not self._compressed:
            return self._raw()
        import shutil
        import tempfile

        try:
            spool = tempfile.TemporaryFile()  # noqa: SIM115  (lives as long as its reader)
            with self._whole() as stream:
                shutil.copyfileobj(stream, spool)
            spool.seek(0)
        except OSError as error:  # one of reading is an InputError
            raise InputError(
                f"cannot copy {self.name} to the folder for temporary files: {os_message(error)}",
                "make room there, or name another folder with TMPDIR",
            ) from error
        return spool

    def _text_of_mail(self, head: bytes) -> str | None:
        """The decoded text of a raw mail, None where the input is none."""
        first = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:_LINE].partition(b"\n")[0]
        name, colon, _ = first.partition(b":")
        is_header = bool(colon) and name.replace(b"-", b"").isalnum()
        is_body = b"=\n" in head or b"=\r\n" in head
        if not (is_header or is_body or first.startswith((b"From ", b">From ")) or first.strip().isdigit()):
            return None  # most inputs are no mails, and what reads those takes time to load
        from labeler.digests import mail

        if mail.is_mail(head):
            with self._whole() as stream:
                text, notes = mail.text_of_mails(stream.read())
            self.notes += [f"{self.name}: {note}" for note in notes]
            return text
        if mail.is_quoted_printable(head):
            with self._whole() as stream:
                return mail.decode_quoted_printable(stream.read())
        return None

    def _whole(self) -> io.BufferedReader:
        if self._stream is None:
            return self._open()
        return io.BufferedReader(_Checked(self.address, self._stream, self._head), _HEAD)

    def _open(self) -> io.BufferedReader:
        try:
            stream = io.BufferedReader(cast("Any", self._raw()), _HEAD)
            content = decompressed(stream, self.address)
            self._compressed = content is not None
        except OSError as error:
            raise InputError(f"cannot read {self.address}: {os_message(error)}", near_names(self.address)) from error
        return io.BufferedReader(_Checked(self.address, content or stream), _HEAD)

    def _raw(self) -> IO[bytes]:
        """The bytes as they are stored, from their beginning."""
        if self._copy is not None:
            return self._copy.open("rb")
        if self.member is not None:
            from labeler.archives import open_member

            return open_member(self.member)
        if is_uri(self.address):
            return open_file(self.address)
        if self._path is not None:
            return self._path.open("rb")
        if sys.stdin is None or sys.stdin.closed or sys.stdin.buffer.closed:
            raise InputError("standard input is closed", "name a file, or give it a digest once")
        return sys.stdin.buffer


class _Checked(io.RawIOBase):
    """A stream whose beginning, which was read before, comes first again; damage is an error in words."""

    def __init__(self, name: str, rest: io.BufferedReader, head: bytes = b"") -> None:
        self._name, self._rest, self._head = name, rest, head

    def readable(self) -> bool:
        """Always true, which :class:`io.RawIOBase` needs to know."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill ``buffer`` as far as the next piece goes: how many bytes that are.

        Raises:
            InputError: the file is damaged or cannot be read on.
        """
        try:
            piece = self._head[: len(buffer)] if self._head else self._rest.read1(len(buffer))
        except OSError as error:
            raise damaged(self._name, error) from error
        self._head = self._head[len(piece) :]
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        """Close what is read from, too."""
        self._rest.close()
        super().close()


def is_web_address(address: str) -> bool:
    """Whether an address is one of the web."""
    return address.startswith(("http://", "https://"))


def _without_query(address: str) -> str:
    """An address of the web without its query, so that it ends as its file does."""
    return address.partition("?")[0].partition("#")[0] if is_web_address(address) else address
