"""The API that bioRxiv and medRxiv share: https://api.biorxiv.org (details of an interval of days)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from labeler.errors import InputError
from labeler.sources.ask import Ask, Page, items, number
from labeler.sources.days import today
from labeler.sources.query import Query

_DAYS = 1  # before today, where no day is named
_NONE = "no posts found"


def preprints(server: str, query: Query, ask: Ask) -> Iterator[Page]:
    """The preprints of a server that were posted in an interval of days.

    Raises:
        InputError: the service says that something is wrong.
    """
    since = query.since or today() - timedelta(days=_DAYS)
    category = "_".join(query.text.lower().split())
    came = 0
    while came < query.most:
        path = f"/details/{server}/{since}/{today()}/{came}/json"
        answer, file = ask.json(path, {"category": category})
        messages = items(answer, "messages")
        told = messages[0] if messages and isinstance(messages[0], dict) else {}
        status = str(told.get("status", ""))
        if status not in ("ok", _NONE):
            raise InputError(f"{server} does not understand this: {status[:200]}", "see `labeler fetch --sources`")
        papers = 0 if status == _NONE else len(items(answer, "collection"))
        came += papers
        total = number(told.get("total"))
        yield Page(file, papers, total)
        if not papers or total is None or came >= total:
            return
