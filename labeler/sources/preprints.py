"""The API that bioRxiv and medRxiv share: https://api.biorxiv.org (details of an interval of days)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from labeler.errors import InputError
from labeler.sources.days import today
from labeler.sources.query import Query
from labeler.sources.session import Page, Session, number

_DAYS = 1  # before today, where no day is named
_NONE = "no posts found"
_FURTHEST = 100_000  # more than both have in a year


def preprints(server: str, query: Query, session: Session) -> Iterator[Page]:
    """The preprints of a server that were posted in an interval of days, the pages of the last ones first.

    The service gives the oldest first, in pages of its own size.

    Raises:
        InputError: the service says that something is wrong.
    """
    since = query.since or today() - timedelta(days=_DAYS)
    interval, category = f"/details/{server}/{since}/{today()}", "_".join(query.text.lower().split())
    first = _page(server, interval, 0, category, session)
    if first.papers and first.total:
        for begin in reversed(range(first.papers, min(first.total, _FURTHEST), first.papers)):
            yield _page(server, interval, begin, category, session)
    yield first


def _page(server: str, interval: str, begin: int, category: str, session: Session) -> Page:
    answer, file = session.json(f"{interval}/{begin}/json", {"category": category})
    messages = session.items(answer, "messages")
    told = messages[0] if messages and isinstance(messages[0], dict) else {}
    status = str(told.get("status", ""))
    if status not in ("ok", _NONE):
        raise InputError(f"{server} does not understand this: {status[:200]}", "see `labeler fetch --sources`")
    papers = 0 if status == _NONE else len(session.items(answer, "collection"))
    return Page(file, papers, number(told.get("total")))
