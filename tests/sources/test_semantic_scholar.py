"""The answers of Semantic Scholar, as its documentation has them, become papers."""

from __future__ import annotations

from collections.abc import Callable

from labeler.digests import Reading
from tests.sources import invented
from tests.sources.invented import numbers
from tests.sources.replay import Replay


def test_semantic_scholar_goes_from_token_to_token(web: Replay, fetched: Callable[..., Reading]) -> None:
    path = "/graph/v1/paper/search/bulk"
    web.answers(path, invented.semantic_scholar([1, 2], 3, "T1"), invented.semantic_scholar([3], 3, None))
    assert numbers(fetched("semantic_scholar:soil@2026-11-20")) == [1, 2, 3]
    assert [one.parameters.get("token") for one in web.asked] == [None, "T1"]
