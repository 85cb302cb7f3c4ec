"""Zotero's RDF, in which items name the journals that they are in: https://www.zotero.org/support/kb/exporting.

Journals may stand behind the items that name them, so that all items are held until the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from labeler.digests.dublin_core import identifiers_among
from labeler.digests.source import Record, Refusal, Source
from labeler.digests.xml import Element, beginning, entries, local_name
from labeler.digests.xml_markup import child, children, text_at, text_of
from labeler.patterns import pattern

NAME = "zotero_rdf"
RANK = 16
FIXED_NAMES = True
ABOUT = "Zotero RDF (.rdf)"
_OPENING = pattern(r"\A<rdf:RDF\b[^>]*(?:zotero\.org/namespaces|purl\.org/net/biblio)")
_ITEMS = (
    "Article", "Book", "BookSection", "Thesis", "Report", "Document", "Description", "Manuscript", "Patent", "Letter",
    "Recording", "Legislation", "Interview", "Data",
)  # fmt: skip
_HOLDERS = ("Book", "Journal", "Periodical", "ConferenceProceedings", "Proceedings", "Series", "Newspaper", "Magazine")
_BESIDE = ("attachment", "note", "annotation")


def looks_like(source: Source) -> bool:
    """Whether the first element names the vocabulary of Zotero or of bibliographies."""
    return _OPENING.search(beginning(source)) is not None


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each item; attachments, notes and collections are none."""
    holders: dict[str, Mapping[str, Any]] = {}

    def fields_of(element: Element) -> dict[str, Any] | None:
        if local_name(element) in _HOLDERS:
            holders[_about(element)] = {"venue": text_at(element, "title"), "numbers": _numbers(element)}
        return _fields(element) if local_name(element) in _ITEMS else None

    for found in list(entries(source, tuple({*_ITEMS, *_HOLDERS}), fields_of)):
        if isinstance(found, Record):
            yield Record(found.where, _with_holders(found.fields, holders))
        else:
            yield found


def _with_holders(fields: Mapping[str, Any], holders: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The fields with the venue and the numbers of what an item is in."""
    named = [holders[name] for name in fields["in"] if name in holders]
    numbers = [*fields["numbers"], *(number for one in named for number in one["numbers"])]
    venue = fields["venue"] or next((one["venue"] for one in named if one["venue"]), "")
    others = {name: value for name, value in fields.items() if name not in ("in", "numbers")}
    return {**others, "venue": venue, **identifiers_among([*numbers, *fields["links"]])}


def _fields(item: Element) -> dict[str, Any] | None:
    """The fields of an item; None for what belongs to one."""
    kind = text_at(item, "itemType")
    if kind in _BESIDE or not (kind or text_at(item, "title")):
        return None
    parts = children(item, "isPartOf")
    inner = [one for part in parts for one in part if local_name(one)]
    venues = (*(text_at(one, "title") for one in inner), text_at(item, "presentedAt", "Conference", "title"))
    return {
        "title": text_at(item, "title"),
        "abstract": text_at(item, "abstract"),
        "authors": list(_people(item)),
        "date": text_at(item, "date"),
        "venue": next(filter(None, venues), ""),
        "language": text_at(item, "language"),
        "keywords": [text for one in children(item, "subject") if (text := text_of(one).strip())],
        "notes": [text for one in children(item, "description") if (text := text_of(one).strip())],
        "in": [_resource(part) for part in parts],
        "numbers": [*_numbers(item), *(number for one in inner for number in _numbers(one))],
        "links": _links(item),
    }


def _people(item: Element) -> Iterator[str]:
    for person in children(child(child(item, "authors"), "Seq"), "li"):
        described = child(person, "Person")
        given, family = text_at(described, "givenName"), text_at(described, "surname")
        yield " ".join(filter(None, (given, family))) or text_at(described, "name")


def _numbers(element: Element) -> list[str]:
    """``DOI 10.5555/x`` as ``doi:10.5555/x``; other numbers, as of a serial, are left out."""
    texts = [text_of(one).strip() for one in children(element, "identifier")]
    return [f"doi:{text[4:]}" for text in texts if text.upper().startswith("DOI ")]


def _links(item: Element) -> list[str]:
    said = [text_of(one).strip() for one in children(item, "identifier")]
    return [text for text in (*said, _about(item)) if text.startswith(("http://", "https://"))]


def _about(element: Element) -> str:
    return next((value for name, value in element.items() if name.endswith("about")), "")


def _resource(element: Element) -> str:
    return next((value for name, value in element.items() if name.endswith("resource")), "")
