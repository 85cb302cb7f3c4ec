"""A server on this machine that stands for the services, and a clock that nobody waits for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from labeler.digests import Reading
from labeler.digests.opening import fetched_sources
from labeler.digests.reading import read_sources
from labeler.sources import fetching
from labeler.sources.client import Client
from labeler.sources.query import query_of
from labeler.sources.registry import SOURCES
from tests.sources.replay import Clock, Replay


@pytest.fixture
def web() -> Iterator[Replay]:
    """The server, to which tests say what it answers."""
    with Replay() as server:
        yield server


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that goes on when somebody waits; what was waited for is noted."""
    one = Clock()
    monkeypatch.setattr(fetching, "Client", partial(Client, sleep=one.sleep, now=one.now))
    return one


@pytest.fixture(autouse=True)
def _own_answers(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers are kept for one test alone, and no key or proxy of this machine is used."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("fetched")))
    for name in ("NCBI_API_KEY", "OPENALEX_API_KEY", "SEMANTIC_SCHOLAR_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def fetched(web: Replay, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Reading]:
    """The papers of an address, all services being the server of the test."""
    for name in SOURCES.names:
        monkeypatch.setenv(f"LABELER_FETCH_{name.upper()}_URL", web.url)

    def fetch(address: str, **options: Any) -> Reading:
        source, _, text = address.partition(":")
        return read_sources(fetched_sources(query_of(source, text, **options)))

    return fetch
