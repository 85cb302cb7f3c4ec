"""Addresses on the web: where a paper with an identifier is found, and whether a link may be followed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import quote

# https://info.arxiv.org/help/arxiv_identifier_for_services.html, https://www.doi.org/doi-handbook/HTML/index.html,
# https://pubmed.ncbi.nlm.nih.gov/help/, https://docs.openalex.org, https://api.semanticscholar.org
_OF_SERVICES = {
    "arxiv": ("arXiv", "https://arxiv.org/abs/"),
    "doi": ("DOI", "https://doi.org/"),
    "pmid": ("PubMed", "https://pubmed.ncbi.nlm.nih.gov/"),
    "pmcid": ("PubMed Central", "https://pmc.ncbi.nlm.nih.gov/articles/PMC"),
    "openalex": ("OpenAlex", "https://openalex.org/"),
    "s2": ("Semantic Scholar", "https://www.semanticscholar.org/paper/"),
}
_WEB = re.compile(r"https?://[^\s/?#\"'<>\\@]+(?::\d+)?(?:[/?#][^\s\"<>\\^`{|}]*)?", re.IGNORECASE)
_NO_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


class Address(NamedTuple):
    """Where a paper is found: the name of the service, and the link."""

    service: str
    url: str


def addresses(ids: Iterable[str]) -> list[Address]:
    """Where a paper with these identifiers is found, in their order; titles and ISBN have no address."""
    found = []
    for identifier in ids:
        kind, _, name = identifier.partition(":")
        if kind in _OF_SERVICES and name:
            service, beginning = _OF_SERVICES[kind]
            found.append(Address(service, beginning + quote(name, safe="/:;().-_~")))
    return found


def web_address(url: str | None) -> str:
    """``url`` if it is a link of the web (``http``, ``https``) that is whole; empty for any other."""
    url = (url or "").strip()
    return url if url.isprintable() and _WEB.fullmatch(url) else ""


def uri_of(url: str | None) -> str:
    """:func:`web_address` in the letters of a URI (RFC 3986), which formats of files demand."""
    return _NO_ESCAPE.sub("%25", quote(web_address(url), safe="%/:=&?~#+!$,;'@()*[]", errors="replace"))
