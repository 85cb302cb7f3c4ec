"""Any feed of the web (RSS or Atom), or another digest that lies at an address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from labeler.errors import UsageError
from labeler.sources.query import Query
from labeler.sources.session import Page, Session
from labeler.sources.settings import checked_address

NAME = "feed"
ABOUT = "RSS or Atom feed of a journal or anything else"
URL = "https://localhost"  # which is not asked: queries are whole addresses
QUERY = "addresses (https://…)"
EXAMPLE = "feed:https://example.org/journal.rss"
PAUSE = 1.0
RATE = "1 a second"
IS_ANYWHERE = True
_ENTRY = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]")


def pages(query: Query, session: Session) -> Iterator[Page]:
    """What lies at each address."""
    words = query.text.split()
    if not words:
        raise UsageError("feed needs an address", f"for example `labeler fetch {EXAMPLE}`")
    if query.since is not None:
        raise UsageError("a feed has the papers that it has, and takes no day", "leave out --since and @")
    for address in [checked_address(word, "a feed") for word in words]:
        file = session.anything(address)
        yield Page(file, len(_ENTRY.findall(file.read_bytes())) or 1)  # a digest of another kind may lie there
