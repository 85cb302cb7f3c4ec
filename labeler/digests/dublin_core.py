"""Records in Dublin Core: https://www.dublincore.org/specifications/dublin-core/dces/. Many archives offer them."""

from __future__ import annotations

import re
from typing import Any

from labeler.digests.links import identifiers_of_link
from labeler.digests.xml import Element, local_name
from labeler.digests.xml_markup import text_of
from labeler.papers.ids import arxiv_id
from labeler.patterns import pattern

_COMMENT = pattern(r"comments?\s*:\s*", re.IGNORECASE)
_LONGEST_VENUE = 200


def dublin_core_fields(element: Element) -> dict[str, Any]:
    """The fields of a record whose children are elements of Dublin Core, or called alike."""
    found: dict[str, list[str]] = {}
    for child in element:
        if text := text_of(child).strip():
            found.setdefault(local_name(child), []).append(text)
    described = [*found.get("abstract", ()), *found.get("description", ())]
    abstracts = [text for text in described if not _COMMENT.match(text)]
    return {
        "title": found.get("title", [""])[0],
        "abstract": max(abstracts, key=len, default=""),
        "authors": found.get("creator") or found.get("author") or found.get("contributor", []),
        "date": next((found[name][0] for name in ("date", "issued", "created") if name in found), ""),
        "language": found.get("language", [""])[0],
        "keywords": found.get("subject", []),
        "venue": next((text for text in found.get("source", ()) if _is_venue(text)), ""),
        "comments": " ".join(text for text in described if _COMMENT.match(text)),
        **identifiers_among(found.get("identifier", [])),
    }


def identifiers_among(texts: list[str]) -> dict[str, str]:
    """The identifiers of a paper in texts that may be identifiers, links or anything, and the first link."""
    ids: dict[str, str] = {}
    for text in texts:
        lowered = text.lower()
        if lowered.startswith(("doi:", "10.", "info:doi/")):
            ids.setdefault("doi", text)
        elif lowered.startswith("pmid:"):
            ids.setdefault("pmid", text[5:].strip())
        elif found := arxiv_id(text) if "arxiv" in lowered else None:
            ids.setdefault("arxiv_id", found)
        else:
            for name, value in identifiers_of_link(text).items():
                ids.setdefault(name, value)
    url = next((text for text in texts if text.startswith(("http://", "https://"))), "")
    return {**ids, "url": url} if url else ids


def _is_venue(text: str) -> bool:
    return len(text) <= _LONGEST_VENUE and "://" not in text and not arxiv_id(text)
