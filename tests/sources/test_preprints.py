"""The API of bioRxiv and medRxiv: which pages are asked for, and in which order."""

from __future__ import annotations

from typing import Any

import pytest

from labeler.errors import InputError
from labeler.sources.client import Client
from labeler.sources.days import today
from labeler.sources.preprints import preprints
from labeler.sources.query import query_of
from labeler.sources.registry import SOURCES
from labeler.sources.session import Session
from labeler.sources.settings import fetch_settings
from tests.sources import invented
from tests.sources.replay import Clock, Replay

SINCE = "2026-11-20"
FIRST = f"/details/biorxiv/{SINCE}/{{}}/{{}}/json"


def pages(web: Replay, monkeypatch: pytest.MonkeyPatch, text: str = "") -> list[tuple[int, int | None]]:
    """The pages for a query: how many papers each has, and how many there are in all."""
    monkeypatch.setenv("LABELER_FETCH_BIORXIV_URL", web.url)
    clock = Clock()
    client = Client(SOURCES.named("biorxiv"), fetch_settings(), clock.sleep, clock.now)
    return [(one.papers, one.total) for one in preprints("biorxiv", query_of("biorxiv", text, SINCE), Session(client))]


def test_the_last_page_comes_first_and_the_first_one_last(web: Replay, monkeypatch: pytest.MonkeyPatch) -> None:
    for begin, count in ((0, 30), (30, 30), (60, 5)):
        answer = invented.biorxiv(list(range(begin, begin + count)), 65, begin)
        web.answers(FIRST.format(today(), begin), answer)
    assert pages(web, monkeypatch, "Cell  Biology") == [(5, 65), (30, 65), (30, 65)]
    assert [path.split("/")[-2] for path in web.paths()] == ["0", "60", "30"]
    assert web.asked[0].parameters == {"category": "cell_biology"}


def test_where_nothing_was_posted_there_is_one_page_without_papers(
    web: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.answers(FIRST.format(today(), 0), {"messages": [{"status": "no posts found"}], "collection": []})
    assert pages(web, monkeypatch) == [(0, None)]


@pytest.mark.parametrize(
    "answer", [{"messages": [{"status": "error: no such date"}]}, {"messages": []}, {"messages": ["odd"]}]
)
def test_what_the_service_does_not_understand_is_told(
    web: Replay, monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any]
) -> None:
    web.answers(FIRST.format(today(), 0), answer)
    with pytest.raises(InputError, match="biorxiv does not understand this"):
        pages(web, monkeypatch)
