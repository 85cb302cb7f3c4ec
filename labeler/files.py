"""Files that are written whole or not at all, read with a clear word when they cannot be, and hashed."""

from __future__ import annotations

import csv
import errno
import hashlib
import io
import json
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from labeler.errors import InputError

if TYPE_CHECKING:
    import numpy.typing as npt

_SCRATCH, _IN_USE = "labeler-", ".in-use"
csv.field_size_limit(1 << 27)  # an abstract may be longer than the 128 KiB that Python allows a cell


@contextmanager
def writing(path: Path) -> Iterator[IO[bytes]]:
    """Open ``path`` for writing so that it appears whole when the block ends well, and not at all otherwise.

    The bytes go to a temporary file in the same folder, are synced, and renamed over ``path`` (``os.replace`` is
    atomic within one file system).

    Raises:
        InputError: the folder is missing or may not be written to.
    """
    try:
        path = path.resolve()  # a link stays a link
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o666 & ~_umask()
        special = path.exists() and not path.is_file()
    except OSError as error:
        raise InputError(f"cannot write {path}: {os_message(error)}", "name a file in a folder that exists") from error
    if special:  # a pipe or a device, such as /dev/stdout, must not be replaced by a file
        with path.open("wb") as stream:
            yield stream
        return
    import tempfile

    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    except OSError as error:
        raise InputError(f"cannot write {path}: {os_message(error)}", "name a file in a folder that exists") from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_bytes(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path``, whole or not at all."""
    with writing(path) as stream:
        stream.write(data)


def write_text(path: Path, text: str) -> None:
    """Write ``text`` to ``path`` as UTF-8, whole or not at all."""
    write_bytes(path, text.encode("utf-8"))


def read_bytes(path: Path) -> bytes:
    """The bytes of ``path``.

    Raises:
        InputError: the file is missing, a folder, or unreadable.
    """
    try:
        return path.read_bytes()
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
    """What the operating system said, without its number: ``no such file or directory``."""
    return (error.strerror or str(error)).lower()


def try_lock(stream: IO[bytes]) -> bool:
    """Whether this process now holds the lock on an open file; it is let go when the file is closed, or we die."""
    try:
        import fcntl
    except ImportError:  # Windows
        return _try_lock_windows(stream)
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _try_lock_windows(stream: IO[bytes]) -> bool:  # pragma: no cover  (no Windows in CI)
    import msvcrt

    try:
        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError:
        return False
    return True


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for temporary files, which goes when the block ends; what killed processes left goes now.

    Raises:
        OSError: the folder for temporary files cannot be written to.
    """
    import shutil
    import tempfile

    for left in Path(tempfile.gettempdir()).glob(f"{_SCRATCH}*/{_IN_USE}"):
        with suppress(OSError), left.open("rb+") as stream:
            if try_lock(stream):
                shutil.rmtree(left.parent, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_SCRATCH) as folder, (Path(folder) / _IN_USE).open("wb") as stream:
        try_lock(stream)
        yield Path(folder)


def sha256(data: bytes) -> str:
    """Hexadecimal SHA-256 of ``data``."""
    return hashlib.sha256(data).hexdigest()


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no spaces: the same value always gives the same text, to be hashed."""
    return whole(json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def json_line(value: Any) -> str:
    """One JSON line, without the newline. Lone surrogates, which UTF-8 cannot hold, become U+FFFD."""
    return whole(json.dumps(value, ensure_ascii=False))


def whole(text: str) -> str:
    """``text`` as UTF-8 can hold it: surrogates in pairs become the character they mean, lone ones U+FFFD."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def arrays_of(data: bytes) -> dict[str, npt.NDArray[Any]]:
    """The arrays in the bytes of an ``.npz`` archive, by name; none that would run code is read.

    Raises:
        ValueError: the bytes are no such archive, or harmed.
    """
    from tokenize import TokenError
    from zipfile import BadZipFile

    import numpy as np

    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as held:
            return {name: held[name] for name in held.files}
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
