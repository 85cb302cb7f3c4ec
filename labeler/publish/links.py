"""Where a paper can be read."""

from __future__ import annotations

import re

from labeler.papers import Paper

_ADDRESSES = {
    "arxiv": "https://arxiv.org/abs/",
    "doi": "https://doi.org/",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/",
    "pmcid": "https://pmc.ncbi.nlm.nih.gov/articles/PMC",
}
_WEB = re.compile(r"https?://[^\s<>\"'\\^`{|}\x00-\x20\x7f-\x9f]+", re.IGNORECASE)


def link_of(paper: Paper) -> str:
    """The address of a paper on the web: its own, else that of its best identifier. Empty where there is none."""
    if paper.url and _WEB.fullmatch(paper.url) and paper.url.isprintable():
        return paper.url
    from urllib.parse import quote

    for identifier in paper.ids:
        kind, _, value = identifier.partition(":")
        if kind in _ADDRESSES:
            return _ADDRESSES[kind] + quote(value, safe="/:;()")
    return ""
