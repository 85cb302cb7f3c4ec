"""Digests in Markdown, as bots commit them every day: a section a paper, tables of papers, lists of links.

Sections (https://github.com/dw-dengwei/daily-arXiv-ai-enhanced), tables (https://github.com/Vincentqyw/cv-arxiv-daily)
and pages of one paper are read. What language models wrote beside the abstract (``TL;DR``, ``Motivation``, …) is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from labeler.digests.markdown import plain_text
from labeler.digests.markdown_papers import Said, has_identifier, is_abstract_label, section_fields
from labeler.digests.markdown_sections import Found, Section, sections
from labeler.digests.source import Record, Refusal, Source
from labeler.papers.dates import is_date_line

NAME = "markdown"
RANK = 55
FIXED_NAMES = True
ABOUT = "Markdown digest of a bot (a section, a row or an item a paper)"
_SIGNS = re.compile(
    r"^ {0,3}#{1,6}[ \t]+\S|^[ \t]*\|?[ \t]*:?-{3,}:?[ \t]*\|[ \t\r|:-]*$|^[ \t]*(?:[-*+]|\d+\.)\s.*(?:\]\(|https?://|arxiv:)",
    re.MULTILINE | re.IGNORECASE,
)
_CATEGORY = re.compile(r"[a-z][a-z-]+(?:\.[A-Za-z-]{2,})?")


def looks_like(source: Source) -> bool:
    """Whether there are headings, tables or lists in Markdown, and papers in these."""
    head = source.head.lstrip("\ufeff \t\r\n")
    if head.startswith(("<?xml", "<!", "<html", "{", "[{", "%")) or _SIGNS.search(head) is None:
        return False
    return next(_papers(head.splitlines()), None) is not None


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each section, row or item that is a paper."""
    with source.text() as stream:
        for line, fields in _papers(stream):
            if fields.get("title") or fields.get("abstract"):
                yield Record(f"line {line}", fields)
            else:
                yield Refusal(source.name, f"line {line}", "a paper without a title")


def _papers(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The papers of a digest, each with the line that it begins on."""
    context: dict[str, Any] = {}
    paper: tuple[Section, Said] | None = None
    for section in sections(_body(lines)):
        if isinstance(section, Found):
            if paper is None or section.level <= paper[0].level:
                fields = {name: value for name, value in section.fields.items() if value}
                yield section.line, {**context, **fields}
            continue
        said = Said()
        said.take(section.lines, "")
        if (
            paper is not None
            and section.level > paper[0].level
            and (is_abstract_label(section.heading) or not _is_paper(section, said))
        ):
            paper[1].take(section.lines, section.heading or "-")
            continue
        if paper is not None:
            yield _finished(*paper, context)
        paper = (section, said) if _is_paper(section, said) else None
        if paper is None:
            context = _context(section, context)
    if paper is not None:
        yield _finished(*paper, context)


def _finished(section: Section, said: Said, context: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    fields = {name: value for name, value in section_fields(section.heading, said).items() if value}
    return section.line, {**context, **fields}


def _is_paper(section: Section, said: Said) -> bool:
    """Whether a section is one paper: its heading or a line about it names it, or it has an abstract or authors."""
    if not section.heading or is_abstract_label(section.heading):
        return False
    if has_identifier(section_fields(section.heading, said)):
        return True
    return bool(said.text("abstract") or (said.text("authors") and said.abstract()))


def _context(section: Section, context: dict[str, Any]) -> dict[str, Any]:
    """What a heading above papers says of them all: a date, or a category of arXiv."""
    text = re.sub(r"\[+[^\[\]]*\]+\(#[^()]*\)", "", section.heading)
    text = plain_text(text)
    if match := re.search(r"\d{4}-\d\d-\d\d", text):
        return {**context, "date": match[0]}
    if is_date_line(text):
        return {**context, "date": text}
    kept = {name: value for name, value in context.items() if name == "date"}
    return {**kept, "categories": [text]} if _CATEGORY.fullmatch(text) and ("." in text or "-" in text) else kept


def _body(lines: Iterable[str]) -> Iterator[str]:
    """The lines, with empty ones for those that stand before the text and describe it (YAML between ``---``)."""
    is_front = False
    for number, line in enumerate(lines):
        is_mark = line.strip("\ufeff \r\n") == "---"
        if number == 0 and is_mark:
            is_front = True
        elif is_front:
            is_front = not is_mark
        else:
            yield line
            continue
        yield ""
