"""medRxiv, by its API: https://api.biorxiv.org."""

from __future__ import annotations

from collections.abc import Iterator

from labeler.sources.preprints import preprints
from labeler.sources.query import Query
from labeler.sources.session import Page, Session

NAME = "medrxiv"
ABOUT = "medRxiv: preprints, new and revised"
URL = "https://api.biorxiv.org"
QUERY = "a category (epidemiology) or nothing, posted since yesterday or @DAY"
EXAMPLE = "medrxiv:epidemiology"
PAUSE = 1.0
RATE = "1 a second (it names no rate)"


def pages(query: Query, session: Session) -> Iterator[Page]:
    """The preprints of the last days."""
    yield from preprints(NAME, query, session)
