"""What the front of an article in JATS says of it: https://jats.nlm.nih.gov/archiving/tag-library/1.3/."""

from __future__ import annotations

from typing import Any

from labeler.digests.xml import Element
from labeler.digests.xml_markup import child, children, text_at, text_of

_DATES = ("epub", "pub", "epub-ppub", "ppub", "collection", "preprint")


def jats_fields(article: Element) -> dict[str, Any] | str:
    """The fields of an element ``article``; a sentence where it has no front."""
    front = child(article, "front")
    meta = child(front, "article-meta")
    if meta is None:
        return "an article without what describes it (article-meta)"
    ids = {one.get("pub-id-type"): text_of(one).strip() for one in children(meta, "article-id")}
    titles = child(meta, "title-group")
    return {
        "title": ": ".join(filter(None, (text_at(titles, "article-title"), text_at(titles, "subtitle")))),
        "abstract": _abstract(meta),
        "authors": [
            name
            for group in children(meta, "contrib-group")
            for one in children(group, "contrib")
            if (name := _author(one))
        ],
        "doi": ids.get("doi", ""),
        "pmid": ids.get("pmid", ""),
        "pmcid": ids.get("pmc") or ids.get("pmcid", ""),
        "arxiv_id": ids.get("arxiv", ""),
        "date": _date(meta),
        "venue": text_at(front, "journal-meta", "journal-title-group", "journal-title")
        or text_at(front, "journal-meta", "journal-title")
        or text_at(front, "journal-meta", "journal-id"),
        "language": next((value for name, value in article.attrib.items() if name.endswith("}lang")), ""),
        "keywords": [text_of(one).strip() for group in children(meta, "kwd-group") for one in children(group, "kwd")],
    }


def _abstract(meta: Element) -> str:
    """The abstract without its heading; one for other readers where there is no other."""
    abstracts = children(meta, "abstract") or children(meta, "trans-abstract")
    plain = [one for one in abstracts if one.get("abstract-type") in (None, "section", "structured")]
    for abstract in plain or abstracts:
        title = child(abstract, "title")
        if title is not None and text_of(title).strip().lower().rstrip(".:") in ("abstract", "summary"):
            abstract.remove(title)
        if text := text_of(abstract):
            return text
    return ""


def _author(contrib: Element) -> str:
    if contrib.get("contrib-type") not in (None, "author"):
        return ""
    alternatives = child(contrib, "name-alternatives")
    name = child(alternatives if alternatives is not None else contrib, "name", "string-name", "collab")
    parts = (text_at(name, "given-names"), text_at(name, "surname"), text_at(name, "suffix"))
    return " ".join(filter(None, parts)) or text_of(name).strip().partition("\n")[0]


def _date(meta: Element) -> str:
    dates = children(meta, "pub-date")
    kinds = {one.get("pub-type") or one.get("date-type") or "": one for one in reversed(dates)}
    date = next((kinds[kind] for kind in _DATES if kind in kinds), dates[0] if dates else None)
    return "-".join(part.zfill(2) for name in ("year", "month", "day") if (part := text_at(date, name)).isdigit())
