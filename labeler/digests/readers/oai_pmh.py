"""Answers of archives by OAI-PMH, and single records: arXiv's two forms, Dublin Core, MODS, MARC, JATS, DataCite.

Formats: https://www.openarchives.org/OAI/openarchivesprotocol.html, https://info.arxiv.org/help/oa.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from labeler.digests.datacite_fields import datacite_fields
from labeler.digests.dublin_core import dublin_core_fields, identifiers_among
from labeler.digests.jats_fields import jats_fields
from labeler.digests.marc_fields import marc_fields
from labeler.digests.mods_fields import mods_fields
from labeler.digests.source import Record, Refusal, Source
from labeler.digests.xml import Element, beginning, entries, local_name
from labeler.digests.xml_markup import child, children, text_at, text_of
from labeler.patterns import pattern

NAME = "oai_pmh"
RANK = 15
FIXED_NAMES = True
ABOUT = "OAI-PMH answer or record of an archive (arXiv's forms, Dublin Core, DataCite)"
_ALONE = ("arXiv", "arXivRaw", "dc", "resource")  # records that stand without the answer around them
_OPENING = pattern(
    r"<(?:\w+:)?OAI-PMH\b|\A<(?:\w+:)?(?:ListRecords|GetRecord)\b|\A<record\b[^>]*>\s*<header\b|\A<(?:\w+:)?arXiv(?:Raw)?\b"
    r"|\A<(?:oai_dc:)?dc\b|\A<resource\b[^>]*datacite"
)
_FORMS: dict[str, Callable[[Element], Mapping[str, Any] | str]] = {
    "mods": mods_fields,
    "article": jats_fields,
    "resource": datacite_fields,
    "oai_datacite": datacite_fields,
    "record": marc_fields,
    "collection": lambda element: marc_fields(child(element, "record")),
}
_EMPTY = "noRecordsMatch"


def looks_like(source: Source) -> bool:
    """Whether the first elements are those of an answer or of a record."""
    return _OPENING.search(beginning(source)) is not None


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each record; those that the archive has deleted are refused."""

    def fields_of(element: Element) -> Mapping[str, Any] | str | None:
        match local_name(element):
            case "resumptionToken":
                source.notes += _about_rest(element, source.name)
                return None
            case "error":
                if element.get("code") == _EMPTY:
                    return None
                return f"the archive answered with an error: {text_of(element).strip() or element.get('code')}"
            case "record":
                return _of_record(element)
        return _metadata(element)

    yield from entries(source, ("record", "resumptionToken", "error", *_ALONE), fields_of)


def _about_rest(token: Element, name: str) -> list[str]:
    if not (text := text_of(token).strip()):
        return []
    size = token.get("completeListSize")
    of_all = f" of {size} records" if size else ""
    return [f"{name} is one part of a list{of_all}; the next part is at resumptionToken={text[:200]}"]


def _of_record(record: Element) -> Mapping[str, Any] | str | None:
    header = child(record, "header")
    if header is not None and header.get("status") == "deleted":
        return f"the archive has deleted {text_at(header, 'identifier') or 'it'}"
    metadata = child(record, "metadata")
    inner = next((one for one in (metadata if metadata is not None else ()) if local_name(one)), None)
    if inner is None:
        return "a record without metadata"
    fields = _metadata(inner)
    if isinstance(fields, str):
        return fields
    about = identifiers_among([text_at(header, "identifier")])
    sets = [text_of(one).strip() for one in children(header, "setSpec")]
    categories = list(filter(None, map(_category, sets))) if "arxiv_id" in {**about, **fields} else []
    return {**about, "categories": categories, **fields}


def _metadata(element: Element) -> Mapping[str, Any] | str:
    name = local_name(element)
    if name.startswith("arXiv"):
        return _of_arxiv(element)
    read = _FORMS.get(name, dublin_core_fields)
    return read(element)


def _of_arxiv(element: Element) -> dict[str, Any]:
    """The forms arXiv (authors in parts) and arXivRaw (authors as one text, with dates of versions)."""
    authors = [_author(one) for one in children(child(element, "authors"), "author")]
    versions = children(element, "version")
    return {
        "arxiv_id": text_at(element, "id"),
        "title": text_at(element, "title"),
        "abstract": text_at(element, "abstract"),
        "authors": [name for name in authors if any(map(str.isalnum, name))]
        or re.sub(r"\s*\([^()]*\)", "", text_at(element, "authors")),
        "date": text_at(element, "created") or text_at(versions[0] if versions else None, "date"),
        "categories": text_at(element, "categories").split(),
        "doi": text_at(element, "doi"),
        "venue": text_at(element, "journal-ref"),
        "comments": text_at(element, "comments"),
    }


def _author(author: Element) -> str:
    return " ".join(filter(None, (text_at(author, name) for name in ("forenames", "keyname", "suffix"))))


def _category(spec: str) -> str:
    """The category that a set of arXiv is: ``cs:cs:LG`` is ``cs.LG``, ``physics:hep-th`` is ``hep-th``."""
    parts = spec.split(":")
    return ".".join(parts[-2:]) if len(parts) == 3 else parts[-1] if "-" in parts[-1] else ""
