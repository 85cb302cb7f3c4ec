"""Feeds of any address become papers."""

from __future__ import annotations

from collections.abc import Callable

from labeler.digests import Reading
from tests.sources import invented
from tests.sources.invented import numbers
from tests.sources.replay import Replay


def test_a_feed_is_read_where_it_lies(web: Replay, fetched: Callable[..., Reading]) -> None:
    web.answers("/journal.rss", invented.arxiv_feed(1, 2))
    web.answers("/other", invented.arxiv_feed(3))
    reading = fetched(f"feed:{web.url}/journal.rss?token=secret {web.url}/other")
    assert numbers(reading) == [1, 2, 3]
    web.answers("/papers.csv", b"title,abstract\nSorting papers by hand,We sort all of them.\n")
    assert fetched(f"feed:{web.url}/papers.csv").formats == {f"feed:{web.url}/papers.csv": "table"}
