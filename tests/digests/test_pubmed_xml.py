"""PubMed's XML: articles, translated titles, parts of abstracts, books. All texts are invented."""

# ruff: noqa: E501  (records stand as PubMed has them)

from __future__ import annotations

from pathlib import Path

import pytest

from labeler.digests import read_inputs
from labeler.papers import Paper
from tests.digests.factories import ABSTRACT, OTHER, read

_HEAD = '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'


def _article(
    title: str = "Sorting a Day.", abstract: str = f"<AbstractText>{ABSTRACT}</AbstractText>", date: str = "<Year>2026</Year><Month>Jun</Month><Day>2</Day>",
    more: str = "", data: str = "", citation: str = "",
) -> str:  # fmt: skip
    return f"""<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">88000001</PMID><Article><Journal><JournalIssue>
    <PubDate>{date}</PubDate></JournalIssue><Title>Invented Medicine</Title></Journal><ArticleTitle>{title}</ArticleTitle>
    <Abstract>{abstract}<CopyrightInformation>(c) us</CopyrightInformation></Abstract><AuthorList><Author><LastName>Lee</LastName><ForeName>Ann B</ForeName><Initials>AB</Initials></Author>
    <Author><CollectiveName>Bridge Group</CollectiveName></Author></AuthorList><Language>eng</Language>{more}</Article>{citation}</MedlineCitation>
    <PubmedData>{data}<ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.5555/cited</ArticleId></ArticleIdList></Reference></ReferenceList></PubmedData></PubmedArticle>"""


def _only(folder: Path, *articles: str) -> Paper:
    reading = read(folder, "pubmed.xml", f"{_HEAD}<PubmedArticleSet>{''.join(articles)}</PubmedArticleSet>")
    assert (list(reading.formats.values()), reading.records, len(reading.papers)) == (["pubmed_xml"], 1, 1)
    return reading.papers[0]


def test_every_field_of_an_article(tmp_path: Path) -> None:
    abstract = f'<AbstractText Label="BACKGROUND" NlmCategory="X">SUV<sub>max</sub> &lt; 3.</AbstractText><AbstractText Label="UNLABELLED">{OTHER}</AbstractText>'
    ids = '<ArticleIdList><ArticleId IdType="pubmed">88000001</ArticleId><ArticleId IdType="doi">10.5555/Inv.1</ArticleId></ArticleIdList>'
    words = '<MeshHeadingList><MeshHeading><DescriptorName UI="D1">Humans</DescriptorName><QualifierName>x</QualifierName></MeshHeading></MeshHeadingList><KeywordList><Keyword>bridge <i>age</i></Keyword></KeywordList>'
    paper = _only(tmp_path, _article("On <i>E. coli</i> &amp; <b>more</b>.", abstract, data=ids, citation=words))
    assert paper.ids[:2] == ("doi:10.5555/inv.1", "pmid:88000001")
    assert (paper.title, paper.abstract) == ("On E. coli & more.", f"BACKGROUND: SUVmax < 3. {OTHER}")
    assert (paper.authors, paper.date) == (("Ann B Lee", "Bridge Group"), "2026-06-02")
    assert (paper.venue, paper.language, paper.keywords) == ("Invented Medicine", "eng", ("bridge age", "Humans"))


@pytest.mark.parametrize(
    ("date", "more", "expected"),
    [
        ("<Year>2026</Year><Month>03</Month>", "", "2026-03"), ("<MedlineDate>2026 Jan-Feb</MedlineDate>", "", "2026"),
        ("<Year>2026</Year>", "<ArticleDate><Year>2025</Year><Month>12</Month><Day>9</Day></ArticleDate>", "2025-12-09"),
        ("<Year>2026</Year><Season>Spring</Season>", "", "2026"), ("", "", None), ("<Year>soon</Year>", "", None),
    ],
)  # fmt: skip
def test_dates_have_the_precision_that_is_stated(tmp_path: Path, date: str, more: str, expected: str | None) -> None:
    assert _only(tmp_path, _article(date=date, more=more)).date == expected


def test_translated_titles_and_retracted_articles(tmp_path: Path) -> None:
    retracted = "<PublicationTypeList><PublicationType>Retracted Publication</PublicationType></PublicationTypeList>"
    paper = _only(tmp_path, _article("[Hearing bridges age].", "", more=retracted))
    assert (paper.title, paper.flags) == ("Hearing bridges age", ("no_abstract", "retracted"))


def test_chapters_and_books(tmp_path: Path) -> None:
    book = f"""<PubmedBookArticle><BookDocument><PMID>88000002</PMID><ArticleIdList><ArticleId IdType="bookaccession">NBK1</ArticleId></ArticleIdList>
    <Book><Publisher><PublisherName>Hill</PublisherName></Publisher><BookTitle>Handbook of Bridges</BookTitle><PubDate><Year>1993</Year></PubDate>
    <AuthorList Type="editors"><Author><LastName>Ed</LastName></Author></AuthorList><Isbn>9780000000000</Isbn></Book><ArticleTitle>Decks</ArticleTitle>
    <AuthorList Type="authors"><Author><LastName>Fox</LastName><Initials>D</Initials></Author></AuthorList><Abstract><AbstractText>{OTHER}</AbstractText></Abstract>
    <ContributionDate><Year>2020</Year><Month>05</Month></ContributionDate></BookDocument><PubmedBookData/></PubmedBookArticle>"""
    paper = _only(tmp_path, book)
    assert (paper.id, paper.title, paper.venue) == ("pmid:88000002", "Decks", "Handbook of Bridges")
    assert (paper.authors, paper.date, paper.abstract) == (("D Fox",), "2020-05", OTHER)
    assert _only(tmp_path, book.replace("<ArticleTitle>Decks</ArticleTitle>", "")).title == "Handbook of Bridges"


def test_set_without_articles_and_one_that_breaks_off(tmp_path: Path) -> None:
    assert read(tmp_path, "a.xml", f"{_HEAD}<PubmedArticleSet></PubmedArticleSet>").records == 0
    text = f"{_HEAD}<PubmedArticleSet>{_article()}{_article('Second.').replace('88000001', '88000009')}"
    reading = read(tmp_path, "a.xml", text[: text.rindex("Bridge Group")])
    assert [paper.flags for paper in reading.papers] == [(), ("cut_short",)]


def test_real_answer_is_read(shared: Path) -> None:
    path = shared / "digests" / "pubmed" / "pubmed_efetch.xml"
    reading = read_inputs([str(path)])
    assert len(reading.papers) == path.read_text(encoding="utf-8").count("<PubmedArticle>") == 5
    assert all(
        paper.abstract and paper.authors and paper.date and paper.venue and paper.language == "eng"
        for paper in reading.papers
    )
    assert all(any(one.startswith("pmid:") for one in paper.ids) for paper in reading.papers)
