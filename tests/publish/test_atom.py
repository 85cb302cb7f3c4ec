"""What is Atom's alone: namespaces, times, categories and people (RFC 4287). More is in the tests of all feeds."""

from __future__ import annotations

from xml.etree import ElementTree

from tests.publish.factories import NAMES, labelled, paper, written

SPACE = "{http://www.w3.org/2005/Atom}"


def feed(*items: object) -> ElementTree.Element:
    return ElementTree.fromstring(written("atom", items, NAMES))  # type: ignore[arg-type]


def test_an_entry_has_people_categories_and_the_day_of_its_paper() -> None:
    one = paper(authors=("Ann Lee", "Bo <Ek>", " "), date="2026-01-12", url="https://x.org/a")
    (entry,) = feed(labelled(one)).findall(f"{SPACE}entry")
    assert [name.text for name in entry.iter(f"{SPACE}name")] == ["Ann Lee", "Bo <Ek>"]
    assert [(one.get("term"), one.get("label")) for one in entry.findall(f"{SPACE}category")] == [
        ("vision", "Vision & Images"), ("lang", "Language")
    ]  # fmt: skip
    assert entry.findtext(f"{SPACE}published") == "2026-01-12T00:00:00Z"
    assert [link.get("href") for link in entry.findall(f"{SPACE}link")] == ["https://x.org/a"]


def test_a_feed_without_papers_is_whole_and_of_a_time_that_is_not_the_clock() -> None:
    root = feed()
    assert root.tag == f"{SPACE}feed"
    assert root.findall(f"{SPACE}entry") == []
    assert root.findtext(f"{SPACE}updated") == feed().findtext(f"{SPACE}updated")
    assert root.findtext(f"{SPACE}author/{SPACE}name") == "labeler"
