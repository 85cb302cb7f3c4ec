"""The answers of arXiv, as its documentation has them, become papers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from labeler.digests import Reading
from labeler.errors import InputError
from labeler.sources.days import today
from tests.sources import invented
from tests.sources.invented import numbers
from tests.sources.replay import Clock, Replay, answer


def test_arxiv_gives_the_announcement_of_today(web: Replay, fetched: Callable[..., Reading]) -> None:
    web.answers("/atom/cs.CL+math+stat.ML", invented.arxiv_feed(1, 2, 3))
    reading = fetched("arxiv:cs.CL math.* stat.ML")
    assert numbers(reading) == [1, 2, 3]
    assert reading.papers[0].id == "arxiv:2611.00001"
    assert reading.papers[0].abstract.startswith(invented.ABSTRACT)


def test_a_category_that_arxiv_does_not_have_is_told(web: Replay, fetched: Callable[..., Reading]) -> None:
    web.answers("/atom/cs.XX", invented.arxiv_feed().replace(b"cs.CL updates", b"Feed error for query: cs.XX"))
    with pytest.raises(InputError, match="no feed of these categories"):
        fetched("arxiv:cs.XX")


@pytest.mark.parametrize(
    ("address", "terms"),
    [
        ("arxiv:cs.CL@2026-11-20", "(cat:cs.CL)"),
        ("arxiv:cs.CL hep-th@2026-11-20", "(cat:cs.CL OR cat:hep-th)"),
        ("arxiv:graph neural@2026-11-20", "all:graph AND all:neural"),
        ("arxiv:cs math@2026-11-20", "(cat:cs.* OR cat:math.*)"),
        ("arxiv:physics informed hep-th@2026-11-20", "(cat:hep-th) AND all:physics AND all:informed"),
        ('arxiv:"graph neural" cs.LG@2026-11-20', '(cat:cs.LG) AND all:"graph neural"'),
        ("arxiv:ti:graph AND cat:cs.LG@2026-11-20", "ti:graph AND cat:cs.LG"),
    ],
)
def test_arxiv_is_searched(web: Replay, fetched: Callable[..., Reading], address: str, terms: str) -> None:
    web.answers("/api/query", invented.arxiv_api([1, 2], 2))
    assert numbers(fetched(address)) == [1, 2]
    asked = web.asked[0].parameters
    dates = f"submittedDate:[202611200000 TO {today():%Y%m%d}2359]"
    assert asked["search_query"] == f"({terms}) AND {dates}"
    assert (asked["sortBy"], asked["sortOrder"], asked["start"]) == ("submittedDate", "descending", "0")


def test_words_without_a_day_are_of_the_last_week(web: Replay, fetched: Callable[..., Reading]) -> None:
    web.answers("/api/query", invented.arxiv_api([], 0))
    fetched("arxiv:graphs")
    assert f"[{today() - timedelta(7):%Y%m%d}0000 TO" in web.asked[0].parameters["search_query"]


def test_arxiv_gives_single_papers(web: Replay, fetched: Callable[..., Reading]) -> None:
    web.answers("/api/query", invented.arxiv_api([1, 2], 2))
    fetched("arxiv:2611.00001v2 hep-th/9901001")
    assert web.asked[0].parameters == {"id_list": "2611.00001,hep-th/9901001", "start": "0", "max_results": "2"}


def test_arxiv_is_asked_page_by_page_and_not_too_often(
    web: Replay, fetched: Callable[..., Reading], clock: Clock
) -> None:
    pages = [list(range(200)), list(range(200, 400)), list(range(400, 431))]
    web.answers("/api/query", *(invented.arxiv_api(page, 431) for page in pages))
    assert sorted(numbers(fetched("arxiv:graphs"))) == list(range(431))
    assert [one.parameters["start"] for one in web.asked] == ["0", "200", "400"]
    assert clock.waits == pytest.approx([3.0, 3.0], abs=0.01)


def test_an_empty_page_of_arxiv_where_there_are_papers_is_asked_for_again(
    web: Replay, fetched: Callable[..., Reading]
) -> None:
    web.answers("/api/query", invented.arxiv_api([], 3), invented.arxiv_api([1, 2, 3], 3))
    assert len(fetched("arxiv:graphs").papers) == 3


def test_what_arxiv_does_not_understand_is_told(web: Replay, fetched: Callable[..., Reading]) -> None:
    web.answers("/api/query", answer(invented.arxiv_error("incorrect id format for 1234.12345"), status=200))
    with pytest.raises(InputError, match="incorrect id format"):
        fetched("arxiv:graphs")
