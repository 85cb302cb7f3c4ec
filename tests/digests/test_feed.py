"""Feeds: RSS, RDF and Atom of arXiv, preprint servers and journals, whole and broken. All texts are invented."""

# ruff: noqa: E501  (entries stand as feeds have them)

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeler.papers import Paper
from tests.digests.factories import ABSTRACT, OTHER, messages, read, titles

_RSS = '<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Invented Studies</title><description>A journal</description>'
_END = "</channel></rss>"


def _only(folder: Path, content: str | bytes) -> Paper:
    reading = read(folder, "feed.xml", content)
    assert (list(reading.formats.values()), len(reading.papers), reading.refused) == (["feed"], 1, [])
    return reading.papers[0]


def test_arxiv_feed_of_today(tmp_path: Path) -> None:
    item = f"""<item><title>Sorting with &lt;SEG&gt; tokens</title><link>https://arxiv.org/abs/2601.88001</link>
      <description>arXiv:2601.88001v2 Announce Type: replace-cross \nAbstract: A &lt;think&gt; span. {ABSTRACT}</description>
      <guid isPermaLink="false">oai:arXiv.org:2601.88001v2</guid><category>cs.LG</category><category>hep-th</category>
      <pubDate>Thu, 24 Sep 2026 00:00:00 -0400</pubDate><dc:creator>Ann Lee, Bo Ek</dc:creator>
      <arxiv:announce_type xmlns:arxiv="http://arxiv.org/schemas/atom">replace-cross</arxiv:announce_type></item>"""
    paper = _only(tmp_path, _RSS + item + _END)
    assert (paper.id, paper.title) == ("arxiv:2601.88001", "Sorting with <SEG> tokens")
    assert paper.abstract == f"A <think> span. {ABSTRACT}"
    assert (paper.authors, paper.categories) == (("Ann Lee", "Bo Ek"), ("cs.LG", "hep-th"))
    assert (paper.date, paper.flags) == ("2026-09-24", ("replaced",))


def test_arxiv_feed_of_old(tmp_path: Path) -> None:
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
    <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
     xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="http://arxiv.org/"><title>cs.LG updates</title>
     <items><rdf:Seq><rdf:li rdf:resource="http://arxiv.org/abs/2101.88001" /></rdf:Seq></items></channel>
    <item rdf:about="http://arxiv.org/abs/2101.88001">
    <title>Sorting the Papers. (arXiv:2101.88001v2 [cs.LG] UPDATED)</title><link>http://arxiv.org/abs/2101.88001</link>
    <description rdf:parseType="Literal">&lt;p&gt;{ABSTRACT}&lt;/p&gt;\n</description>
    <dc:creator> &lt;a href="http://arxiv.org/find/cs/1/au:+Lee_A/0/1/0/all/0/1"&gt;Ann Lee&lt;/a&gt;,
     &lt;a href="http://x.org"&gt;Bo Ek&lt;/a&gt;</dc:creator></item></rdf:RDF>"""
    paper = _only(tmp_path, text)
    assert (paper.id, paper.title, paper.abstract) == ("arxiv:2101.88001", "Sorting the Papers", ABSTRACT)
    assert (paper.authors, paper.categories, paper.flags) == (("Ann Lee", "Bo Ek"), ("cs.LG",), ("replaced",))


def test_answer_of_the_api_of_arxiv(tmp_path: Path) -> None:
    text = f"""<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"><title>Query</title>
    <author><name>the feed</name></author><entry><id>http://arxiv.org/abs/math/0309136v1</id><updated>2003-10-01T00:00:00Z</updated>
    <published>2003-09-08T00:00:00Z</published><title>Sorting\n  the Papers</title><summary>  {ABSTRACT}\n</summary>
    <author><name>Ann Lee</name><arxiv:affiliation>Hill</arxiv:affiliation></author><author><name>Bo Ek</name></author>
    <arxiv:doi>10.5555/Invented.1</arxiv:doi><arxiv:journal_ref>Inv. Stud. 3 (2004) 1-9</arxiv:journal_ref>
    <arxiv:comment>This paper has been withdrawn by the author</arxiv:comment>
    <link href="http://arxiv.org/abs/math/0309136v1" rel="alternate"/><link title="pdf" href="http://arxiv.org/pdf/x" rel="related"/>
    <arxiv:primary_category term="math.CO"/><category term="cs.DL"/><category term="math.CO"/></entry></feed>"""
    paper = _only(tmp_path, text)
    assert paper.ids[:2] == ("arxiv:math/0309136", "doi:10.5555/invented.1")
    assert (paper.title, paper.abstract, paper.date) == ("Sorting the Papers", ABSTRACT, "2003-09-08")
    assert (paper.authors, paper.categories) == (("Ann Lee", "Bo Ek"), ("math.CO", "cs.DL"))
    assert (paper.venue, paper.flags) == ("Inv. Stud. 3 (2004) 1-9", ("withdrawn",))


def test_feed_of_biorxiv(tmp_path: Path) -> None:
    text = f"""<?xml version="1.0" encoding="UTF-8"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns:prism="http://purl.org/rss/1.0/modules/prism/" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
    <item rdf:about="http://biorxiv.org/cgi/content/short/2024.01.02.888001v1?rss=1"><title><![CDATA[ Listening to Bridges ]]></title>
    <link>http://biorxiv.org/cgi/content/short/2024.01.02.888001v1?rss=1</link><description><![CDATA[ {OTHER} ]]></description>
    <dc:creator><![CDATA[ Lee, A. B., Ek, B. ]]></dc:creator><dc:date>2024-01-03</dc:date><dc:title/>
    <prism:publicationDate>2024-01-03</prism:publicationDate></item></rdf:RDF>"""
    paper = _only(tmp_path, text)
    assert (paper.id, paper.title, paper.abstract) == ("doi:10.1101/2024.01.02.888001", "Listening to Bridges", OTHER)
    assert (len(paper.authors), paper.date) == (2, "2024-01-03")


@pytest.mark.parametrize(
    "body",
    [
        # One publisher each: what their feeds put around an abstract.
        f"<description>Invented Ecology, EarlyView.</description><content:encoded><![CDATA[<h2>ABSTRACT</h2>\n<p>{OTHER}</p>]]></content:encoded>",
        f"<description><![CDATA[<p>Publication date: May 2026</p><p><b>Source:</b> Invented Studies, Volume 1</p><p>Author(s): Ann Lee, Bo Ek</p><p>{OTHER}</p>]]></description>",
        f'<description><![CDATA[<p><b>Studies, Vol. 26, Pages 12: Listening to Bridges</b></p>\n<p>Studies <a href="https://x.org">doi: 10.5555/inv.2</a></p><p>Authors:\n\tAnn Lee\n\tBo Ek\n\t</p><p>{OTHER}</p>]]></description>',
        f'<description>short</description><content:encoded><![CDATA[<p>Invented Studies, Published online: 14 May 2026; <a href="https://doi.org/10.5555/inv.2">doi:10.5555/inv.2</a></p>{OTHER}]]></content:encoded>',
        f"<description>{escape(f'<p>by Ann Lee, Bo Ek</p>{OTHER}')}</description>",
        f'<description>x</description><content:encoded><![CDATA[<div><p style="color: #4aa564;">Inv Stud. 2026 Jan 1. doi: 10.5555/inv.2. Online ahead of print.</p><p><b>ABSTRACT</b></p><p>{OTHER}</p><p>PMID:<a href="https://pubmed.ncbi.nlm.nih.gov/1">1</a> | DOI:<a href="x">10.5555/inv.2</a></p></div>]]></content:encoded>',
        f"<description>{escape(f'<script>alert(1)</script><p>Abstract: {OTHER}</p><img src=x onerror=alert(1)>')}</description>",
    ],
)  # fmt: skip
def test_feeds_of_journals_are_read_for_the_abstract(tmp_path: Path, body: str) -> None:
    item = f"<item><title>Listening to Bridges</title><link>https://doi.org/10.5555/inv.2</link>{body}</item>"
    paper = _only(tmp_path, _RSS + item + _END)
    assert (paper.id, paper.abstract) == ("doi:10.5555/inv.2", OTHER)


@pytest.mark.parametrize(
    "body",
    [
        "Invented Ecology, Volume 107, Issue 1, January 2026.", "Volume 12, Issue 3, May 2026, Page 1-20&lt;br/&gt;.",
        "Invented Studies, Ahead of Print.", "Listening to Bridges", "&lt;p&gt;Source: Inv Stud, Volume 1&lt;/p&gt;", "",
    ],
)  # fmt: skip
def test_what_a_feed_says_of_an_issue_is_no_abstract(tmp_path: Path, body: str) -> None:
    item = f"<item><title>Listening to Bridges</title><description>{body}</description></item>"
    paper = _only(tmp_path, _RSS + item + _END)
    assert (paper.abstract, paper.flags) == ("", ("no_abstract",))


@pytest.mark.parametrize(
    "text",
    [
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>x</title></channel>ITEM</rdf:RDF>',
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><title>x</title>ITEM</channel></rss>',
        '<rss version="0.92"><channel><image><title>y</title></image>ITEM</channel></rss>',
        '<?xml-stylesheet type="text/xsl" href="x.xsl"?><!-- made --><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>ITEM</channel></rss>',
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">ITEM</rdf:RDF>',
    ],
)
def test_all_versions_of_rss(tmp_path: Path, text: str) -> None:
    item = f"<item><media:title>z</media:title><title>Sorting a Day</title><link>https://arxiv.org/abs/2601.88001</link><description>{OTHER}</description></item>"
    paper = _only(tmp_path, text.replace("ITEM", item))
    assert (paper.id, paper.title, paper.abstract) == ("arxiv:2601.88001", "Sorting a Day", OTHER)


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("text", "A &lt; B"),
        ("html", "&lt;b&gt;A&lt;/b&gt; &amp;lt; B"),
        ("xhtml", '<div xmlns="http://www.w3.org/1999/xhtml"><b>A</b> &lt; B</div>'),
    ],
)
def test_texts_of_atom_are_of_three_kinds(tmp_path: Path, kind: str, title: str) -> None:
    entry = f'<entry><title type="{kind}">{title}</title><id>urn:x</id><content type="html">&lt;p&gt;{OTHER}&lt;/p&gt;</content><link rel="related" href="https://x.org/a.pdf"/><link href="https://doi.org/10.5555/inv.1"/></entry>'
    paper = _only(tmp_path, f'<feed xmlns="http://www.w3.org/2005/Atom"><title>f</title>{entry}</feed>')
    assert (paper.title, paper.abstract, paper.id, paper.url) == (
        "A < B",
        OTHER,
        "doi:10.5555/inv.1",
        "https://doi.org/10.5555/inv.1",
    )


def test_names_of_prism_and_dublin_core(tmp_path: Path) -> None:
    item = f"""<item><title>T &amp; U&nbsp;V</title><link>https://onlinelibrary.wiley.com/doi/abs/10.5555/inv.3?af=R</link>
    <description>{OTHER}</description><author>ann@hill.org (Ann Lee)</author><prism:publicationName>Inv. Stud.</prism:publicationName>
    <dc:language>de</dc:language><dc:subject>bridges</dc:subject><category>Research Article</category>
    <prism:coverDate>2026-02-01T08:00:00Z</prism:coverDate></item>"""
    paper = _only(tmp_path, _RSS + item + _END)
    assert (paper.title, paper.id, paper.authors) == ("T & U V", "doi:10.5555/inv.3", ("Ann Lee",))
    assert (paper.venue, paper.language, paper.date) == ("Inv. Stud.", "de", "2026-02-01")
    assert (paper.keywords, paper.categories) == (("Research Article", "bridges"), ())


def test_feed_without_entries_has_no_papers(tmp_path: Path) -> None:
    reading = read(tmp_path, "feed.xml", _RSS + _END)
    assert (reading.papers, reading.refused) == ([], [])
    assert reading.notes == ["feed.xml (read as feed) has no papers in it"]


def _items(count: int) -> str:
    return "".join(f"<item><title>Paper number {number}</title></item>" for number in range(count))


@pytest.mark.parametrize(
    ("content", "papers"),
    [
        (_RSS + "<item><title>One<item><title>Two</title></item>" + _END, 2),  # end tags are missing
        (_RSS + "<item><title>p < 0.05 & q</title></item><item><title>Two</title></item>" + _END, 2),
        (_RSS + _items(3) + "</channel></rss></rss></oops>" + _RSS + _items(2).replace("Paper", "Other") + _END, 5),
        ((_RSS + _items(2) + _END).replace("number", "n\x00\x01\ufffember").encode(), 2),
        ((_RSS.replace('"1.0"', '"1.0" encoding="windows-1251"', 1) + "<item><title>Сортировка статей дня</title></item>" + _END)
         .encode("cp1251"), 1),
        ((_RSS.replace('"1.0"', '"1.0" encoding="UTF-8"', 1) + "<item><title>Zürich naïve</title></item>" + _END).encode("cp1252"), 1),
        ((_RSS + "<item><title>Zürich naïve</title></item>" + _END).encode("utf-16"), 1),
        (_RSS + "<item><title>Half of an ent", 1),
    ],
)  # fmt: skip
def test_broken_feeds_are_read_as_far_as_they_go(tmp_path: Path, content: str | bytes, papers: int) -> None:
    reading = read(tmp_path, "feed.xml", content)
    assert (len(reading.papers), len(reading.refused)) == (papers, 0)
    assert not any("\ufffd" in title for title in titles(reading)[:1] if "n" not in title)


def test_entries_without_end_tags_stay_apart(tmp_path: Path) -> None:
    content = _RSS + f"<item><title>One<item><title>Two</title><description>{OTHER}</description></item>" + _END
    assert titles(read(tmp_path, "feed.xml", content)) == ["One", "Two"]
    content = _RSS + "<item><title>One</title><description>Words of an abstract<item><title>Two</title></item>" + _END
    reading = read(tmp_path, "feed.xml", content)
    assert [(paper.title, paper.abstract) for paper in reading.papers] == [("One", "Words of an abstract"), ("Two", "")]


def test_entry_that_is_cut_short_is_flagged(tmp_path: Path) -> None:
    reading = read(tmp_path, "feed.xml", _RSS + _items(2) + f"<item><title>Three</title><description>{OTHER} Half of a")
    assert reading.papers[-1].flags == ("cut_short",)
    assert reading.notes == ["feed.xml breaks off before its end; there may have been more in it"]
    reading = read(tmp_path, "feed.xml", _RSS + _items(2))
    assert (len(reading.papers), len(reading.notes)) == (2, 1)


def test_elements_nested_too_deep_are_refused(tmp_path: Path) -> None:
    content = _RSS + _items(2) + "<item>" + "<a>" * 100_000 + "</a>" * 100_000 + "</item>" + _items(1) + _END
    reading = read(tmp_path, "feed.xml", content)
    assert len(reading.papers) == 2
    assert messages(reading) == ["feed.xml, after entry 2: broken XML, or nested too deep; what follows is lost"]


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE rss [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">' + "".join(
            f'<!ENTITY {chr(99 + n)} "{f"&{chr(98 + n)};" * 10}">' for n in range(15)) + "]>",
        '<!DOCTYPE rss [<!ENTITY q SYSTEM "SECRET">]>', '<!DOCTYPE rss SYSTEM "SECRET">',
        '<!DOCTYPE rss [<!ENTITY % p SYSTEM "SECRET"> %p;]>',
        "<!DOCTYPE rss [" + "<!-- " + "x" * 30_000 + " -->" + "]>",
    ],
)  # fmt: skip
def test_entities_are_never_expanded_and_nothing_else_is_opened(tmp_path: Path, doctype: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("very secret", encoding="utf-8")
    text = f"<?xml version='1.0'?>{doctype.replace('SECRET', secret.as_uri())}<rss><channel><item><title>One &q; two &b;</title><link a='&q;'>&q;</link></item>{_END}"
    (paper,) = read(tmp_path, "feed.xml", text).papers
    assert paper.title.startswith("One")
    assert len(paper.title) < 30
    assert "secret" not in repr(paper)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_feed(tmp_path: Path) -> None:
    import resource

    from labeler.digests import PaperStream, open_sources

    path = tmp_path / "feed.xml"
    item = f"<item><title>Paper</title><description>{OTHER}</description></item><other><deep>{OTHER}</deep></other>\n"
    with path.open("w", encoding="utf-8") as out:
        out.write(_RSS)
        for _ in range(20):
            out.write(item * 1000)
        out.write(_END)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert sum(1 for _ in PaperStream(open_sources([str(path)]))) == 20_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000  # kilobytes; what is read has 10 MB


_PIECES = st.sampled_from([
    "<item>", "</item>", "<entry>", "</entry>", "<title>", "</title>", "<![CDATA[", "]]>", "<!--", "-->", "<!DOCTYPE x [", "]>",
    "&", "&amp;", "&#0;", "&nbsp;", "&x;", "<", ">", "<a b=c>", "\x00", "text of a paper", "<?xml version='1.0'?>", "</rss>", "<?", '"',
])  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(_PIECES, st.text(max_size=8)), max_size=40))
def test_no_feed_is_too_odd(tmp_path: Path, pieces: list[str]) -> None:
    text = _RSS + "<item><title>First</title></item>" + "".join(pieces) + _END
    reading = read(tmp_path, "feed.xml", text.encode("utf-8", "surrogatepass"))
    assert titles(reading)[0].startswith("First")
    assert reading.records == len(reading.papers) + len(reading.merged) + len(reading.refused)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1).filter(str.isalnum),
        min_size=1,
        max_size=8,
    )
)
def test_every_entry_is_counted(tmp_path: Path, names: list[str]) -> None:
    content = _RSS + "".join(f"<item><title>On {escape(name)}</title></item>" for name in names) + _END
    assert read(tmp_path, "feed.xml", content).records == len(names)
