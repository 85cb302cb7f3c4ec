"""A query to files: its pages one after the other, up to as many papers as are wanted.

Pages are kept one by one. Where one fails, the next run of the same query goes on from there; where the service has
forgotten meanwhile where that was (a cursor of paging that has expired), it begins anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from labeler.errors import ServerError
from labeler.sources.client import Client, RefusedRequestError
from labeler.sources.query import Query
from labeler.sources.registry import SOURCES, Service
from labeler.sources.session import Session
from labeler.sources.settings import fetch_settings
from labeler.terminal import report_progress
from labeler.wording import counted

_EMPTY = b"[]\n"  # a digest of no papers, where a service answers with no page at all
_REPEATS = 3  # pages that were sent before, after which a service is taken to send nothing else


@dataclass
class Fetched:
    """What came of a query: the files with the pages, the number of records in them, and what is to know of them."""

    name: str
    files: list[Path] = field(default_factory=list)
    papers: int = 0
    notes: list[str] = field(default_factory=list)


def fetch(query: Query) -> Fetched:
    """Ask a source.

    Raises:
        UsageError: it cannot be asked this.
        ServerError: it cannot be reached, or does not answer as it should; pages that came before are kept.
        InputError: what it answers is no digest, or there is no place to keep it.
    """
    service = SOURCES.named(query.source)
    client = Client(service, fetch_settings())
    key = f"{client.base} {query!r}"
    client.new_since = client.cache.begin(key, client.now())
    try:
        fetched = _collected(service, client, query)
    except RefusedRequestError:
        if not client.reused:
            raise
        client.forget()
        fetched = _collected(service, client, query)
    if not fetched.files:
        fetched.files.append(client.cache.keep("", _EMPTY, ".json", {}, client.now()).file)
    client.cache.end(key)
    return fetched


def _collected(service: Service, client: Client, query: Query) -> Fetched:
    """The pages of a query."""
    fetched, empty, repeated, total = Fetched(query.name), list[Path](), 0, None
    session = Session(client, fetched.notes)
    try:
        for page in service.pages(query, session):
            if not page.papers:
                empty.append(page.file)
                continue
            if page.file in fetched.files:
                repeated += 1
                if repeated >= _REPEATS:
                    break
                continue
            fetched.files.append(page.file)
            fetched.papers += page.papers
            total = page.total
            if len(fetched.files) > 1:
                report_progress(f"{query.name}: {fetched.papers}{f' of {total}' if total else ''} papers")
            if fetched.papers >= query.most:
                break
    except ServerError as error:
        if fetched.papers:
            kept = f"{counted(fetched.papers, 'paper')} that came before are kept, and the next run goes on from there"
            error.hint = f"{error.hint}; {kept}"
        raise
    fetched.files += [] if fetched.files else empty[:1]  # a Sunday's among others has nothing to tell
    if total is not None and fetched.papers < total:
        fetched.notes.append(_note_on_rest(query, fetched.papers, total, bool(repeated)))
    return fetched


def _note_on_rest(query: Query, came: int, total: int, has_repeated: bool) -> str:
    """The note where a service has more papers than came."""
    if has_repeated or came < query.most:
        why = "the service sent one page again and again" if has_repeated else "the service sent no more"
        return f"{query.name}: {came} of {counted(total, 'paper')} came, as {why}"
    command = f"labeler fetch {query.source} … --max {total}"
    return f"{query.name} has {counted(total, 'paper')}; the newest {query.most} were asked for, `{command}` gets all"
