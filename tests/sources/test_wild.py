"""Whatever a service answers, it is read, refused or told, and comes to an end."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.errors import LabelerError
from labeler.sources.query import query_named
from labeler.sources.registry import SOURCES
from labeler.sources.session import Session, number
from labeler.sources.transport import BrokenError

KEYS = (
    "results result resultList meta next_cursor count hitCount nextCursorMark message items total-results data total "
    "token messages status collection esearchresult idlist ERROR error errorlist phrasesnotfound"
).split()
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["", "ok", "*", "90000001", "x"])
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
)
OBJECTS = st.dictionaries(st.sampled_from(["", *KEYS]), JSON, max_size=6)
XML = st.binary(max_size=60) | st.sampled_from(
    [b"<a/>", b"<totalResults>7</totalResults>", b"<o:totalResults>99999999999999</o:totalResults><entry>"]
)


class Wild(Session):
    """Answers of any form, again and again."""

    def __init__(self, value: dict[str, Any], document: bytes) -> None:
        object.__setattr__(self, "value", value)
        object.__setattr__(self, "document", document)
        settings = SimpleNamespace(contact="")
        object.__setattr__(self, "client", SimpleNamespace(service=SimpleNamespace(NAME="wild"), settings=settings))
        object.__setattr__(self, "notes", [])

    def json(self, path: str, parameters: Mapping[str, Any]) -> tuple[dict[str, Any], Path]:
        return cast("Any", self).value, Path("x")

    def xml(self, *arguments: Any, check: Any = lambda _: None, **options: Any) -> tuple[bytes, Path]:
        document = cast("Any", self).document
        check(document)
        return document, Path("x")


@pytest.mark.parametrize("service", [one for one in SOURCES.builtin if one.NAME != "feed"], ids=lambda one: one.NAME)
@given(value=OBJECTS, document=XML)
@settings(deadline=None, max_examples=30)
def test_every_answer_comes_to_an_end(service: Any, value: dict[str, Any], document: bytes) -> None:
    try:
        pages = list(islice(service.pages(query_named(service.EXAMPLE), Wild(value, document)), 2000))
    except (LabelerError, BrokenError):
        return
    assert all(page.papers >= 0 for page in pages)


@given(JSON)
def test_a_number_is_one_or_none(value: Any) -> None:
    found = number(value)
    assert found is None or found >= 0


@pytest.mark.parametrize("name", SOURCES.names)
def test_each_source_has_what_a_source_has(name: str) -> None:
    assert SOURCES.fault(SOURCES.named(name), name) == ""
