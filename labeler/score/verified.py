"""The model files whose SHA-256 has been verified on this machine.

A fast checksum (CRC-32) detects damage, but somebody can change a file so that its CRC-32 stays the same. The SHA-256
cannot be matched so, but takes longer. It is therefore computed when a file is first used, and again when the file has
changed or moved. The result is kept in the user's cache folder (XDG Base Directory Specification), never beside the
model.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path

from labeler.errors import LabelerError
from labeler.files import open_regular, regular_bytes, write_text
from labeler.json_parsing import parse_json

_MAX_FILES = 500  # that the cache holds


def has_hash(path: Path, sha256: str, verify: bool = False) -> bool:
    """Whether a file has this SHA-256. An earlier result is used, unless the file is to be read again (``verify``).

    Raises:
        OSError: the file cannot be read.
    """
    verified = _read_cache()
    key, state = str(path.resolve()), [*_state(path), sha256]
    if not verify and verified.get(key) == state:
        return True
    with open_regular(path) as stream:
        if hashlib.file_digest(stream, "sha256").hexdigest() != sha256:
            return False
    verified.pop(key, None)
    with suppress(OSError, LabelerError):  # without a cache folder, files are checked every time
        _cache_file().parent.mkdir(parents=True, exist_ok=True)
        write_text(_cache_file(), json.dumps(dict(list((verified | {key: state}).items())[-_MAX_FILES:])))
    return True


def _cache_file() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(cache) if cache else Path.home() / ".cache") / "labeler" / "verified.json"


def _read_cache() -> dict[str, list[object]]:
    """The state of each verified file, by its path; empty where there is no cache or it is damaged."""
    try:
        verified = parse_json(regular_bytes(_cache_file()))
    except (OSError, ValueError, RuntimeError):  # Path.home() may not be known
        return {}
    return verified if isinstance(verified, dict) else {}


def _state(path: Path) -> list[int]:
    """What changes when a file changes: its size, the time of its last change, and its inode."""
    stat = path.stat()
    return [stat.st_size, stat.st_mtime_ns, stat.st_ino]
