"""Canonical identifiers of papers: arXiv, DOI, PubMed and others, and hashes of the title or abstract."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from labeler.papers.normal_forms import normalized
from labeler.patterns import pattern

# https://info.arxiv.org/help/arxiv_identifier.html: YYMM.number since April 2007, archive/YYMMnumber before.
_ARXIV_NEW = r"\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}"
_ARXIV_OLD = r"[a-z][a-z-]+(?:\.[A-Z]{2})?/\d{2}(?:0[1-9]|1[0-2])\d{3}"
_ARXIV_ID = rf"({_ARXIV_NEW}|{_ARXIV_OLD})(?:v\d+)?"
_ARXIV_BARE = pattern(rf"{_ARXIV_ID}(?:\.pdf)?", re.IGNORECASE | re.ASCII)
_ARXIV_NAMED = pattern(
    rf"(?:arxiv:\s*|arxiv\.org(?::|/[a-z]+/)|arxiv\.|alphaxiv\.org/[a-z]+/|huggingface\.co/papers/){_ARXIV_ID}(?!\d)",
    re.IGNORECASE | re.ASCII,
)
# https://www.crossref.org/blog/dois-and-matching-regular-expressions/
_DOI = pattern(r"(?<![0-9])10\.[0-9]{4,9}/[^\s\"<>\x00-\x1f\x7f-\x9f]+(?:<(?=[^\s\"<>/]*::)[^\s\"<>]*>[^\s\"<>]*)?")
_MOST_ESCAPED = 5  # times that a link may be escaped
_AFTER_DOI = ".,;:'`’”"  # what follows it in a sentence
# What pages put between letters, and hyphens as typesetting has them.
_INVISIBLE_OR_HYPHEN = dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF)) | dict.fromkeys(
    (0x2010, 0x2011), "-"
)
_ORDER = ("arxiv:", "doi:", "pmid:", "title:", "text:", "pmcid:", "openalex:", "s2:", "isbn:")
STRONG = ("arxiv:", "doi:", "pmid:", "pmcid:", "openalex:", "s2:")  # of one paper alone, as far as is known


def identifier_hash(identifier: str) -> int:
    """A hash of 64 bits of an identifier (BLAKE2b, RFC 7693), the same in every process and on every machine."""
    data = identifier.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")


def arxiv_id(text: str) -> str | None:
    """The canonical arXiv identifier, such as ``arxiv:2503.11731``, in an identifier, a link or an ``arXiv:`` mention.

    The version is dropped. A bare number counts only when it is the whole text. None when there is no arXiv
    identifier.
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
    """The month of submission to arXiv, such as ``2025-03``, in an identifier of :func:`arxiv_id`; None for others."""
    if not identifier.startswith("arxiv:"):
        return None
    number = identifier.removeprefix("arxiv:").rpartition("/")[2]
    year = int(number[:2])
    return f"{1900 + year if year > 90 else 2000 + year}-{number[2:4]}"


def doi(text: str) -> str | None:
    """The canonical DOI, ``doi:10.…`` in lower case, in a text or link that contains one; None when there is none.

    A link may escape it (``https://doi.org/10.1000%2Fx``).
    """
    if "doi.org/" in text.lower():
        text = re.split(r"[?#]", text, maxsplit=1)[0]  # which links escape where they belong to the name
    if not text.isascii():
        text = text.translate(_INVISIBLE_OR_HYPHEN)
    match = _DOI.search(text if "%" not in text and "&" not in text else _unescaped(text))
    if match is None:
        return None
    name = match[0].rstrip(_AFTER_DOI)
    for opening, closing in ("()", "[]", "{}"):
        end, surplus = len(name), name.count(closing) - name.count(opening)
        while surplus > 0 and name[end - 1] == closing:
            end, surplus = end - 1, surplus - 1
            while name[end - 1] in _AFTER_DOI:
                end -= 1
        name = name[:end]
    return None if name.endswith("/") else f"doi:{name.lower()}"


def _unescaped(text: str) -> str:
    """A text with the characters that links (``%2F``) and HTML (``&lt;``) escape, once or several times."""
    from html import unescape
    from urllib.parse import unquote

    for _ in range(_MOST_ESCAPED):
        before, text = text, unescape(unquote(text))
        if text == before:
            break
    return text


def title_key(title: str) -> str:
    """The letters and digits of a title, NFKC-normalized and case-folded, to compare titles of different spelling."""
    folded = normalized("NFKC", title).casefold()
    return re.sub(r"[\W_]+", "", folded)


def title_id(title: str) -> str:
    """The identifier ``title:`` and the first 16 hexadecimal digits of the SHA-256 of the title's key."""
    return f"title:{_digest(title_key(title))}"


def text_id(text: str) -> str:
    """The identifier of a record that has no title: ``text:`` and the hash of its abstract."""
    return f"text:{_digest(title_key(text))}"


def sort_ids(ids: set[str]) -> tuple[str, ...]:
    """The identifiers in the order of preference: arXiv, DOI, PubMed, title, text, then all others."""

    def rank(identifier: str) -> tuple[int, str]:
        prefix = identifier.partition(":")[0] + ":"
        return (_ORDER.index(prefix) if prefix in _ORDER else len(_ORDER), identifier)

    return tuple(sorted(ids, key=rank))


def known_id(text: str) -> str | None:
    """The canonical form of an identifier with a prefix (``arxiv:…``, ``doi:…``, …); None when it is not valid."""
    prefix, _, rest = text.strip().partition(":")
    prefix, rest = prefix.lower(), rest.strip()
    if canonical := _CANONICAL.get(prefix):
        return canonical(rest)
    pattern = _KNOWN_FORMS.get(prefix)
    return f"{prefix}:{rest}" if pattern and re.fullmatch(pattern, rest) else None


def _pmid(text: str) -> str | None:
    return f"pmid:{int(text)}" if re.fullmatch(r"[0-9]{1,12}", text) and int(text) else None


def _pmcid(text: str) -> str | None:
    """The number alone, ``pmcid:1234567``, with or without the letters PMC before it."""
    number = re.fullmatch(r"(?:PMC)?([0-9]{1,12})(?:\.[0-9]+)?", text, re.IGNORECASE)
    return f"pmcid:{int(number[1])}" if number and int(number[1]) else None


def _isbn(text: str) -> str | None:
    """The ISBN of 13 digits, ``isbn:978…``, whatever its hyphens; None where its check digit is wrong."""
    digits = re.sub(r"[- ]", "", text).upper()
    if re.fullmatch(r"[0-9]{9}[0-9X]", digits):
        values = [10 if digit == "X" else int(digit) for digit in digits]
        if sum(weight * value for weight, value in zip(range(10, 0, -1), values, strict=True)) % 11:
            return None
        digits = f"978{digits[:9]}"
        digits += str(-_weighted(digits) % 10)
    return f"isbn:{digits}" if re.fullmatch(r"97[89][0-9]{10}", digits) and not _weighted(digits) % 10 else None


def _weighted(digits: str) -> int:
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))


_CANONICAL: dict[str, Callable[[str], str | None]] = {
    "arxiv": arxiv_id,
    "doi": doi,
    "pmid": _pmid,
    "pmcid": _pmcid,
    "isbn": _isbn,
}
_KNOWN_FORMS = {
    "title": r"[0-9a-f]{16}",
    "text": r"[0-9a-f]{16}",
    "openalex": r"W[0-9]{4,12}",
    "s2": r"[0-9a-f]{40}|[1-9][0-9]{0,11}",
}


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:16]
