"""PubMed's XML: what efetch answers and what is saved from the site, articles and chapters of books.

Format: https://dtd.nlm.nih.gov/ncbi/pubmed/doc/out/250101/index.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from labeler.digests.source import Record, Refusal, Source
from labeler.digests.xml import Element, beginning, entries, local_name
from labeler.digests.xml_markup import child, children, text_at, text_of
from labeler.patterns import pattern

NAME = "pubmed_xml"
RANK = 15
FIXED_NAMES = True
ABOUT = "PubMed XML (efetch, or saved from the site)"
_ENTRIES = ("PubmedArticle", "PubmedBookArticle", "MedlineCitation")
_OPENING = pattern(
    r"<(?:PubmedArticleSet|PubmedArticle|PubmedBookArticle|PubmedBookArticleSet|MedlineCitation(?:Set)?)\b"
)
_TRANSLATED = pattern(r"\[(?P<title>[^\[\]]+)\]\.?")  # titles that PubMed has translated stand in brackets


def looks_like(source: Source) -> bool:
    """Whether the first elements are those of PubMed."""
    return _OPENING.search(beginning(source)) is not None


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each article or chapter."""
    yield from entries(source, _ENTRIES, _fields)


def _fields(entry: Element) -> dict[str, Any]:
    if local_name(entry) == "PubmedBookArticle":
        document = child(entry, "BookDocument")
        return _of_book(document if document is not None else entry)
    citation = child(entry, "MedlineCitation") if local_name(entry) == "PubmedArticle" else entry
    article = child(citation, "Article")
    ids = _article_ids(child(entry, "PubmedData"))
    located = [text_of(one) for one in children(article, "ELocationID") if one.get("EIdType") == "doi"]
    kinds = [text_of(one) for one in children(child(article, "PublicationTypeList"), "PublicationType")]
    headings = children(child(citation, "MeshHeadingList"), "MeshHeading")
    return {
        "title": _title(article),
        "abstract": _abstract(article) or _abstract(citation),
        "authors": _authors(article),
        "pmid": text_at(citation, "PMID"),
        "doi": next(iter(located), "") or ids.get("doi", ""),
        "pmcid": ids.get("pmc", ""),
        "date": _published(article),
        "venue": text_at(article, "Journal", "Title") or text_at(citation, "MedlineJournalInfo", "MedlineTA"),
        "language": text_at(article, "Language"),
        "keywords": [*_keywords(citation), *(text_at(one, "DescriptorName") for one in headings)],
        "flags": ["retracted"] if "Retracted Publication" in kinds else [],
    }


def _of_book(document: Element) -> dict[str, Any]:
    book = child(document, "Book")
    title, whole = text_at(document, "ArticleTitle"), text_at(book, "BookTitle")
    return {
        "title": title or whole,
        "abstract": _abstract(document),
        "authors": _authors(document) or _authors(book),
        "pmid": text_at(document, "PMID"),
        "doi": _article_ids(document).get("doi", ""),
        "isbn": text_at(book, "Isbn"),
        "date": _date(child(document, "ContributionDate")) or _date(child(book, "PubDate")),
        "venue": whole if title else text_at(book, "Publisher", "PublisherName"),
        "language": text_at(document, "Language"),
        "keywords": _keywords(document),
    }


def _title(article: Element | None) -> str:
    title = text_at(article, "ArticleTitle") or text_at(article, "VernacularTitle")
    match = _TRANSLATED.fullmatch(title.strip())
    return match["title"] if match else title


def _abstract(parent: Element | None) -> str:
    """The parts of an abstract with their labels; where there is none, of one in another language."""
    abstract = child(parent, "Abstract", "OtherAbstract")
    parts = []
    for part in children(abstract, "AbstractText"):
        label = (part.get("Label") or "").strip()
        text = text_of(part).strip()
        if text:
            parts.append(f"{label}: {text}" if label and label.upper() != "UNLABELLED" else text)
    return "\n".join(parts)


def _authors(parent: Element | None) -> list[str]:
    """Authors in their order; where several lists are in a book, those of the authors."""
    lists = children(parent, "AuthorList")
    chosen = next((one for one in lists if one.get("Type") in (None, "authors")), lists[0] if lists else None)
    return list(filter(None, map(_author, children(chosen, "Author"))))


def _author(author: Element) -> str:
    names = (text_at(author, "ForeName") or text_at(author, "Initials"), text_at(author, "LastName"))
    return " ".join(filter(None, (*names, text_at(author, "Suffix")))) or text_at(author, "CollectiveName")


def _article_ids(parent: Element | None) -> dict[str, str]:
    listed = children(child(parent, "ArticleIdList"), "ArticleId")
    return {one.get("IdType") or "": text_of(one).strip() for one in reversed(listed)}


def _keywords(parent: Element | None) -> list[str]:
    return [text_of(one).strip() for listed in children(parent, "KeywordList") for one in children(listed, "Keyword")]


def _published(article: Element | None) -> str:
    """The date of the issue; the day of the article, where that of the issue is no more than a year."""
    issue = _date(child(child(child(article, "Journal"), "JournalIssue"), "PubDate"))
    electronic = _date(child(article, "ArticleDate"))
    return electronic if electronic and re.fullmatch(r"\d{4}|", issue) else issue


def _date(date: Element | None) -> str:
    if date is None:
        return ""
    year, month, day = (text_at(date, name) for name in ("Year", "Month", "Day"))
    if year and month.isdigit():
        return "-".join(part.zfill(2) for part in (year, month, day) if part)
    text = " ".join(filter(None, (year, month, day))) or text_at(date, "MedlineDate")
    return text if re.fullmatch(r"\d{4} [A-Za-z]{3,9}(?: \d{1,2})?", text) else text[:4]
