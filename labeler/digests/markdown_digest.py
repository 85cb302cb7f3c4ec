"""The papers of a Markdown digest: sections that are papers, and those that tables and lists hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from labeler.digests.links import leads_to_paper
from labeler.digests.markdown import links_in, plain_text
from labeler.digests.markdown_front import describes, front_fields, is_paper, kept
from labeler.digests.markdown_papers import Said, has_identifier, is_abstract, is_abstract_label, section_fields
from labeler.digests.markdown_sections import Found, Section, sections
from labeler.papers.dates import is_date_line
from labeler.patterns import pattern

_CATEGORY = pattern(r"[a-z][a-z-]+(?:\.[A-Za-z-]{2,})?")


def papers_of(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The papers of a digest, each with the line that it begins on."""
    before: list[str] = []
    number = 0
    for number, (line, fields) in enumerate(_papers(_body(lines, before)), start=1):
        front = front_fields(before) if number == 1 else {}
        yield line, {**front, **fields} if describes(front, str(fields.get("title", ""))) else fields
    if not number and is_paper(front := front_fields(before)):
        yield 1, front


def _papers(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    context: dict[str, Any] = {}
    paper: tuple[Section, Said] | None = None
    above: tuple[Section, Said] | None = None  # a section that is no paper, unless an abstract comes next
    for section in sections(lines):
        if isinstance(section, Found):
            if paper is None or section.level <= paper[0].level:
                fields = {name: value for name, value in section.fields.items() if value}
                yield section.line, {**context, **fields}
            continue
        said = Said()
        said.take(section.lines, "")
        if above is not None and section.level > above[0].level and is_abstract(section.heading):
            paper, above = above, None
            context = {}
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
        above = (section, said) if paper is None and section.heading and len(section.heading.split()) > 1 else None
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
    if has_identifier(section_fields(section.heading, said)) or any(
        leads_to_paper(link.target) for link in links_in(section.heading)
    ):
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


def _body(lines: Iterable[str], before: list[str]) -> Iterator[str]:
    """The lines, with empty ones for those that stand before the text and describe it (YAML between ``---``), which are
    added to ``before``.
    """
    is_front = False
    for number, line in enumerate(lines):
        is_mark = line.strip("\ufeff \r\n") == "---"
        if number == 0 and is_mark:
            is_front = True
        elif is_front:
            is_front = not is_mark
            kept(before, line)
        else:
            yield line
            continue
        yield ""
