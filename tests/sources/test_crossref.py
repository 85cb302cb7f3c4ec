"""The answers of Crossref, as its documentation has them, become papers."""

from __future__ import annotations

from collections.abc import Callable

from labeler.digests import Reading
from tests.sources import invented
from tests.sources.replay import Replay


def test_crossref_goes_by_offsets(web: Replay, fetched: Callable[..., Reading]) -> None:
    web.answers("/works", invented.crossref(list(range(100)), 120), invented.crossref(list(range(100, 120)), 120))
    reading = fetched("crossref:soil@2026-11-20")
    assert len(reading.papers) == 120
    assert [one.parameters["offset"] for one in web.asked] == ["0", "100"]
