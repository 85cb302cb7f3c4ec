"""Crossref, by its REST API: https://www.crossref.org/documentation/retrieve-metadata/rest-api/ (works, by offset).

Its cursors are forgotten after five minutes and may stay the same from page to page; offsets go to ten thousand.

Its rate: https://www.crossref.org/documentation/retrieve-metadata/rest-api/access-and-authentication/.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from labeler.errors import UsageError
from labeler.sources.days import today
from labeler.sources.query import Query
from labeler.sources.session import Page, Session, number

NAME = "crossref"
ABOUT = "Crossref: works with a DOI, by words (few have an abstract)"
URL = "https://api.crossref.org"
QUERY = "words, registered in the last 7 days or @DAY"
EXAMPLE = "crossref:soil carbon"
PAUSE = 1.0
RATE = "1 a second, as it asks for"
_DAYS = 7
_PAGE = 100
_FURTHEST = 10_000


def pages(query: Query, session: Session) -> Iterator[Page]:
    """The works, those registered last first."""
    if not query.text:
        raise UsageError("crossref needs words to look for", f"for example `labeler fetch {EXAMPLE}`")
    since = query.since or today() - timedelta(days=_DAYS)
    dates = f"from-created-date:{since},until-created-date:{today()}"
    wanted = {"query": query.text, "filter": dates, "sort": "created", "order": "desc"}
    came = 0
    while came < min(query.most, _FURTHEST):
        size = min(_PAGE, query.most - came, _FURTHEST - came)
        answer, file = session.json("/works", {**wanted, "rows": size, "offset": came})
        papers = len(session.items(answer, "message", "items"))
        came += papers
        total = number(answer["message"].get("total-results"))
        yield Page(file, papers, total)
        if not papers or total is None or came >= total:
            return
