"""Feeds: RSS 0.9 to 2.0 (also as RDF) and Atom, of arXiv and its API, of bioRxiv and of any journal.

Formats: https://www.rssboard.org/rss-specification, https://web.resource.org/rss/1.0/spec, RFC 4287 (Atom), with the
names of Dublin Core, PRISM (https://www.w3.org/submissions/prism/) and arXiv (https://info.arxiv.org/help/api/user-manual.html).
"""

from __future__ import annotations

from collections.abc import Iterator

from labeler.digests.source import Record, Refusal, Source
from labeler.digests.xml import beginning, entries
from labeler.patterns import pattern

NAME = "feed"
RANK = 17
FIXED_NAMES = True
ABOUT = "RSS or Atom feed (of arXiv, its API, bioRxiv, a journal)"
_OPENING = pattern(
    r"<(?:\w+:)?rss\b|<(?:\w+:)?feed\b[^>]*[Aa]tom|<(?:\w+:)?RDF\b[^>]*(?:rss|rdf/simple/0\.9)|xmlns=[\"']http://purl\.org/rss/1\.0"
    r"|\A<channel>\s*<title>|\A<entry\b[^>]*[Aa]tom"
)
_ENTRIES = ("item", "entry")


def looks_like(source: Source) -> bool:
    """Whether the first elements are those of a feed."""
    return _OPENING.search(beginning(source)) is not None


def records(source: Source) -> Iterator[Record | Refusal]:
    """One record for each entry; one that the file cuts short is kept and flagged ``cut_short``."""
    from labeler.digests.feed_fields import feed_fields

    yield from entries(source, _ENTRIES, feed_fields)
