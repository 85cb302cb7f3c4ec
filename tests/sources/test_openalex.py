"""The answers of OpenAlex, as its documentation has them, become papers."""

from __future__ import annotations

from collections.abc import Callable

from labeler.digests import Reading
from labeler.sources.days import today
from tests.sources import invented
from tests.sources.replay import Replay


def test_openalex_goes_from_cursor_to_cursor(web: Replay, fetched: Callable[..., Reading]) -> None:
    first, second = list(range(100)), list(range(100, 120))
    web.answers("/works", invented.openalex(first, 120, "abc="), invented.openalex(second, 120, None))
    reading = fetched("openalex:soil carbon@2026-11-20")
    assert len(reading.papers) == 120
    assert [one.parameters["cursor"] for one in web.asked] == ["*", "abc="]
    assert web.asked[0].parameters["filter"] == f"from_publication_date:2026-11-20,to_publication_date:{today()}"
    assert reading.papers[0].abstract.endswith("tells how teams sort papers")
