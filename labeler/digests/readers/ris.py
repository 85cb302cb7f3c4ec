"""RIS in its dialects: Zotero, EndNote, Mendeley, Scopus, Embase, Ovid, ProQuest, JSTOR and others.

The format: https://en.wikipedia.org/wiki/RIS_(file_format). Dialects differ in what stands between tag and value, in
which tag has the title, the abstract and the venue, and in whether records have a first and a last tag at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from labeler.digests.bibliographic import LONGEST_NOTE
from labeler.digests.carried import carried_in, is_carried
from labeler.digests.kept import kept
from labeler.digests.lists import without_entities
from labeler.digests.source import Record, Refusal, Source
from labeler.digests.tagged import Entry, TagRules, any_date, entries, first_doi, isbns, numbers_of, without_empty
from labeler.papers.ids import arxiv_id, known_id
from labeler.patterns import pattern

NAME = "ris"
RANK = 16
ABOUT = "RIS (.ris): Zotero, EndNote, Mendeley, Scopus, Embase, Ovid, ProQuest, JSTOR and others"
FIXED_NAMES = True
_KINDS = frozenset(
    """
    ABST ADVS AGGR ANCIENT ART BILL BLOG BOOK CASE CHAP CHART CLSWK COMP CONF CPAPER CTLG DATA DBASE DICT EBOOK
    ECHAP EDBOOK EJOUR ELEC ENCYC EQUA FIGURE GEN GOVDOC GRANT GRNT HEAR ICOMM INPR INTV JFULL JOUR LEGAL
    MANSCPT MAP MGZN MPCT MULTI MUSIC NEWS PAMP PAT PCOMM POD PREPRINT PRESS RPRT SER SLIDE SOUND STAND STAT STD
    THES UNBILL UNPB UNPD VIDEO WEB
    """.split()
)
_SIGN = pattern(
    r"^[ \t]*\ufeff?(?:TY[ \t]*-[ \t]*(?:[A-Z]{2,8})?|TY[ \t]+(?P<kind>[A-Z]{3,8})|ER[ \t]{1,3}-)[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_RUN = pattern(r"(?:^[A-Z][A-Z0-9] {2}- ?[^\n]*\n){3}", re.MULTILINE)
_FIRST = pattern(r"^([ \t]*)TY([ \t]*-?)", re.MULTILINE | re.IGNORECASE)
_NUMBER_OF_RECORD = pattern(r"^<\d{1,7}>[ \t]*\r?$", re.MULTILINE)  # Ovid's, which divides records without a last tag
_LAST = "ER  - \n"
_BEGIN = 4000  # characters in which records without a first tag begin
# Tags that are known: where other signs than two blanks and a hyphen follow them, words may look like tags, too.
_TAGS = (
    "TY|ER|A[1-4]|A[BDNUPV]|BT|C[1-8]|C[ALNPRTY]|D[ABOPS]|ED|EP|ET|ID|IP|IS|J[12AFO]|K[WY]|L[1-4]|L[ABK]|LA|LB|M[1-3]|"
    "N[1-2]|N[OV]|OP|P[BPY]|R[INP]|SE|SN|SP|ST|T[1-4]|T[AIT]|U[1-5]|UR|V[1-3]|V[LO]|W[1-2TV]|Y[1-2]"
)
_USUAL = r"([A-Z][A-Z0-9])(?:[ \t]{2,3}|\t)-(?:[ \t]|$)?(.*)"
_TITLES = ("TI", "T1", "BT", "CT", "TT", "ST")
_VENUES = ("JF", "T2", "JO", "JA", "J2")
_LINKS = ("UR", "L2", "LK", "L1")
_BETWEEN_LINKS = pattern(r"\n|\s*;\s*(?=https?://|www\.|10\.\d)", re.IGNORECASE)  # links may have semicolons
_ADDRESSES = ("AD", "AO")  # of authors: long texts that are no abstracts
_USED = frozenset(
    {"SO", *_TITLES, *_VENUES, *_LINKS, *_ADDRESSES, "AB", "N2", "AU", "A1", "KW", "N1", "RN", "LA", "LG", "DO", "TY"}
    | {"DA", "Y1", "PY", "YR"}
)

_FIELDS_OF_PAPERS = frozenset(  # what labeler writes anew of a paper
    {"TI", "T1", "AB", "N2", "AU", "A1", "KW", "N1", "RN", "LA", "LG", "DO", "DA", "Y1", "PY", "YR"}
)


def looks_like(source: Source) -> bool:
    """Whether a line has the first or the last tag of a record, or three lines in turn have tags."""
    head = source.beginning
    has_tag = any(not (kind := found["kind"]) or kind.upper() in _KINDS for found in _SIGN.finditer(head))
    return has_tag or _RUN.search(head[:_BEGIN]) is not None


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each ``TY``; where there is none, for each part between last tags or empty lines."""
    rules = TagRules(_line_of(source.head), starts=frozenset({"TY"}), ends=frozenset({"ER"}))
    is_numbered = _NUMBER_OF_RECORD.search(source.head[:_BEGIN]) is not None
    with source.text() as stream:
        lines = (_LAST if _NUMBER_OF_RECORD.match(line) else line for line in stream) if is_numbered else stream
        for entry in entries(lines, rules):
            fields = _fields(entry)
            if "TY" in entry.values or "title" in fields or "abstract" in fields:
                yield Record(f"line {entry.line}", fields)


def _line_of(head: str) -> re.Pattern[str]:
    """What a line with a tag looks like, by the first ``TY`` of a file."""
    found = _FIRST.search(head)
    indent, sign = (re.escape(found[1]), found[2]) if found else ("", "  -")
    if len(sign.expandtabs(4)) > 2:
        return re.compile(rf"(?:{indent})?{_USUAL}", re.IGNORECASE)
    between = r"(?:[ \t]*-[ \t]?|[ \t]*$)" if sign.endswith("-") else r"(?:[ \t]+-?[ \t]?|[ \t]*$)"
    return re.compile(rf"(?:{indent})?({_TAGS}){between}(.*)")


def _fields(entry: Entry) -> dict[str, Any]:
    """The fields of a record; tags that stand for none of them keep their names."""
    links = [link for value in entry.every(*_LINKS) for link in _BETWEEN_LINKS.split(value)]
    named = entry.every("N1", "AN", "M1", "C2", "U1", *_VENUES)
    fields = {
        "title": entry.first(*_TITLES),
        "abstract": _abstract(entry),
        "authors": _authors(entry),
        "date": any_date(*entry.one_line("DA", "Y1", "PY", "YR")),
        "venue": _venue(entry),
        "doi": first_doi(*entry.every("DO", "U4", "DI", "M3", "L3", "UR", "L2", "AN", "C7", "N1")),
        "url": next((link for link in links if link.startswith("http")), ""),
        "language": entry.first("LA", "LG"),
        "keywords": entry.keywords("KW"),
        "notes": entry.every("N1", "RN"),
        "isbn": isbns(entry.every("SN")),
        **_numbers_of_pubmed(entry),
    }
    fields["kept"] = kept("ris", _others(entry, fields))
    preprint = next((found for venue in entry.every(*_VENUES, "C1") if (found := arxiv_id(venue))), "")
    others = [link for link in links if "10." not in link] if fields["doi"] else links  # which say no more
    every = {"arxiv_id": preprint} | numbers_of(named, others) | without_empty(fields)
    return entry.others(_USED) | carried_in(entry.every("M1")) | without_empty(every)


def _others(entry: Entry, fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The values of tags that say what no field of a paper says, in their order."""
    used = {fields["url"], fields["venue"], *(text for text in fields["isbn"] if known_id(f"isbn:{text}"))}
    others = {"N2"} if "AB" in entry.values else set()
    for tag, values in entry.values.items():
        for value in values:
            if tag in _FIELDS_OF_PAPERS and tag not in others:
                is_said = tag not in ("N1", "RN") or len(value) <= LONGEST_NOTE
            else:
                is_said = is_carried(value) if tag == "M1" else tag == "AN" and value.lower().startswith("arxiv:")
            if value not in used and not is_said:
                yield tag, value


def _venue(entry: Entry) -> str:
    """The journal, conference or book; of a citation as Ovid has it (``J Ex. 1(2):3, 2020``) what comes first."""
    book = entry.first("BT") if entry.first("TI", "T1") else ""
    citation = re.split(r"[.;] ?\d", source)[0] if (source := entry.first("SO")) else ""
    return " ".join((entry.first(*_VENUES) or citation or book).split())


def _abstract(entry: Entry) -> str:
    """The abstract: all parts of one that several lines with the tag have, each once."""
    parts: list[str] = []
    for text in entry.every("AB") or entry.every("N2"):
        if not any(text in other for other in parts):
            parts = [*(other for other in parts if other not in text), text]
    return "\n".join(parts)


def _authors(entry: Entry) -> list[str] | str:
    """The authors, one a tag or several in one; of a work without any, its editors. Two may have the same name."""
    first = entry.values.get("AU", [])
    said = [*first, *(name for name in entry.values.get("A1", []) if name not in first)] or entry.every("A2", "ED")
    if len(said) == 1 and said[0].count(",") > 2 and ";" not in said[0]:
        return said[0]
    return [part.strip() for value in said for part in re.split(r"[;\n]", without_entities(value)) if part.strip()]


def _numbers_of_pubmed(entry: Entry) -> dict[str, str]:
    """The numbers in PubMed and PubMed Central, which stand under a tag that depends on the database."""
    if entry.values.keys().isdisjoint(_OF_PUBMED):
        return {}
    database = " ".join(entry.one_line("DB", "DP", "VN"))
    tags = next((tags for name, tags in _PUBMED_TAGS if re.search(name, database, re.IGNORECASE)), ())
    pmid = next((value for value in entry.every(*tags) if re.fullmatch(r"[1-9]\d{4,8}", value, re.ASCII)), "")
    pmcid = next((found[1] for value in entry.every("C2") if (found := re.fullmatch(r"PMC(\d{1,9})", value))), "")
    marked = {
        found[2]: found[1] for value in entry.every("U1", "U2", "U3", "U5") if (found := _MARKED.fullmatch(value))
    }
    return marked | without_empty({"pmid": pmid, "pmcid": pmcid})


_MARKED = pattern(r"(?:PMC)?(\d{1,9})\[(pmid|pmcid)\]")  # PubMed Central
_OF_PUBMED = frozenset({"C2", "C5", "AN", "UI", "U1", "U2", "U3", "U5"})
_PUBMED_TAGS = (("scopus", ("C2",)), ("embase", ("C5",)), (r"pubmed|medline|\bnlm\b", ("AN", "UI")))
