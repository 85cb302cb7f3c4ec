"""Any other page or mail in HTML that names papers in headings, lists or tables: newsletters, blogs, saved tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from labeler.digests.source import Record, Refusal, Source
from labeler.patterns import pattern

NAME = "html_digest"
RANK = 56  # the last of pages
FIXED_NAMES = True
ABOUT = "page or mail in HTML that names papers in headings, lists or tables (newsletters, blogs, tables saved as .xls)"
_LINK_OR_TABLE = pattern(r"<a\b[^>]{1,1000}href=|<t[hd]\b", re.IGNORECASE)
_TABLE = pattern(r"^<table\b[^>]{0,1000}>\s*(?:<(?:thead|tbody|tr)\b)", re.MULTILINE | re.IGNORECASE)  # in Markdown
_LONGEST_HEAD = 300_000  # characters in which papers are looked for


def looks_like(source: Source) -> bool:
    """Whether there is a paper in the beginning of a page."""
    head = source.head[:_LONGEST_HEAD]
    is_page = source.beginning.startswith("<") and not source.beginning.startswith("<?xml")
    if not (_LINK_OR_TABLE if is_page else _TABLE).search(head):
        return False
    from labeler.digests.html import page_of
    from labeler.digests.html_markdown import markdown_of
    from labeler.digests.markdown_digest import papers_of

    return next(papers_of(markdown_of(page_of(head, source.name))), None) is not None


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each section, row or item that is a paper."""
    from labeler.digests.html import pages
    from labeler.digests.html_markdown import markdown_of
    from labeler.digests.markdown_digest import papers_of

    number = 0
    for page in pages(source):
        for _, fields in papers_of(markdown_of(page)):
            number += 1
            if fields.get("title") or fields.get("abstract"):
                yield Record(f"paper {number}", fields)
            else:
                yield Refusal(source.name, f"paper {number}", "a paper without a title")
