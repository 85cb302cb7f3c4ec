"""Records of services that hold their papers in a form of their own, in the form that others have.

Services: DataCite (https://support.datacite.org/docs/api), INSPIRE (https://github.com/inspirehep/rest-api-doc),
Zenodo (https://developers.zenodo.org), DOAJ (https://doaj.org/api/docs), OpenReview
(https://docs.openreview.net), Zotero (https://www.zotero.org/support/dev/web_api/v3/basics); and cv-arxiv-daily, whose
JSON holds rows in Markdown.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from labeler.digests.fields import has_paper_fields
from labeler.papers.ids import arxiv_id

# What a record's fields stand in, beside identifiers and links of it.
_WRAPPERS = ("metadata", "attributes", "bibjson", "_source")
_PLURALS = ("titles", "abstracts", "descriptions")
_BESIDE = ("attachment", "note", "annotation")  # items of Zotero that belong to papers
_MOMENTS = ("pdate", "odate", "cdate")  # of OpenReview: of publication, of being made public, of creation


def unwrapped(item: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The fields of a paper that is wrapped in an item, or has its title in a list; None for other items."""
    if "forum" in item and isinstance(item.get("content"), Mapping):
        return _of_openreview(item)
    inner = next((value for name in _WRAPPERS if isinstance(value := item.get(name), Mapping)), None)
    record = item if inner is None else {**_link(item), **_scalars(item), **inner}
    if isinstance(record.get("titles"), list):
        record = _with_singles(record)
    return record if record is not item and has_paper_fields(map(str, record)) else None


def is_beside_papers(item: Mapping[str, Any]) -> bool:
    """Whether an item belongs to a paper and is none: an attachment or a note of Zotero, a reply of OpenReview."""
    fields = inner if isinstance(inner := item.get("data"), Mapping) else item
    return fields.get("itemType") in _BESIDE or ("forum" in item and bool(item.get("replyto")))


def _of_openreview(item: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a submission, each of which is an object with a ``value`` since version 2."""
    content = item["content"].items()
    fields = {name: one["value"] if isinstance(one, Mapping) and "value" in one else one for name, one in content}
    moment = next((value for name in _MOMENTS if isinstance(value := item.get(name), int) and 0 < value < 1e13), None)
    date = {} if moment is None else {"date": f"{datetime.fromtimestamp(moment / 1000, UTC):%Y-%m-%d}"}
    return {"url": f"https://openreview.net/forum?id={item['forum']}"} | date | fields


def papers_in_rows(document: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """The papers of an object that holds a row or an item in Markdown for each identifier; None for other objects."""
    values = list(document.values())
    if not values or not isinstance(values[0], str) or not values[0].lstrip().startswith(("|", "- ", "* ")):
        return None
    if not all(isinstance(value, str) and arxiv_id(str(key)) for key, value in document.items()):
        return None
    return [_row(str(key), str(value)) for key, value in document.items()]


def _link(item: Mapping[str, Any]) -> dict[str, Any]:
    """The link of an item to its page (https://jsonapi.org/format/#document-links), as OSF and Zenodo have it."""
    links = item.get("links")
    address = (links.get("html") or links.get("self_html")) if isinstance(links, Mapping) else None
    return {"url": address} if isinstance(address, str) else {}


def _scalars(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if isinstance(value, str | int | float)}


def _with_singles(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record with the first of its titles, abstracts and identifiers as its own."""
    described = [*_texts(record.get("abstracts"), "value"), *_texts(record.get("descriptions"), "description")]
    eprints = _texts(record.get("arxiv_eprints"), "value")
    singles = {
        "title": next(iter(_texts(record["titles"], "title")), ""),
        "abstract": next(iter(described), ""),
        "arxiv_id": next(iter(eprints), ""),
        "doi": next(iter(_texts(record.get("dois"), "value")), ""),
        "date": next(filter(None, (record.get(name) for name in ("earliest_date", "preprint_date"))), "")
        or next(iter(_issued(record.get("dates"))), "")
        or record.get("publicationYear", ""),
        "keywords": [*_texts(record.get("keywords"), "value"), *_texts(record.get("subjects"), "subject")],
        "venue": next(iter(_texts(record.get("publication_info"), "journal_title")), ""),
    }
    others = {name: value for name, value in record.items() if name not in _PLURALS}
    return {**others, **{name: value for name, value in singles.items() if value}}


def _texts(items: Any, name: str) -> list[str]:
    """The texts under a name in a list of objects; of several descriptions, that which is the abstract."""
    listed = [item for item in items if isinstance(item, Mapping)] if isinstance(items, list) else []
    listed.sort(key=lambda item: item.get("descriptionType", "Abstract") != "Abstract")
    return [text for item in listed if isinstance(text := item.get(name), str) and text]


def _issued(dates: Any) -> list[str]:
    """The date on which DataCite says that something appeared."""
    listed = dates if isinstance(dates, list) else []
    return [str(one.get("date", "")) for one in listed if isinstance(one, Mapping) and one.get("dateType") == "Issued"]


def _row(key: str, value: str) -> dict[str, Any]:
    from labeler.digests.markdown import cells_of
    from labeler.digests.markdown_papers import item_fields, row_fields

    if value.lstrip().startswith("|"):
        names = ("date", "title", "authors", "pdf", "code")  # https://github.com/Vincentqyw/cv-arxiv-daily
        return {"arxiv_id": key, **row_fields(names, cells_of(value))}
    return {"arxiv_id": key, **item_fields(value.strip().lstrip("-* "))}
