"""Papers of a public source: what it answers is read as any digest is."""

from __future__ import annotations

from labeler.config import Workspace
from labeler.digests import Reading
from labeler.digests.opening import fetched_sources
from labeler.digests.reading import read_sources
from labeler.judgements.language import language_of_log
from labeler.papers.languages import ENGLISH
from labeler.sources.query import Query


def fetch(query: Query, workspace: Workspace | None = None) -> Reading:
    """The papers that answer a query, at most as many as it wants, in the order of the source.

    Papers in another language than those that were judged last have a flag.

    Raises:
        UsageError: the source cannot be asked this.
        ServerError: it cannot be reached, or does not answer as it should.
        InputError: what it answers is no digest.
    """
    language = ENGLISH if workspace is None else language_of_log(workspace.judgements)
    reading = read_sources(fetched_sources(query), language=language)
    del reading.papers[query.most :]
    return reading
