"""Articles in JATS, as PubMed Central, bioRxiv and publishers give them; one, or several in a set.

Format: https://jats.nlm.nih.gov/archiving/.
"""

from __future__ import annotations

from collections.abc import Iterator

from labeler.digests.jats_fields import jats_fields
from labeler.digests.source import Record, Refusal, Source
from labeler.digests.xml import beginning, entries
from labeler.patterns import pattern

NAME = "jats"
RANK = 16
FIXED_NAMES = True
ABOUT = "articles in JATS (XML of PubMed Central and publishers)"
_OPENING = pattern(
    r"\A<pmc-articleset\b|\A<article\b[^>]*>\s*(?:<(?:\?|!--)[^>]*>\s*)*<front\b|\A<article\b[^>]*(?:article-type|dtd-version)"
)


def looks_like(source: Source) -> bool:
    """Whether the first element is an article, or a set of them."""
    return _OPENING.search(beginning(source)) is not None


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each article; what is in the article itself is left alone."""
    yield from entries(source, ("article",), jats_fields)
