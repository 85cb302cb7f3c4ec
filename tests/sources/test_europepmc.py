"""The answers of Europe PMC, as its documentation has them, become papers."""

from __future__ import annotations

from collections.abc import Callable

from labeler.digests import Reading
from labeler.sources.days import today
from tests.sources import invented
from tests.sources.replay import Replay


def test_europe_pmc_goes_on_to_the_last_mark(web: Replay, fetched: Callable[..., Reading]) -> None:
    path = "/europepmc/webservices/rest/search"
    first, second = list(range(100)), list(range(100, 120))
    web.answers(path, invented.europe_pmc(first, 120, "AoE1"), invented.europe_pmc(second, 120, "AoE1"))
    reading = fetched("europepmc:sleep@2026-11-20")
    assert len(reading.papers) == 120
    assert [one.parameters["cursorMark"] for one in web.asked] == ["*", "AoE1"]
    assert web.asked[0].parameters["query"] == f"(sleep) AND (CREATION_DATE:[2026-11-20 TO {today()}])"
    assert reading.papers[0].abstract.startswith(invented.ABSTRACT)
