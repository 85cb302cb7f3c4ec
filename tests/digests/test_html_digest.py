"""Pages and mails in HTML that name papers: newsletters, blogs, tables saved as pages. All texts are invented."""

# ruff: noqa: E501  (pages stand as programs write them)

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from labeler.digests.html import page_of
from labeler.digests.html_markdown import markdown_of
from labeler.digests.links import target_of
from labeler.errors import InputError
from tests.digests.factories import ABSTRACT, OTHER, read, titles

_SAFE = (
    f"https://eur01.safelinks.protection.outlook.com/?url={quote('https://arxiv.org/abs/2601.88001', safe='')}&data=x"
)
_LETTER = f"""<html><head><title>Letter</title><style>p {{}}</style></head><body><h1>This week in rivers</h1>
<p>Hello dear readers!</p><h3><a href="{_SAFE}">Rivers of the North</a></h3><p><b>Ann Lee</b></p><p>{ABSTRACT}</p>
<h3><a href="https://openreview.net/forum?id=x">Ponds &amp; Lakes of the South</a></h3><p>{OTHER}</p>
<p><a href="https://example.org/unsubscribe">Unsubscribe</a></p></body></html>"""
_TABLE = f"""<html><body><table><tr><td>a layout</td><td>table</td></tr></table><table><tr><th>Title</th><th>Abstract</th>
<th>Link</th></tr><tr><td>Rivers of the North</td><td>{ABSTRACT}</td><td><a href="https://arxiv.org/abs/2601.88001">pdf</a>
</td></tr><tr><td>Ponds | Lakes</td><td>{OTHER}</td><td></td></tr></table></body></html>"""
_LIST = """<html><body><ul><li><p><a href="https://arxiv.org/abs/2601.88001">Rivers of the North</a><br>Ann Lee</p></li>
<li>Ponds and Lakes of the South (<a href="https://doi.org/10.5555/inv.1">doi</a>)</li><li><a href="/x">About us all</a></li>
</ul></body></html>"""
_PREPRINT = f"""<html><head><meta property="og:title" content="Paper page - Rivers of the North"/>
<meta property="og:url" content="https://huggingface.co/papers/2601.88001"/></head><body><h1>Rivers of the North</h1>
<h2>Abstract</h2><p>A short one.</p><p>{ABSTRACT}</p></body></html>"""


def test_headings_of_a_newsletter_are_papers(tmp_path: Path) -> None:
    reading = read(tmp_path, "letter.html", _LETTER)
    assert list(reading.formats.values()) == ["html_digest"]
    first, second = reading.papers
    assert (first.id, first.title, first.abstract) == ("arxiv:2601.88001", "Rivers of the North", ABSTRACT)
    assert (second.title, second.abstract) == ("Ponds & Lakes of the South", OTHER)
    assert second.url == "https://openreview.net/forum?id=x"


def test_a_newsletter_is_read_as_a_mail(tmp_path: Path) -> None:
    head = "From: rivers@example.org\nSubject: This week\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n"
    assert titles(read(tmp_path, "letter.eml", head + _LETTER)) == ["Rivers of the North", "Ponds & Lakes of the South"]


@pytest.mark.parametrize("name", ["table.html", "table.xls"])
def test_tables_with_titles_are_papers(tmp_path: Path, name: str) -> None:
    first, second = read(tmp_path, name, _TABLE).papers
    assert (first.id, first.title, first.abstract) == ("arxiv:2601.88001", "Rivers of the North", ABSTRACT)
    assert (second.title, second.abstract) == ("Ponds | Lakes", OTHER)


def test_tables_of_html_in_markdown_are_read(tmp_path: Path) -> None:
    table = _TABLE[_TABLE.rindex("<table>") : _TABLE.index("</body>")]
    assert titles(read(tmp_path, "table.md", f"# Rivers\n\n{table}\n")) == ["Rivers of the North", "Ponds | Lakes"]


def test_items_of_lists_are_papers(tmp_path: Path) -> None:
    first, second = read(tmp_path, "list.html", _LIST).papers
    assert (first.id, first.title) == ("arxiv:2601.88001", "Rivers of the North")
    assert (second.id, second.title) == ("doi:10.5555/inv.1", "Ponds and Lakes of the South")


def test_the_page_of_a_preprint(tmp_path: Path) -> None:
    (paper,) = read(tmp_path, "page.html", _PREPRINT).papers
    assert (paper.id, paper.title, paper.abstract) == ("arxiv:2601.88001", "Rivers of the North", ABSTRACT)


def test_lines_that_begin_with_a_link_to_a_paper_are_titles(tmp_path: Path) -> None:
    link = "https://www.tandfonline.com/doi/full/10.1080/00000000.2026.00000"
    rows = f"<tr><td><a href='{link}1?src='>Rivers of the far North</a><br>Ann Lee<br>Pages: 1-10</td></tr>"
    rows += f"<tr><td><a href='{link}2?src='>Ponds of the far South</a></td></tr><tr><td><a href='/x'>PDF</a></td></tr>"
    page = f"<html><body><table><tr><td><table>{rows}</table></td></tr></table></body></html>"
    first, second = read(tmp_path, "contents.html", page).papers
    assert (first.id, first.title) == ("doi:10.1080/00000000.2026.000001", "Rivers of the far North")
    assert (second.id, second.title) == ("doi:10.1080/00000000.2026.000002", "Ponds of the far South")


def test_links_before_a_title_are_none_of_it(tmp_path: Path) -> None:
    site = "https://aclanthology.org/2026.acl-long"
    page = "<html><body><h2>Proceedings of Now</h2>"
    for number, title, said in ((1, "Rivers of words in text", ABSTRACT), (2, "Ponds of words in text", OTHER)):
        page += f"<p><span><a href={site}.{number}.pdf>pdf</a><a href={site}.{number}.bib>bib</a></span>"
        page += f"<span><strong><a href={site}.{number}/>{title}</a></strong><br>Ann Lee</span></p><div>{said}</div>"
    first, second = read(tmp_path, "volume.html", page).papers
    assert (first.title, first.abstract, first.url) == ("Rivers of words in text", ABSTRACT, f"{site}.1/")
    assert (second.title, second.abstract) == ("Ponds of words in text", OTHER)


def test_bookmarks_are_papers(tmp_path: Path) -> None:
    page = "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE>\n<H1>Bookmarks</H1>\n<DL><p>\n<DT><H3>Papers</H3>\n"
    page += (
        '<DL><p>\n<DT><A HREF="https://arxiv.org/abs/2601.88001">[2601.88001] Rivers of the far North</A>\n</DL></DL>'
    )
    (paper,) = read(tmp_path, "bookmarks.html", page).papers
    assert (paper.id, paper.title) == ("arxiv:2601.88001", "Rivers of the far North")


def test_a_heading_above_links_to_papers_is_none(tmp_path: Path) -> None:
    links = "".join(f"<p>[<a href='https://proceedings.mlr.press/v2/lee{n}.html'>abs</a>]</p>" for n in range(3))
    with pytest.raises(InputError, match="is an HTML page"):
        read(tmp_path, "volume.html", f"<html><body><h2>Volume 2</h2>{links}</body></html>")


def test_numbered_titles_above_their_links_in_a_mail(tmp_path: Path) -> None:
    text = "From: list@x.org\nSubject: New papers\nContent-Type: text/plain\n\nHi all,\n\n1. Rivers of the North\n"
    text += "   https://arxiv.org/abs/2601.88001\n\n2. Ponds and Lakes\n   https://doi.org/10.5555/inv.1\n\nCheers\n"
    assert [(paper.id, paper.title) for paper in read(tmp_path, "list.eml", text).papers] == [
        ("arxiv:2601.88001", "Rivers of the North"),
        ("doi:10.5555/inv.1", "Ponds and Lakes"),
    ]


@pytest.mark.parametrize(
    "page",
    [
        "<html><body><p>Nothing here but <a href='https://example.org'>a link to somewhere</a>.</p></body></html>",
        "<html><body><table><tr><td>Name</td><td>Age</td></tr><tr><td>Ann</td><td>3</td></tr></table></body></html>",
    ],
)
def test_other_pages_are_still_refused(tmp_path: Path, page: str) -> None:
    with pytest.raises(InputError, match="is an HTML page"):
        read(tmp_path, "page.html", page)


@pytest.mark.parametrize(
    ("link", "target"),
    [
        (_SAFE, "https://arxiv.org/abs/2601.88001"),
        ("https://urldefense.com/v3/__https://arxiv.org/abs/2601.88001__;!!x", "https://arxiv.org/abs/2601.88001"),
        ("https://proxy.example.edu/login?url=https://doi.org/10.5555/inv.1", "https://doi.org/10.5555/inv.1"),
        ("https://scholar.google.de/scholar_url?url=https://x.org/1&hl=de", "https://x.org/1"),
        ("https://example.org/search?q=https://x.org", "https://example.org/search?q=https://x.org"),
        ("https://example.org/?url=relative", "https://example.org/?url=relative"),
    ],
)
def test_links_by_way_of_others_are_followed(link: str, target: str) -> None:
    assert target_of(link) == target


def test_hostile_pages_come_to_an_end() -> None:
    deep = "<div>" * 20_000 + "<a href='https://arxiv.org/abs/2601.88001'>" * 1000 + "text" + "<li>" * 5000
    assert list(markdown_of(page_of(deep, "x"))) == []  # deeper than the parser goes
    wide = "<ul><li><b><a href='https://arxiv.org/abs/2601.88001'>" * 50 + "text" + "<table>" * 20 + "<tr><td>x" * 5000
    assert len(list(markdown_of(page_of(wide, "x")))) > 5000
