"""What is kept of answers: what is new is not asked for again, and what was interrupted goes on."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from labeler.digests.opening import fetched_sources
from labeler.digests.reading import read_sources
from labeler.errors import InputError, ServerError
from labeler.sources.cache import Cache
from labeler.sources.fetching import Fetched, fetch
from labeler.sources.query import query_named, query_of
from labeler.sources.settings import cache_folder
from tests.paths import ROOT
from tests.sources import invented
from tests.sources.replay import Answer, Asked, Clock, Replay, answer

DAY, PATH = "hf:2026-11-26", "/api/daily_papers"
ALL = list(range(250))


@pytest.fixture(autouse=True)
def _services(web: Replay, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HF", "OPENALEX", "ARXIV", "EUROPEPMC"):
        monkeypatch.setenv(f"LABELER_FETCH_{name}_URL", web.url)


def count(fetched: Fetched) -> int:
    return sum(path.read_bytes().count(b'"abstract_inverted_index"') for path in fetched.files)


def works(asked: Asked) -> Answer:
    """Three pages of OpenAlex."""
    start = {"*": 0, "c100": 100, "c200": 200}[asked.parameters["cursor"]]
    following = f"c{start + 100}" if start < 200 else None
    return answer(invented.openalex(ALL[start : start + 100], 250, following))


def works_until(cursor: str, fault: Answer) -> object:
    return lambda asked: fault if asked.parameters["cursor"] == cursor else works(asked)


def test_what_is_new_is_not_asked_for_again(web: Replay, clock: Clock) -> None:
    web.answers(PATH, invented.hf(1))
    first = fetch(query_named(DAY))
    clock.time += 59 * 60
    assert fetch(query_named(DAY)) == first
    assert len(web.asked) == 1
    clock.time += 2 * 60
    web.answers(PATH, invented.hf(1, 2))
    assert fetch(query_named(DAY)).papers == 2
    assert len(web.asked) == 2


def test_how_long_an_answer_is_new_is_a_setting(
    web: Replay, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.answers(PATH, invented.hf(1))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "labeler.toml").write_text("[fetch]\nmax_age = 0\n")
    fetch(query_named(DAY))
    fetch(query_named(DAY))
    assert len(web.asked) == 2


def test_a_clock_that_is_put_back_makes_answers_old(web: Replay, clock: Clock) -> None:
    web.answers(PATH, invented.hf(1))
    fetch(query_named(DAY))
    clock.time -= 1000
    fetch(query_named(DAY))
    assert len(web.asked) == 2


def test_what_has_not_changed_is_not_sent_again(web: Replay, clock: Clock) -> None:
    def conditional(asked: Asked) -> Answer:
        headers = {"ETag": '"abc"', "Last-Modified": "Thu, 26 Nov 2026 05:00:00 GMT"}
        if asked.headers.get("if-none-match") == '"abc"':
            assert asked.headers["if-modified-since"] == headers["Last-Modified"]
            return Answer(b"", 304, headers)
        return answer(invented.hf(1), headers=headers)

    web.answers(PATH, conditional)
    first = fetch(query_named(DAY))
    for _ in range(2):
        clock.time += 7200
        assert fetch(query_named(DAY)) == first
    clock.time += 60
    fetch(query_named(DAY))
    assert len(web.asked) == 3


def test_not_changed_where_nothing_is_kept_is_a_fault(web: Replay, clock: Clock) -> None:
    web.answers(PATH, Answer(b"", 304))
    with pytest.raises(ServerError, match="304"):
        fetch(query_named(DAY))


@pytest.mark.parametrize("damage", [b"", b"{}", b"[1, 2", b"\0" * 100])
def test_what_is_kept_and_damaged_is_asked_for_again(web: Replay, clock: Clock, damage: bytes) -> None:
    web.answers(PATH, invented.hf(1))
    fetched = fetch(query_named(DAY))
    for ending in ("*.json", "*.about"):
        for path in cache_folder().rglob(ending):
            path.write_bytes(damage)
            assert fetch(query_named(DAY)) == fetched
            assert b"2611.00001" in fetched.files[0].read_bytes()


def test_what_is_kept_and_gone_is_asked_for_again(web: Replay, clock: Clock) -> None:
    web.answers(PATH, answer(invented.hf(1), headers={"ETag": '"x"'}))
    fetched = fetch(query_named(DAY))
    fetched.files[0].unlink()
    assert fetch(query_named(DAY)) == fetched
    assert "if-none-match" not in web.asked[-1].headers


def test_an_interrupted_query_goes_on_where_it_stopped(web: Replay, clock: Clock) -> None:
    query = query_named("openalex:soil@2026-11-20")
    web.answers("/works", works_until("c200", Answer(b"", 503)))
    with pytest.raises(ServerError, match="200 papers that came before are kept, and the next run goes on from there"):
        fetch(query)
    clock.time += 20 * 3600  # of tomorrow morning
    web.asked.clear()
    web.answers("/works", works)
    assert count(fetch(query)) == 250
    assert [one.parameters["cursor"] for one in web.asked] == ["c200"]
    clock.time += 7200  # what came to its end is old as any other
    web.asked.clear()
    fetch(query)
    assert len(web.asked) == 3


def test_what_was_interrupted_days_ago_begins_anew(web: Replay, clock: Clock) -> None:
    query = query_named("openalex:soil@2026-11-20")
    web.answers("/works", works_until("c200", Answer(b"", 503)))
    with pytest.raises(ServerError):
        fetch(query)
    clock.time += 3 * 86_400
    web.asked.clear()
    web.answers("/works", works)
    assert count(fetch(query)) == 250
    assert len(web.asked) == 3


@pytest.mark.parametrize("status", [400, 404, 410])
def test_a_cursor_that_has_expired_begins_anew(web: Replay, clock: Clock, status: int) -> None:
    query = query_named("openalex:soil@2026-11-20")
    web.answers("/works", works_until("c100", Answer(b"", 503)))
    with pytest.raises(ServerError):
        fetch(query)
    web.asked.clear()
    expired = [True]

    def forgetful(asked: Asked) -> Answer:
        if asked.parameters["cursor"] == "*":
            expired.clear()
        return Answer(b"{}", status) if expired else works(asked)

    web.answers("/works", forgetful)
    assert count(fetch(query)) == 250
    assert [one.parameters["cursor"] for one in web.asked] == ["c100", "*", "c100", "c200"]


def test_a_refusal_that_stays_is_told(web: Replay, clock: Clock) -> None:
    web.answers("/works", works_until("c100", Answer(b"{}", 400)))
    with pytest.raises(ServerError, match=r"\(400\).*100 papers that came before are kept"):
        fetch(query_named("openalex:soil"))
    with pytest.raises(ServerError, match=r"\(400\)"):
        fetch(query_named("openalex:soil"))


def test_the_pages_of_a_query_are_merged(web: Replay, clock: Clock) -> None:
    """A paper that has moved to the next page while they were asked for is one."""
    path = "/europepmc/webservices/rest/search"
    web.answers(path, invented.europe_pmc(ALL[:100], 150, "A"), invented.europe_pmc(ALL[99:150], 150, "A"))
    reading = read_sources(fetched_sources(query_named("europepmc:sleep")))
    assert len(reading.papers) == 150
    assert len(reading.merged) == 1


def test_what_has_not_been_used_for_long_is_removed(web: Replay, clock: Clock) -> None:
    web.answers(PATH, invented.hf(1))
    fetch(query_named(DAY))
    old = time.time() - 8 * 86_400
    for path in cache_folder().rglob("*"):
        os.utime(path, (old, old))
    fetch(query_named("hf:2026-11-25"))
    assert len(list(cache_folder().rglob("*.about"))) == 1


def test_nothing_that_is_kept_tells_what_was_asked(web: Replay, clock: Clock) -> None:
    web.answers("/private.rss", invented.arxiv_feed(1))
    fetch(query_named(f"feed:{web.url}/private.rss?token=abcdef"))
    kept = [path for path in cache_folder().rglob("*") if path.is_file()]
    assert kept
    assert not any(b"abcdef" in path.read_bytes() or "abcdef" in path.name for path in kept)
    assert (cache_folder() / "feed").stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_written_to_is_told(
    web: Replay, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(InputError, match="name another folder in XDG_CACHE_HOME"):
        fetch(query_named(DAY))


def test_a_wild_header_is_not_kept(tmp_path: Path) -> None:
    cache = Cache(tmp_path, "hf")
    entry = cache.keep("u", b"[]", ".json", {"etag": "a\r\nX: y", "last-modified": "é" * 3}, 1.0)
    assert entry.conditions == {}
    assert cache.find("u") == entry


PROGRAM = """
import sys, time
from labeler.sources.fetching import fetch
from labeler.sources.query import query_named
fetched = fetch(query_named(sys.argv[1]))
print(fetched.papers, *(path.name for path in fetched.files))
"""


def started(address: str) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, address], env=environment, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.slow
def test_two_at_once_take_turns_and_find_the_same(web: Replay) -> None:
    at: list[tuple[float, float]] = []

    def slow(asked: Asked) -> Answer:
        begin = time.monotonic()
        time.sleep(0.1)
        at.append((begin, time.monotonic()))
        return works(asked)

    web.answers("/works", slow)
    both = [started("openalex:soil@2026-11-20") for _ in range(2)]
    found = [each.communicate(timeout=60)[0] for each in both]
    assert found[0] == found[1]
    assert found[0].startswith("250 ")
    at.sort()
    assert all(before[1] <= after[0] for before, after in pairwise(at))  # one request at a time


@pytest.mark.slow
def test_a_query_that_is_killed_goes_on(web: Replay, clock: Clock) -> None:
    def hangs(asked: Asked) -> Answer:
        if asked.parameters["cursor"] == "c200":
            time.sleep(20)
        return works(asked)

    web.answers("/works", hangs)
    process = started("openalex:soil@2026-11-20")
    end = time.monotonic() + 30
    while len(web.asked) < 3 and time.monotonic() < end:
        time.sleep(0.05)
    process.kill()
    process.wait()
    web.asked.clear()
    web.answers("/works", works)
    clock.time = time.time()
    assert count(fetch(query_of("openalex", "soil@2026-11-20"))) == 250
    assert [one.parameters["cursor"] for one in web.asked] == ["c200"]
