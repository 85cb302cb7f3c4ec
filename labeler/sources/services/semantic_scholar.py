"""Semantic Scholar, by its Academic Graph API: https://api.semanticscholar.org/api-docs/graph (paper bulk search).

Its rate: https://www.semanticscholar.org/product/api.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from labeler.errors import UsageError
from labeler.sources.days import today
from labeler.sources.query import Query
from labeler.sources.session import Page, Session, number

NAME = "semantic_scholar"
ABOUT = "Semantic Scholar: papers of all fields, by words"
URL = "https://api.semanticscholar.org"
QUERY = 'words (also "in quotes", with + | and -), published in the last 7 days or @DAY'
EXAMPLE = "semantic_scholar:soil carbon"
PAUSE = 1.1
RATE = "10 in 11 seconds (1 a second is allowed)"
KEY_VARIABLE, KEY_HEADER = "SEMANTIC_SCHOLAR_API_KEY", "x-api-key"
_DAYS = 7
_FIELDS = "title,abstract,authors,externalIds,publicationDate,year,venue,url,fieldsOfStudy"


def pages(query: Query, session: Session) -> Iterator[Page]:
    """The papers, those published last first; the service gives up to a thousand at once."""
    if not query.text:
        raise UsageError("semantic_scholar needs words to look for", f"for example `labeler fetch {EXAMPLE}`")
    since = query.since or today() - timedelta(days=_DAYS)
    wanted = {"query": query.text, "fields": _FIELDS, "publicationDateOrYear": f"{since}:{today()}"}
    token: str | None = None
    while True:
        parameters = {**wanted, "sort": "publicationDate:desc", "token": token}
        answer, file = session.json("/graph/v1/paper/search/bulk", parameters)
        papers = len(session.items(answer, "data"))
        yield Page(file, papers, number(answer.get("total")))
        following = answer.get("token")
        if not papers or not isinstance(following, str) or not following:
            return
        token = following
