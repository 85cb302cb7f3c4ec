"""EBSCO's XML, as its databases and EBSCOhost export it (``records``, ``rec``): https://connect.ebsco.com."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from labeler.digests.source import Record, Refusal, Source
from labeler.digests.xml import Element, beginning, entries, local_name
from labeler.digests.xml_markup import text_of
from labeler.patterns import pattern

NAME = "ebsco_xml"
RANK = 16
FIXED_NAMES = True
ABOUT = "EBSCO's XML (EBSCOhost, CINAHL, APA PsycInfo)"
_OPENING = pattern(r"\A<records\b[^>]*>\s*<rec\b|\A<rec\b[^>]*>\s*<header\b")


def looks_like(source: Source) -> bool:
    """Whether the first elements are those of an export."""
    return _OPENING.search(beginning(source)) is not None


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each ``rec``."""
    yield from entries(source, ("rec",), _fields)


def _fields(record: Element) -> dict[str, Any]:
    dates = [one for one in record.iter("{*}dt") if one.get("year")]
    date = "-".join(filter(None, (dates[0].get(name) for name in ("year", "month", "day")))) if dates else ""
    numbers = {one.get("type"): text_of(one).strip() for one in record.iter("{*}ui")}
    links = [text_of(one).strip() for name in ("displayInfo", "pLink") for one in record.iter(f"{{*}}{name}")]
    return {
        "title": next(iter(_texts(record, "atl") or _texts(record, "btl")), ""),
        "abstract": "\n".join(_texts(record, "ab")),
        "authors": _texts(record, "au"),
        "date": date,
        "venue": next(iter(_texts(record, "jtl") or _texts(record, "btl")), ""),
        "doi": numbers.get("doi", ""),
        "pmid": numbers.get("pmid", ""),
        "url": next((link for link in links if link.startswith("http")), ""),
        "language": next(iter(_texts(record, "language")), ""),
        "keywords": [*_texts(record, "subj"), *_texts(record, "keyword")],
    }


def _texts(record: Element, name: str) -> list[str]:
    """The texts of all elements of a name, each once."""
    found = (text_of(one).strip() for one in record.iter() if local_name(one) == name)
    return list(dict.fromkeys(text for text in found if text))
