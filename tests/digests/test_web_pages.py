"""Saved pages: arXiv's listings and pages, trending papers, pages that name their paper. All texts are invented."""

# ruff: noqa: E501  (pages stand as sites write them)

from __future__ import annotations

import json
from html import escape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeler.digests.links import identifiers_of_link, target_of
from labeler.errors import InputError
from labeler.papers import Paper
from tests.digests.factories import ABSTRACT, OTHER, read, titles

_LISTING = f"""<!DOCTYPE html><html lang="en"><head><title>Machine Learning</title><script>var x = "<dt>";</script></head><body>
<h1>Machine Learning</h1><h3>Showing new listings for Wednesday, 14 January 2026</h3><div class='paging'>Total of 3 entries</div>
<dl id='articles'><h3>New submissions (showing 1 of 1 entries)</h3>
<dt><a name='item1'>[1]</a> <a href ="/abs/2601.88001" title="Abstract" id="2601.88001"> arXiv:2601.88001 </a> [<a href="/pdf/2601.88001">pdf</a>, <a>html</a>]</dt>
<dd><div class='meta'><div class='list-title mathjax'><span class='descriptor'>Title:</span> Sorting a &lt;SEG&gt; Day </div>
<div class='list-authors'><a href="https://arxiv.org/search/x">Ann Lee</a>, <a>Bo Ek</a></div><div class='list-comments mathjax'><span class='descriptor'>Comments:</span> 9 pages</div>
<div class='list-journal-ref'><span class='descriptor'>Journal-ref:</span> Inv. Stud. 3</div>
<div class='list-subjects'><span class='descriptor'>Subjects:</span> <span class="primary-subject">Machine Learning (cs.LG)</span>; Digital Libraries (cs.DL)</div>
<p class='mathjax'> {ABSTRACT} </p></div></dd></dl>
<dl><h3>Cross submissions (showing 1 of 1 entries)</h3><dt><a>[2]</a> <a href="/abs/hep-th/9901001">arXiv:hep-th/9901001</a> (cross-list from hep-th) [<a>pdf</a>]</dt>
<dd><div class='meta'><div class='list-title mathjax'><span class='descriptor'>Title:</span> Listening to Bridges</div><div class='list-authors'><a>Cleo Diaz</a></div><div class='list-subjects'><span class='descriptor'>Subjects:</span> High Energy Physics (hep-th)</div><p class='mathjax'>{OTHER}</p></div></dd></dl>
<dl><h3>Replacement submissions (showing 1 of 1 entries)</h3><dt>[3] <a>arXiv:2512.88003</a> (replaced) [pdf]</dt><dd><div class='list-title'><span>Title:</span> Decks</div><div class='list-authors'>Dan Fox</div><div class='list-subjects'>Subjects: Methods (stat.ME)</div></dd></dl>
<footer><ul><li>About</li><li>Help</li></ul></footer></body></html>"""
_COPIED = f"""Machine Learning
Showing new listings for Wednesday, 14 January 2026
Total of 3 entries
New submissions (showing 1 of 1 entries)
[1] arXiv:2601.88001 [pdf, html, other]
Title: Sorting a <SEG> Day
Ann Lee, Bo Ek
Comments: 9 pages
Journal-ref: Inv. Stud. 3
Subjects: Machine Learning (cs.LG); Digital Libraries (cs.DL)

{ABSTRACT}

Cross submissions (showing 1 of 1 entries)
[2] arXiv:hep-th/9901001 (cross-list from hep-th) [pdf, html, other]
Title: Listening to Bridges
Cleo Diaz
Subjects: High Energy Physics (hep-th)
{OTHER}

Replacement submissions (showing 1 of 1 entries)
[3] arXiv:2512.88003 (replaced) [pdf, html, other]
Title: Decks
Dan Fox
Subjects: Methods (stat.ME)
"""
_RECENT = """<html><body><h3>Wed, 14 Jan 2026 (showing 2 of 2 entries )</h3><dl><dt><a name="item1">[1]</a>&nbsp;  <span class="list-identifier"><a href="/abs/2601.88001" title="Abstract">arXiv:2601.88001</a> [<a>pdf</a>]</span></dt>
<dd><div class="meta"><div class="list-title mathjax"><span class="descriptor">Title:</span> Sorting a Day</div><div class="list-authors"><span class="descriptor">Authors:</span> <a>Ann Lee</a>, <a>Bo Ek</a></div><div class="list-subjects"><span class="descriptor">Subjects:</span> Learning (cs.LG)</div></div></dd></dl></body></html>"""


def _only(folder: Path, content: str, kind: str) -> Paper:
    reading = read(folder, "page.html", content)
    assert (list(reading.formats.values()), len(reading.papers), reading.refused) == ([kind], 1, [])
    return reading.papers[0]


@pytest.mark.parametrize(("name", "content"), [("new.html", _LISTING), ("new.txt", _COPIED)])
def test_listing_of_new_papers(tmp_path: Path, name: str, content: str) -> None:
    reading = read(tmp_path, name, content)
    assert list(reading.formats.values()) == ["arxiv_listing"]
    first, crossed, replaced = reading.papers
    assert (first.id, first.title, first.abstract) == ("arxiv:2601.88001", "Sorting a <SEG> Day", ABSTRACT)
    assert (first.authors, first.categories) == (("Ann Lee", "Bo Ek"), ("cs.LG", "cs.DL"))
    assert (first.date, first.venue, first.flags) == ("2026-01-14", "Inv. Stud. 3", ())
    assert (crossed.id, crossed.abstract, crossed.flags) == ("arxiv:hep-th/9901001", OTHER, ("cross_listed",))
    assert (replaced.title, replaced.authors, replaced.flags) == ("Decks", ("Dan Fox",), ("no_abstract", "replaced"))


def test_listing_of_recent_papers(tmp_path: Path) -> None:
    paper = _only(tmp_path, _RECENT, "arxiv_listing")
    assert (paper.id, paper.authors, paper.date) == ("arxiv:2601.88001", ("Ann Lee", "Bo Ek"), "2026-01-14")


def test_results_of_the_search_of_arxiv(tmp_path: Path) -> None:
    page = """<html><body><ol class="breathe-horizontal" start="1"><li class="arxiv-result"><div class="is-marginless"><p class="list-title is-inline-block"><a href="https://arxiv.org/abs/2601.88001">arXiv:2601.88001</a><span>&nbsp;[<a href="https://arxiv.org/pdf/2601.88001">pdf</a>]&nbsp;</span></p><div class="tags is-inline-block"><span class="tag is-small is-link tooltip is-tooltip-top" data-tooltip="Machine Learning">cs.LG</span></div></div>
<p class="title is-5 mathjax">Sorting a <span class="search-hit mathjax">Day</span></p><p class="authors"><span class="has-text-black-bis has-text-weight-semibold">Authors:</span> <a href="/search/?x">Ann Lee</a>, <a>Bo Ek</a></p>
<p class="abstract mathjax"><span class="has-text-black-bis has-text-weight-semibold">Abstract</span>: <span class="abstract-short has-text-grey-dark mathjax" id="2601.88001v1-abstract-short">We study how&hellip; <a class="is-size-7">&#9661; More</a></span><span class="abstract-full has-text-grey-dark mathjax" id="x">We study how small teams sort the papers of a day. <a class="is-size-7">&#9651; Less</a></span></p>
<p class="is-size-7"><span>Submitted</span> 12 January, 2026; <span>originally announced</span> January 2026.</p><p class="comments is-size-7"><span>Comments:</span> <span>9 pages</span></p></li></ol></body></html>"""
    paper = _only(tmp_path, page, "arxiv_listing")
    assert (paper.id, paper.title, paper.authors) == ("arxiv:2601.88001", "Sorting a Day", ("Ann Lee", "Bo Ek"))
    assert paper.abstract == "We study how small teams sort the papers of a day."
    assert (paper.date, paper.categories) == ("2026-01-12", ("cs.LG",))


_PAPER = {
    "id": "2601.88001", "title": "Sorting a <SEG> Day", "summary": ABSTRACT, "publishedAt": "2026-01-12T00:00:00.000Z",
    "authors": [{"name": "Ann Lee", "hidden": False}, {"name": "Bo Ek"}], "ai_summary": "short", "upvotes": 3,
}  # fmt: skip


def _drawn(*papers: object) -> str:
    props = escape(json.dumps({"periodType": "day", "dateString": "2026-01-14", "dailyPapers": list(papers)}))
    user = escape(json.dumps({"user": {"name": "x"}, "title": "Papers"}))
    return f'<!doctype html><html><body><div class="SVELTE_HYDRATER contents" data-target="MainHeader" data-props="{user}"></div><div>by <a href="/akhaliq">AK</a> and the research community</div><div class="SVELTE_HYDRATER contents" data-target="DailyPapers" data-props="{props}"><article><h3><a href="/papers/2601.88001">Sorting</a></h3></article></div></body></html>'


def test_page_of_trending_papers_of_today(tmp_path: Path) -> None:
    item = {
        "paper": _PAPER,
        "title": _PAPER["title"],
        "summary": "cut",
        "publishedAt": "2026-01-13",
        "submittedBy": {"name": "y"},
    }
    paper = _only(tmp_path, _drawn(item, item), "trending_page")
    assert (paper.id, paper.title, paper.abstract) == ("arxiv:2601.88001", "Sorting a <SEG> Day", ABSTRACT)
    assert (paper.authors, paper.date, paper.curator) == (("Ann Lee", "Bo Ek"), "2026-01-12", "AK")


@pytest.mark.parametrize(
    ("card", "identifier"),
    [
        (f'<article><a href="/papers/2601.88001"><img></a><div><h3><a href="/papers/2601.88001">Sorting a Day</a></h3><p>{ABSTRACT}</p><time datetime="2026-01-14T00:00:00">Jan 14</time></div></article>', "arxiv:2601.88001"),
        (f'<div class="row infinite-item item paper-card"><h1><a href="/paper/sorting-a-day">Sorting a Day</a></h1><p class="author-section"><span class="author-name-text item-date-pub">14 Jan 2026</span></p><p class="item-strip-abstract">{ABSTRACT}</p></div>', ""),
    ],
)  # fmt: skip
def test_cards_of_trending_papers(tmp_path: Path, card: str, identifier: str) -> None:
    paper = _only(tmp_path, f"<html><body>{card}</body></html>", "trending_page")
    assert (paper.title, paper.abstract, paper.date) == ("Sorting a Day", ABSTRACT, "2026-01-14")
    assert paper.id == identifier or not identifier


_META = f"""<meta name="citation_title" content="Sorting a &lt;SEG&gt; Day"/><meta name="citation_author" content="Lee, Ann"/><meta name="citation_author" content="Ek, Bo"/>
<meta name="citation_date" content="2026/01/12"/><meta name="citation_online_date" content="2026/01/14"/><meta name="citation_arxiv_id" content="2601.88001"/><meta name="citation_abstract" content="{ABSTRACT}"/>
<meta name="citation_doi" content="10.5555/inv.1"><meta name="citation_journal_title" content="Invented Studies"><meta name="citation_keywords" content="days; sorting"><meta name="citation_reference" content="citation_title=Cited;">"""


def test_page_of_a_paper(tmp_path: Path) -> None:
    paper = _only(tmp_path, f"<!DOCTYPE html><html><head>{_META}</head><body></body></html>", "web_page")
    assert (paper.ids[:2], paper.title) == (("arxiv:2601.88001", "doi:10.5555/inv.1"), "Sorting a <SEG> Day")
    assert (paper.abstract, paper.authors, paper.date) == (ABSTRACT, ("Lee, Ann", "Ek, Bo"), "2026-01-12")
    assert (paper.venue, paper.keywords) == ("Invented Studies", ("days", "sorting"))


@pytest.mark.parametrize(
    "page",
    [
        f'<html><head><meta name="citation_title" content="Sorting a Day"><meta name="citation_doi" content="10.5555/inv.1"></head><body><blockquote class="abstract mathjax"><span class="descriptor">Abstract:</span>{ABSTRACT}</blockquote></body></html>',
        f'<html><head><meta name="DC.Title" content="Sorting a Day"><meta name="DC.Creator" content="Ann Lee"><meta name="dc.identifier" content="doi:10.5555/inv.1"><meta name="dc.description" content="{ABSTRACT[:60]}…"></head><body><div id="abstract"><h2>Abstract</h2><p>{ABSTRACT}</p></div></body></html>',
        f'<html><head><script type="application/ld+json">{json.dumps({"mainEntity": {"@context": "https://schema.org", "@type": "ScholarlyArticle", "headline": "Sorting a Day", "description": ABSTRACT, "sameAs": "https://doi.org/10.5555/inv.1", "author": {"@type": "Person", "name": "Ann Lee"}, "isPartOf": {"@type": "PublicationIssue", "isPartOf": {"name": "Invented Studies"}}}})}</script></head></html>',
    ],
)  # fmt: skip
def test_pages_of_publishers(tmp_path: Path, page: str) -> None:
    paper = _only(tmp_path, page, "web_page")
    assert (paper.id, paper.title, paper.abstract) == ("doi:10.5555/inv.1", "Sorting a Day", ABSTRACT)


def test_page_whose_data_name_several_papers(tmp_path: Path) -> None:
    graph = [
        {
            "@type": ["ScholarlyArticle"],
            "name": f"Paper {n}",
            "abstract": OTHER,
            "citation": {"@type": "ScholarlyArticle", "name": "Cited"},
        }
        for n in range(3)
    ]
    page = f"<html><script type='application/ld+json'>{json.dumps({'@graph': graph})}</script><script type='application/ld+json'>broken</script></html>"
    assert titles(read(tmp_path, "a.html", page)) == ["Paper 0", "Paper 1", "Paper 2"]


def test_other_pages_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.html is an HTML page"):
        read(
            tmp_path, "a.html", f"<!DOCTYPE html><html><head><title>x</title></head><body><p>{OTHER}</p></body></html>"
        )


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([_LISTING, _COPIED, _RECENT, _drawn({"paper": _PAPER}), _META]), st.integers(0, 3000), st.integers(0, 60), st.text(max_size=6),
       st.sampled_from(["arxiv_listing", "trending_page", "web_page"]))  # fmt: skip
def test_no_page_is_too_odd(tmp_path: Path, page: str, start: int, length: int, put: str, kind: str) -> None:
    page = page[:start] + put + page[start + length :]
    try:
        reading = read(tmp_path, "a.html", page.encode("utf-8", "replace"), kind)
    except InputError:
        return
    assert reading.records == len(reading.papers) + len(reading.merged) + len(reading.refused)


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("https://arxiv.org/pdf/2601.88001v2.pdf", {"arxiv_id": "arxiv:2601.88001"}),
        ("https://www.biorxiv.org/content/10.1101/2024.01.02.888001v1.full", {"doi": "10.1101/2024.01.02.888001"}),
        ("https://www.biorxiv.org/content/10.64898/2026.01.02.888001v1", {"doi": "10.64898/2026.01.02.888001"}),
        ("https://pubmed.ncbi.nlm.nih.gov/88000001/?utm=x", {"pmid": "88000001"}),
        ("https://onlinelibrary.wiley.com/doi/abs/10.5555/inv.1?af=R", {"doi": "doi:10.5555/inv.1"}),
        ("https://link.springer.com/content/pdf/10.5555/s1-2.pdf", {"doi": "doi:10.5555/s1-2"}),
        ("https://journals.plos.org/plosone/article?id=10.5555/journal.pone.1", {"doi": "doi:10.5555/journal.pone.1"}),
        ("https://doi.org/10.5555/a(1)b", {"doi": "doi:10.5555/a(1)b"}), ("https://example.org/10.1", {}), ("http://[x", {}), ("", {}),
    ],
)  # fmt: skip
def test_identifiers_in_links(link: str, found: dict[str, str]) -> None:
    assert identifiers_of_link(link) == found


def test_targets_of_links_by_way_of_a_search_engine() -> None:
    assert target_of("https://scholar.google.com/scholar_url?url=https://x.org/a%3Fb&hl=en") == "https://x.org/a?b"
    assert target_of("https://x.org/a?url=b") == "https://x.org/a?url=b"
    assert target_of("http://[x") == "http://[x"
