"""Archives of files: zip and tar, also compressed. Each member is an input of its own, named ``archive.zip/inner.ris``.

Members are read where they lie: nothing is unpacked. A compressed tar archive alone is decompressed to a temporary
file, as one cannot read in the middle of it. No name in an archive is ever used as the name of a file.
"""

from __future__ import annotations

import atexit
import io
import lzma
import os
import posixpath
import re
import struct
import tarfile
import zipfile
import zlib
from contextlib import ExitStack, suppress
from functools import cache, lru_cache
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from labeler.compression import START, damaged, decompressed, refuse_bomb
from labeler.errors import InputError
from labeler.files import os_message
from labeler.patterns import pattern
from labeler.temporary import temporary_folder

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_MOST_MEMBERS = 100_000
_MOST_BYTES = 1 << 36  # of all members together
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_ENCRYPTED = 1  # the flag of a member
# Documents that are zip archives themselves, by what lies in them.
_DOCUMENTS = pattern(r"(?:xl|word|ppt)/|content\.xml$|Index/|META-INF/container\.xml$")
_LEFT_BY_SYSTEMS = ("thumbs.db", "desktop.ini")
_HIDDEN = (".", "_")
_SHOWN = 3
_DAMAGE = (
    OSError, ValueError, EOFError, RuntimeError, OverflowError, zipfile.BadZipFile, tarfile.TarError, zlib.error,
    lzma.LZMAError, struct.error,
)  # fmt: skip


class Member(NamedTuple):
    """A member of an archive: the archive's path, and the name inside."""

    archive: Path
    name: str


def paths_in(path: str) -> list[str]:
    """The paths of an archive's members, in the order of their names; those of other files are the path itself.

    Raises:
        InputError: the archive is damaged, has no members that could be digests, or is made to fill a disk.
    """
    archive = _archive_at(Path(path))
    return [path] if archive is None else [f"{archive}/{name}" for name in _opened(archive).members]


def paths_in_stream(stream: IO[bytes], name: str) -> list[str]:
    """The paths of the members of an archive that is no local file, which is copied to a temporary one.

    ``stream`` holds it decompressed.

    Raises:
        InputError: as :func:`paths_in` says; or there is no room for the copy.
    """
    path = copy_of(cast("io.BufferedReader", stream), name)
    return [f"{path}/{member}" for member in _opened(path).members]


def member_at(path: str) -> Member | None:
    """The member that a path names, None where it names none."""
    place = Path(path)
    for parent in place.parents:
        try:
            if parent.is_dir():
                return None
            if parent.is_file():
                return Member(parent, place.relative_to(parent).as_posix())
        except OSError:
            return None
    return None


def open_member(member: Member) -> IO[bytes]:
    """The content of a member.

    Raises:
        InputError: there is no such member, or the archive is damaged.
    """
    archive, name = _opened(member.archive), f"{member.archive.name}/{member.name}"
    if member.name not in archive.members:
        raise InputError(f"there is no {member.name} in {member.archive}", "list what is in it")
    try:
        return io.BufferedReader(_Member(archive.open(member.name), name), START)
    except _DAMAGE as error:
        raise damaged(name, error) from error


def note_on(member: Member) -> str:
    """What was passed over in the archive of its first member; ``""`` for the others, and where nothing was."""
    archive = _opened(member.archive)
    return archive.note if next(iter(archive.members)) == member.name else ""


def is_archive(start: bytes) -> bool:
    """Whether a file that begins so is a tar archive, or a zip archive or a document that is one."""
    if start.startswith((_ZIP, _EMPTY_ZIP)):
        return True
    return b"\0" in start and len(start) >= tarfile.BLOCKSIZE and _is_tar(start)


def names_in_zip(stream: IO[bytes]) -> list[str]:
    """The names in a zip archive; none where it is another archive, or damaged."""
    with suppress(*_DAMAGE), zipfile.ZipFile(stream) as archive:
        return archive.namelist()
    return []


def _is_tar(start: bytes) -> bool:
    try:
        tarfile.TarInfo.frombuf(start[: tarfile.BLOCKSIZE], tarfile.ENCODING, "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def _archive_at(path: Path) -> Path | None:
    """The archive at a path, of one that is compressed its decompressed copy; None where there is no archive."""
    try:
        with path.open("rb") as stream:
            content = decompressed(stream, path.name)
            if content is None:
                start = stream.read(START)
                is_one = is_archive(start) and not any(map(_DOCUMENTS.match, names_in_zip(stream)))
                return path if is_one else None
            with content:
                start = content.read(START)
                state = os.fstat(stream.fileno())
    except (OSError, InputError):  # said where it is read
        return None
    if start.startswith((_ZIP, _EMPTY_ZIP)) or not is_archive(start):
        return None
    return _decompressed_copy(path.absolute(), state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=64)
def _decompressed_copy(path: Path, size: int, changed: int) -> Path:  # noqa: ARG001  (by which the copy is known)
    with path.open("rb") as stream:
        content = decompressed(stream, path.name)
        assert content is not None
        return copy_of(content, path.name)


def copy_of(stream: io.BufferedReader, name: str) -> Path:
    """A temporary copy of what can be read once, called ``name``; it stands until the process ends.

    Raises:
        InputError: it cannot be read, or there is no room.
    """
    import shutil
    import tempfile

    try:
        path = Path(tempfile.mkdtemp(dir=_place())) / name
        with path.open("wb") as copy:
            shutil.copyfileobj(stream, copy)
    except OSError as error:  # one of reading is an InputError
        raise InputError(
            f"cannot copy {name} to the folder for temporary files: {os_message(error)}",
            "make room there, or name another folder with TMPDIR",
        ) from error
    return path


@cache
def _place() -> Path:
    """A temporary folder that stands until the process ends."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(temporary_folder())


class _Archive:
    """An open archive: its members that may be digests, by their names, and a note on those that were passed over."""

    def __init__(self, path: Path) -> None:
        self._file: zipfile.ZipFile | tarfile.TarFile
        self.members: dict[str, zipfile.ZipInfo | tarfile.TarInfo] = {}
        self._passed: dict[str, str] = {}
        self._damage = ""
        try:
            found = self._list(path)
        except _DAMAGE as error:
            raise damaged(path.name, error) from error
        for name, info in found:
            self._take(name, info)
        self.members = dict(sorted(self.members.items()))
        self.note = _note(path.name, self._passed, self._damage)
        if not self.members:
            why = self.note.partition(": ")[2] or "it is empty"
            raise InputError(f"no digest in the archive {path.name}: {why}", "give one with papers in it")

    def open(self, name: str) -> IO[bytes]:
        """The content of a member."""
        info = self.members[name]
        if isinstance(self._file, zipfile.ZipFile):
            assert isinstance(info, zipfile.ZipInfo)
            return self._file.open(info)
        assert isinstance(info, tarfile.TarInfo)
        stream = self._file.extractfile(info)
        assert stream is not None
        return stream

    def _list(self, path: Path) -> list[tuple[str, zipfile.ZipInfo | tarfile.TarInfo]]:
        stream, compressed = path.open("rb"), path.stat().st_size
        found: list[tuple[str, zipfile.ZipInfo | tarfile.TarInfo]]
        if stream.peek(len(_ZIP)).startswith((_ZIP, _EMPTY_ZIP)):
            self._file = zipfile.ZipFile(stream)
            infos = self._file.infolist()
            size = sum(info.file_size for info in infos)
            refuse_bomb(size, compressed, path.name)
            found = [(info.filename, info) for info in infos if info.filename and not info.is_dir()]
        else:
            self._file = tarfile.open(fileobj=stream, mode="r:")  # noqa: SIM115  (it stays open)
            tars = self._tar_members(self._file)
            size = sum(info.size for info in tars if info.isreg() and not info.issparse())
            found = [(info.name, info) for info in tars if not info.isdir()]
        if len(found) > _MOST_MEMBERS or size > _MOST_BYTES:
            raise InputError(f"{path.name} holds too much to be read packed", "unpack it and give the folder")
        return found

    def _tar_members(self, archive: tarfile.TarFile) -> list[tarfile.TarInfo]:
        """The members; of a damaged archive, those before the damage."""
        found: list[tarfile.TarInfo] = []
        try:
            while (info := archive.next()) is not None and len(found) <= _MOST_MEMBERS:
                found.append(info)
        except tarfile.TarError as error:
            if not found:
                raise
            self._damage = f"is damaged behind {found[-1].name} ({error})"
        return found

    def _take(self, name: str, info: zipfile.ZipInfo | tarfile.TarInfo) -> None:
        """Note a member, or why it is passed over."""
        parts = name.replace("\\", "/").split("/")
        last = parts[-1].lower()
        if name.startswith(("/", "\\")) or ".." in parts or re.match(r"[A-Za-z]:", name):
            self._passed[name] = "its name leads out of the archive"
        elif not last or any(part.startswith(_HIDDEN) for part in parts) or last in _LEFT_BY_SYSTEMS:
            self._passed[name] = ""
        elif why := _unreadable(info):
            self._passed[name] = why
        else:
            self.members[posixpath.normpath("/".join(parts))] = info


def _unreadable(info: zipfile.ZipInfo | tarfile.TarInfo) -> str:
    """Why a member cannot be read; ``""`` if it can."""
    if isinstance(info, tarfile.TarInfo):
        return "" if info.isreg() and not info.issparse() else "it is a link, a device or a sparse file"
    if info.flag_bits & _ENCRYPTED:
        return "it needs a password"
    return "" if info.compress_type in _METHODS else "it is compressed in an unusual way"


def _note(archive: str, passed: dict[str, str], damage: str) -> str:
    """``a.zip: passed over .DS_Store; passed over secret.csv (it needs a password)``."""
    groups: dict[str, list[str]] = {}
    for name, why in passed.items():
        groups.setdefault(why, []).append(name)
    told = [damage] if damage else []
    for why, names in sorted(groups.items()):
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        told.append(f"passed over {', '.join(names[:_SHOWN])}{more}" + (f" ({why})" if why else ""))
    return f"{archive}: {'; '.join(told)}" if told else ""


class _Member(io.RawIOBase):
    """The content of a member; damage is an error in words."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream, self._name = stream, name

    def readable(self) -> bool:
        """Always, as :class:`io.RawIOBase` asks."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer as far as there is content, and return how many bytes that is (:class:`io.RawIOBase`)."""
        try:
            piece = self._stream.read(len(buffer))
        except _DAMAGE as error:
            raise damaged(self._name, error) from error
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        """Close this and what it reads from."""
        self._stream.close()
        super().close()


@lru_cache(maxsize=8)
def _opened_once(path: Path, size: int, changed: int) -> _Archive:  # noqa: ARG001  (by which it is known)
    return _Archive(path)


def _opened(path: Path) -> _Archive:
    """The archive at a path, which stays open for the next of its members.

    Raises:
        InputError: it cannot be read, or is refused.
    """
    try:
        state = path.stat()
    except OSError as error:
        raise InputError(f"cannot read {path}: {os_message(error)}", "check the name") from error
    return _opened_once(path, state.st_size, state.st_mtime_ns)
