"""What an entry of a feed says of a paper, in RSS, RDF or Atom with the names of Dublin Core, PRISM and arXiv."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

from labeler.digests.feed_text import FeedText, lines_of, read_feed_text
from labeler.digests.fields import announced
from labeler.digests.links import identifiers_of_link
from labeler.digests.xml import Element, local_name, namespace_of
from labeler.digests.xml_markup import text_at, text_of
from labeler.papers.ids import arxiv_id
from labeler.patterns import pattern

_MEDIA = ("search.yahoo.com/mrss", "itunes", "media")
_ARXIV_CATEGORY = pattern(r"(?:[a-z]+-?[a-z]+)(?:\.[A-Za-z]{2}|\.[a-z]+-[a-z]+)?")
_DATES = ("publicationDate", "coverDate", "date", "published", "issued", "pubDate", "created", "updated", "modified")
_NO_TIME = ("1970-01-01T00:00:00", "Thu, 01 Jan 1970 00:00:00")  # where a program knows none
_TEXTS = ("encoded", "content", "abstract", "description", "summary")
_LONGEST = 10_000  # characters of an abstract; longer texts are whole articles
_ISSUE_BEFORE_TITLE = pattern(r"^[^:]{2,80}, Vol\. \d+, Pages? [\w-]{1,20}: (?=\S)")  # of MDPI
_IN_BRACKETS = pattern(r"\s*\([^()]*\)")
_ENOUGH = 40  # words of an abstract beside a whole article


def feed_fields(entry: Element) -> Mapping[str, Any]:
    """The fields of an element ``item`` or ``entry``."""
    found: dict[str, list[Element]] = {}
    for child in entry:
        if not any(media in namespace_of(child) for media in _MEDIA):
            found.setdefault(local_name(child), []).append(child)
    title = next((text for child in found.get("title", ()) if (text := text_of(child).strip())), "")
    title = _ISSUE_BEFORE_TITLE.sub("", title)
    abstract, beside = _abstract(found, title)
    said = {name: next(filter(None, map(_text, found.get(name, ()))), "") for name in _SAID}
    dates = (text for name in _DATES for text in map(_text, found.get(name, ())))
    date = next((text for text in dates if text and not text.startswith(_NO_TIME)), "")
    return {
        "title": " ".join(lines_of(title)),
        "abstract": abstract,
        "authors": _authors(found) or beside.authors,
        "date": date or beside.date,
        "venue": said["publicationName"] or said["journal_ref"] or _dublin_core_source(found) or beside.venue,
        "language": said["language"],
        "comments": said["comment"],
        "flags": announced(said["announce_type"]),
        **_subjects(found),
        **_identifiers(found, entry),
    }


_SAID = ("publicationName", "journal_ref", "language", "comment", "announce_type")


def _text(element: Element) -> str:
    return text_of(element).strip()


def _abstract(found: Mapping[str, list[Element]], title: str) -> tuple[str, FeedText]:
    """The abstract among the texts of an entry, and what else stands in them."""
    texts = [read_feed_text(_text(child), title) for name in _TEXTS for child in found.get(name, ())]
    beside = next((text for text in texts if text.authors or text.date or text.venue), FeedText())
    if marked := [text.abstract for text in texts if text.is_marked and text.abstract]:
        return marked[0], beside
    longest = max((text.abstract for text in texts), key=len, default="")
    if len(longest) > _LONGEST:
        shorter = [text.abstract for text in texts if len(text.abstract) <= _LONGEST]
        longest = next((text for text in shorter if len(text.split()) >= _ENOUGH), longest)
    return longest, beside


def _authors(found: Mapping[str, list[Element]]) -> list[str] | str:
    names = []
    for child in [*found.get("creator", ()), *found.get("author", ())]:
        name = text_at(child, "name") if len(child) else _text(child)
        if match := re.fullmatch(r"\S+@\S+\s*\((.+)\)", name):  # RSS: an address, and the name in brackets
            name = match[1]
        name = " ".join(lines_of(name))
        name = _IN_BRACKETS.sub("", name) or name  # where its authors are from
        if name and "@" not in name:
            names.append(name)
    names = list(dict.fromkeys(names))
    return names[0] if len(names) == 1 else names


def _dublin_core_source(found: Mapping[str, list[Element]]) -> str:
    sources = (
        child
        for child in found.get("source", ())
        if namespace_of(child) == "dc" or "purl.org/dc" in namespace_of(child)
    )
    text = next(map(_text, sources), "")
    return "" if arxiv_id(text) or text.startswith("http") else text


def _subjects(found: Mapping[str, list[Element]]) -> dict[str, list[str]]:
    """Categories of arXiv, and the keywords that others are."""
    terms = [
        child.get("term") or _text(child)
        for name in ("primary_category", "category", "subject", "keyword")
        for child in found.get(name, ())
    ]
    terms = list(dict.fromkeys(term.strip() for term in terms if term.strip()))
    categories = [term for term in terms if _ARXIV_CATEGORY.fullmatch(term) and ("." in term or "-" in term)]
    return {"categories": categories, "keywords": [term for term in terms if term not in categories]}


def _identifiers(found: Mapping[str, list[Element]], entry: Element) -> dict[str, str]:
    """Identifiers and the link of an entry: those that it names as such first, then those in its links."""
    links = [child.get("href") or _text(child) for child in found.get("link", ()) if _is_main(child)]
    others = [_text(child) for name in ("guid", "id", "identifier", "url") for child in found.get(name, ())]
    about = next((value for name, value in entry.attrib.items() if name.endswith("about")), "")
    ids: dict[str, str] = {}
    for text in (_text(child) for child in found.get("doi", ())):
        ids.setdefault("doi", text)
    for text in [*others, *links, about]:
        if text.lower().startswith(("doi:", "10.")):
            ids.setdefault("doi", text)
        elif text.lower().startswith("pmid:") or (text.startswith("pubmed:") and text[7:].isdigit()):
            ids.setdefault("pmid", text.partition(":")[2].strip())
        elif arxiv := arxiv_id(text) if "arxiv" in text.lower() else None:
            ids.setdefault("arxiv_id", arxiv)
        else:
            for name, value in identifiers_of_link(text).items():
                ids.setdefault(name, value)
    url = next((link.strip() for link in [*links, *others, about] if link.strip().startswith("http")), "")
    return {**ids, "url": url or _in_base(links, entry.base)}


def _in_base(links: list[str], base: str | None) -> str:
    """The first link, completed by the address that a feed names as its base."""
    link = links[0].strip() if links else ""
    return urljoin(base, link) if link and base and base.startswith("http") else ""


def _is_main(link: Element) -> bool:
    """Whether a link leads to the paper: an Atom entry has others, to its PDF and to answers."""
    return link.get("rel") in (None, "", "alternate")
