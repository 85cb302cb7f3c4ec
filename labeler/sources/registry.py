"""The sources of papers. One is a module of the folder ``services``: see :class:`Service` for what it offers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from labeler.registry import Member, Registry

if TYPE_CHECKING:
    from labeler.sources.query import Query
    from labeler.sources.session import Page, Session


class Service(Member, Protocol):
    """What a service's module offers.

    ``URL`` is its address, ``QUERY`` what may be asked of it, in words, and ``EXAMPLE`` a query. ``PAUSE`` are the
    seconds from one request to the next, and ``RATE`` says where that comes from. Optional: ``KEY_VARIABLE`` is the
    variable of the environment with an API key, which goes along as the parameter ``KEY_PARAMETER`` or the header
    ``KEY_HEADER``; ``IS_ANYWHERE`` says that queries name addresses anywhere in the web, and ``TAKES_DAYS`` that they
    name days, today if none.
    """

    URL: str
    QUERY: str
    EXAMPLE: str
    PAUSE: float
    RATE: str

    def pages(self, query: Query, session: Session) -> Iterator[Page]:
        """The answers that hold the papers, the newest papers first, as the service gives them.

        Raises:
            UsageError: the service cannot be asked this.
            ServerError: it does not answer as it should.
            InputError: what it answers is no digest.
        """


SOURCES: Registry[Service] = Registry("source", "labeler.sources.services", "labeler.sources", Service)
