"""RSS 2.0 (https://www.rssboard.org/rss-specification): an item a paper, with its topics as categories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from email.utils import format_datetime
from shutil import copyfileobj
from typing import IO

from labeler.publish.feeds import (
    DUBLIN_CORE,
    PRISM,
    UNKNOWN,
    EntryIds,
    described,
    element,
    feed_id,
    feed_title,
    link_of,
    moment,
    paper_title,
    shown_html,
    waiting_text,
)  # fmt: skip
from labeler.publish.labelled import LabelledPaper

NAME = "rss"
SUFFIXES = (".rss",)
DATED = LINKED = FEED = True
ABOUT = "RSS 2.0 feed, a paper an item, topics as categories"
_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    f'<rss version="2.0" xmlns:dc="{DUBLIN_CORE}" xmlns:prism="{PRISM}">\n<channel>\n'
)


def write(papers: Iterable[LabelledPaper], out: IO[str], names: Mapping[str, str]) -> None:
    """A channel, whose time is that of its latest item; ``names`` tell the topics that the papers were chosen by.

    A channel must have a link: as nobody knows where it is published, that is its identifier.
    """
    ids, latest, count = EntryIds(), UNKNOWN, 0
    with waiting_text() as items:
        for item in papers:
            count += 1
            latest = max(latest, moment(item))
            items.writelines(_item(item, names, ids.of(item)))
        out.write(_HEAD + element("title", feed_title(names)) + element("link", feed_id(names)))
        out.write(element("description", f"Papers that labeler has put under topics: {count}"))
        out.write(_date(latest) + element("generator", "labeler"))
        items.seek(0)
        copyfileobj(items, out)
        out.write("</channel>\n</rss>\n")


def _item(item: LabelledPaper, names: Mapping[str, str], identifier: str) -> Iterator[str]:
    yield "<item>\n" + element("title", paper_title(item)) + element("link", link_of(item))
    yield element("guid", identifier, ' isPermaLink="false"') + _date(moment(item))
    for author in item.paper.authors:
        yield element("dc:creator", author)
    for topic, _, _ in item.topics:
        yield element("category", names.get(topic, topic))
    yield element("description", shown_html(item, names))
    yield from described(item)
    yield "</item>\n"


def _date(time: datetime) -> str:
    """A date as RFC 822 has it, which RSS does not demand; nothing where it is not known."""
    return element("pubDate", format_datetime(time, usegmt=True)) if time > UNKNOWN else ""
