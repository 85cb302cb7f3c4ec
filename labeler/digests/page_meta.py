"""The paper that a page names in its meta tags: https://scholar.google.com/intl/en/scholar/inclusion.html#indexing."""

from __future__ import annotations

import re
from typing import Any

from labeler.digests.dublin_core import identifiers_among
from labeler.digests.html import Element, shown_text
from labeler.papers.ids import arxiv_id
from labeler.patterns import pattern

_PREFIX = pattern(r"^(?:(?:bepress_)?citation_|dc(?:terms)?[.:]|prism\.|eprints\.|og:|article:)")
_TITLES = ("citation_title", "bepress_citation_title", "dc.title", "dcterms.title")
_ABSTRACTS = (
    "//*[@id='abstract' or @id='Abs1' or @id='abstracts']", "//blockquote[contains(@class, 'abstract')]",
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' abstract ')]", "//*[@itemprop='abstract']",
    "//section[contains(@class, 'abstract')]", "//div[contains(@class, 'abstract')]",
)  # fmt: skip
_HEADING = pattern(r"^(?:abstract|summary)\s*[:.]?\s*", re.IGNORECASE)
_ABSTRACT_WORDS = 25
_BEFORE_TITLE = pattern(r"^Paper page - |\s*\|\s*alphaXiv$")
_MOST_TEXTS = 5  # paragraphs after the heading of an abstract


def meta_fields(page: Element) -> dict[str, Any] | None:
    """The fields of the paper that a page is about; None where its meta tags name none."""
    tags = [
        ((one.get("name") or one.get("property") or "").strip().lower(), (one.get("content") or "").strip())
        for one in page.iter("meta")
    ]
    whole: dict[str, list[str]] = {}
    for name, text in tags:
        if name and text:
            whole.setdefault(name, []).append(text)
    title = next((whole[name][0] for name in _TITLES if name in whole), "")
    if not title:
        return None
    found: dict[str, list[str]] = {}
    for name, texts in sorted(whole.items(), key=lambda item: "citation_" not in item[0]):
        found.setdefault(_PREFIX.sub("", name), texts)
    canonical = [link.get("href") for link in page.xpath("//link[@rel='canonical'][@href]")]
    links = [*found.get("abstract_html_url", ()), *found.get("public_url", ()), *canonical, *found.get("url", ())]
    dois = [f"doi:{text}" if text.startswith("10.") else text for text in found.get("doi", ())]
    numbers: dict[str, str] = {name: found[name][0] for name in ("arxiv_id", "pmid") if name in found}
    return {
        "title": title,
        "abstract": _abstract(page, found),
        "authors": _authors(found),
        "date": _first(
            found, "publication_date", "date", "cover_date", "online_date", "issued", "published_time", "year"
        ),
        "venue": _first(found, "journal_title", "conference_title", "inbook_title", "publicationname", "ispartof"),
        "language": _first(found, "language"),
        "keywords": [
            word
            for text in [*found.get("keywords", ()), *found.get("keyword", ())]
            for word in re.split(r"\s*[;,]\s*", text)
            if word
        ],
        **identifiers_among([*dois, *found.get("identifier", ()), *links]),
        **numbers,
    }


def preprint_fields(page: Element) -> dict[str, Any] | None:
    """The fields of the preprint that a page of Hugging Face or alphaXiv is about; None for other pages."""
    said = {str(one.get("property") or one.get("name")): one.get("content") or "" for one in page.iter("meta")}
    identifier, title = arxiv_id(said.get("og:url", "")), _BEFORE_TITLE.sub("", said.get("og:title", ""))
    if not identifier or not title:
        return None
    headings = page.xpath("//*[self::h2 or self::h3][normalize-space()='Abstract']")
    texts = [shown_text(one) for heading in headings[:1] for one in heading.xpath("following::p")[:_MOST_TEXTS]]
    abstract = max(texts, key=len, default="") or said.get("og:description", "")
    return {
        "title": title,
        "abstract": abstract if len(abstract.split()) >= _ABSTRACT_WORDS else "",
        "arxiv_id": identifier,
        "url": said["og:url"],
    }


def _authors(found: dict[str, list[str]]) -> list[str]:
    """Authors in their order; those that stand in one tag are divided by semicolons."""
    listed = found.get("author") or found.get("authors") or found.get("creator") or found.get("contributor") or []
    return [name.strip() for text in listed for name in text.split(";") if name.strip()]


def _abstract(page: Element, found: dict[str, list[str]]) -> str:
    """The abstract in a tag, or in the page where no tag has one or only its beginning."""
    tagged = max([*found.get("abstract", ()), *found.get("description", ())], key=len, default="")
    if len(tagged.split()) >= _ABSTRACT_WORDS and not tagged.endswith(("…", "...")):
        return tagged
    for path in _ABSTRACTS:
        for element in page.xpath(path)[:20]:
            text = _HEADING.sub("", shown_text(element))
            if len(text.split()) >= _ABSTRACT_WORDS:
                return text
    return tagged if "abstract" in found or len(tagged.split()) >= _ABSTRACT_WORDS else ""


def _first(found: dict[str, list[str]], *names: str) -> str:
    return next((found[name][0] for name in names if name in found), "")
