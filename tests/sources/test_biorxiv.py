"""The answers of bioRxiv, as its documentation has them, become papers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from labeler.digests import Reading
from labeler.sources.days import today
from tests.sources import invented
from tests.sources.invented import numbers
from tests.sources.replay import Replay


def check_pages(web: Replay, fetched: Callable[..., Reading], server: str) -> None:
    """The pages of a server of preprints are asked for from the last one on."""
    start = f"/details/{server}/2026-11-20/{today()}"
    for begin in (0, 30, 60):
        page = list(range(begin, min(begin + 30, 75)))
        web.answers(f"{start}/{begin}/json", invented.biorxiv(page, 75, begin, server))
    reading = fetched(f"{server}:Cell Biology@2026-11-20")
    assert numbers(reading) == [*range(60, 75), *range(30, 60), *range(30)]
    assert numbers(fetched(f"{server}:Cell Biology@2026-11-20", most=40)) == [*range(60, 75), *range(30, 60)]
    assert web.asked[0].parameters == {"category": "cell_biology"}
    assert reading.papers[0].id == "doi:10.1101/2026.11.25.000060"


def test_its_pages_are_asked_for_from_the_last_one_on(web: Replay, fetched: Callable[..., Reading]) -> None:
    check_pages(web, fetched, "biorxiv")


def test_a_preprint_server_may_have_nothing(web: Replay, fetched: Callable[..., Reading]) -> None:
    web.answers(f"/details/biorxiv/{today() - timedelta(1)}/{today()}/0/json", invented.biorxiv([], 0, 0))
    assert fetched("biorxiv:").papers == []
