"""Entries of feeds, field by field."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from labeler.digests.feed_fields import feed_fields
from tests.digests.factories import ABSTRACT, OTHER

_SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/" '
    'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
)


def fields(inner: str, attributes: str = "") -> dict[str, Any]:
    found = feed_fields(etree.fromstring(f"<item {_SPACES} {attributes}>{inner}</item>"))
    return {name: value for name, value in found.items() if value}


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("", {}),
        ("<title> Sorting &lt;i&gt;a&lt;/i&gt;\n Day </title>", {"title": "Sorting a Day"}),
        ("<media:title>no</media:title><title>Day</title>", {"title": "Day"}),
        (f"<description>{ABSTRACT}</description><summary>a few words of it</summary>", {"abstract": ABSTRACT}),
        ("<dc:creator>Ann Lee</dc:creator><dc:creator>Bo Ek</dc:creator>", {"authors": ["Ann Lee", "Bo Ek"]}),
        ("<dc:creator>Ann Lee, Bo Ek</dc:creator>", {"authors": "Ann Lee, Bo Ek"}),
        ("<author><name>Ann Lee</name><uri>x</uri></author>", {"authors": "Ann Lee"}),
        ("<author>a@example.org (Ann Lee)</author><author>b@example.org</author>", {"authors": "Ann Lee"}),
        ("<pubDate>Mon, 12 Jan 2026</pubDate><dc:date>2026-01-13</dc:date>", {"date": "2026-01-13"}),
        ("<dc:date>1970-01-01T00:00:00Z</dc:date><updated>2026-01-14</updated>", {"date": "2026-01-14"}),
        ("<prism:publicationName>Studies</prism:publicationName>", {"venue": "Studies"}),
        ("<dc:source>Studies</dc:source>", {"venue": "Studies"}),
        ('<source url="x">A feed</source>', {}),
        ('<category term="cs.LG"/><category term="hep-th"/><category>rivers</category>',
         {"categories": ["cs.LG", "hep-th"], "keywords": ["rivers"]}),
        ("<arxiv:announce_type>replace-cross</arxiv:announce_type>", {"flags": ["replaced"]}),
        ("<arxiv:comment>9 pages</arxiv:comment>", {"comments": "9 pages"}),
        ("<guid>oai:arXiv.org:2601.88001v1</guid>", {"arxiv_id": "arxiv:2601.88001"}),
        ("<guid>pubmed:88000001</guid>", {"pmid": "88000001"}),
        ("<prism:doi>10.5555/x</prism:doi><guid>10.5555/y</guid>", {"doi": "10.5555/x"}),
        ("<link>https://doi.org/10.5555/x</link>", {"doi": "doi:10.5555/x", "url": "https://doi.org/10.5555/x"}),
        ('<link rel="related" href="https://x.org/a.pdf"/><link href="https://x.org/a"/>', {"url": "https://x.org/a"}),
    ],
)  # fmt: skip
def test_what_an_entry_says(inner: str, expected: dict[str, Any]) -> None:
    assert fields(inner) == expected


def test_of_a_whole_article_and_its_abstract_the_abstract_is_taken() -> None:
    article = f"<content:encoded>{OTHER * 60}</content:encoded>"
    short = "Words of a few. " * 5
    assert fields(f"{article}<description>{ABSTRACT} {OTHER}</description>")["abstract"] == f"{ABSTRACT} {OTHER}"
    assert len(fields(f"{article}<description>{short}</description>")["abstract"]) > 10_000


def test_authors_in_a_description_stand_in_for_those_that_are_missing() -> None:
    text = "&lt;p&gt;Author(s): Ann Lee&lt;/p&gt;&lt;p&gt;We study the days of small teams.&lt;/p&gt;"
    found = fields(f"<description>{text}</description>")
    assert (found["authors"], found["abstract"]) == ("Ann Lee", "We study the days of small teams.")


def test_an_entry_of_rdf_is_about_its_link() -> None:
    assert fields("", 'rdf:about="https://arxiv.org/abs/2601.88001"')["arxiv_id"] == "arxiv:2601.88001"
