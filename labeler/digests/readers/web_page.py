"""Any saved page that names its paper: arXiv's, publishers', repositories'.

Pages do so for search engines, with ``<meta name="citation_title">`` and its like
(https://scholar.google.com/intl/en/scholar/inclusion.html#indexing), in Dublin Core, or as JSON-LD of schema.org
(https://schema.org/ScholarlyArticle), where several papers may be in a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from labeler.digests.html import Element, is_html, pages
from labeler.digests.page_meta import meta_fields, preprint_fields
from labeler.digests.schema_org import articles_in
from labeler.digests.source import Record, Refusal, Source
from labeler.papers.ids import title_key
from labeler.patterns import pattern

NAME = "web_page"
RANK = 12  # pages that name their paper may link to any others
FIXED_NAMES = True
ABOUT = "saved page of a paper (HTML with citation_ or Dublin Core meta tags, or JSON-LD of schema.org)"
_SIGN = pattern(
    r"<meta\b[^>]{0,2000}\bname=[\"']?(?:bepress_)?citation_title\b|<meta\b[^>]{0,2000}\bname=[\"']?dc(?:terms)?\.title\b"
    r"|<meta\b[^>]{0,2000}\bcontent=[\"']https://(?:huggingface\.co/papers|(?:www\.)?alphaxiv\.org/abs)/\d{4}\.\d{4,5}"
    r"|\"@type\"\s*:\s*\[?\s*\"(?:Medical)?Scholarly",
    re.IGNORECASE,
)


def looks_like(source: Source) -> bool:
    """Whether a page names a paper."""
    return is_html(source) and _SIGN.search(source.head) is not None


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for the paper of each page, or for each that its JSON-LD names."""
    number = 0
    for page in pages(source):
        for fields in _papers(page):
            number += 1
            yield Record(f"paper {number}", fields)


def _papers(page: Element) -> list[dict[str, Any]]:
    """The paper that meta tags name, with what they lack from JSON-LD; else those of the JSON-LD."""
    main, articles = meta_fields(page), list(articles_in(page))
    if main is None:
        return articles or [one for one in (preprint_fields(page),) if one]
    same = next((one for one in articles if title_key(str(one["title"])) == title_key(str(main["title"]))), {})
    return [{**same, **{name: value for name, value in main.items() if value}}]
