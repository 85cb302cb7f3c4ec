"""Public sources that are watched: no day between two runs is missed, and a dead service stops nothing."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from labeler.errors import UsageError
from labeler.sources import days
from labeler.watching import addresses
from labeler.watching.addresses import queries_since
from tests.conftest import Labeler
from tests.sources.conftest import _own_answers, clock, web
from tests.sources.invented import hf
from tests.sources.replay import Answer, Asked, Clock, Replay
from tests.watching.conftest import SETTINGS, arrive, batches_of, titles_in, watch_with

__all__ = ["_own_answers", "clock", "web"]

NOW = date(2026, 11, 27)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (days, addresses):
        monkeypatch.setattr(module, "today", lambda: NOW)


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize(
    ("name", "last", "queries"),
    [
        ("hf:today", None, ["hf:today"]),
        ("hf:today", "2026-11-27", ["hf:today"]),
        ("hf:today", "2026-11-26", ["hf:@2026-11-26"]),
        ("hf:", "2026-11-23", ["hf:@2026-11-23"]),
        ("hf:today", "2025-01-01", ["hf:@2026-11-13"]),
        ("hf:today", "2026-12-24", ["hf:today"]),  # the clock was wrong
        ("hf:trending", "2026-11-20", ["hf:trending"]),
        ("hf:@2d", "2026-11-26", ["hf:@2d"]),
        ("hf:@2d", "2026-11-20", ["hf:@2026-11-20"]),
        ("arxiv:cs.CL", "2026-11-26", ["arxiv:cs.CL"]),
        ("arxiv:cs.CL", "2026-11-24", ["arxiv:cs.CL", "arxiv:cs.CL@2026-11-20"]),
        ("pubmed:sleep apnea@3d", "2026-11-20", ["pubmed:sleep apnea@2026-11-20"]),
        ("feed:https://example.org/a.rss", "2026-11-01", ["feed:https://example.org/a.rss"]),
    ],
)
def test_what_is_asked_after_a_while(name: str, last: str | None, queries: list[str]) -> None:
    assert queries_since(name, last) == queries


def test_what_no_source_knows_is_refused() -> None:
    with pytest.raises(UsageError):
        queries_since("hf:@sometime", "2026-11-20")


@pytest.fixture
def papers_of(web: Replay, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the service has of each day, which a test may change; it is asked without a pause."""
    monkeypatch.setenv("LABELER_FETCH_HF_URL", web.url)
    monkeypatch.setenv("LABELER_FETCH_MAX_AGE", "0")
    listed: dict[str, Any] = {}

    def answer(one: Asked) -> Answer:
        return Answer(json.dumps(listed.get(one.parameters["date"], [])).encode(), 200)

    web.answers("/api/daily_papers", answer)
    return listed


def test_the_list_of_today_is_asked_for_again_on_the_next_day(
    labeler: Labeler, watched: Path, papers_of: dict[str, Any], web: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch_with(watched, SETTINGS.replace('"inbox/"', '"hf:today"'))
    today = days.today()
    papers_of[str(today)] = hf(1)
    assert "1 new paper" in labeler("watch", "--once").err
    papers_of[str(today)] = hf(1, 2)  # it grows after the run
    papers_of[str(today + timedelta(days=3))] = hf(3)
    later = today + timedelta(days=3)
    for module in (days, addresses, __import__("labeler.sources.services.hf", fromlist=["hf"])):
        monkeypatch.setattr(module, "today", lambda: later)
    monkeypatch.setattr("labeler.watching.inputs.today", lambda: later)
    assert "2 new papers" in labeler("watch", "--once").err
    assert [one.parameters["date"] for one in web.asked][1:] == [str(later - timedelta(days=ago)) for ago in range(4)]
    assert sorted(map(len, batches_of(watched))) == [1, 2]
    assert labeler("watch", "--once").err.strip() == "morning: nothing new"


def test_a_service_that_is_dead_stops_nothing_and_is_asked_again(
    labeler: Labeler, watched: Path, web: Replay, papers_of: dict[str, Any]
) -> None:
    watch_with(watched, SETTINGS.replace('"inbox/"', '"hf:today", "inbox/"'))
    arrive(watched, "one.jsonl", ["Robots that grasp"])
    web.answers("/api/daily_papers", Answer(b"no", 503))
    outcome = labeler("watch", "--once")
    assert outcome.code == 5
    assert titles_in(Path("latest.jsonl")) == ["Robots that grasp"]
    web.answers("/api/daily_papers", hf(1))
    assert "1 new paper" in labeler("watch", "--once").err


def test_a_mistyped_source_is_told(labeler: Labeler, watched: Path) -> None:
    watch_with(watched, SETTINGS.replace('"inbox/"', '"arxv:cs.CL"'))
    outcome = labeler("watch", "--once")
    assert outcome.code == 3
    assert "did you mean 'arxiv:cs.CL'?" in outcome.err


@pytest.mark.parametrize("address", ["nothing://example.org/papers.csv", "imaps://ada@mail.example.org/Alerts"])
def test_an_input_that_needs_a_package_or_a_password_is_one_that_could_not_be_used(
    labeler: Labeler, watched: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.delenv("LABELER_IMAP_PASSWORD", raising=False)
    watch_with(watched, SETTINGS.replace('"inbox/"', f'"{address}"'))
    outcome = labeler("watch", "--once")
    assert (outcome.code, "nothing new" in outcome.err) == (3, False)
    assert "morning: no new papers in what could be read" in outcome.err
    assert "no new papers in what could be read" in labeler("status").out
