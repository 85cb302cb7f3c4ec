"""Papers of a source are read as those of a file, and no more than wanted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labeler.config import find_workspace
from labeler.errors import NotFoundError, ServerError
from labeler.flows.fetch import fetch
from labeler.sources.query import query_of
from tests.sources import invented
from tests.sources.replay import Answer, Replay


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Replay]:
    """A server that stands for the service, with answers that are kept for this test alone."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "fetched"))
    with Replay() as server:
        monkeypatch.setenv("LABELER_FETCH_HF_URL", server.url)
        yield server


def test_papers_come_in_the_order_of_the_source_and_no_more_than_wanted(web: Replay) -> None:
    web.answers("/api/daily_papers", invented.hf(3, 1, 2))
    found = fetch(query_of("hf", "2026-11-26", most=2))
    assert [paper.id for paper in found.papers] == ["arxiv:2611.00003", "arxiv:2611.00001"]


def test_a_workspace_says_in_which_language_papers_are_judged(web: Replay, workspace: Path) -> None:
    web.answers("/api/daily_papers", invented.hf(1))
    assert fetch(query_of("hf", "2026-11-26"), find_workspace()).papers[0].flags == ()


def test_a_source_that_does_not_answer_is_told(web: Replay, monkeypatch: pytest.MonkeyPatch) -> None:
    from labeler.sources import client

    monkeypatch.setattr(client.time, "sleep", lambda _: None)
    web.answers("/api/daily_papers", Answer(b"gone", 404))
    with pytest.raises((ServerError, NotFoundError), match="hf"):
        fetch(query_of("hf", "2026-11-26"))
