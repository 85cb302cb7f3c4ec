"""Papers in JSON-LD with the words of schema.org: https://schema.org/ScholarlyArticle, https://www.w3.org/TR/json-ld11/."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from labeler.digests.dublin_core import identifiers_among
from labeler.digests.html import Element
from labeler.json_parsing import JsonError, parse_json

_ARTICLES = frozenset(("ScholarlyArticle", "MedicalScholarlyArticle", "Chapter", "Thesis", "Report", "TechArticle"))
_PLAIN = frozenset(("Article", "CreativeWork"))  # papers only where they have an abstract
_DEPTH = 12


def articles_in(page: Element) -> Iterator[dict[str, Any]]:
    """The papers in the JSON-LD of a page, as fields of records."""
    for script in page.xpath("//script[contains(@type, 'ld+json')]"):
        try:
            document = parse_json((script.text or "").strip().removeprefix("//<![CDATA[").removesuffix("//]]>"))
        except JsonError:
            continue
        for node in _nodes(document, 0):
            if fields := _fields(node):
                yield fields


def _nodes(value: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    """The articles in a value; those that an article cites are in it, and are none."""
    if depth > _DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item, depth + 1)
    elif isinstance(value, Mapping):
        kinds = _kinds(value)
        if kinds & _ARTICLES or (kinds & _PLAIN and value.get("abstract")):
            yield value
            return
        for inner in value.values():
            yield from _nodes(inner, depth + 1)


def _kinds(node: Mapping[str, Any]) -> set[str]:
    kinds = node.get("@type")
    return {str(kind).rpartition("/")[2] for kind in (kinds if isinstance(kinds, list) else [kinds])}


def _fields(node: Mapping[str, Any]) -> dict[str, Any] | None:
    title = _text(node.get("headline")) or _text(node.get("name"))
    if not title:
        return None
    keywords = node.get("keywords")
    return {
        "title": title,
        "abstract": _text(node.get("abstract")) or _text(node.get("description")),
        "authors": [name for name in map(_person, _listed(node.get("author") or node.get("creator"))) if name],
        "date": _text(node.get("datePublished")) or _text(node.get("dateCreated")),
        "venue": _venue(node.get("isPartOf"), 0),
        "language": _text(node.get("inLanguage")),
        "keywords": [_text(word) for word in keywords] if isinstance(keywords, list) else _text(keywords),
        **identifiers_among(
            [text for name in ("identifier", "sameAs", "@id", "url") for text in _identifiers(node.get(name))]
        ),
    }


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = next(iter(value), "")
    if isinstance(value, Mapping):
        value = value.get("@value") or value.get("name") or value.get("alternateName") or ""
    return value.strip() if isinstance(value, str) else ""


def _person(value: Any) -> str:
    if isinstance(value, Mapping) and not value.get("name"):
        return " ".join(filter(None, (_text(value.get("givenName")), _text(value.get("familyName")))))
    return _text(value)


def _venue(value: Any, depth: int) -> str:
    """The periodical or book that an article is part of, by way of volume and issue."""
    for part in _listed(value):
        if isinstance(part, Mapping) and depth < _DEPTH:
            if name := _text(part.get("name")):
                return name
            if name := _venue(part.get("isPartOf"), depth + 1):
                return name
        elif isinstance(part, str) and "://" not in part:
            return part
    return ""


def _identifiers(value: Any) -> Iterator[str]:
    for one in _listed(value):
        if isinstance(one, Mapping):
            kind, text = _text(one.get("propertyID")).lower(), _text(one.get("value"))
            yield (
                f"{kind}:{text}"
                if kind in ("doi", "pmid", "arxiv") and not text.lower().startswith((kind, "http"))
                else text
            )
        elif isinstance(one, str):
            yield one
