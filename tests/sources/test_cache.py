"""Answers that are kept: found by their address, checked by their content, and removed when they are old."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeler.errors import InputError
from labeler.sources.cache import Cache
from tests.sources.replay import START

URL = "https://x.org/papers?key=secret"


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "fetch", "x")


def test_an_answer_is_found_by_its_address_with_what_the_service_called_it(cache: Cache) -> None:
    assert cache.find(URL) is None
    kept = cache.keep(URL, b"{}", ".json", {"etag": '"1"', "last-modified": "Thu, 26 Nov 2026 12:00:00 GMT"}, START)
    found = cache.find(URL)
    assert found == kept
    assert (found.content(), found.at, found.file.suffix) == (b"{}", START, ".json")
    assert found.conditions == {"If-None-Match": '"1"', "If-Modified-Since": "Thu, 26 Nov 2026 12:00:00 GMT"}
    assert cache.find(f"{URL}&page=2") is None
    assert Cache(cache.folder.parent, "x").find(URL) == kept


def test_an_answer_that_has_not_changed_is_new_again(cache: Cache) -> None:
    kept = cache.keep(URL, b"{}", ".json", {"etag": '"1"'}, START)
    cache.renew(URL, kept, START + 60)
    found = cache.find(URL)
    assert found is not None
    assert (found.at, found.etag, found.content()) == (START + 60, '"1"', b"{}")


def test_no_file_tells_an_address(cache: Cache) -> None:
    cache.keep(URL, b"{}", ".json", {}, START)
    cache.begin(URL, START)
    for path in cache.folder.iterdir():
        assert "secret" not in path.name
        assert b"secret" not in path.read_bytes()
    assert cache.folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("header", ["a\r\nEvil: yes", "é", "x" * 2000, "\x00"])
def test_what_may_not_stand_in_a_header_is_not_kept(cache: Cache, header: str) -> None:
    assert cache.keep(URL, b"{}", ".json", {"etag": header}, START).conditions == {}


def test_damage_is_noticed(cache: Cache) -> None:
    kept = cache.keep(URL, b"{}", ".json", {}, START)
    kept.file.write_bytes(b"[]")
    with pytest.raises(OSError, match="damaged"):
        kept.content()
    kept.file.unlink()
    assert cache.find(URL) is None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=30) | st.sampled_from([b'{"at": 1, "file": "../../x"}', b'{"at": "a"}', b"[]", b'{"file": 7}'])
)
def test_any_record_is_an_entry_or_none(cache: Cache, content: bytes) -> None:
    cache.keep(URL, b"{}", ".json", {}, START)
    (about,) = cache.folder.glob("*.about")
    about.write_bytes(content)
    found = cache.find(URL)
    assert found is None or found.file.parent == cache.folder


def test_a_query_that_came_to_no_end_goes_on_for_a_day(cache: Cache) -> None:
    never = float("inf")
    assert cache.begin("q", START) == never
    assert cache.begin("q", START + 3600) == pytest.approx(START)
    assert cache.begin("q", START + 2 * 86_400) == never
    cache.end("q")
    assert cache.begin("q", START + 2 * 86_400 + 1) == never
    assert cache.begin("other", START) == never


def test_what_was_not_used_for_a_week_is_removed(cache: Cache) -> None:
    old = cache.keep(URL, b"old", ".json", {}, START)
    new = cache.keep(f"{URL}&page=2", b"new", ".json", {}, START)
    os.utime(old.file, (1, 1))
    cache.end("q")
    assert (old.file.exists(), new.file.exists(), cache.find(URL)) == (False, True, None)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "fetch").touch()
    with pytest.raises(InputError, match="cannot keep what is fetched"):
        Cache(tmp_path / "fetch", "x")
