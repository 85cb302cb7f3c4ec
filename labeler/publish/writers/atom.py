"""Atom (RFC 4287): an entry a paper, with its topics as categories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from shutil import copyfileobj
from typing import IO

from labeler.publish.feeds import (
    DUBLIN_CORE,
    PRISM,
    UNKNOWN,
    EntryIds,
    attribute,
    described,
    element,
    feed_id,
    feed_title,
    link_of,
    moment,
    paper_title,
    shown_html,
    stated,
    waiting_text,
)  # fmt: skip
from labeler.publish.labelled import LabelledPaper

NAME = "atom"
SUFFIXES = (".atom",)
DATED = LINKED = FEED = True
ABOUT = "Atom feed, a paper an entry, topics as categories"
_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:dc="{DUBLIN_CORE}" xmlns:prism="{PRISM}">\n'
)


def write(papers: Iterable[LabelledPaper], out: IO[str], names: Mapping[str, str]) -> None:
    """A feed, whose time is that of its latest entry; ``names`` tell the topics that the papers were chosen by."""
    ids, latest = EntryIds(), UNKNOWN
    with waiting_text() as entries:
        for item in papers:
            latest = max(latest, moment(item))
            entries.writelines(_entry(item, names, ids.of(item)))
        out.write(_HEAD)
        out.write(element("title", feed_title(names)) + element("id", feed_id(names)))
        out.write(element("updated", _time(latest)))
        out.write("<author>\n<name>labeler</name>\n</author>\n<generator>labeler</generator>\n")
        entries.seek(0)
        copyfileobj(entries, out)
        out.write("</feed>\n")


def _entry(item: LabelledPaper, names: Mapping[str, str], identifier: str) -> Iterator[str]:
    yield "<entry>\n" + element("title", paper_title(item)) + element("id", identifier)
    yield element("updated", _time(moment(item)))
    if published := stated(item):
        yield element("published", _time(published))
    if link := link_of(item):
        yield f'<link rel="alternate" href="{attribute(link)}"/>\n'
    for author in item.paper.authors:
        if name := element("name", author):
            yield f"<author>\n{name}</author>\n"
    for topic, _, _ in item.topics:
        if term := attribute(topic).strip():
            yield f'<category term="{term}" label="{attribute(names.get(topic, topic))}"/>\n'
    yield element("content", shown_html(item, names), ' type="html"')
    yield from described(item)
    yield "</entry>\n"


def _time(time: datetime) -> str:
    """The beginning of a day as RFC 3339 has it."""
    return f"{time.date().isoformat()}T00:00:00Z"
