"""The paper: title, abstract, identifiers, and the other fields of a digest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from labeler.papers import ids as identifiers


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper. ``ids`` are in the order of preference, the best first; unknown fields are None or empty.

    ``title`` and ``abstract`` are plain text, ``authors`` names as they were found, ``date`` is in the form of ISO 8601
    (one without a year is ``--11-23``). ``url``, ``venue`` and ``language`` (ISO 639) are what the digest says, and so
    are ``categories``. ``source`` says where the paper came from, ``flags`` what is wrong with it. ``keywords`` and
    ``notes`` are what authors, databases and readers wrote to it; ``curator`` is who or which list brought it. ``kept``
    are the fields of its record in a format of reference managers for which there is none here, such as
    ``("ris:VL", "14")``: who writes that format again writes them, too.
    """

    title: str
    abstract: str
    ids: tuple[str, ...]
    authors: tuple[str, ...] = ()
    date: str | None = None
    url: str | None = None
    categories: tuple[str, ...] = ()
    source: str | None = None
    flags: tuple[str, ...] = ()
    venue: str | None = None
    language: str | None = None
    keywords: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    curator: str | None = None
    kept: tuple[tuple[str, str], ...] = ()

    @classmethod
    def make(cls, title: str, abstract: str = "", *, ids: Iterable[str] = (), **fields: Any) -> Self:
        """Create a paper from clean text; the identifier of its title, or else of its abstract, is added to ``ids``.

        Args:
            title: the title, which may be empty where there is an abstract.
            abstract: the abstract, which may be empty where there is a title.
            ids: identifiers such as ``doi:10.…``, in any order.
            **fields: other fields of the paper, by their names.

        Raises:
            ValueError: neither the title nor the abstract has a letter or digit.

        >>> from labeler import Paper
        >>> Paper.make("Songs of forty birds", ids=["arxiv:2511.00001"], date="2026-11-23").id
        'arxiv:2511.00001'
        """
        identifier_set = set(ids)
        if identifiers.title_key(title):
            identifier_set.add(identifiers.title_id(title))
        elif identifiers.title_key(abstract):
            identifier_set.add(identifiers.text_id(abstract))
        else:
            raise ValueError("neither a title nor an abstract")
        return cls(title, abstract, identifiers.sort_ids(identifier_set), **fields)

    @property
    def id(self) -> str:
        """The best identifier. A merge with a record of the paper that has better ones changes it."""
        return self.ids[0]

    @property
    def text(self) -> str:
        """The text that a model reads: the title, a line break, the abstract."""
        return f"{self.title}\n{self.abstract}".strip()

    def to_dict(self) -> dict[str, Any]:
        """The record for JSON lines."""
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
            "venue": self.venue,
            "language": self.language,
            "keywords": list(self.keywords),
            "notes": list(self.notes),
            "curator": self.curator,
            **({"kept": [list(pair) for pair in self.kept]} if self.kept else {}),
        }

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Self:
        """A paper from a mapping with at least ``title`` or ``abstract``; the inverse of :meth:`to_dict`.

        Raises:
            ValueError: neither the title nor the abstract has a letter or digit.
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
            venue=record.get("venue"),
            language=record.get("language"),
            keywords=tuple(record.get("keywords") or ()),
            notes=tuple(record.get("notes") or ()),
            curator=record.get("curator"),
            kept=tuple((str(name), str(value)) for name, value in record.get("kept") or ()),
        )
