"""A new workspace."""

from __future__ import annotations

from importlib.resources import files as package_files
from pathlib import Path

from labeler.config import WORKSPACE_FILE
from labeler.errors import InputError
from labeler.files import spoken, write_text

_PLACES = {
    "labeler.toml": WORKSPACE_FILE,
    "topics.toml": "annotations/topics.toml",
    "gitignore": ".gitignore",
    "gitattributes": ".gitattributes",
}


def start(folder: Path) -> list[str]:
    """Make a workspace in ``folder`` and return what was written. What is there already is left as it is.

    Raises:
        InputError: the folder cannot be made or written to.
    """
    written = []
    try:
        for inner in (folder / "annotations", folder / "models"):
            inner.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot make {folder}: {spoken(error)}", "name another folder") from error
    for template, place in _PLACES.items():
        target = folder / place
        if not target.exists():
            write_text(target, (package_files("labeler") / "starter" / template).read_text(encoding="utf-8"))
            written.append(place)
    return written
