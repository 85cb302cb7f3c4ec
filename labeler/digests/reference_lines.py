"""References as they stand at the end of articles, one a line, in the usual styles (APA, Harvard, IEEE)."""

from __future__ import annotations

import re
from typing import Any

from labeler.papers.ids import arxiv_id, doi
from labeler.patterns import pattern

# Authors (2013) Title. Journal 6(4): 232–235.
_BY_YEAR = pattern(
    r"^(?P<authors>[^()]{3,800}?),?\s*\((?P<year>(?:19|20)\d\d)[a-z]?(?:,[^()]{0,30})?\)[.,:]?\s+(?P<rest>\S.*)$"
)
# A. Lee and B. Ek, "Title," Journal, vol. 6, 2013.
_QUOTED = pattern(
    r"^(?P<authors>[^\"“”]{3,800}?)[,.]?\s+[\"“](?P<title>[^\"“”]{8,400}?)[,.]?[\"”][,.]?\s*(?P<rest>.*)$"
)
_YEAR = pattern(r"\b((?:19|20)\d\d)\b")
_VENUE = r"[A-Z(“\"]|https?:|doi:|arXiv|bioRxiv|medRxiv"  # how what follows a title begins
_TITLE = pattern(
    rf"(?P<title>.{{8,400}}?)(?:\.\s+(?={_VENUE})|(?<=[?!])\s+(?=In:? |[A-Z][\w ]+,? \d)|\.?\s*$)(?P<venue>.*)$"
)
_ET_AL = pattern(r",?\s*\bet al\b\.?,?", re.IGNORECASE)
_JOINED = pattern(r",\s+(?:and|&)\s+")
_VENUE_END = pattern(r"(?:,? \d| \(|, (?:vol|no|pp|p)\b|\.$|https?:|doi:|,? 10\.\d).*$", re.IGNORECASE)
_LONGEST = 3000


def reference_fields(line: str) -> dict[str, Any] | None:
    """The fields of a reference; None where a line is none."""
    if len(line) > _LONGEST:
        return None
    if match := _BY_YEAR.match(line):
        found = _TITLE.match(match["rest"])
        if found is None or not _has_names(match["authors"]):
            return None
        title, venue, year = found["title"], found["venue"], match["year"]
    elif match := _QUOTED.match(line):
        title, venue = match["title"], match["rest"]
        years = _YEAR.findall(venue)
        if not years or not _has_names(match["authors"]):
            return None
        year = years[-1]
    else:
        return None
    fields = {
        "title": title.strip(" ."),
        "authors": _JOINED.sub(", ", _ET_AL.sub("", match["authors"])).strip(" ,"),
        "date": year,
        "venue": _VENUE_END.sub("", re.sub(r"^[Ii]n:?\s+", "", venue)).strip(" .,"),
    }
    return fields | {name: found for name, found in (("arxiv_id", arxiv_id(line)), ("doi", doi(line))) if found}


def _has_names(text: str) -> bool:
    """Whether a text may be the names of authors: most words begin with a capital."""
    words = re.findall(r"[^\W\d_][\w'’-]*", _ET_AL.sub("", text))
    return bool(words) and sum(word[0].isupper() for word in words) * 2 > len(words)
