"""The papers of a Markdown digest: sections that are papers, and those that tables and lists hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from labeler.digests.links import leads_to_paper
from labeler.digests.markdown import links_in, plain_text
from labeler.digests.markdown_front import describes, front_fields, is_paper, kept
from labeler.digests.markdown_papers import Said, has_identifier, is_abstract, is_abstract_label, section_fields
from labeler.digests.markdown_sections import Found, Section, sections
from labeler.papers.dates import is_date_line
from labeler.patterns import pattern

_CATEGORY = pattern(r"[a-z][a-z-]+(?:\.[A-Za-z-]{2,})?")


@dataclass(frozen=True, slots=True)
class _Context:
    """What headings above papers say of them all: a date, and a category of arXiv by a heading of some ``level``."""

    date: str = ""
    category: str = ""
    level: int = 0

    def below(self, section: Section) -> _Context:
        """What is said of papers below the heading of a section as well.

        A date stays until there is another; a category is that of headings of lower levels alone.
        """
        text = plain_text(re.sub(r"\[+[^\[\]]*\]+\(#[^()]*\)", "", section.heading))
        kept = self if section.level > self.level else _Context(self.date)
        if match := re.search(r"\d{4}-\d\d-\d\d", text):
            return replace(kept, date=match[0])
        if is_date_line(text):
            return replace(kept, date=text)
        is_category = _CATEGORY.fullmatch(text) is not None and ("." in text or "-" in text)
        return replace(kept, category=text, level=section.level) if is_category else kept

    def fields(self) -> dict[str, Any]:
        """The fields of a record."""
        return _said({"date": self.date, "categories": [self.category] if self.category else []})


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
    context = _Context()
    paper: tuple[Section, Said] | None = None
    above: tuple[Section, Said, _Context] | None = None  # a section that is no paper, unless an abstract comes next
    within, shared = Section(), context  # the section that papers in tables and lists are in, and what is said there
    for section in sections(lines):
        if isinstance(section, Found):
            if section.section is not within:
                within, shared = section.section, context.below(section.section)
            if paper is None or section.section.level <= paper[0].level:
                yield section.line, {**shared.fields(), **_said(section.fields)}
            continue
        said = Said()
        said.take(section.lines, "")
        if above is not None and section.level > above[0].level and is_abstract(section.heading):
            paper, context, above = above[:2], above[2], None
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
        may_be = paper is None and len(section.heading.split()) > 1
        above = (section, said, context) if may_be else None
        if paper is None:
            context = context.below(section)
    if paper is not None:
        yield _finished(*paper, context)


def _finished(section: Section, said: Said, context: _Context) -> tuple[int, dict[str, Any]]:
    return section.line, {**context.fields(), **_said(section_fields(section.heading, said))}


def _said(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


def _is_paper(section: Section, said: Said) -> bool:
    """Whether a section is one paper: its heading or a line about it names it, or it has an abstract or authors."""
    if not section.heading or is_abstract_label(section.heading):
        return False
    if has_identifier(section_fields(section.heading, said)) or any(
        leads_to_paper(link.target) for link in links_in(section.heading)
    ):
        return True
    return bool(said.text("abstract") or (said.text("authors") and said.abstract()))


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
