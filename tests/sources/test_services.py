"""What all services have in common: what they cannot be asked, and answers that are none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labeler.digests import Reading
from labeler.errors import InputError, ServerError, UsageError
from labeler.sources.query import query_named
from labeler.sources.registry import SOURCES
from tests.sources import invented
from tests.sources.invented import numbers
from tests.sources.replay import Asked, Replay, answer


@pytest.mark.parametrize("address", ["feed:", "feed:file:///etc/passwd", "feed:ftp://example.org/a", "feed:/etc/passwd",
    "feed:http://me:word@example.org/", "feed:https://example.org/@7d", "feed:javascript:alert(1)", "feed:http://",
    "feed:http://a\\b/", "feed:gopher://x/", "openalex:", "crossref:@7d", "semantic_scholar:", "pubmed:"])  # fmt: skip
def test_what_cannot_be_asked_is_wrong_usage(fetched: Callable[..., Reading], web: Replay, address: str) -> None:
    with pytest.raises(UsageError) as told:
        fetched(address)
    assert "word" not in str(told.value).replace("password", "").replace("words", "")
    assert not web.asked


def test_no_more_than_wanted_is_asked_for_and_the_rest_is_told(web: Replay, fetched: Callable[..., Reading]) -> None:
    web.answers("/works", lambda asked: answer(invented.crossref(list(range(int(asked.parameters["rows"]))), 5000)))
    reading = fetched("crossref:soil@2026-11-20", most=30)
    assert len(reading.papers) == 30
    assert web.asked[0].parameters["rows"] == "30"
    assert "has 5000 papers; the newest 30 were asked for" in reading.notes[-1]


def test_every_example_can_be_asked() -> None:
    for service in SOURCES.builtin:
        assert query_named(service.EXAMPLE).source == service.NAME
        assert service.PAUSE > 0


@pytest.mark.parametrize(
    ("source", "path", "value"),
    [
        ("hf:today", "/api/daily_papers", {"error": "x"}),
        ("openalex:a", "/works", {"results": {"a": 1}}),
        ("openalex:a", "/works", []),
        ("crossref:a", "/works", {"message": "no"}),
        ("crossref:a", "/works", {"message": []}),
        ("europepmc:a", "/europepmc/webservices/rest/search", {"resultList": None}),
        ("semantic_scholar:a", "/graph/v1/paper/search/bulk", {"error": "x"}),
        ("pubmed:a", "/entrez/eutils/esearch.fcgi", {"esearchresult": []}),
    ],
)
def test_an_answer_of_another_form_is_no_digest(
    web: Replay, fetched: Callable[..., Reading], source: str, path: str, value: Any
) -> None:
    web.answers(path, value)
    with pytest.raises(InputError, match="without a list of papers"):
        fetched(source)


@pytest.mark.parametrize("total", ["many", None, -1, 1.5, [], 10**30, True])
def test_wild_numbers_in_an_answer_end_well(web: Replay, fetched: Callable[..., Reading], total: Any) -> None:
    def works(asked: Asked) -> Any:
        start = int(asked.parameters["offset"])
        return answer({"message": {"total-results": total, "items": invented.crossref([start], 1)["message"]["items"]}})

    web.answers("/works", works)
    assert len(fetched("crossref:soil", most=3).papers) in (1, 3)


def test_a_cursor_that_repeats_comes_to_an_end(web: Replay, fetched: Callable[..., Reading]) -> None:
    web.answers("/works", invented.openalex([1, 2], 500, "same"))
    reading = fetched("openalex:soil")
    assert numbers(reading) == [1, 2]
    assert "again and again" in reading.notes[-1]
    assert len(web.asked) <= 5


def test_a_server_that_is_not_there_is_told(fetched: Callable[..., Reading], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABELER_FETCH_HF_URL", "http://127.0.0.1:9")
    with pytest.raises(ServerError, match=r"hf \(127.0.0.1\) cannot be used: nothing answers at its address"):
        fetched("hf:today")
