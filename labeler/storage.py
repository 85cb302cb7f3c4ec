"""Files and folders of any file system that fsspec knows, named by a local path or by a URI (``s3://…``)."""

from __future__ import annotations

import errno
import os
import posixpath
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from labeler.errors import InputError, UsageError
from labeler.files import os_message, read_bytes
from labeler.nearby import near_names
from labeler.temporary import replacement, sweep_files

_HIDDEN = (".", "_")  # prefixes of files that programs write beside the data
_GLOB_CHARACTERS = "*?["
LOCK = ".labeler.lock"  # the file that a folder is locked by (:mod:`labeler.folder_lock`)


def is_uri(name: str) -> bool:
    """Whether a name is a URI (``s3://…``), and not a local path."""
    return "://" in name


def may_match_many(uri: str) -> bool:
    """Whether a path or URI may stand for several files: a folder, a glob pattern, or any URI."""
    return is_uri(uri) or _is_glob(uri) or os.path.isdir(uri)  # noqa: PTH112  (no error where a name is too long)


def is_folder(uri: str) -> bool:
    """Whether there is a folder of this path or URI."""
    return bool(file_system(uri).isdir(_path(uri)))


def list_files(inputs: Sequence[str]) -> list[str]:
    """The files that paths, URIs and glob patterns stand for; the files of a folder or pattern are sorted by name.

    Raises:
        InputError: a file is missing, or a folder or pattern has no files.
    """
    files: list[str] = []
    for uri in inputs:
        system = file_system(uri)
        try:
            paths = _list_visible(system, _path(uri), _is_glob(uri))
        except OSError as error:
            raise InputError(f"cannot read {uri}: {os_message(error)}", "check the name") from error
        if not paths:
            raise InputError(f"there is no file {uri}", near_names(uri))
        files += [system.unstrip_protocol(path) if is_uri(uri) else path for path in paths]
    return files


def _list_visible(system: Any, path: str, is_glob: bool) -> list[str]:
    """The sorted files of a path or glob pattern, without those that are hidden or in hidden folders below it."""
    if not is_glob and not system.isdir(path):
        return [path] if system.exists(path) else []
    if is_glob:
        root = posixpath.dirname(path[: min(path.index(sign) for sign in _GLOB_CHARACTERS if sign in path)])
        paths = [match for match in system.glob(path) if system.isfile(match)]
    else:
        root, paths = path, system.find(path)
        if "file" in system.protocol:  # links to folders, pipes and the like are none
            paths = [match for match in paths if system.isfile(match)]
    return sorted(
        name
        for name in map(str, paths)
        if not any(part.startswith(_HIDDEN) for part in name[len(root) :].strip("/").split("/"))
    )


def is_in_archive(uri: str) -> bool:
    """Whether a path goes through a local file, as that of a member of an archive does."""
    return not is_uri(uri) and any(parent.is_file() for parent in Path(uri).parents)


def file_size(uri: str) -> int:
    """The size of a file in bytes.

    Raises:
        InputError: there is no such file, or nothing is known of it.
    """
    try:
        return int(file_system(uri).size(_path(uri)))
    except OSError as error:
        raise InputError(f"cannot read {uri}: {os_message(error)}", "check the name") from error


def exists(uri: str) -> bool:
    """Whether there is a file or folder of this path or URI."""
    return bool(file_system(uri).exists(_path(uri)))


def open_file(uri: str) -> IO[bytes]:
    """Open a file, or a member of a local archive, for reading its bytes.

    Raises:
        InputError: the file cannot be opened.
    """
    if is_in_archive(uri):
        from labeler.archives import member_at, open_member

        if member := member_at(uri):
            return open_member(member)
    try:
        stream: IO[bytes] = file_system(uri).open(_path(uri), "rb")
    except OSError as error:
        raise InputError(f"cannot read {uri}: {os_message(error)}", "check the name") from error
    return stream


def read_file(uri: str) -> bytes:
    """The bytes of a file that must be an ordinary one, where it is a local one.

    Raises:
        InputError: it is none, or cannot be read.
    """
    path = local_path(uri)
    if path is not None:
        return read_bytes(path)
    with open_file(uri) as stream:
        return stream.read()


@contextmanager
def write_file(uri: str) -> Iterator[IO[bytes]]:
    """Open a file for an atomic write: it appears when the block has ended without an error, and not before.

    The bytes go to a temporary file in the same folder, which is then renamed. Missing folders are created.

    Raises:
        InputError: the folder cannot be written to.
    """
    path = local_path(uri)
    try:
        if path is None:
            with _remote_file(uri) as stream:
                yield stream
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            with replacement(path) as stream:
                yield stream
    except OSError as error:
        raise unwritable(uri, error) from error


def unwritable(uri: str, error: OSError) -> InputError:
    """The error to raise where a file or folder cannot be written."""
    return InputError(f"cannot write {uri}: {os_message(error)}", "check the free space and the permissions")


@contextmanager
def _remote_file(uri: str) -> Iterator[IO[bytes]]:
    from uuid import uuid4

    system, path = file_system(uri), _path(uri)
    folder, name = posixpath.split(path)
    temporary = posixpath.join(folder, f".{name}.{uuid4().hex}.part")  # two processes may write the same file
    system.makedirs(folder, exist_ok=True)
    try:
        with system.open(temporary, "wb") as stream:
            yield stream
        system.mv(temporary, path)
    except BaseException:
        with suppress(OSError):
            system.rm(temporary)
        raise


def remove_temporary_files(folder: str) -> None:
    """Remove the temporary files of :func:`write_file` that killed processes left in a folder."""
    for name in file_names(folder):
        if name.startswith(".") and name.endswith(".part"):
            with suppress(InputError):
                remove_file(join_path(folder, name))


def sweep_beside(uri: str) -> None:
    """Remove the temporary files that killed processes left in the folder of a local file that is to be written."""
    path = local_path(uri)
    if path is not None:
        sweep_files(path.parent, path.name)


def local_path(uri: str) -> Path | None:
    """The path of a local file or folder, also where it is named by a URI; None for one of another file system."""
    return Path(_path(uri)) if not is_uri(uri) or "file" in file_system(uri).protocol else None


def file_names(folder: str) -> list[str]:
    """The names of all that lies in a folder; none where there is no such folder."""
    system = file_system(folder)
    system.invalidate_cache(_path(folder))  # other processes write there, too
    try:
        paths = system.ls(_path(folder), detail=False) if system.isdir(_path(folder)) else []
    except FileNotFoundError:  # removed since
        return []
    return sorted(posixpath.basename(str(path).rstrip("/")) for path in paths)


def remove_file(uri: str) -> None:
    """Remove a file; one that is gone already is no error.

    Raises:
        InputError: it cannot be removed.
    """
    try:
        with suppress(FileNotFoundError):
            file_system(uri).rm_file(_path(uri))
    except OSError as error:
        raise InputError(f"cannot remove {uri}: {os_message(error)}", "check the permissions") from error


def make_absolute(uri: str) -> str:
    """The URI itself, or a local path made absolute, so that processes in other folders find the same file."""
    return uri if is_uri(uri) else str(Path(uri).absolute())


def remove_folder(uri: str) -> None:
    """Remove a folder and everything in it; what is gone already is no error.

    The file of :func:`lock_folder` goes last: another process that gets the lock finds nothing that is being removed.
    It stays where such a process has begun to write there.

    Raises:
        InputError: something cannot be removed.
    """
    folder = local_path(uri)
    try:
        with suppress(FileNotFoundError):
            if folder is None:
                file_system(uri).rm(_path(uri), recursive=True)
            else:
                _remove_local(folder)
    except OSError as error:
        raise InputError(f"cannot remove {uri}: {os_message(error)}", "check the permissions") from error


def _remove_local(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            _remove_local(path)
        elif path.name != LOCK:
            path.unlink(missing_ok=True)
    (folder / LOCK).unlink(missing_ok=True)
    try:
        folder.rmdir()
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise


def join_path(folder: str, name: str) -> str:
    """The path or URI of a file in a folder."""
    return folder.rstrip("/") + "/" + name


def file_system(uri: str) -> Any:
    """The fsspec file system of a path or URI.

    Raises:
        UsageError: the protocol is unknown, or the package that it needs is not installed.
    """
    try:
        import fsspec

        return fsspec.core.url_to_fs(uri)[0]
    except (ImportError, ValueError) as error:
        if uri.startswith(("http://", "https://")):
            raise UsageError(
                f"{uri} cannot be fetched as labeler is installed here",
                f"write feed:{uri.partition('?')[0]}, save it with a browser, or: pip install aiohttp requests",
            ) from error
        raise UsageError(
            f"{uri} cannot be reached: {error}", "pip install 'labeler[parquet]' and the package that is named here"
        ) from error
    except OSError as error:  # of the network
        raise InputError(f"cannot reach {uri}: {os_message(error)}", "check the address and the network") from error


def _path(uri: str) -> str:
    """The path within the file system, without the protocol."""
    if is_uri(uri):
        return str(file_system(uri)._strip_protocol(uri))
    return str(Path(uri).absolute())


def _is_glob(uri: str) -> bool:
    """Whether a name is a glob pattern, and not that of an existing local file with such characters in its name."""
    return any(sign in uri for sign in _GLOB_CHARACTERS) and not (
        not is_uri(uri) and os.path.exists(uri)  # noqa: PTH110  (no error where a name is too long)
    )
