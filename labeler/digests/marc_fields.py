"""What a record in MARC 21 says of a paper or a book: https://www.loc.gov/marc/bibliographic/."""

from __future__ import annotations

from typing import Any

from labeler.digests.dublin_core import identifiers_among
from labeler.digests.xml import Element
from labeler.digests.xml_markup import children, text_of
from labeler.papers.dates import iso_date
from labeler.patterns import pattern

Fields = dict[str, list[Element]]

_PEOPLE, _OTHERS = ("100", "110", "111"), ("700", "710")
_ROLES = ("aut", "cre", "author", "")
_SUBJECTS = ("600", "610", "630", "650", "651", "653")
_PUNCTUATION = " \t\n/:;,=."  # which rules of cataloguing put after each part
_INITIAL = pattern(r"\b[^\W\d_]\.$")
_END = 10  # letters in which it stands
_YEAR = pattern(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_LANGUAGE = slice(35, 38)  # characters of field 008
_DATE = slice(7, 11)


def marc_fields(record: Element) -> dict[str, Any]:
    """The fields of an element ``record`` of MARCXML."""
    fixed = next((text_of(one) for one in children(record, "controlfield") if one.get("tag") == "008"), "")
    fields: Fields = {}
    for field in children(record, "datafield"):
        fields.setdefault(field.get("tag") or "", []).append(field)
    title = next(iter(_parts(fields, "245", "abnp")), [])
    names = [name for name in (*_people(fields, _PEOPLE), *_people(fields, _OTHERS)) if name]
    numbers = [" ".join(parts) for parts in _parts(fields, "024", "2a")]
    links = [text for parts in _parts(fields, "856", "u") for text in parts]
    return {
        "title": _joined(title),
        "abstract": "\n".join(" ".join(parts) for parts in _parts(fields, "520", "ab")),
        "authors": names,
        "date": _date(fields, fixed),
        "venue": next((_trimmed(parts[0]) for parts in _parts(fields, "773", "t") if parts), ""),
        "language": next((parts[0] for parts in _parts(fields, "041", "a") if parts), "") or fixed[_LANGUAGE].strip(),
        "keywords": [_trimmed(parts[0]) for tag in _SUBJECTS for parts in _parts(fields, tag, "a") if parts],
        "notes": [" ".join(parts) for parts in _parts(fields, "500", "a")],
        "isbn": [text.split()[0] for parts in _parts(fields, "020", "a") for text in parts if text.split()],
        **identifiers_among([*map(_identifier, numbers), *links]),
    }


def _parts(fields: Fields, tag: str, codes: str) -> list[list[str]]:
    """The subfields of some codes of each field with a tag, in their order."""
    parts = ((text_of(one).strip() for one in _subfields(field, codes)) for field in fields.get(tag, ()))
    return [list(filter(None, texts)) for texts in parts]


def _subfields(field: Element, codes: str) -> list[Element]:
    return sorted(
        (one for one in children(field, "subfield") if (one.get("code") or " ") in codes),
        key=lambda one: codes.startswith("2") and one.get("code") != "2",
    )


def _people(fields: Fields, tags: tuple[str, ...]) -> list[str]:
    """Those of the people in fields with these tags who wrote it."""
    people = []
    for field in (one for tag in tags for one in fields.get(tag, ())):
        roles = [_trimmed(text_of(one)).lower() for one in _subfields(field, "4e")]
        if not roles or any(role in _ROLES for role in roles):
            people.append(_trimmed(" ".join(text_of(one).strip() for one in _subfields(field, "a"))))
    return people


def _date(fields: Fields, fixed: str) -> str:
    for tag in ("264", "260"):
        for parts in _parts(fields, tag, "c"):
            text = _trimmed(" ".join(parts)).strip("[]c© ")
            if iso_date(text):
                return text
            if found := _YEAR.search(text):
                return found[0]
    return fixed[_DATE] if fixed[_DATE].isdecimal() else ""


def _identifier(number: str) -> str:
    """``doi 10.5555/x`` as ``doi:10.5555/x``."""
    kind, _, text = number.partition(" ")
    return f"{kind}:{text}" if kind in ("doi", "arxiv", "pmid") else number


def _joined(parts: list[str]) -> str:
    """The title and its remainder, between which rules of cataloguing put `` : ``."""
    return ": ".join(filter(None, map(_trimmed, parts)))


def _trimmed(text: str) -> str:
    """A part without the punctuation that leads to the next one; the full stop of an initial stays."""
    text = text.strip()
    bare = text.rstrip(" /:;,=")
    return bare if _INITIAL.search(bare[-_END:]) else bare.rstrip(_PUNCTUATION)
