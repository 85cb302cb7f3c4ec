"""Addresses of sources, and what is none."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.digests.opening import _source_meant
from labeler.errors import UsageError
from labeler.sources.days import day_named, today
from labeler.sources.query import Query, is_source, query_named, query_of
from tests.conftest import Labeler


@pytest.mark.parametrize(
    ("address", "source", "text", "ago"),
    [
        ("arxiv:cs.CL", "arxiv", "cs.CL", None),
        ("arxiv: cs.CL @7d", "arxiv", "cs.CL", 7),
        ("arxiv:@yesterday", "arxiv", "", 1),
        ("pubmed:sleep apnea@today", "pubmed", "sleep apnea", 0),
        ("feed:https://example.org/@me/feed.rss", "feed", "https://example.org/@me/feed.rss", None),
        ("pubmed:who@where", "pubmed", "who@where", None),
        ("arxiv:ti:graph", "arxiv", "ti:graph", None),
        ("hf:trending 2026-W48 2026-11-20", "hf", "trending 2026-W48 2026-11-20", None),
    ],
)
def test_an_address_says_what_is_asked(address: str, source: str, text: str, ago: int | None) -> None:
    since = None if ago is None else today() - timedelta(ago)
    assert query_named(address) == Query(source, text, since)


def test_a_day_on_the_command_line_leaves_the_words_alone() -> None:
    assert query_of("pubmed", "a@7d", "2026-11-20").text == "a@7d"


@pytest.mark.parametrize("since", ["", "soon", "2026", "2026-11-31", "20261120", "-3d", "٧d", "2999-01-01", "7 d"])
def test_a_day_that_is_none_is_wrong_usage(since: str) -> None:
    with pytest.raises(UsageError, match="day"):
        query_of("arxiv", "cs.CL", since)


@pytest.mark.parametrize("text", ["a\nb", "a\r\nHost: b", "a\0b", "x" * 3000, "a\x1bb"])
def test_a_query_is_one_line(text: str) -> None:
    with pytest.raises(UsageError, match="one line"):
        query_of("arxiv", text)


def test_there_must_be_such_a_source() -> None:
    with pytest.raises(UsageError, match=r"there is no source 'arxive'; known are: arxiv, biorxiv"):
        query_of("arxive", "cs.CL")


@pytest.mark.parametrize(
    "name",
    ["page.txt", "C:/page.txt", "c:page", "s3://bucket/a", "https://example.org/a:b", "http://a", "-", "arxive:cs.CL",
     "", ":", "hf", "a b:c", "../hf:today", "memory://hf:today"],
)  # fmt: skip
def test_other_inputs_are_no_sources(name: str) -> None:
    assert not is_source(name)


def test_a_file_of_that_name_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert is_source("hf:today")
    (tmp_path / "hf:today").write_text("[]")
    assert not is_source("hf:today")
    assert is_source("hf:" + "x" * 5000)


def test_the_name_of_a_query_says_which_day_it_was() -> None:
    assert query_named("hf:").name == query_named("hf:today").name == f"hf:{today()}"
    assert query_named("hf:yesterday 2d").text == f"{today() - timedelta(1)} {today() - timedelta(2)}"


def test_the_name_of_a_query_shows_no_key() -> None:
    name = query_named("feed:https://a.example/x?token=abc https://b.example/y?z=1&k=2 https://c.example/").name
    assert name == "feed:https://a.example/x https://b.example/y https://c.example/"


@given(st.text(max_size=40))
def test_words_of_any_kind_are_asked_or_refused(text: str) -> None:
    try:
        query = query_of("arxiv", text)
    except UsageError:
        return
    assert "".join("".join(query.words).split()) == "".join(query.text.split())


@given(st.text(max_size=12))
def test_a_word_names_a_day_or_none(word: str) -> None:
    day_named(word)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("arxive:cs.CL", "arxiv:cs.CL"),
        ("hff:today", "hf:today"),
        ("pub med: sleep apnea", "'pubmed:sleep apnea'"),
        ("arxiv", "arxiv:cs.CL"),
        ("hf", "hf:today"),
    ],
)
def test_a_source_that_is_misspelt_is_told(labeler: Labeler, name: str, meant: str) -> None:
    done = labeler("read", name)
    assert done.code == 3
    assert f"did you mean {meant}?" in done.err


@pytest.mark.parametrize("name", ["page.txt", "c:page", "arxiv.txt", "pile/hf", "zzz:zzz", "s3x://arxiv"])
def test_other_missing_names_are_told_as_before(name: str) -> None:
    assert not any("did you mean" in hint for hint in [_source_meant(name)])


def test_names_of_sources_may_have_capitals() -> None:
    assert is_source("arXiv:cs.CL")
    assert query_named("arXiv:cs.CL").name == "arxiv:cs.CL"
