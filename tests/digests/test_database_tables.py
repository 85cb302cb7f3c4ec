"""Tables that databases and reference managers export: every field that labels need. All samples are invented."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.digests.factories import ABSTRACT, read

_TITLE = "Sorting the papers of a day"
_SCOPUS = {
    "Authors": "Lee, A.; Ek, B.",
    "Author full names": "Lee, Ann (571); Ek, Bo (572)",
    "Author(s) ID": "571; 572",
    "Title": _TITLE,
    "Year": "2020",
    "Source title": "Journal of Examples",
    "DOI": "10.5555/x.1",
    "Cited by": "3",
    "Link": "https://example.org/1",
    "Affiliations": "Hill College",
    "Abstract": ABSTRACT,
    "Author Keywords": "sorting; papers",
    "Index Keywords": "Labels",
    "PubMed ID": "30922926",
    "Source": "Scopus",
    "Language of Original Document": "English",
    "Document Type": "Article",
    "EID": "2-s2.0-1",
}
_ZOTERO = {
    "Key": "AB",
    "Item Type": "journalArticle",
    "Publication Year": "2020",
    "Author": "Lee, Ann; Ek, Bo",
    "Title": _TITLE,
    "Publication Title": "Journal of Examples",
    "DOI": "10.5555/x.1",
    "Url": "https://example.org/1",
    "Abstract Note": ABSTRACT,
    "Date": "2020-02-03",
    "Date Added": "2026-01-01 10:00:00",
    "Access Date": "2026-01-01",
    "Language": "en",
    "Extra": "PMID: 30922926\nPMCID: PMC123456",
    "Notes": "<p>Read it</p>",
    "Manual Tags": "sorting; papers",
    "Automatic Tags": "Labels",
}
_PUBMED = {
    "PMID": "30922926",
    "Title": _TITLE,
    "Authors": "Lee A, Ek B.",
    "Citation": "J Ex. 2020;1:2.",
    "First Author": "Lee A",
    "Journal/Book": "Journal of Examples",
    "Publication Year": "2020",
    "Create Date": "2020/02/03",
    "PMCID": "PMC123456",
    "NIHMS ID": "",
    "DOI": "10.5555/x.1",
}
_IEEE = {
    "Document Title": _TITLE,
    "Authors": "A. Lee; B. Ek",
    "Author Affiliations": "Hill College",
    "Publication Year": "2020",
    "Publication Title": "Journal of Examples",
    "Date Added To Xplore": "3 Feb 2021",
    "Abstract": ABSTRACT,
    "DOI": "10.5555/x.1",
    "PDF Link": "https://example.org/1",
    "Author Keywords": "sorting;papers",
    "IEEE Terms": "Labels",
}
_DIMENSIONS = {
    "Rank": "1",
    "Publication ID": "pub.1",
    "DOI": "10.5555/x.1",
    "PMID": "30922926",
    "PMCID": "PMC123456",
    "ISBN": "",
    "Title": _TITLE,
    "Abstract": ABSTRACT,
    "Source title": "Journal of Examples",
    "Anthology title": "",
    "MeSH terms": "sorting; papers",
    "Publication date": "2020-02-03",
    "PubYear": "2020",
    "Authors": "Lee, Ann; Ek, Bo",
    "Source Linkout": "https://example.org/1",
    "Dimensions URL": "https://example.org/2",
}
_EMBASE = {
    "Title": _TITLE,
    "Original Title": "",
    "Author Names": "Lee A., Ek B.",
    "Source title": "Journal of Examples",
    "Publication Year": "2020",
    "Abstract": ABSTRACT,
    "Author Keywords": "sorting, papers",
    "DOI": "10.5555/x.1",
    "Medline PMID": "30922926",
    "Article Language": "English",
    "Embase Link": "https://example.org/1",
}
_WEB_OF_SCIENCE = {
    "Publication Type": "J",
    "Authors": "Lee, A; Ek, B",
    "Author Full Names": "Lee, Ann; Ek, Bo",
    "Article Title": _TITLE,
    "Source Title": "Journal of Examples",
    "Language": "English",
    "Author Keywords": "sorting; papers",
    "Keywords Plus": "LABELS",
    "Abstract": ABSTRACT,
    "Publication Date": "FEB",
    "Publication Year": "2020",
    "DOI": "10.5555/x.1",
    "Pubmed Id": "30922926",
    "UT (Unique WOS ID)": "WOS:1",
}
_PROQUEST = {
    "Title": _TITLE,
    "Abstract": ABSTRACT,
    "ArticleType": "Journal",
    "Authors": "Lee, Ann; Ek, Bo",
    "pubdate": "Feb 2020",
    "pubtitle": "Journal of Examples",
    "subjectTerms": "sorting; papers",
    "DocumentURL": "https://example.org/1",
    "digitalObjectIdentifier": "10.5555/x.1",
    "language": "English",
    "year": "2020",
}
_EBSCO = {
    "Article Title": _TITLE,
    "Author": "Lee, Ann; Ek, Bo",
    "Journal Title": "Journal of Examples",
    "DOI": "10.5555/x.1",
    "Publication Date": "20200203",
    "Keywords": "sorting; papers",
    "Abstract": ABSTRACT,
    "PLink": "https://example.org/1",
}
_LENS = {
    "Lens ID": "1-2-3",
    "Title": _TITLE,
    "Date Published": "2020-02-03",
    "Publication Year": "2020",
    "Source Title": "Journal of Examples",
    "Author/s": "Ann Lee; Bo Ek",
    "Abstract": ABSTRACT,
    "PMID": "30922926",
    "DOI": "10.5555/x.1",
    "PMCID": "PMC123456",
    "Keywords": "sorting; papers",
    "External URL": "https://example.org/1",
}
_RAYYAN = {
    "key": "rayyan-1",
    "title": _TITLE,
    "year": "2020",
    "month": "2",
    "day": "3",
    "journal": "Journal of Examples",
    "authors": "Lee, Ann and Ek, Bo",
    "url": "https://example.org/1",
    "language": "eng",
    "abstract": ABSTRACT,
    "notes": "Read it",
    "pubmed_id": "30922926",
    "pmc_id": "PMC123456",
    "doi": "10.5555/x.1",
    "keywords": "sorting; papers",
}
_COVIDENCE = {
    "Title": _TITLE,
    "Authors": "Lee, Ann; Ek, Bo",
    "Abstract": ABSTRACT,
    "Published Year": "2020",
    "Published Month": "",
    "Journal": "Journal of Examples",
    "DOI": "10.5555/x.1",
    "Covidence #": "#1",
    "Notes": "Read it",
    "Tags": "sorting; papers",
}
_TABLES = {
    "Scopus": (_SCOPUS, "2020", 3),
    "Zotero": (_ZOTERO, "2020-02-03", 3),
    "PubMed": (_PUBMED, "2020", 0),
    "IEEE": (_IEEE, "2020", 3),
    "Dimensions": (_DIMENSIONS, "2020-02-03", 2),
    "Embase": (_EMBASE, "2020", 2),
    "Web of Science": (_WEB_OF_SCIENCE, "2020-02", 3),
    "ProQuest": (_PROQUEST, "2020-02", 2),
    "EBSCO": (_EBSCO, "2020-02-03", 2),
    "Lens": (_LENS, "2020-02-03", 2),
    "Rayyan": (_RAYYAN, "2020-02-03", 2),
    "Covidence": (_COVIDENCE, "2020", 2),
}


@pytest.mark.parametrize(("row", "date", "keywords"), _TABLES.values(), ids=_TABLES)
@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_every_field_of_a_database_is_kept(
    tmp_path: Path, row: dict[str, str], date: str, keywords: int, sign: str
) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(row), delimiter=sign)
    writer.writeheader()
    writer.writerow(row)
    about = "About the data: Exported on Nov 26, 2026\n" if row is _DIMENSIONS else ""
    (paper,) = read(tmp_path, "a.csv", f"\ufeff{about}{out.getvalue()}").papers
    assert paper.ids[0] == "doi:10.5555/x.1"
    assert ("pmid:30922926" in paper.ids) == ("30922926" in str(row))
    assert ("pmcid:123456" in paper.ids) == ("PMC123456" in str(row))
    assert (paper.title, paper.abstract) == (_TITLE, ABSTRACT if ABSTRACT in row.values() else "")
    assert (len(paper.authors), paper.authors[0].strip("AanLe, .")) == (2, "")
    assert (paper.venue, paper.date) == ("Journal of Examples", date)
    assert paper.keywords == ("sorting", "papers", "Labels", "LABELS")[: min(keywords, 2)] + paper.keywords[2:]
    assert len(paper.keywords) == keywords
    assert bool(paper.language) == any("anguage" in name for name in row)
    assert bool(paper.notes) == any(name.lower() == "notes" for name in row)
    linked = "https://example.org/1" in row.values() and row is not _EMBASE and row is not _DIMENSIONS
    assert paper.url == ("https://example.org/1" if linked else "https://doi.org/10.5555/x.1")
