"""Public sources among the inputs of a watch: what they are asked, so that no day between two runs is missed."""

from __future__ import annotations

from datetime import date, timedelta

from labeler.sources.days import today
from labeler.sources.query import query_named
from labeler.sources.registry import SOURCES

_LAG = 4  # days after which a service may list a paper of a day, over a weekend
_LONGEST = 14  # days that are made up for
_FEED = "feed"  # which has what it has, and takes no day


def queries_since(name: str, last: str | None) -> list[str]:
    """The queries for an input such as ``hf:today`` that was asked ``last`` on this day (ISO 8601; None: never).

    The list of today goes on growing, so that it is asked for again on the next day; and after days without a run,
    what was listed meanwhile is asked for, too. Papers that come again are known.

    Raises:
        UsageError: there is no such source, or it cannot be asked this.
    """
    query, now = query_named(name), today()
    if last is None or query.source == _FEED:
        return [name]
    before = max(date.fromisoformat(last), now - timedelta(days=_LONGEST))
    if query.since is not None:
        return [name] if query.since <= before else [f"{query.source}:{query.text}@{before}"]
    if getattr(SOURCES.named(query.source), "TAKES_DAYS", False):
        return [f"{query.source}:@{before}"] if query.text == str(now) and before < now else [name]
    if (now - before).days <= 1:
        return [name]
    return [name, f"{query.source}:{query.text}@{max(before - timedelta(days=_LAG), now - timedelta(days=_LONGEST))}"]
