"""Make a new workspace."""

from __future__ import annotations

from importlib.resources import files as package_files
from pathlib import Path

from labeler.config import WORKSPACE_FILE
from labeler.errors import InputError
from labeler.files import check_folder, os_message, read_text, write_text

_PATHS = {
    "labeler.toml": WORKSPACE_FILE,
    "topics.toml": "annotations/topics.toml",
    "gitignore": ".gitignore",
    "gitattributes": ".gitattributes",
}


def start(folder: Path, dry_run: bool = False) -> list[str]:
    """Make a workspace in ``folder`` and return the paths of the files that were written, or in a dry run would be.

    Files that exist already stay as they are, but a ``.gitignore`` or ``.gitattributes`` gets the lines that it lacks.

    Raises:
        InputError: the folder cannot be made or written to.
    """
    written = []
    try:
        for inner in (folder / "annotations", folder / "models"):
            if dry_run:
                check_folder(inner)
            else:
                inner.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot make {folder}: {os_message(error)}", "name another folder") from error
    for template, path in _PATHS.items():
        target = folder / path
        text = (package_files("labeler") / "starter" / template).read_text(encoding="utf-8")
        before = read_text(target) if target.exists() else None
        if before is not None:
            text = _with_lines(before, text) if path.startswith(".git") else before
        if text != before:
            written.append(path)
            if not dry_run:
                write_text(target, text)
    return written


def keep_attributes(folder: Path) -> None:
    """Give the ``.gitattributes`` of a workspace, where it has one, the lines that it lacks.

    Raises:
        InputError: the file cannot be written.
    """
    target = folder / _PATHS["gitattributes"]
    if target.exists():
        wanted = (package_files("labeler") / "starter" / "gitattributes").read_text(encoding="utf-8")
        before = read_text(target)
        if (text := _with_lines(before, wanted)) != before:
            write_text(target, text)


def _with_lines(text: str, wanted: str) -> str:
    """``text`` with those lines of ``wanted`` that it lacks."""
    missing = [line for line in wanted.splitlines() if line not in text.splitlines()]
    if all(line.startswith("#") for line in missing):
        return text
    return text.rstrip("\n") + "\n" * bool(text) + "\n".join(missing) + "\n"
