"""What a reference manager said of a paper, for it or for another one: see :mod:`labeler.digests.kept`."""

from __future__ import annotations

from collections.abc import Iterator

from labeler.papers.latex import delatex
from labeler.papers.paper import Paper
from labeler.patterns import pattern
from labeler.publish.latex import latex_text
from labeler.publish.references import ARTICLE, BOOK, CHAPTER, CONFERENCE, OTHER, PREPRINT, line

_FIELDS = {
    "VL": "volume", "IS": "number", "PB": "publisher", "CY": "address", "ET": "edition", "SN": "issn", "T3": "series",
}  # fmt: skip
_TAGS = {field: tag for tag, field in _FIELDS.items()} | {"location": "CY", "issue": "IS"}
_BRACES = pattern(r"[{}]")
_PAGES = pattern(r"\s*(?:--?|–)\s*")
RIS_TYPES = {ARTICLE: "JOUR", CONFERENCE: "CONF", BOOK: "BOOK", CHAPTER: "CHAP", PREPRINT: "UNPB", OTHER: "GEN"}
RIS_TYPES |= {"thesis": "THES", "report": "RPRT"}
BIBTEX_TYPES = {
    ARTICLE: "article", CONFERENCE: "inproceedings", BOOK: "book", CHAPTER: "incollection", PREPRINT: "misc",
    OTHER: "misc", "thesis": "phdthesis", "report": "techreport",
}  # fmt: skip
_KINDS = {code: kind for kind, code in RIS_TYPES.items()} | {"CPAPER": CONFERENCE, "EJOUR": ARTICLE}
_KINDS |= {code: kind for kind, code in BIBTEX_TYPES.items() if code != "misc"} | {
    "inbook": CHAPTER,
    "thesis": "thesis",
}


def said_type(paper: Paper, form: str) -> tuple[str, str]:
    """The type that a record of a ``form`` (``ris``, ``bibtex``) had, and the kind of work that any had; else empty."""
    types = {name: value for name, value in paper.kept if name in ("ris:TY", "bibtex:type")}
    own = types.get(f"{form}:TY" if form == "ris" else f"{form}:type", "")
    return own, next((_KINDS[value] for value in types.values() if value in _KINDS), "")


def kept_for(paper: Paper, form: str) -> Iterator[tuple[str, str]]:
    """The fields that were kept of a paper's record, as a ``form`` names them, each on one line."""
    said: dict[str, str] = {}
    for name, value in paper.kept:
        kind, _, field = name.partition(":")
        if kind == form:
            yield field, line(value)
        else:
            said.setdefault(field, line(value))
    yield from _as_tags(said) if form == "ris" else _as_fields(said)


def _as_tags(fields: dict[str, str]) -> Iterator[tuple[str, str]]:
    if pages := fields.get("pages"):
        yield from zip(("SP", "EP"), _PAGES.split(pages, maxsplit=1), strict=False)
    yield from ((_TAGS[field], _BRACES.sub("", delatex(value))) for field, value in fields.items() if field in _TAGS)


def _as_fields(tags: dict[str, str]) -> Iterator[tuple[str, str]]:
    yield from ((field, latex_text(tags[tag])) for tag, field in _FIELDS.items() if tag in tags)
    if pages := "--".join(tags[tag] for tag in ("SP", "EP") if tags.get(tag)):
        yield "pages", latex_text(pages)
