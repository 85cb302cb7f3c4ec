"""Where papers come from and labels go to: files and folders here, or any address that fsspec knows (``s3://…``)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from labeler.errors import InputError, UsageError
from labeler.files import spoken

_HIDDEN = (".", "_")  # files that programs put beside the data


def is_remote(address: str) -> bool:
    """Whether an address names a place that only fsspec reaches."""
    return "://" in address


def names_many(address: str) -> bool:
    """Whether an address may stand for several files: a folder, a pattern, a place elsewhere."""
    return is_remote(address) or _is_pattern(address) or Path(address).is_dir()


def files_of(inputs: Sequence[str]) -> list[str]:
    """The files that inputs stand for: those of a folder or pattern in the order of their names.

    Raises:
        InputError: there is no such file, or none in a folder or of a pattern.
    """
    found: list[str] = []
    for address in inputs:
        system = system_of(address)
        try:
            if _is_pattern(address):
                some = system.glob(_path(address))
            elif system.isdir(_path(address)):
                some = system.find(_path(address))
            else:
                some = [_path(address)] if system.exists(_path(address)) else []
        except OSError as error:
            raise InputError(f"cannot read {address}: {spoken(error)}", "check the name") from error
        kept = [name for name in sorted(map(str, some)) if not posixpath.basename(name).startswith(_HIDDEN)]
        if not kept:
            raise InputError(f"there is no file {address}", "check the name")
        found += [system.unstrip_protocol(name) if is_remote(address) else name for name in kept]
    return found


def size_of(address: str) -> int:
    """The bytes of a file."""
    return int(system_of(address).size(_path(address)))


def exists(address: str) -> bool:
    """Whether there is such a file or folder."""
    return bool(system_of(address).exists(_path(address)))


def opened(address: str) -> IO[bytes]:
    """A file, to be read.

    Raises:
        InputError: it cannot be.
    """
    try:
        stream: IO[bytes] = system_of(address).open(_path(address), "rb")
    except OSError as error:
        raise InputError(f"cannot read {address}: {spoken(error)}", "check the name") from error
    return stream


@contextmanager
def written(address: str) -> Iterator[IO[bytes]]:
    """A file to write, which has its name only when the block has ended well.

    Raises:
        InputError: the folder cannot be written to.
    """
    system, path = system_of(address), _path(address)
    folder, name = posixpath.split(path)
    temporary = posixpath.join(folder, f".{name}.part")
    try:
        system.makedirs(folder, exist_ok=True)
        try:
            with system.open(temporary, "wb") as stream:
                yield stream
            system.mv(temporary, path)
        except BaseException:
            with suppress(OSError):
                system.rm(temporary)
            raise
    except OSError as error:
        raise InputError(
            f"cannot write {address}: {spoken(error)}", "is there room, and may you write there?"
        ) from error


def removed(address: str) -> None:
    """Remove a folder and what is in it, if it is there."""
    system = system_of(address)
    if system.exists(_path(address)):
        system.rm(_path(address), recursive=True)


def inside(folder: str, name: str) -> str:
    """The address of a file in a folder."""
    return folder.rstrip("/") + "/" + name


def system_of(address: str) -> Any:
    """The file system of an address.

    Raises:
        UsageError: what it needs is not installed.
    """
    try:
        import fsspec

        return fsspec.core.url_to_fs(address)[0]
    except (ImportError, ValueError) as error:
        raise UsageError(
            f"{address} cannot be reached: {error}", "pip install 'labeler[parquet]', and what it names"
        ) from error


def _path(address: str) -> str:
    if is_remote(address):
        return str(system_of(address)._strip_protocol(address))
    return str(Path(address).absolute())


def _is_pattern(address: str) -> bool:
    return any(sign in address for sign in "*?[") and not (not is_remote(address) and Path(address).exists())
