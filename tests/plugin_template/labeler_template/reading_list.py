"""A format of digests: a line READING LIST, then a title a line, each followed by its abstract, which is indented."""

from __future__ import annotations

from collections.abc import Iterator

from labeler.digests.source import Record, Refusal, Source

NAME = "reading_list"
ABOUT = "a line READING LIST, then titles with indented abstracts"
RANK = 50
FIXED_NAMES = True  # the format itself says what is title and what is abstract


def looks_like(source: Source) -> bool:
    """Whether the first line says so."""
    return source.head.startswith("READING LIST\n")


def records(source: Source) -> Iterator[Record | Refusal]:
    """A record a title; an abstract that stands below none is refused, and the others are read."""
    title, number, abstract = "", 0, list[str]()
    with source.text() as lines:
        for at, line in enumerate(lines, start=1):
            text = line.strip()
            if at == 1 or not text:
                continue
            if not line[0].isspace():
                if title:
                    yield Record(f"line {number}", {"title": title, "abstract": " ".join(abstract)})
                title, number, abstract = text, at, []
            elif title:
                abstract.append(text)
            else:
                yield Refusal(source.name, f"line {at}", "an abstract without a title")
    if title:
        yield Record(f"line {number}", {"title": title, "abstract": " ".join(abstract)})
