"""Whether the papers that a workspace labels are still those that its model has learned from."""

from __future__ import annotations

from importlib.resources import files as package_files
from typing import TYPE_CHECKING

from labeler.config import Workspace
from labeler.errors import InputError
from labeler.history import FILE, History
from labeler.modelstore import Version

if TYPE_CHECKING:
    from labeler.drift.streams import Risen

_LOOKED_AT = 4000  # papers of the latest runs, before which a change is history


def drift(workspace: Workspace, version: Version) -> list[Risen]:
    """The fields that have become more frequent in what the workspace labels, as far as ``version`` does not know them.

    Raises:
        InputError: the history exists but cannot be read.
    """
    from labeler.drift.streams import risen

    runs = History(workspace.private / FILE).recent(_LOOKED_AT)
    return risen(runs, version.manifest.training.figures.fields)


def drift_notes(workspace: Workspace, version: Version) -> list[str]:
    """The sentence on the clearest change; none where there is no change, or the history cannot be read."""
    try:
        found = drift(workspace, version)
    except InputError:
        return []
    return [found[0].sentence(field_names())] if found else []


def field_names() -> dict[str, str]:
    """The names of the categories of arXiv, which fields are."""
    import tomllib

    text = package_files("labeler").joinpath("shipped/arxiv.toml").read_text(encoding="utf-8")
    return {topic["id"]: topic["name"] for topic in tomllib.loads(text)["topic"]}
