"""What is RSS's alone: one channel, dates of mails, links (RSS 2.0). More is in the tests of all feeds."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

from tests.publish.factories import NAMES, labelled, paper, written


def channel(*items: object) -> ElementTree.Element:
    root = ElementTree.fromstring(written("rss", items, NAMES))  # type: ignore[arg-type]
    (only,) = root
    assert (root.tag, root.get("version"), only.tag) == ("rss", "2.0", "channel")
    return only


def test_an_item_has_a_date_categories_and_an_id_that_is_no_link() -> None:
    one = paper(date="2026-01-12", url="https://x.org/a?b=1&c=2")
    (item,) = channel(labelled(one)).findall("item")
    assert item.findtext("link") == "https://x.org/a?b=1&c=2"
    assert [category.text for category in item.findall("category")] == ["Vision & Images", "Language"]
    assert parsedate_to_datetime(item.findtext("pubDate") or "").date().isoformat() == "2026-01-12"
    guid = item.find("guid")
    assert guid is not None
    assert guid.get("isPermaLink") == "false"


def test_only_links_of_the_web_are_links() -> None:
    (item,) = channel(labelled(paper(url="javascript:alert(1)"))).findall("item")
    assert item.find("link") is None


def test_a_channel_without_papers_has_what_a_channel_must_have() -> None:
    empty = channel()
    assert empty.findall("item") == []
    assert all(empty.findtext(name) for name in ("title", "link", "description"))
