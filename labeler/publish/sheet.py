"""Labelled papers as a sheet, a row a paper: the columns that all spreadsheets have in common."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan

from labeler.patterns import pattern
from labeler.publish.labelled import LabelledPaper

# ``probability``, that of the first topic, is for sorting. ``corrected`` is empty: people write the right topics in it.
# ``also`` are topics that the paper is likely listed under beside its own, with their probabilities.
# ``ids`` are what the paper is known by when the sheet comes back.
COLUMNS = (
    "id",
    "title",
    "topics",
    "corrected",
    "probability",
    "probabilities",
    "because",
    "also",
    "decision",
    "reason",
    "date",
    "authors",
    "url",
    "abstract",
    "model",
    "by",
    "ids",
)
BETWEEN = "; "  # parts of a cell
_LINES = pattern(r"[^\r\n]+")


def cells_of(item: LabelledPaper, names: Mapping[str, str]) -> tuple[str, ...]:
    """The texts of the cells of a row, in the order of the columns; empty where nothing is known.

    Topics stand by name (``names``: topic id → name), and their probabilities, words and annotators in their order.
    """
    paper, first = item.paper, item.topics[0][1] if item.topics else float("nan")
    cells = (
        paper.id,
        paper.title,
        BETWEEN.join(names.get(topic, topic) for topic, _, _ in item.topics),
        "",
        _number(first),
        BETWEEN.join(_number(probability) for _, probability, _ in item.topics),
        BETWEEN.join(", ".join(words) for _, _, words in item.topics),
        BETWEEN.join(f"{names.get(topic, topic)} ({_number(likely)})" for topic, likely in item.also or ()),
        item.decision,
        item.reason,
        paper.date or "",
        BETWEEN.join(paper.authors),
        paper.url or "",
        paper.abstract,
        item.model,
        BETWEEN.join(", ".join(item.by.get(topic, ())) for topic, _, _ in item.topics) if item.by else "",
        " ".join(paper.ids),
    )
    return tuple(map(_shown, cells))


def _number(probability: float) -> str:
    return "" if isnan(probability) else f"{probability:.3f}"


def _shown(cell: str) -> str:
    """The text of a cell without what could steer or deceive a terminal; line breaks stay, as sheets have them."""
    from labeler.papers.cleaning import printable

    return cell if cell.isprintable() else _LINES.sub(lambda line: printable(line[0]), cell)
