"""A source: a newsletter, whose issues lie at an address as JSON. (It is invented: there is no such service.)"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from labeler.sources.query import Query
    from labeler.sources.session import Page, Session

NAME = "newsletter"
ABOUT = "an invented newsletter"
URL = "https://newsletter.example.org"
QUERY = "words that its papers hold"
EXAMPLE = "newsletter:robots"
PAUSE = 1.0
RATE = "1 a second"


def pages(query: Query, session: Session) -> Iterator[Page]:
    """One answer, a list of objects with title and abstract, which labeler's reader of JSON reads."""
    from labeler.sources.session import Page

    answer, file = session.json("/issues", {"q": query.text, "limit": query.most})
    yield Page(file, len(session.items(answer, "papers")))
