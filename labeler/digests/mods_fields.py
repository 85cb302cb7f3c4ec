"""What a description in MODS says of a paper: https://www.loc.gov/standards/mods/userguide/."""

from __future__ import annotations

from typing import Any

from labeler.digests.dublin_core import identifiers_among
from labeler.digests.xml import Element, local_name
from labeler.digests.xml_markup import children, text_at, text_of

_DATES = ("dateIssued", "copyrightDate", "dateCreated")
_NO_AUTHORS = ("editor", "edt", "translator", "trl", "publisher", "pbl", "thesis advisor", "ths", "series editor")


def mods_fields(mods: Element) -> dict[str, Any]:
    """The fields of an element ``mods``."""
    host = next((one for one in children(mods, "relatedItem") if one.get("type") == "host"), None)
    origins = [*children(mods, "originInfo"), *children(host, "originInfo"), *children(host, "part")]
    dates = [text for origin in origins for name in (*_DATES, "date") if (text := text_at(origin, name))]
    identifiers = [_identifier(one) for one in children(mods, "identifier")]
    links = [text_of(url).strip() for place in children(mods, "location") for url in children(place, "url")]
    return {
        "title": _title(mods),
        "abstract": "\n".join(text_of(one).strip() for one in children(mods, "abstract")),
        "authors": [name for one in children(mods, "name") if _is_author(one) and (name := _name(one))],
        "date": next(iter(dates), ""),
        "venue": _title(host),
        "language": text_at(mods, "language", "languageTerm"),
        "keywords": [
            text_of(one).strip() for subject in children(mods, "subject") for one in children(subject, "topic")
        ],
        "notes": [text_of(one).strip() for one in children(mods, "note")],
        **identifiers_among([*filter(None, identifiers), *links]),
    }


def _title(parent: Element | None) -> str:
    infos = children(parent, "titleInfo")
    info = next((one for one in infos if one.get("type") is None), infos[0] if infos else None)
    main = " ".join(filter(None, (text_at(info, "nonSort"), text_at(info, "title"))))
    return ": ".join(filter(None, (main, text_at(info, "subTitle"))))


def _is_author(name: Element) -> bool:
    roles = [
        text_of(term).strip().lower()
        for role in children(name, "role")
        for term in role
        if local_name(term) == "roleTerm"
    ]
    return not roles or not all(role in _NO_AUTHORS for role in roles)


def _name(name: Element) -> str:
    parts = [(one.get("type"), text_of(one).strip()) for one in children(name, "namePart")]
    given = [text for kind, text in parts if kind == "given"]
    family = [text for kind, text in parts if kind == "family"]
    return (
        " ".join([*given, *family])
        or next((text for kind, text in parts if kind is None), "")
        or text_at(name, "displayForm")
    )


def _identifier(element: Element) -> str:
    kind, text = (element.get("type") or "").lower(), text_of(element).strip()
    if kind in ("doi", "pmid", "arxiv") and not text.lower().startswith((kind, "http")):
        return f"{kind}:{text}"
    return text if kind in ("uri", "url", "hdl", "") or ":" in text else ""
