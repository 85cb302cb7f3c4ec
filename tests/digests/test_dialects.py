"""Dialects of formats: of ADS, CNKI, ScienceDirect, MDPI, old feeds and listings. All texts are invented."""

# ruff: noqa: E501  (records stand as programs write them)

from __future__ import annotations

from pathlib import Path

import pytest

from labeler.digests.journal_macros import journal_of
from labeler.papers import Paper
from tests.digests.factories import read

A = "We study how invented rivers carve their beds over long periods of time."
_HEAD = '<?xml version="1.0"?><rss version="2.0"><channel><title>Feed</title>'


def only(tmp_path: Path, text: str, name: str) -> Paper:
    (paper,) = read(tmp_path, name, text).papers
    return paper


@pytest.mark.parametrize("name", ["primaryClass", "eprintclass"])
def test_the_class_of_an_eprint_is_its_category(tmp_path: Path, name: str) -> None:
    entry = f"@misc{{x, title={{Rivers}}, eprint={{2601.88001}}, archivePrefix={{arXiv}}, {name}={{cs.CL}}}}"
    assert only(tmp_path, entry, "x.bib").categories == ("cs.CL",)


def test_an_entry_of_ads_has_its_journal_and_its_formulas(tmp_path: Path) -> None:
    entry = r'@ARTICLE{x, title = "{Stars at \ensuremath{\sim}100 pc}", journal = {\apj}, year = 2026, language = {{English}}}'
    paper = only(tmp_path, entry, "x.bib")
    assert (paper.title, paper.venue, paper.language) == (
        r"Stars at $\sim$100 pc",
        "Astrophysical Journal",
        "English",
    )


@pytest.mark.parametrize(
    ("macro", "journal"),
    [(r"\mnras", "Monthly Notices of the RAS"), (r"{\prd}", "Physical Review D"), (r"\foo", r"\foo"), ("apj", "apj")],
)
def test_macros_of_journals(macro: str, journal: str) -> None:
    assert journal_of(macro) == journal


def test_references_of_noteexpress(tmp_path: Path) -> None:
    text = """{Reference Type}: Journal Article
{Title}: 虚构河流的演变研究
{Author}: 张三;李四
{Author Address}: 虚构大学
{Journal}: 水利学报
{Year}: 2020
{Keywords}: 河流;演变
{Abstract}: 本文研究虚构河流的演变规律，提出了一种新的方法。
{ISBN/ISSN}: 0559-9350
{Database Provider}: CNKI

{Reference Type}: Journal Article
{Title}: 虚构湖泊的研究
{Author}: 王五
"""
    first, second = read(tmp_path, "cnki.net", text).papers
    assert (first.title, first.authors, first.venue) == ("虚构河流的演变研究", ("张三", "李四"), "水利学报")
    assert (first.keywords, first.date) == (("河流", "演变"), "2020")
    assert first.abstract.startswith("本文研究虚构河流")
    assert second.title == "虚构湖泊的研究"


def test_the_language_of_cnki_has_no_semicolon(tmp_path: Path) -> None:
    assert (
        only(tmp_path, f"RT Journal Article\nSR 1\nA1 张三\nT1 Rivers\nAB {A}\nLA 中文;\n", "x.txt").language == "中文"
    )


def test_the_eprint_of_ads_in_ris(tmp_path: Path) -> None:
    text = "TY  - JOUR\nTI  - Stars\nAU  - Lee, A.\nC1  - eprint: arXiv:1905.88001\nER  - \n"
    assert only(tmp_path, text, "x.ris").id == "arxiv:1905.88001"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.nbib", f"PMID- 30000010\nTI  - Rivers\nAB  - {A}\nPT  - Journal Article\nPT  - Retracted Publication\n"),
        (
            "x.txt",
            f"FN Clarivate\nVR 1.0\nPT J\nAU Lee, A\nTI Rivers\nDT Article; Retracted Publication\nAB {A}\nER\nEF",
        ),
        ("x.ris", f"TY  - JOUR\nTI  - Rivers\nM3  - Retracted Publication\nAB  - {A}\nER  - \n"),
    ],
)
def test_databases_mark_what_was_retracted(tmp_path: Path, name: str, text: str) -> None:
    assert only(tmp_path, text, name).flags == ("retracted",)


def test_an_entry_of_sciencedirect_has_date_and_venue_in_its_text(tmp_path: Path) -> None:
    said = "<p>Publication date: August 2026</p><p><b>Source:</b> Invented Studies, Volume 12</p><p>Author(s): Ann Lee, Bo Ek</p>"
    item = f"<item><title>Rivers</title><description><![CDATA[{said}]]></description><link>http://x.org/1</link></item>"
    paper = only(tmp_path, f"{_HEAD}{item}</channel></rss>", "x.xml")
    assert (paper.date, paper.venue, paper.authors) == ("2026-08", "Invented Studies", ("Ann Lee", "Bo Ek"))
    assert paper.abstract == ""


def test_the_issue_before_a_title_of_mdpi_is_none_of_it(tmp_path: Path) -> None:
    item = f"<item><title>Water, Vol. 12, Pages 1: Rivers: A Study</title><description>{A}</description></item>"
    paper = only(tmp_path, f"{_HEAD}{item}</channel></rss>", "x.xml")
    assert (paper.title, paper.abstract) == ("Rivers: A Study", A)


def test_relative_links_of_atom_are_completed(tmp_path: Path) -> None:
    entry = "<entry><title>Rivers</title><link href='art/1/'/><id>urn:uuid:1</id></entry>"
    feed = f"<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://example.org/x/'>{entry}</feed>"
    assert only(tmp_path, feed, "x.xml").url == "https://example.org/x/art/1/"


def test_places_of_authors_are_left_out(tmp_path: Path) -> None:
    names = '&lt;a href="http://x"&gt;Ann Lee&lt;/a&gt;, &lt;a href="http://x"&gt;Bo Ek&lt;/a&gt; (Univ. of Nowhere)'
    item = f"<item><title>Rivers</title><creator>{names}</creator><description>{A}</description></item>"
    assert only(tmp_path, f"{_HEAD}{item}</channel></rss>", "x.xml").authors == ("Ann Lee", "Bo Ek")
    listing = (
        f"New submissions\n[1] arXiv:2601.88001 [pdf]\nTitle: Rivers\nAuthors: Ann Lee, Bo Ek (Nowhere U.)\n\n{A}\n"
    )
    assert only(tmp_path, listing, "x.txt").authors == ("Ann Lee", "Bo Ek")


def test_entities_divide_no_names_and_keywords(tmp_path: Path) -> None:
    text = "TY  - JOUR\nTI  - Rivers &amp; beds\nAU  - M&uuml;ller, J.\nAU  - Ek, B.\nKW  - R&amp;D\nER  - \n"
    paper = only(tmp_path, text, "x.ris")
    assert (paper.title, paper.authors, paper.keywords) == ("Rivers & beds", ("Müller, J.", "Ek, B."), ("R&D",))
    table = f'title;abstract;authors;keywords\nRivers;{A};"M&uuml;ller, J.; Ek, B.";"R&amp;D; beds"\n'
    paper = only(tmp_path, table, "x.csv")
    assert (paper.authors, paper.keywords) == (("Müller, J.", "Ek, B."), ("R&D", "beds"))


@pytest.mark.parametrize("ids", ["{'ArXiv': '2601.88001'}", '{""ArXiv"": ""2601.88001""}', "{broken", "{}"])
def test_identifiers_in_a_cell_that_spells_an_object(tmp_path: Path, ids: str) -> None:
    paper = only(tmp_path, f'paperId,externalIds,title,abstract\nx,"{ids}",Rivers,"{A}"\n', "x.csv")
    assert (paper.id == "arxiv:2601.88001") is ("2601" in ids)


def test_records_of_ovid_are_divided_by_their_numbers(tmp_path: Path) -> None:
    text = f"Database: Ovid MEDLINE(R)\n\n<1>\nVN  - Ovid\nUI  - 30000070\nTI  - Rivers.\nAU  - Lee A\nAB  - {A}\nYR  - 2020\n\n"
    text += "<2>\nUI  - 30000071\nTI  - Ponds.\nAU  - Ek B\nYR  - 2019\n"
    first, second = read(tmp_path, "ovid.txt", text).papers
    assert (first.title, first.authors, first.date) == ("Rivers.", ("Lee A",), "2020")
    assert (second.title, second.authors, second.date) == ("Ponds.", ("Ek B",), "2019")


def test_references_of_endnote_to_conferences(tmp_path: Path) -> None:
    text = "Reference Type:  Conference Proceedings\nAuthor: Lee, A.\nYear of Conference: 2020\nTitle: Rivers of Now\n"
    text += f"Conference Name: Conf of Now\nConference Location: X\nAbstract: {A}\n"
    paper = only(tmp_path, text, "x.txt")
    assert (paper.authors, paper.date, paper.venue) == (("Lee, A.",), "2020", "Conf of Now")
