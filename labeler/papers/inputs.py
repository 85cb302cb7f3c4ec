"""Texts and dates of papers, from strings, :class:`Paper` objects, mappings or a pandas frame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from labeler.papers.dates import iso_date
from labeler.papers.ids import arxiv_month, known_id
from labeler.papers.paper import Paper
from labeler.papers.placeholders import is_no_abstract, is_no_title, is_nothing


def as_texts(texts: Any) -> list[str]:
    """The text of each paper: its title, a line break, its abstract.

    Args:
        texts: a sequence of str, :class:`Paper` or mappings with ``title`` and ``abstract``, or a pandas frame with
            such columns.

    Raises:
        ValueError: an entry is none of these.
    """
    if isinstance(texts, str | Paper | Mapping):
        raise ValueError("give a sequence of texts, not a single one")
    if hasattr(texts, "columns"):
        columns = [name for name in ("title", "abstract") if name in texts.columns]
        if not columns:
            raise ValueError("the frame has neither a column 'title' nor 'abstract'")
        return as_texts(texts[columns].to_dict("records"))
    return [_text(entry) for entry in _entries(texts)]


def as_dates(texts: Any) -> list[str | None]:
    """The date of each paper, ISO 8601: the month of its arXiv identifier, else its date; None if unknown.

    Args:
        texts: as for :func:`as_texts`.
    """
    if hasattr(texts, "columns"):
        columns = [name for name in ("id", "ids", "date") if name in texts.columns]
        return as_dates(texts[columns].to_dict("records")) if columns else [None] * len(texts)
    return [_date(entry) for entry in _entries(texts)]


def _date(entry: Any) -> str | None:
    ids: list[Any] = []
    date = None
    if isinstance(entry, Paper):
        ids, date = list(entry.ids), entry.date
    elif isinstance(entry, Mapping):
        others = entry.get("ids")
        ids, date = [entry.get("id"), *(others if isinstance(others, list | tuple) else ())], entry.get("date")
    known = (known_id(text) for text in ids if isinstance(text, str))
    months = (arxiv_month(identifier) for identifier in known if identifier)
    return next((month for month in months if month), iso_date(date) if isinstance(date, str) else None)


def _entries(texts: Any) -> Iterable[Any]:
    if getattr(texts, "ndim", 1) == 2 and texts.shape[1] == 1:  # a column, as scikit-learn's own steps hand on
        texts = texts.ravel()
    entries: Iterable[Any] = texts.tolist() if hasattr(texts, "tolist") else texts
    return entries


def _text(entry: Any) -> str:
    if isinstance(entry, str):
        return entry
    if isinstance(entry, Paper):
        return entry.text
    if isinstance(entry, Mapping):
        title, abstract = entry.get("title"), entry.get("abstract")
        parts = (
            "" if is_nothing(title) or is_no_title(str(title)) else str(title),
            "" if is_nothing(abstract) or is_no_abstract(str(abstract)) else str(abstract),
        )
        return "\n".join(part for part in parts if part)
    raise ValueError(f"a text, a Paper or a mapping with title and abstract is needed, not {type(entry).__name__}")
