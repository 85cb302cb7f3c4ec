"""Tags that people gave to papers in a reference manager, keywords or notes, as labels of judgements."""

from __future__ import annotations

from collections.abc import Sequence

from labeler.errors import InputError
from labeler.judgements.cells import labels_in
from labeler.papers import Paper
from labeler.topics import Scheme

TAGS = ("keywords", "notes")  # fields of a paper


def labels_of_tags(paper: Paper, fields: Sequence[str], scheme: Scheme, separator: str = "") -> list[str] | None:
    """The labels in these fields of a paper, each once; None where they are empty, so that nobody has judged it.

    A tag may hold several labels, as a cell of a table does: see :func:`labeler.judgements.cells.labels_in`.
    """
    tags = [tag for name in fields for tag in getattr(paper, name)]
    labels = [label for tag in tags for label in labels_in(tag, scheme, separator) or ()]
    return list(dict.fromkeys(labels)) if tags else None


def no_tags(file: str, fields: Sequence[str]) -> InputError:
    """The error where no paper of a file has any of these fields."""
    others = " or ".join(name for name in TAGS if name not in fields)
    return InputError(
        f"no paper in {file} has {' or '.join(fields)}",
        f"try --topics-from {others}, or name a column with --topics-column"
        if others
        else "name a column that names topics with --topics-column",
    )
