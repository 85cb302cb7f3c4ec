"""What every source offers."""

from __future__ import annotations

import pytest

from labeler.errors import UsageError
from labeler.sources.query import query_named
from labeler.sources.registry import SOURCES


@pytest.mark.parametrize("name", SOURCES.names)
def test_every_source_says_what_may_be_asked_and_how_often(name: str) -> None:
    service = SOURCES.named(name)
    assert name == service.NAME
    assert all(text and len(text.splitlines()) == 1 for text in (service.ABOUT, service.QUERY, service.RATE))
    assert service.PAUSE > 0
    assert service.URL.startswith("https://") or getattr(service, "IS_ANYWHERE", False)


@pytest.mark.parametrize("name", SOURCES.names)
def test_the_example_of_a_source_is_a_query_of_it(name: str) -> None:
    example = SOURCES.named(name).EXAMPLE
    assert query_named(example if example.startswith(f"{name}:") else f"{name}:{example}").source == name


def test_a_key_goes_along_in_one_way() -> None:
    for service in SOURCES.builtin:
        ways = [getattr(service, way, "") for way in ("KEY_PARAMETER", "KEY_HEADER")]
        assert len(list(filter(None, ways))) == bool(getattr(service, "KEY_VARIABLE", ""))


def test_other_sources_are_wrong_usage() -> None:
    with pytest.raises(UsageError, match="no source 'nowhere'"):
        SOURCES.named("nowhere")
