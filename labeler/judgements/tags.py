"""Tags that people gave to papers in a reference manager, keywords or notes, as labels of judgements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
    labels = [label for tag in tags for label in _labels_of(tag, scheme, separator)]
    return list(dict.fromkeys(labels)) if tags else None


def _labels_of(tag: str, scheme: Scheme, separator: str) -> Iterator[str]:
    """The labels of a tag, also of one with a name before it (``RAYYAN-LABELS: robotics,vision``)."""
    for label in labels_in(tag, scheme, separator) or ():
        named = labels_in(label.partition(":")[2], scheme, separator) if ":" in label else None
        if named and scheme.find(label) is None and any(map(scheme.find, named)):
            yield from named
        else:
            yield label


def no_tags(file: str, fields: Sequence[str]) -> InputError:
    """The error where no paper of a file has any of these fields."""
    others = " or ".join(name for name in TAGS if name not in fields)
    return InputError(
        f"no paper in {file} has {' or '.join(fields)}",
        f"try --topics-from {others}, or name a column with --topics-column"
        if others
        else "name a column that names topics with --topics-column",
    )
