"""Locks, and temporary files and folders, which are locked by the process that uses them.

The system releases a lock when its process ends, however it does. A temporary file that can be locked is thus one that
a killed process left, and the next process that writes in the same place removes it.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows, where a file that is open cannot be renamed or removed: nothing is locked, or swept
    fcntl = None  # type: ignore[assignment]

_SCRATCH, _IN_USE, _FOLDER = "labeler-", ".in-use", ".new-"
_LONGEST_NAME = 50  # characters of a name that go into another one, which may have 255 bytes
_RANDOM = r"[a-z0-9_]{8}"  # what tempfile puts into a name
_FILE = re.compile(rf"\..+\.{_SCRATCH}{_RANDOM}\.part")
_EARLIER_RANDOM = rf"({_RANDOM}|[0-9a-f]{{32}})"  # what earlier versions put between a name and ".part"
_NEW_FOLDER = re.compile(rf"\{_FOLDER}{_RANDOM}")
_TO_LOCK = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def lock(descriptor: int) -> bool:
    """Try to lock an open file or folder, and return whether this process has it locked now.

    The lock is released when the last descriptor of this opening is closed, or the process ends.

    Raises:
        OSError: the file system knows no locks.
    """
    if fcntl is None:
        return _lock_windows(descriptor)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lock_windows(descriptor: int) -> bool:  # pragma: no cover  (no Windows in CI)
    import msvcrt

    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError:
        return False
    return True


@contextmanager
def replacement(path: Path, is_new: bool = False) -> Iterator[IO[bytes]]:
    """Write a temporary file beside ``path``, which takes its place when the block has ended without an error.

    The file is synced before it is renamed (``os.replace`` is atomic within one file system), and removed after an
    error. One that ``is_new`` takes the place of no other file.

    Raises:
        FileExistsError: there is a file already, and it should be new.
        OSError: the folder is missing or may not be written to, or there is no room.
    """
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o666 & ~_umask()
    handle, held, temporary = _new_file(path)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(mode)
        if not (is_new and _linked(temporary, path)):
            temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    finally:
        _release(held)


def _linked(temporary: Path, path: Path) -> bool:
    """Give a file its name where that is free, in one step; False where the file system has no hard links.

    Raises:
        FileExistsError: the name is not free.
    """
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:
        return False
    temporary.unlink()
    return True


def _new_file(path: Path) -> tuple[int, int | None, Path]:
    """A temporary file beside ``path``: a descriptor to write to, one that keeps it locked, and its name."""
    import tempfile  # takes longer than many a command

    while True:
        prefix = f".{path.name[:_LONGEST_NAME]}.{_SCRATCH}"
        handle, name = tempfile.mkstemp(prefix=prefix, suffix=".part", dir=path.parent)
        held = None if fcntl is None else os.dup(handle)  # the other one is closed before the file is renamed
        if _is_kept(held, Path(name)):
            return handle, held, Path(name)
        os.close(handle)
        _release(held)


@contextmanager
def new_folder(parent: Path, files: Container[str]) -> Iterator[Path]:
    """A temporary folder in ``parent`` for ``files``, which may be renamed; if it was not, it is removed at the end.

    Those that killed processes left are removed first.

    Raises:
        OSError: ``parent`` is missing or may not be written to.
    """
    import shutil
    import tempfile

    sweep_folders(parent, files)
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_FOLDER, dir=parent))
        held = _opened(folder)
        if _is_kept(held, folder):
            break
        _release(held)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _release(held)


@contextmanager
def temporary_folder(parent: Path | None = None) -> Iterator[Path]:
    """A folder in ``parent``, or the system's for temporary files, which is removed when the block ends.

    Those that killed processes left are removed first.

    Raises:
        OSError: the folder for temporary files cannot be written to.
    """
    import shutil
    import tempfile

    parent = parent or Path(tempfile.gettempdir())
    _sweep(parent, lambda name: name.startswith(_SCRATCH), _IN_USE)
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_SCRATCH, dir=parent))
        try:
            (folder / _IN_USE).touch()
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        held = _opened(folder / _IN_USE)
        if _is_kept(held, folder / _IN_USE):
            break
        _release(held)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _release(held)


def sweep_files(folder: Path, name: str = "") -> None:
    """Remove the temporary files of :func:`replacement` that killed processes left in a folder.

    Earlier versions did not lock theirs and called them by shorter names: only those of the file ``name`` are removed.
    """
    earlier = re.compile(rf"\.{re.escape(name)}\.{_EARLIER_RANDOM}\.part")
    _sweep(folder, lambda found: bool(_FILE.fullmatch(found) or (name and earlier.fullmatch(found))))


def sweep_folders(parent: Path, files: Container[str]) -> None:
    """Remove the folders of :func:`new_folder` for ``files`` that killed processes left in ``parent``."""

    def is_ours(name: str) -> bool:
        if not _NEW_FOLDER.fullmatch(name):
            return False
        with suppress(OSError):
            return all(path.name in files or path.suffix == ".part" for path in (parent / name).iterdir())
        return False

    _sweep(parent, is_ours)


def left_behind(folder: Path) -> list[Path]:
    """The temporary files of :func:`replacement` that killed processes left in a folder."""
    return list(_left(folder, lambda found: bool(_FILE.fullmatch(found))))


def _sweep(folder: Path, is_ours: Callable[[str], bool], marker: str = "") -> None:
    """Remove what :func:`_left` finds."""
    for path in _left(folder, is_ours, marker):
        with suppress(OSError):
            if path.is_dir():
                import shutil

                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()


def _left(folder: Path, is_ours: Callable[[str], bool], marker: str = "") -> Iterator[Path]:
    """What nobody has locked of the files and folders whose names are ours; each is locked until the next is asked for.

    With a ``marker`` these are folders, and the file of that name in them is what is locked.
    """
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if is_ours(entry.name)]
    except OSError:
        return
    for path in map(folder.joinpath, names):
        held, is_left = _opened(path / marker), False
        with suppress(OSError):
            is_left = held is not None and lock(held) and _is_at(held, path / marker)
        try:
            if is_left:
                yield path
        finally:
            _release(held)


def _opened(path: Path) -> int | None:
    """A descriptor of a file or folder to be locked, None where there is nothing that can be."""
    if fcntl is None:
        return None
    try:
        return os.open(path, _TO_LOCK)
    except OSError:
        return None


def _release(descriptor: int | None) -> None:
    if descriptor is not None:
        os.close(descriptor)


def _is_kept(descriptor: int | None, path: Path) -> bool:
    """Lock what was made just now; False where another process took it for something left, and removes it."""
    try:
        return path.exists() if descriptor is None else lock(descriptor) and _is_at(descriptor, path)
    except OSError:  # no locks here: nothing is swept either
        return True


def _is_at(descriptor: int, path: Path) -> bool:
    """Whether what is open is what lies at ``path``."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
