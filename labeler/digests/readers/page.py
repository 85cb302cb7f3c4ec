"""A saved page of trending papers as plain text: a head, a date, then title and abstract in turn.

Pages differ in what stands between: dates of further days, counts of votes, buttons. Those lines are passed over; a
title is a short paragraph, an abstract a long one that follows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from labeler.digests.source import Record, Refusal, Source
from labeler.papers.dates import is_date_line
from labeler.patterns import pattern

NAME = "page"
RANK = 90  # it knows itself by little: any short paragraph before a long one
ABOUT = "saved page of trending papers (text: title and abstract in turn)"
_LONGEST_TITLE = 300
_SHORTEST_ABSTRACT_WORDS = 25
_OTHER_FORMAT = pattern(r"^(?:#{1,6} |\||> |\* \[|- \[|<a |[A-Z][A-Z0-9]  - )", re.MULTILINE)
_FURNITURE = pattern(
    r"new|trending|subscribe|get trending papers.*|by\s?(?P<curator>ak)(?: and .*)?"
    r"|upvotes?|[\d.,]+k?|view (?:arxiv )?(?:page|pdf)|"
    r"github(?:\s+[\d.,]+k?)?|arxiv page|pdf|read (?:more|paper)|add to collection|published on [a-z]+ \d.*|"
    r"submitted by\s*\S*|·.*|"
    r"[\d.,]+\s*(?:comments?|upvotes?|authors?|likes?)",
    re.IGNORECASE,
)


def looks_like(source: Source) -> bool:
    """Whether at least one short paragraph is followed by a long one, none of it mark-up.

    A short one that ends with a comma or a colon is no title: letters begin so.
    """
    head = source.beginning
    if head.startswith(("<", "{", "[")) or "\x00" in head or _OTHER_FORMAT.search(head):
        return False
    paragraphs = [text for _, text in _paragraphs(source.head.splitlines())]
    return any(_is_title(one) and one[-1] not in ",:" and _is_abstract(two) for one, two in pairwise(paragraphs))


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each title with its abstract; a title without one is refused, once papers have begun."""
    with source.text() as stream:
        date = curator = ""
        title: tuple[int, str] | None = None
        abstract: list[str] = []
        begun = False
        for line, text in _paragraphs(stream):
            if is_date_line(text):
                yield from _finished(title, abstract, (date, curator), source.name, begun)
                title, abstract, date = None, [], text
            elif furniture := _FURNITURE.fullmatch(text):
                curator = furniture["curator"] or curator
            elif title is not None and _is_abstract(text):
                abstract.append(text)
                begun = True
            elif title is not None and abstract and not _is_title(text):
                abstract.append(text)
            else:
                yield from _finished(title, abstract, (date, curator), source.name, begun or bool(date))
                title, abstract = (line, text), []
        yield from _finished(title, abstract, (date, curator), source.name, begun or bool(date))


def _finished(
    title: tuple[int, str] | None, abstract: list[str], given: tuple[str, str], name: str, begun: bool
) -> Iterator[Record | Refusal]:
    if title is None:
        return
    line, text = title
    if abstract:
        date, curator = given
        fields = {"title": text, "abstract": "\n".join(abstract), "date": date, "curator": curator}
        yield Record(f"line {line}", fields)
    elif begun:
        yield Refusal(name, f"line {line}", f"a title without an abstract: {text[:60]!r}")


def _paragraphs(lines: Iterator[str] | list[str]) -> Iterator[tuple[int, str]]:
    """Blocks of lines between empty ones, with the number of the first line."""
    block: list[str] = []
    start = 0
    for number, line in enumerate(lines, start=1):
        if line.strip("\ufeff \t\r\n"):
            if not block:
                start = number
            block.append(line.strip("\ufeff \t\r\n"))
        elif block:
            yield start, "\n".join(block)
            block = []
    if block:
        yield start, "\n".join(block)


def _is_title(text: str) -> bool:
    return len(text) <= _LONGEST_TITLE and not _is_abstract(text)


def _is_abstract(text: str) -> bool:
    words = len(text.split())
    return words > 2 * _SHORTEST_ABSTRACT_WORDS or (words >= _SHORTEST_ABSTRACT_WORDS and text.rstrip()[-1:] in ".!?")
