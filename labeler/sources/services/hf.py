"""Hugging Face daily papers, by its API: https://huggingface.co/docs/hub/api and https://huggingface.co/.well-known/openapi.json.

Its rate: https://huggingface.co/docs/hub/rate-limits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from labeler.errors import UsageError
from labeler.sources.days import day_named, past_day, today
from labeler.sources.query import Query
from labeler.sources.session import Page, Session

NAME = "hf"
ABOUT = "Hugging Face daily papers, and those that trend"
URL = "https://huggingface.co"
QUERY = "days (default: today), a week such as 2026-W48, a month such as 2026-11, or trending"
EXAMPLE = "hf:today"
PAUSE = 1.0
RATE = "1 a second (500 in 5 minutes are allowed)"
TAKES_DAYS = True
_PAGE = 100  # papers, the most that it gives at once
_WEEK, _MONTH = re.compile(r"[0-9]{4}-W[0-9]{2}", re.IGNORECASE), re.compile(r"[0-9]{4}-[0-9]{2}")


def pages(query: Query, session: Session) -> Iterator[Page]:
    """The papers of each day, the latest day first."""
    for wanted in _wanted(query):
        for number in range(query.most // _PAGE + 1):
            found, file = session.json("/api/daily_papers", {**wanted, "limit": _PAGE, "p": number})
            papers = len(session.items(found, ""))
            yield Page(file, papers)
            if papers < _PAGE:
                break


def _wanted(query: Query) -> list[dict[str, str]]:
    """What is asked for, as the API names it."""
    words = query.text.replace(",", " ").split()
    if query.since is not None:
        if words:
            raise UsageError(f"hf takes days or --since, not both ({query.text} and {query.since})", "leave one out")
        days = range((today() - query.since).days + 1)
        return [{"date": str(today() - timedelta(days=ago))} for ago in days]
    return [_named(word) for word in words]


def _named(word: str) -> dict[str, str]:
    if word.lower() == "trending":
        return {"sort": "trending"}
    if _WEEK.fullmatch(word):
        return {"week": word.upper()}
    if _MONTH.fullmatch(word):
        return {"month": word}
    if day_named(word) is None:
        raise UsageError(f"hf has no papers of {word!r}", f"it takes {QUERY}; see `labeler fetch --sources`")
    return {"date": str(past_day(word, "the day"))}
