"""Saved pages of trending papers in HTML: Hugging Face's of a day, week or month, and those of Papers with Code.

Hugging Face's pages hold their papers as JSON, in the attributes ``data-props`` from which the page is drawn; where
these are missing, and on other pages, a card a paper is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from labeler.digests.html import Element, is_html, pages, shown_text
from labeler.digests.json_papers import groups_of
from labeler.digests.source import Record, Refusal, Source
from labeler.json_parsing import JsonError, parse_json
from labeler.patterns import pattern

NAME = "trending_page"
RANK = 16
FIXED_NAMES = True
ABOUT = "saved page of trending papers (HTML: Hugging Face, Papers with Code)"
_SIGN = pattern(
    r"data-target=[\"']DailyPapers|&quot;dailyPapers&quot;|<(?:h[1-4]|article)\b[^>]{0,500}>\s*<a\b[^>]{0,500}"
    r"href=[\"'](?:https://huggingface\.co)?/papers/\d{4}\.\d{4,5}"
    r"|class=[\"'][^\"'>]{0,500}(?:item-strip-abstract|\bpaper-card\b)"
)
_SITE = "https://huggingface.co"
_CURATOR = pattern(r"\bby\s*(AK)\b")
_ABSTRACT_WORDS = 12  # of the beginning that a card shows
_MOST_TEXTS = 20  # paragraphs of a card: one without an end holds all that follow
_CARDS = "//article | //*[contains(concat(' ', normalize-space(@class), ' '), ' paper-card ')]"


def looks_like(source: Source) -> bool:
    """Whether the page is drawn from papers, or has links to papers of Hugging Face."""
    return is_html(source) and _SIGN.search(source.head) is not None


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each paper of the page."""
    number = 0
    for page in pages(source):
        curator = _CURATOR.search(shown_text(page)[:20_000])
        seen = set[str]()
        for fields in _embedded(page) or _cards(page):
            key = str(fields.get("id") or fields.get("url") or fields.get("title"))
            if key not in seen:
                seen.add(key)
                number += 1
                yield Record(f"paper {number}", {**fields, "curator": curator[1] if curator else ""})


def _embedded(page: Element) -> list[Mapping[str, Any]]:
    """The papers in the JSON that the page is drawn from."""
    papers: list[Mapping[str, Any]] = []
    for element in page.xpath("//*[@data-props]"):
        try:
            document = parse_json(element.get("data-props"))
        except JsonError:
            continue
        groups, _ = groups_of(document)
        items = [item for group in groups if group.shows_papers for item in group.items]
        papers += [
            item["paper"] if isinstance(item.get("paper"), Mapping) else item
            for item in items
            if isinstance(item, Mapping)
        ]
    return papers


def _cards(page: Element) -> Iterator[dict[str, Any]]:
    """The papers that are drawn: each card has a heading that is a link, and mostly a paragraph."""
    for card in page.xpath(_CARDS):
        heading = next(iter(card.xpath(".//h1 | .//h2 | .//h3 | .//h4")), None)
        links = [] if heading is None else [*heading.xpath(".//a[@href]"), *heading.xpath("ancestor::a[@href]")]
        title = shown_text(heading)
        if not title or not links:
            continue
        texts = [shown_text(one) for one in card.xpath(".//p")[:_MOST_TEXTS]]
        abstract = max((text for text in texts if text != title), key=len, default="")
        date = next(iter([*card.xpath(".//time/@datetime"), *map(shown_text, card.find_class("item-date-pub"))]), "")
        address = links[0].get("href")
        url = f"{_SITE}{address}" if re.match(r"/papers/\d{4}\.\d{4,5}", address) else address
        yield {
            "title": title,
            "abstract": abstract if len(abstract.split()) >= _ABSTRACT_WORDS else "",
            "date": date,
            "url": url,
            "flags": ["cut_short"] if abstract.endswith(("…", "...")) else [],
        }
