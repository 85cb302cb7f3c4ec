"""Texts in which reference managers and databases export papers: what they are, and what to do about them."""

from __future__ import annotations

import re

ZOTERO = "export it as CSV (reference managers and databases do that), or import it into Zotero and export CSV there"
PUBMED = "save it in PubMed with the format CSV"
_WEB_OF_SCIENCE = "export it there as a tab delimited file"
_THERE = "export it there as CSV"
_BEGIN = 4000  # characters in which the signs of most of these stand
# What stands in such a text and in no other, and whether it may stand far from the beginning, behind what was written
# before the first record.
_SIGNS = (
    # https://www.nlm.nih.gov/bsd/mms/medlineelements.html
    (
        r"\APMID {0,2}- ?\d|^(?:PMID|OWN|STAT|DCOM|EDAT|MHDA|CRDT|PHST|JID|LID|FAU) {0,2}- ?\S[^\n]*\n"
        r"(?:[^\n]*\n){0,30}?(?:OWN|STAT|DCOM|EDAT|MHDA|CRDT|PHST|JID|TI|AU) {0,2}- ?\S",
        "PubMed's MEDLINE format (.nbib, .txt)", PUBMED, False,
    ),
    (r"\A1[.:] [^\n]*\n(?:[^\n]*\n){0,60}?PMID: ?\d", "PubMed's plain text", PUBMED, False),
    (r"\A1: [^\n]*PMID: ?\d", "PubMed's plain text", PUBMED, False),
    (r"^%0 [A-Z]|^%[A-Z] [^\n]*\n(?:[ \t][^\n]*\n|\n)*%[A-Z] ", "an EndNote file (.enw)", ZOTERO, False),
    (r"\AReference Type:[ \t]", "an EndNote file", ZOTERO, False),
    # https://webofscience.help.clarivate.com (field tags)
    (r"\AFN [A-Z]|\APT [A-Z][ \t]*\n(?:[A-Z][A-Z0-9 ] |EF)", "Web of Science plain text", _WEB_OF_SCIENCE, False),
    (r"\AScopus[ \t]*\n\s*EXPORT DATE", "Scopus plain text", _THERE, False),
    (r"\ARecord #\d+ of \d", "Cochrane's plain text", _THERE, False),
)  # fmt: skip
_COMPILED = tuple((re.compile(sign, re.MULTILINE), kind, advice, far) for sign, kind, advice, far in _SIGNS)


def kind_of_references(text: str) -> tuple[str, str] | None:
    """What the beginning of a text is, and what to do about it; None if it is nothing of this kind."""
    begin = text[:_BEGIN]
    found = ((kind, advice) for sign, kind, advice, far in _COMPILED if sign.search(text if far else begin))
    return next(found, None)
