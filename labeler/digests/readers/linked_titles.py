"""Plain text in which a link to each paper stands below its title, or beside it: mails of people, lists in chats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from labeler.digests.links import identifiers_of_link, leads_to_paper, target_of
from labeler.digests.source import Record, Refusal, Source
from labeler.patterns import pattern

NAME = "linked_titles"
RANK = 80
FIXED_NAMES = True
ABOUT = "plain text with a link to each paper below its title or beside it"
_LINK = pattern(r"https?://[^\s<>\"'|)\]]+")
_NUMBER = pattern(r"^\s*(?:[-*+•–]\s+|\[\d{1,4}\]\s*|\(?\d{1,4}[.):]\s+)?")
_FEWEST, _MOST_WORDS, _LONGEST = 3, 40, 300  # of a title
_ABSTRACT_WORDS = 25
_FEWEST_PAPERS = 2
_BEGIN = 1 << 14  # characters in which they show


@dataclass
class _Paper:
    """A paper: the line of its link, the link, its title, and the lines below."""

    line: int
    link: str
    title: str
    below: list[str] = field(default_factory=list)

    def fields(self) -> dict[str, Any]:
        """The fields of the paper; too short a text is no abstract."""
        text = " ".join(self.below)
        abstract = text if len(text.split()) >= _ABSTRACT_WORDS else ""
        return {"title": self.title, "abstract": abstract, "url": self.link, **identifiers_of_link(self.link)}


def looks_like(source: Source) -> bool:
    """Whether at least two links to papers have a title, and as many as have none."""
    head = source.beginning[:_BEGIN]
    if "://" not in head or source.beginning.startswith(("<", "{", "[{", "%", "@", "\\")):
        return False
    titled = [bool(paper.title) for paper in _papers(head.splitlines())]
    return sum(titled) >= _FEWEST_PAPERS and sum(titled) * 2 >= len(titled)


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each link to a paper that has a title."""
    with source.text() as stream:
        for paper in _papers(stream):
            if paper.title:
                yield Record(f"line {paper.line}", paper.fields())
            else:
                yield Refusal(source.name, f"line {paper.line}", f"a link without a title: {paper.link[:80]}")


def _papers(lines: Iterable[str]) -> Iterator[_Paper]:
    """The papers of a text, in their order."""
    papers = list[_Paper]()
    alone = ""  # the only line of the block before
    for block in _blocks(lines):
        papers = [*papers[-1:], *_in_block(block, papers[-1] if papers else None, alone)]
        yield from papers[:-1]
        alone = block[0][1] if len(block) == 1 and not _link_in(block[0][1]) else ""
    yield from papers[-1:]


def _blocks(lines: Iterable[str]) -> Iterator[list[tuple[int, str]]]:
    """The lines between empty ones, with their numbers."""
    block = list[tuple[int, str]]()
    for number, raw in enumerate(lines, start=1):
        if line := " ".join(raw.lstrip("\ufeff").split()):
            block.append((number, line))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _in_block(block: list[tuple[int, str]], paper: _Paper | None, alone: str) -> list[_Paper]:
    """The papers whose links stand in a block; other lines are added to the ``paper`` that they are below."""
    found, since = list[_Paper](), list[str]()
    for number, line in block:
        link = _link_in(line)
        if not link:
            since.append(line)
            continue
        title = _title(_LINK.sub(" ", line))
        if not title and not since and found:
            continue  # another link to the same paper
        if not title and since:
            title, since = (_title(since[-1]), since[:-1]) if found else (_title(since[0]), [])
        elif not title and alone:
            title = _title(alone)
            if paper is not None and paper.below[-1:] == [alone]:
                paper.below.pop()
        if found:
            found[-1].below += since
        found.append(_Paper(number, link, title))
        since = []
    last = found[-1] if found else paper
    if last is not None:
        last.below += since
    return found


def _link_in(line: str) -> str:
    """The first link in a line that leads to a paper; ``""`` if none does."""
    return next(filter(leads_to_paper, (target_of(link.rstrip(".,;")) for link in _LINK.findall(line))), "")


def _title(text: str) -> str:
    """A text as a title; ``""`` where it can be none."""
    text = _NUMBER.sub("", text, count=1).strip(" \t:–—-|")
    is_title = _FEWEST <= len(text.split()) <= _MOST_WORDS or (not text.isascii() and len(text) >= 6)
    return text if is_title and len(text) <= _LONGEST else ""
