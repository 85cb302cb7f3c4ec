"""Identifiers of papers: arXiv, DOI, PubMed, and the hash of the title."""

from __future__ import annotations

import hashlib
import re
import unicodedata

# https://info.arxiv.org/help/arxiv_identifier.html: YYMM.number since April 2007, archive/YYMMnumber before.
_ARXIV_NEW = r"\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}"
_ARXIV_OLD = r"[a-z][a-z-]+(?:\.[A-Z]{2})?/\d{2}(?:0[1-9]|1[0-2])\d{3}"
_ARXIV_ID = rf"({_ARXIV_NEW}|{_ARXIV_OLD})(?:v\d+)?"
_ARXIV_BARE = re.compile(rf"{_ARXIV_ID}(?:\.pdf)?", re.IGNORECASE | re.ASCII)
_ARXIV_NAMED = re.compile(rf"(?:arxiv:\s*|arxiv\.org/[a-z]+/|arxiv\.){_ARXIV_ID}(?!\d)", re.IGNORECASE | re.ASCII)
# https://www.crossref.org/blog/dois-and-matching-regular-expressions/
_DOI = re.compile(r"(?<![0-9])10\.[0-9]{4,9}/[^\s\"<>\x00-\x1f\x7f-\x9f]+(?:<[^\s\"<>/]*::[^\s\"<>]*>[^\s\"<>]*)?")
_ORDER = ("arxiv:", "doi:", "pmid:", "title:", "text:")
STRONG = ("arxiv:", "doi:", "pmid:")


def arxiv_id(text: str) -> str | None:
    """``arxiv:2503.11731`` from an identifier, a link or an ``arXiv:`` mention; the version is folded away.

    A bare number counts only when it is all of ``text``. None when there is no arXiv identifier.
    """
    text = text.strip()
    match = _ARXIV_BARE.fullmatch(text) or _ARXIV_NAMED.search(text)
    if match is None:
        return None
    identifier = match[1]
    if "/" in identifier:
        archive, _, number = identifier.partition("/")
        identifier = f"{archive.partition('.')[0].lower()}/{number}"
    return f"arxiv:{identifier}"


def arxiv_month(identifier: str) -> str | None:
    """``2025-03``, when a paper came to arXiv, from an identifier as :func:`arxiv_id` gives it; None for others."""
    if not identifier.startswith("arxiv:"):
        return None
    number = identifier.removeprefix("arxiv:").rpartition("/")[2]
    year = int(number[:2])
    return f"{1900 + year if year > 90 else 2000 + year}-{number[2:4]}"


def doi(text: str) -> str | None:
    """``doi:10.…`` in lower case from a DOI or a link that contains one, None when there is none."""
    match = _DOI.search(text)
    if match is None:
        return None
    found = match[0].rstrip(".,;:'")
    while found.endswith(")") and found.count(")") > found.count("("):
        found = found[:-1].rstrip(".,;:'")
    return None if found.endswith("/") else f"doi:{found.lower()}"


def title_key(title: str) -> str:
    """What is left of a title when spelling differences are gone: NFKC, case-folded, letters and digits alone."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return re.sub(r"[\W_]+", "", folded)


def title_id(title: str) -> str:
    """``title:`` and the first 16 hexadecimal digits of the SHA-256 of the title's key."""
    return f"title:{_digest(title_key(title))}"


def text_id(text: str) -> str:
    """The identifier of a record that has no title: ``text:`` and the hash of its abstract."""
    return f"text:{_digest(title_key(text))}"


def sort_ids(ids: set[str]) -> tuple[str, ...]:
    """Identifiers, each once, the best first: arXiv, DOI, PubMed, title, text."""

    def rank(identifier: str) -> tuple[int, str]:
        prefix = identifier.partition(":")[0] + ":"
        return (_ORDER.index(prefix) if prefix in _ORDER else len(_ORDER), identifier)

    return tuple(sorted(ids, key=rank))


def known_id(text: str) -> str | None:
    """An identifier in the project's own form (``arxiv:…``, ``doi:…``, ``pmid:…``, ``title:…``), checked; or None."""
    text = text.strip()
    prefix, _, rest = text.partition(":")
    match prefix.lower():
        case "arxiv":
            return arxiv_id(rest)
        case "doi":
            return doi(rest)
        case "pmid" if re.fullmatch(r"[0-9]{1,12}", rest.strip()):
            return f"pmid:{int(rest)}"
        case "title" | "text" if re.fullmatch(r"[0-9a-f]{16}", rest):
            return f"{prefix.lower()}:{rest}"
    return None


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:16]
