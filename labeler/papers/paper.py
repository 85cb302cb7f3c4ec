"""The paper: a title and an abstract, what identifies them, and what else a digest said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from labeler.papers import ids as identifiers


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper. ``ids`` are sorted, the best first; unknown fields are None or empty."""

    title: str
    abstract: str
    ids: tuple[str, ...]
    authors: tuple[str, ...] = ()
    date: str | None = None
    url: str | None = None
    categories: tuple[str, ...] = ()
    source: str | None = None
    flags: tuple[str, ...] = ()

    @classmethod
    def make(cls, title: str, abstract: str = "", *, ids: Iterable[str] = (), **fields: Any) -> Self:
        """A paper from clean text and the identifiers known; the one of the title (or the text) is added.

        Raises:
            ValueError: neither a title nor an abstract holds a letter or digit.
        """
        known = set(ids)
        if identifiers.title_key(title):
            known.add(identifiers.title_id(title))
        elif identifiers.title_key(abstract):
            known.add(identifiers.text_id(abstract))
        else:
            raise ValueError("neither a title nor an abstract")
        return cls(title, abstract, identifiers.sort_ids(known), **fields)

    @property
    def id(self) -> str:
        """The best identifier. It may improve later, when a fuller record of the paper is seen."""
        return self.ids[0]

    @property
    def text(self) -> str:
        """What a model reads: the title, a line break, the abstract."""
        return f"{self.title}\n{self.abstract}".strip()

    def to_dict(self) -> dict[str, Any]:
        """The record as JSON lines carry it."""
        return {
            "id": self.id,
            "ids": list(self.ids),
            "title": self.title,
            "abstract": self.abstract,
            "authors": list(self.authors),
            "date": self.date,
            "url": self.url,
            "categories": list(self.categories),
            "source": self.source,
            "flags": list(self.flags),
        }

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Self:
        """A paper from a mapping with at least ``title`` or ``abstract``; the inverse of :meth:`to_dict`.

        Raises:
            ValueError: neither a title nor an abstract.
        """
        authors = record.get("authors") or ()
        return cls.make(
            str(record.get("title") or ""),
            str(record.get("abstract") or ""),
            ids=[
                known
                for text in (record.get("id"), *(record.get("ids") or ()))
                if (known := identifiers.known_id(str(text)))
            ],
            authors=(authors,) if isinstance(authors, str) else tuple(authors),
            date=record.get("date"),
            url=record.get("url"),
            categories=tuple(record.get("categories") or ()),
            source=record.get("source"),
            flags=tuple(record.get("flags") or ()),
        )
