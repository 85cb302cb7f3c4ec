"""The commit that a folder under git is at."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import NamedTuple

_TIMEOUT = 10  # seconds; a repository that takes longer, as on a slow network drive, is passed over
_ELSEWHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")  # a hook of git sets these, for its own repository


class Commit(NamedTuple):
    """A commit by its hash, and whether the files that were asked about are others by now (``changed``)."""

    hash: str
    changed: bool


def commit_of(folder: Path, files: str) -> Commit | None:
    """The commit that ``folder`` is at, and whether what lies in its ``files`` is not, or not so, in that commit.

    None where the folder is not under git, there is no commit yet, or git is not installed.
    """
    command = [
        "git",
        "--no-optional-locks",
        "-c",
        "core.fsmonitor=false",
        "-C",
        str(folder),
        "status",
        "--porcelain=v2",
        "--branch",
        "--ignored",
    ]
    environment = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
    try:
        done = subprocess.run(
            [*command, "--", files], capture_output=True, timeout=_TIMEOUT, check=True, env=environment
        )
    except (OSError, subprocess.SubprocessError):
        return None
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    found = next((line.rpartition(" ")[2] for line in lines if line.startswith("# branch.oid ")), "")
    if not found.isalnum():  # "(initial)" before the first commit
        return None
    return Commit(found, any(not line.startswith("#") for line in lines))
