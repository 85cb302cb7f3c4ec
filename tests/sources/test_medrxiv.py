"""The answers of medRxiv, which are those of bioRxiv, become papers."""

from __future__ import annotations

from collections.abc import Callable

from labeler.digests import Reading
from tests.sources.replay import Replay
from tests.sources.test_biorxiv import check_pages


def test_its_pages_are_asked_for_from_the_last_one_on(web: Replay, fetched: Callable[..., Reading]) -> None:
    check_pages(web, fetched, "medrxiv")
