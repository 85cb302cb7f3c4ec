"""Digests in Markdown, as bots commit them every day: a section a paper, tables of papers, lists of links.

Sections (https://github.com/dw-dengwei/daily-arXiv-ai-enhanced), tables (https://github.com/Vincentqyw/cv-arxiv-daily)
and pages of one paper are read. What language models wrote beside the abstract (``TL;DR``, ``Motivation``, …) is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from labeler.digests.source import Record, Refusal, Source
from labeler.patterns import pattern

NAME = "markdown"
RANK = 55
FIXED_NAMES = True
ABOUT = "Markdown digest of a bot (a section, a row or an item a paper)"
_SIGNS = pattern(
    r"^ {0,3}#{1,6}[ \t]+\S|^\*\*(?:\[?\d{1,4}[\].)]|\[)|^[ \t]*(?:\|[ \t]*)?:?-{3,}:?[ \t]*\|[ \t\r|:-]*$"
    r"|^[ \t]*(?:[-*+]|\d+\.)\s.*(?:(?:\n[ \t].*)?https?://|\]\(|arxiv:)",
    re.MULTILINE | re.IGNORECASE,
)
_FRONT = pattern(r"\A\ufeff?---[ \t]*\r?\n(?:(?!---).*\n){1,200}---[ \t]*\r?$", re.MULTILINE)


def looks_like(source: Source) -> bool:
    """Whether there are headings, tables or lists in Markdown, and papers in these."""
    head = source.beginning
    if head.startswith(("<?xml", "<!", "<html", "{", "[{", "%")) or not (_SIGNS.search(head) or _FRONT.match(head)):
        return False
    from labeler.digests.markdown_digest import papers_of

    return next(papers_of(head.splitlines()), None) is not None


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each section, row or item that is a paper."""
    from labeler.digests.markdown_digest import papers_of

    with source.text() as stream:
        for line, fields in papers_of(stream):
            if fields.get("title") or fields.get("abstract"):
                yield Record(f"line {line}", fields)
            else:
                yield Refusal(source.name, f"line {line}", "a paper without a title")
