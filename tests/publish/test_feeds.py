"""Atom and RSS: the rules of their specifications, what readers make of them, identifiers, dates, hostile texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from labeler import read_digest
from labeler.papers import Paper
from labeler.publish.chosen import TopicNames
from labeler.publish.labelled import LabelledPaper
from tests.publish.factories import BOTH, NAMES, labelled, paper, written

FEEDS = ("atom", "rss")
ATOM = "{http://www.w3.org/2005/Atom}"
FULL = paper(
    "Sorting Papers", "We sort every image by its pixel and its name.", ids=["arxiv:2601.88001", "doi:10.1000/x"],
    authors=("Lee, Ann", "Bo <Ek>"), date="2026-01-12", url="https://arxiv.org/abs/2601.88001", venue="Sorts & More",
    language="en",
)  # fmt: skip
TEXT = st.text(st.characters(exclude_categories=()), max_size=20)


def _parsed(output: str, *papers: LabelledPaper, names: Mapping[str, str] = NAMES) -> Any:
    text = written(output, papers, names)
    check(output, text)
    feed = feedparser.parse(text.encode())
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


def check(output: str, text: str) -> None:
    """Check a feed by the rules of its specification, as far as they bear on what is written."""
    root = etree.fromstring(text.encode())
    if output == "atom":
        _check_atom(root)
    else:
        _check_rss(root)


def _check_atom(feed: Any) -> None:
    """RFC 4287, 4.1.1 and 4.1.2, and 3.3 (dates)."""
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    for element in (feed, *entries):
        assert [len(element.findall(f"{ATOM}{name}")) for name in ("id", "title", "updated")] == [1, 1, 1]
        assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", element.findtext(f"{ATOM}id"))
        for name in ("updated", "published"):
            for date in element.findall(f"{ATOM}{name}"):
                assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", date.text)
        for person in element.findall(f"{ATOM}author"):
            assert len(person.findall(f"{ATOM}name")) == 1
    assert feed.find(f"{ATOM}author") is not None or all(entry.find(f"{ATOM}author") is not None for entry in entries)
    for entry in entries:
        links = entry.findall(f"{ATOM}link[@rel='alternate']")
        assert len(links) <= 1
        assert links or entry.find(f"{ATOM}content") is not None
        assert all(category.get("term") for category in entry.findall(f"{ATOM}category"))
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(ids) == len(set(ids))


def _check_rss(rss: Any) -> None:
    """The specification of RSS 2.0: elements that a channel and an item must have, each once; guid and dates."""
    assert (rss.tag, rss.get("version"), len(rss)) == ("rss", "2.0", 1)
    channel = rss[0]
    assert all(len(channel.findall(name)) == 1 and channel.findtext(name) for name in ("title", "link", "description"))
    items = channel.findall("item")
    for item in items:
        assert item.find("title") is not None or item.find("description") is not None
        assert item.find("guid").get("isPermaLink") == "false"
        assert all(len(item.findall(name)) <= 1 for name in ("title", "link", "description", "pubDate", "guid"))
        assert all(parsedate_to_datetime(date.text) for date in item.findall("pubDate"))
        assert all(re.match("https?://", link.text) for link in item.findall("link"))
    ids = [item.findtext("guid") for item in items]
    assert len(ids) == len(set(ids))


def test_atom_entry_tells_everything() -> None:
    (entry,) = _parsed("atom", labelled(FULL)).entries
    assert (entry.title, entry.link, entry.published) == (FULL.title, FULL.url, "2026-01-12T00:00:00Z")
    assert [tag.term for tag in entry.tags] == ["vision", "lang"]
    assert [tag.label for tag in entry.tags] == ["Vision & Images", "Language"]
    assert [author.name for author in entry.authors] == ["Lee, Ann", "Bo <Ek>"]
    assert "Vision &amp; Images (0.91); Language (0.70)" in entry.content[0].value
    assert "We sort every <mark>image</mark> by its <mark>pixel</mark>" in written("atom", [labelled(FULL)]).replace(
        "&lt;", "<"
    ).replace("&gt;", ">")


def test_rss_item_tells_everything() -> None:
    (item,) = _parsed("rss", labelled(FULL)).entries
    assert (item.title, item.link, item.published) == (FULL.title, FULL.url, "Mon, 12 Jan 2026 00:00:00 GMT")
    assert [tag.term for tag in item.tags] == ["Vision & Images", "Language"]
    assert [author.name for author in item.authors] == ["Lee, Ann", "Bo <Ek>"]
    (item,) = _parsed("rss", labelled(decision="review", reason="unfamiliar")).entries
    assert "to review: unfamiliar words" in item.summary


@pytest.mark.parametrize("output", FEEDS)
def test_what_people_said_and_the_task_are_told(output: str) -> None:
    item = LabelledPaper(
        FULL, BOTH, {}, "judged", "m@1", by={"vision": ("ada", "<b>")}, task="https://ls.example.org/1?a=b&c"
    )
    (entry,) = _parsed(output, item).entries
    assert "Vision &amp; Images (by ada, &lt;b&gt;)" in entry.summary
    assert '<a href="https://ls.example.org/1?a=b&amp;c">Label Studio</a>' in entry.summary


@pytest.mark.parametrize("output", FEEDS)
def test_a_feed_says_which_topics_were_chosen_and_is_known_by_them(output: str) -> None:
    every, language, both = (
        _parsed(output, labelled(), names=names).feed
        for names in (TopicNames(NAMES), TopicNames(NAMES, ["lang"]), TopicNames(NAMES, ["vision", "lang", "gone"]))
    )
    titles = [feed.title for feed in (every, language, both)]
    assert titles == ["Papers by topic", "Papers on Language", "Papers on Language, Vision & Images"]
    assert len({feed.get("id") or feed.link for feed in (every, language, both)}) == 3


@pytest.mark.parametrize("output", FEEDS)
def test_a_paper_is_one_entry_whatever_else_is_known_of_it(output: str) -> None:
    other = paper("Sorting papers!", "Else.", ids=["arxiv:2601.88001"], date="2027-01-01")
    ids = [_parsed(output, labelled(one, topics)).entries[0].id for one, topics in ((FULL, BOTH), (other, ()))]
    assert ids[0] == ids[1] != _parsed(output, labelled()).entries[0].id


@pytest.mark.parametrize("output", FEEDS)
def test_papers_that_share_their_best_identifier_are_several_entries(output: str) -> None:
    chapters = [labelled(paper(title, title, ids=["doi:10.1000/book"])) for title in ("One of it", "Two of it")]
    assert len({entry.id for entry in _parsed(output, *chapters).entries}) == 2


@pytest.mark.parametrize(
    ("date", "since", "ids", "expected"),
    [
        ("2026-01-12", None, (), "2026-01-12"),
        ("2026-03", "2026-05-05", (), "2026-03-01"),
        ("2025", None, ("arxiv:2503.88001",), "2025-01-01"),
        ("--03-14", "2026-05-05", (), "2026-05-05"),
        (None, "2026-05-05T10:00:00Z", ("arxiv:2503.88001",), "2026-05-05"),
        (None, None, ("arxiv:2503.88001",), "2025-03-01"),
        ("2026-02-30", None, (), "1970-01-01"),
        ("soon", None, (), "1970-01-01"),
        ("0999-01-01", None, (), "0999-01-01"),
        (None, None, (), "1970-01-01"),
    ],
)
def test_time_of_an_entry_is_never_that_of_the_clock(
    date: str | None, since: str | None, ids: tuple[str, ...], expected: str
) -> None:
    item = labelled(paper(date=date, ids=ids))._replace(since=since)
    text = written("atom", [item])
    check("atom", text)
    assert re.findall(r"<updated>(.*?)T", text)[1] == expected
    check("rss", written("rss", [item]))
    assert ("<pubDate>" in written("rss", [item])) == (expected > "1970-01-01")


@pytest.mark.parametrize("output", FEEDS)
def test_time_of_a_feed_is_that_of_its_latest_entry(output: str) -> None:
    papers = [labelled(paper(f"Paper {date}", date=date)) for date in ("2026-01-12", "2026-03", None)]
    assert "2026-03-01" in str(_parsed(output, *papers).feed) or "01 Mar 2026" in str(_parsed(output, *papers).feed)
    assert _parsed(output).entries == []


@pytest.mark.parametrize("output", FEEDS)
def test_feed_reads_back_as_a_digest(output: str, tmp_path: Path) -> None:
    undated = paper("Undated Papers", "They have no date at all, which is odd.", date="--03-14")
    month = paper("Papers of March", "They have a month and no day.", date="2026-03")
    path = tmp_path / f"feed.{output}"
    path.write_text(written(output, map(labelled, (FULL, undated, month))), encoding="utf-8")
    again = read_digest(path)
    for field in ("title", "abstract", "ids", "authors", "date", "url", "venue", "language"):
        assert getattr(again[0], field) == getattr(FULL, field)
    assert [one.date for one in again[1:]] == [None, "2026-03"]


@settings(max_examples=60, deadline=None)
@given(TEXT, TEXT, TEXT, st.sampled_from(FEEDS))
def test_any_text_makes_a_valid_feed(one: str, two: str, three: str, output: str) -> None:
    hostile = Paper(
        one, two, (f"title:{three}",), (one, two), two, f"https://example.org/{three}", venue=one, language=two
    )
    item = LabelledPaper(
        hostile, ((three, 0.5, (two,)), (one, float("nan"), ())), {}, two, one, by={one: (two,)}, task=one
    )
    check(output, written(output, [item], TopicNames({three: one}, [three])))


@pytest.mark.parametrize("output", FEEDS)
@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "]]><x/>",
        '"><b>',
        "&lt;script&gt;",
        "\x00\r\n\ufffe",
    ],
)
def test_markup_in_texts_stays_text(output: str, text: str) -> None:
    hostile = Paper(
        f"T{text}", f"A{text}", ("title:1",), (text,), None, f"javascript:{text}", venue=text, language=text
    )
    item = LabelledPaper(
        hostile, ((text, 0.5, (text,)),), {}, "judged", text, by={text: (text,)}, task=f"javascript:{text}"
    )
    written_text = written(output, [item], {text: text})
    check(output, written_text)
    html = " ".join(
        etree.fromstring(written_text.encode()).xpath(
            "//*[local-name()='content' or local-name()='description']/text()"
        )
    )
    tags = set(re.findall(r"<\s*/?\s*(\w+)", html))
    assert tags <= {"p", "b", "mark"}
    assert "href" not in html
