"""Europe PMC, by its REST service: https://europepmc.org/RestfulWebService (search, resultType core)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from labeler.sources.days import today
from labeler.sources.query import Query
from labeler.sources.session import Page, Session, number

NAME = "europepmc"
ABOUT = "Europe PMC: what was added for a query, preprints included"
URL = "https://www.ebi.ac.uk"
QUERY = 'words or a query as on its site (TITLE:"sleep" AND SRC:PPR), of the last 7 days or @DAY'
EXAMPLE = "europepmc:sleep apnea"
PAUSE = 1.0
RATE = "1 a second (it names no rate)"
_DAYS = 7
_PAGE = 100


def pages(query: Query, session: Session) -> Iterator[Page]:
    """The records, those published last first. The last page has its own mark as the next one."""
    since = query.since or today() - timedelta(days=_DAYS)
    dates = f"(CREATION_DATE:[{since} TO {today()}])"
    wanted = f"({query.text}) AND {dates}" if query.text else dates
    mark, came = "*", 0
    while came < query.most:
        size = min(_PAGE, query.most - came)
        parameters = {"query": wanted, "format": "json", "resultType": "core", "sort": "P_PDATE_D desc"}
        answer, file = session.json(
            "/europepmc/webservices/rest/search", {**parameters, "pageSize": size, "cursorMark": mark}
        )
        papers = len(session.items(answer, "resultList", "result"))
        came += papers
        yield Page(file, papers, number(answer.get("hitCount")))
        following = answer.get("nextCursorMark")
        if not papers or not isinstance(following, str) or following in ("", mark):
            return
        mark = following
