"""Google Scholar's alerts: mails in HTML, saved as pages, as ``.eml`` or many of them as ``.mbox``; and its results.

Both show the beginning of each abstract alone; papers are flagged ``cut_short`` where that is so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from labeler.digests.html import Element, has_class, is_html, pages, shown_text
from labeler.digests.links import identifiers_of_link, target_of
from labeler.digests.source import Record, Refusal, Source
from labeler.papers.ids import arxiv_id
from labeler.patterns import pattern

NAME = "scholar_alert"
RANK = 13
FIXED_NAMES = True
ABOUT = "Google Scholar alert (mail in HTML; also .eml, .mbox), or saved page of its results"
# Classes of alerts, before which mail programs write letters of their own, and of results.
_TITLES, _SNIPPETS, _RESULT = ("gse_alrt_title",), ("gse_alrt_sni", "gs_rs"), "gs_rt"
_OPENING = pattern(
    r"class=[\"'][^\"']*(?:gse_alrt_title|\bgs_rt)\b|scholar\.google\.[a-z.]+(?:/|%2F)scholar_url(?:\?|%3F)"
)
_YEAR = pattern(r"(?:^|,\s*|\s)((?:19|20)\d\d)$")
_CUT = ("…", "...")
_KIND = pattern(r"^(?:\[(?:pdf|html|book|b|citation|c|doc|txt)\]\s*)+", re.IGNORECASE)


def looks_like(source: Source) -> bool:
    """Whether there is a title of an alert in the page, or a link by way of Google Scholar."""
    return is_html(source) and _OPENING.search(source.head) is not None


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each title."""
    number = 0
    for page in pages(source):
        for fields in _articles(page):
            number += 1
            yield Record(f"article {number}", fields)


def _articles(page: Element) -> Iterator[Mapping[str, Any]]:
    """The articles of an alert: a title is followed by a line on the authors and the beginning of the abstract."""
    article: dict[str, Any] = {}
    for element in page.iter("a", "div"):
        if element.tag == "a" and _is_title(element):
            if article:
                yield article
            article = _titled(element)
        elif article and _is_of(element, _SNIPPETS):
            article = {**article, **_snippet(shown_text(element))} if "abstract" not in article else article
        elif article and "authors" not in article and "abstract" not in article and _is_line(element):
            article = {**article, **_byline(shown_text(element))}
    if article:
        yield article


def _is_of(element: Element, names: tuple[str, ...]) -> bool:
    return any(one.endswith(names) for one in (element.get("class") or "").split())


def _is_title(link: Element) -> bool:
    heading = link.getparent()
    if heading is None or heading.tag != "h3":
        return _is_of(link, _TITLES)
    return _is_of(link, _TITLES) or has_class(heading, _RESULT) or "scholar_url" in (link.get("href") or "")


def _titled(link: Element) -> dict[str, Any]:
    address = target_of(link.get("href") or "")
    return {"title": _KIND.sub("", shown_text(link)), "url": address, **identifiers_of_link(address)}


def _is_line(element: Element) -> bool:
    """Whether a block is one line of text, rather than all that follows."""
    is_byline = has_class(element, "gs_a")  # authors of results are links
    return (is_byline or element.find(".//a") is None) and element.find(".//div") is None and bool(shown_text(element))


def _snippet(text: str) -> dict[str, Any]:
    return {"abstract": text, "flags": ["cut_short"] if text.endswith(_CUT) else []}


def _byline(line: str) -> dict[str, Any]:
    """``A Lee, B Ek - Invented Studies, 2024``: authors, venue and year; each but the authors may be missing."""
    names, _, rest = line.partition(" - ")
    venue = rest.partition(" - ")[0].strip()
    year = _YEAR.search(venue)
    venue = venue[: year.start()] if year else venue
    authors = [name.strip() for name in names.split(",")]
    fields = {"authors": [name for name in authors if name and name not in _CUT], "venue": venue.strip(" ,…")}
    if arxiv := arxiv_id(venue):
        fields |= {"arxiv_id": arxiv}
    return {**fields, "date": year[1] if year else ""}
