"""OpenAlex, by its API: https://docs.openalex.org (works; search and filters; paging by cursors).

Its rate: https://developers.openalex.org/api-reference/authentication.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from labeler.errors import UsageError
from labeler.sources.days import today
from labeler.sources.query import Query
from labeler.sources.session import Page, Session, number

NAME = "openalex"
ABOUT = "OpenAlex: works of all fields, by words"
URL = "https://api.openalex.org"
QUERY = "words, published in the last 7 days or @DAY"
EXAMPLE = "openalex:soil carbon"
PAUSE = 0.2
RATE = "5 a second (100 are allowed; without a key, few a day)"
KEY_VARIABLE, KEY_PARAMETER = "OPENALEX_API_KEY", "api_key"
_DAYS = 7
_PAGE = 100
_FIELDS = (
    "id,doi,title,display_name,publication_date,publication_year,ids,language,authorships,abstract_inverted_index,"
    "primary_location,keywords,is_retracted,type"
)


def pages(query: Query, session: Session) -> Iterator[Page]:
    """The works, those published last first."""
    if not query.text:
        raise UsageError("openalex needs words to look for", f"for example `labeler fetch {EXAMPLE}`")
    since = query.since or today() - timedelta(days=_DAYS)
    dates = f"from_publication_date:{since},to_publication_date:{today()}"
    wanted = {"search": query.text, "filter": dates, "sort": "publication_date:desc", "select": _FIELDS}
    cursor, came = "*", 0
    while came < query.most:
        size = min(_PAGE, query.most - came)
        answer, file = session.json("/works", {**wanted, "per_page": size, "cursor": cursor})
        papers = len(session.items(answer, "results"))
        came += papers
        told = answer.get("meta")
        meta = told if isinstance(told, dict) else {}
        yield Page(file, papers, number(meta.get("count")))
        following = meta.get("next_cursor")
        if not papers or not isinstance(following, str) or not following:
            return
        cursor = following
