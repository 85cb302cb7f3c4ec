"""Where papers come from and labels go to: files and folders here, or any address that fsspec knows (``s3://…``)."""

from __future__ import annotations

import io
import os
import posixpath
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from labeler.errors import InputError, UsageError
from labeler.files import os_message

_HIDDEN = (".", "_")  # files that programs put beside the data


def is_remote(address: str) -> bool:
    """Whether an address names a place that only fsspec reaches."""
    return "://" in address


def names_many(address: str) -> bool:
    """Whether an address may stand for several files: a folder, a pattern, a place elsewhere."""
    return is_remote(address) or _is_pattern(address) or Path(address).is_dir()


def is_folder(address: str) -> bool:
    """Whether there is a folder at an address."""
    return bool(system_of(address).isdir(_path(address)))


def files_of(inputs: Sequence[str]) -> list[str]:
    """The files that inputs stand for: those of a folder or pattern in the order of their names.

    Raises:
        InputError: there is no such file, or none in a folder or of a pattern.
    """
    found: list[str] = []
    for address in inputs:
        system = system_of(address)
        try:
            some = _found(system, _path(address), _is_pattern(address))
        except OSError as error:
            raise InputError(f"cannot read {address}: {os_message(error)}", "check the name") from error
        if not some:
            raise InputError(f"there is no file {address}", "check the name")
        found += [system.unstrip_protocol(name) if is_remote(address) else name for name in some]
    return found


def _found(system: Any, path: str, pattern: bool) -> list[str]:
    """Files by name. What is hidden below the folder or the pattern is passed over, also in hidden folders."""
    if not pattern and not system.isdir(path):
        return [path] if system.exists(path) else []
    if pattern:
        root = posixpath.dirname(path[: min(path.index(sign) for sign in "*?[" if sign in path)])
        some = [name for name in system.glob(path) if system.isfile(name)]
    else:
        root, some = path, system.find(path)
    return sorted(
        name
        for name in map(str, some)
        if not any(part.startswith(_HIDDEN) for part in name[len(root) :].strip("/").split("/"))
    )


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
        raise InputError(f"cannot read {address}: {os_message(error)}", "check the name") from error
    return stream


@contextmanager
def written(address: str) -> Iterator[IO[bytes]]:
    """A file to write, which has its name only when the block has ended well.

    Raises:
        InputError: the folder cannot be written to.
    """
    from uuid import uuid4

    system, path = system_of(address), _path(address)
    folder, name = posixpath.split(path)
    temporary = posixpath.join(folder, f".{name}.{uuid4().hex}.part")  # two may write the same
    try:
        system.makedirs(folder, exist_ok=True)
        try:
            with system.open(temporary, "wb") as stream:
                yield stream
                stream.flush()
                with suppress(AttributeError, io.UnsupportedOperation):  # a place elsewhere keeps it by itself
                    os.fsync(stream.fileno())
            system.mv(temporary, path)
        except BaseException:
            with suppress(OSError):
                system.rm(temporary)
            raise
    except OSError as error:
        raise InputError(
            f"cannot write {address}: {os_message(error)}", "is there room, and may you write there?"
        ) from error


def swept(folder: str) -> None:
    """Remove what killed runs left in a folder."""
    system = system_of(folder)
    for name in map(str, system.ls(_path(folder), detail=False)):
        if posixpath.basename(name).startswith(".") and name.endswith(".part"):
            with suppress(OSError):
                system.rm(name)


def absolute(address: str) -> str:
    """An address that means the same to processes in other folders."""
    return address if is_remote(address) else str(Path(address).absolute())


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
