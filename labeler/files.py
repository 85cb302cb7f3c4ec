"""Files: atomic writes, reading with clear errors, file locks, CSV rows, JSON text, checksums and ``.npz`` arrays."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import math
import os
import stat
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import RLock
from typing import IO, TYPE_CHECKING, Any, Self

from labeler.errors import InputError
from labeler.temporary import lock, replacement, sweep_files

if TYPE_CHECKING:
    import numpy.typing as npt

NO_ROOM = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)  # what the system says where a file cannot grow
_NOT_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)  # to open a pipe waits for its writer
_LONGEST_CELL = 1 << 27  # an abstract may be longer than the 128 KiB that Python allows a cell
_CELL_LIMIT = RLock()  # Python has one limit for all threads


@contextmanager
def atomic_write(path: Path, is_new: bool = False) -> Iterator[IO[bytes]]:
    """Open ``path`` for an atomic write: the file appears when the block has ended without an error, and not before.

    One that ``is_new`` takes the place of no other file, which is a ``FileExistsError`` at the end of the block.

    The bytes go to a temporary file in the same folder (:func:`labeler.temporary.replacement`). Those that killed
    processes left there are removed.

    Raises:
        InputError: the folder is missing or may not be written to.
    """
    path = _resolved(path)
    special = path.exists() and not path.is_file()
    if special:  # a pipe or a device, such as /dev/stdout, must not be replaced by a file
        with place_named(str(path)), path.open("wb") as stream:
            yield stream
        return
    sweep_files(path.parent, path.name)
    with place_named(str(path)), ExitStack() as stack:
        try:
            temporary: IO[bytes] = stack.enter_context(replacement(path, is_new))
        except OSError as error:
            raise _unwritable(path, error) from error
        yield temporary


def checked_place(path: Path) -> Path:
    """Where :func:`atomic_write` would write, which is found out without writing; what it refuses is refused.

    Raises:
        InputError: the folder is missing or may not be written to.
    """
    path = _resolved(path)
    if not path.parent.is_dir():
        code = errno.ENOTDIR if path.parent.exists() else errno.ENOENT
    elif path.exists() and not path.is_file():
        code = 0 if os.access(path, os.W_OK) else errno.EACCES
    else:
        code = 0 if os.access(path.parent, os.W_OK | os.X_OK) else errno.EACCES
    if code:
        raise _unwritable(path, OSError(code, os.strerror(code)))
    return path


def check_folder(folder: Path) -> None:
    """Look whether a folder is there, or can be made with those that it lies in.

    Raises:
        OSError: it is not, and cannot.
    """
    there = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    if not there.is_dir():
        code = errno.EEXIST if there == folder else errno.ENOTDIR
    else:
        code = 0 if os.access(there, os.W_OK | os.X_OK) else errno.EACCES
    if code:
        raise OSError(code, os.strerror(code))


def _resolved(path: Path) -> Path:
    """The path of a file that is to be written: a symbolic link is kept, and its target is written.

    Raises:
        InputError: it is that of a folder, or of nothing.
    """
    try:
        path = path.resolve()
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        path.exists()  # which fails where a name is too long
    except OSError as error:
        raise _unwritable(path, error) from error
    return path


def _unwritable(path: Path, error: OSError) -> InputError:
    return InputError(f"cannot write {path}: {os_message(error)}", "name a file in a folder that exists")


@contextmanager
def place_named(place: str) -> Iterator[None]:
    """Say of which place an error is that only says that there is no room: a file, or standard output."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM and error.filename is None:
            error.filename = place
        raise


def write_bytes(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path`` atomically."""
    with atomic_write(path) as stream:
        stream.write(data)


def write_text(path: Path, text: str) -> None:
    """Write ``text`` to ``path`` atomically, as UTF-8."""
    write_bytes(path, text.encode("utf-8"))


def write_new_text(path: Path, text: str) -> None:
    """The same of a file that is new: whether there is one is asked in the same step.

    Raises:
        FileExistsError: there is one.
        InputError: the folder is missing or may not be written to.
    """
    with atomic_write(path, is_new=True) as stream:
        stream.write(text.encode("utf-8"))


def open_regular(path: Path) -> io.BufferedReader:
    """Open a file for reading that must be an ordinary one: a pipe or a device may never come to an end.

    Raises:
        OSError: it is none, or cannot be opened.
    """
    stream = open(path, "rb", opener=lambda name, flags: os.open(name, flags | _NOT_WAITING))  # noqa: SIM115
    if stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        return stream
    stream.close()
    raise OSError(errno.EINVAL, "it is a pipe or a device, not a file")


def regular_bytes(path: Path) -> bytes:
    """The bytes of a file that must be an ordinary one.

    Raises:
        OSError: it is none, or cannot be read.
    """
    with open_regular(path) as stream:
        return stream.read()


def read_bytes(path: Path) -> bytes:
    """The bytes of ``path``.

    Raises:
        InputError: the path does not exist, is no ordinary file, or cannot be read.
    """
    try:
        return regular_bytes(path)
    except OSError as error:
        raise InputError(f"cannot read {path}: {os_message(error)}", "check the name") from error


def read_text(path: Path) -> str:
    """The text of ``path``, which must be UTF-8 (a byte order mark is dropped).

    Raises:
        InputError: the file cannot be read, or is not UTF-8.
    """
    data = read_bytes(path)
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text (byte {error.start})", "save it as UTF-8") from error


def os_message(error: OSError) -> str:
    """The message of the operating system without the error number: ``no such file or directory``."""
    if (
        isinstance(error, FileNotFoundError) and not error.strerror
    ):  # file systems other than the local one give the name alone
        return os.strerror(errno.ENOENT).lower()
    return (error.strerror or str(error)).lower()


def try_lock(stream: IO[bytes]) -> bool:
    """Try to take the file lock of an open file, and return whether this process holds it now.

    The operating system releases the lock when the file is closed or the process ends.
    """
    return lock(stream.fileno())


class CsvError(ValueError):
    """A row of a table that cannot be read, such as one with a cell that is too long."""


class CsvRows:
    """The rows of a table as text, each a list of cells; ``line_num`` is the last line that was read, from 1.
    Blanks before a cell do not count, so that a quoted one may follow them.

    Cells may be long. Python's own limit, which the program around labeler may rely on, is another one only while a
    row is being read. With ``strict``, a row is also one that cannot be read where something follows a closing quote.
    """

    def __init__(self, lines: Iterable[str], delimiter: str = ",", strict: bool = False) -> None:
        import csv

        self._csv = csv
        self._rows = csv.reader(lines, delimiter=delimiter, strict=strict, skipinitialspace=True)

    @property
    def line_num(self) -> int:
        """The number of the last line that was read."""
        return self._rows.line_num

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> list[str]:
        """The next row.

        Raises:
            CsvError: it cannot be read.
        """
        with _CELL_LIMIT:
            before = self._csv.field_size_limit()
            self._csv.field_size_limit(max(before, _LONGEST_CELL))
            try:
                return next(self._rows)
            except self._csv.Error as error:
                raise CsvError(str(error)) from error
            finally:
                self._csv.field_size_limit(before)


def sha256(data: bytes) -> str:
    """Hexadecimal SHA-256 of ``data``."""
    return hashlib.sha256(data).hexdigest()


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no spaces: equal values give equal text, whose checksums can be compared."""
    return replace_surrogates(json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def json_line(value: Any) -> str:
    """One line of strict JSON, without the newline.

    Lone surrogates, which UTF-8 cannot encode, become U+FFFD; NaN and infinity, which JSON does not have, become null.
    """
    try:
        return replace_surrogates(json.dumps(value, ensure_ascii=False, allow_nan=False))
    except ValueError:
        return replace_surrogates(json.dumps(without_nan(value), ensure_ascii=False, allow_nan=False))


def without_nan(value: Any) -> Any:
    """A JSON value with None in the place of NaN and infinity, which JSON does not have."""
    if isinstance(value, Mapping):
        return {key: without_nan(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def replace_surrogates(text: str) -> str:
    """``text`` without surrogates, which UTF-8 cannot encode: a pair becomes its character, a lone one U+FFFD."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def read_npz(data: bytes) -> dict[str, npt.NDArray[Any]]:
    """The arrays in the bytes of an ``.npz`` archive, by name; pickled objects, which could run code, are refused.

    Raises:
        ValueError: the bytes are no such archive, are damaged, or hold pickled objects.
    """
    from tokenize import TokenError
    from zipfile import BadZipFile

    import numpy as np

    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (
        LookupError,
        TypeError,
        ValueError,
        RuntimeError,
        EOFError,
        AttributeError,
        SyntaxError,  # numpy reads the header of an array as a Python literal
        TokenError,
        BadZipFile,
        zlib.error,
    ) as error:
        raise ValueError(f"its arrays cannot be read: {error}") from error
