"""Each service's answers, as its documentation has them, become papers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from labeler.digests import Reading
from labeler.digests.reading import fetched_sources, read_sources
from labeler.errors import InputError, ServerError, UsageError
from labeler.sources.days import today
from labeler.sources.query import query_named, query_of
from labeler.sources.registry import SOURCES
from tests.sources import invented
from tests.sources.replay import Asked, Clock, Replay, answer


@pytest.fixture
def fetched(web: Replay, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Reading]:
    """The papers of an address, all services being the server of the test."""
    for name in SOURCES.names:
        monkeypatch.setenv(f"LABELER_FETCH_{name.upper()}_URL", web.url)

    def fetch(address: str, **options: Any) -> Reading:
        source, _, text = address.partition(":")
        return read_sources(fetched_sources(query_of(source, text, **options)))

    return fetch


def numbers(reading: Reading) -> list[int]:
    return [int(paper.title.split("Part ")[1].split()[0]) for paper in reading.papers]


def test_hf_gives_the_papers_of_a_day(web: Replay, fetched: Callable[..., Reading]) -> None:
    web.answers("/api/daily_papers", invented.hf(1, 2))
    reading = fetched("hf:2026-11-26")
    assert numbers(reading) == [1, 2]
    assert reading.formats == {"hf:2026-11-26": "hf_daily"}
    assert reading.papers[0].id == "arxiv:2611.00001"
    assert reading.papers[0].abstract.startswith(invented.ABSTRACT)
    assert web.asked[0].parameters == {"date": "2026-11-26", "limit": "100", "p": "0"}


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("hf:", [{"date": "today"}]),
        ("hf:today", [{"date": "today"}]),
        ("hf:yesterday", [{"date": "yesterday"}]),
        ("hf:2026-11-20 2026-11-21", [{"date": "2026-11-20"}, {"date": "2026-11-21"}]),
        ("hf:@1d", [{"date": "today"}, {"date": "yesterday"}]),
        ("hf:trending", [{"sort": "trending"}]),
        ("hf:2026-w48", [{"week": "2026-W48"}]),
        ("hf:2026-11", [{"month": "2026-11"}]),
    ],
)
def test_hf_is_asked_for_days(
    web: Replay, fetched: Callable[..., Reading], address: str, asked: list[dict[str, str]]
) -> None:
    web.answers("/api/daily_papers", invented.hf(1))
    fetched(address)
    days = {"today": str(today()), "yesterday": str(today() - timedelta(1))}
    wanted = [{name: days.get(value, value) for name, value in each.items()} for each in asked]
    assert [one.parameters for one in web.asked] == [{**each, "limit": "100", "p": "0"} for each in wanted]


def test_a_sunday_has_no_papers_and_the_days_beside_it_have_theirs(
    web: Replay, fetched: Callable[..., Reading]
) -> None:
    web.answers("/api/daily_papers", invented.hf(1), [], [], invented.hf(2))
    reading = fetched("hf:2026-11-23 2026-11-22 2026-11-21 2026-11-20")
    assert numbers(reading) == [1, 2]
    assert reading.notes == []
    assert list(reading.formats.values()) == ["hf_daily"]
    web.answers("/api/daily_papers", [])
    reading = fetched("hf:2026-11-15")
    assert reading.papers == []
    assert "has no papers in it" in reading.notes[0]


def test_hf_gives_more_than_a_page(web: Replay, fetched: Callable[..., Reading]) -> None:
    web.answers("/api/daily_papers", invented.hf(*range(100)), invented.hf(*range(100, 130)))
    assert len(fetched("hf:2026-11").papers) == 130
    assert [one.parameters["p"] for one in web.asked] == ["0", "1"]


@pytest.mark.parametrize("address", ["hf:cats", "hf:2026-13-01", "hf:2026-11-20@7d", "hf:2999-01-01", "hf:@2999-01-01"])
def test_hf_is_not_asked_for_what_is_no_day(fetched: Callable[..., Reading], address: str) -> None:
    with pytest.raises(UsageError):
        fetched(address)


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


def test_pubmed_is_searched_and_its_records_fetched(
    web: Replay, fetched: Callable[..., Reading], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABELER_FETCH_CONTACT", "library@example.org")
    web.answers("/entrez/eutils/esearch.fcgi", invented.esearch(list(range(250))))
    web.answers("/entrez/eutils/efetch.fcgi", lambda asked: answer(invented.efetch(asked.parameters["id"])))
    reading = fetched("pubmed:sleep apnea@2026-11-20")
    assert len(reading.papers) == 250
    assert reading.formats == {"pubmed:sleep apnea@2026-11-20": "pubmed_xml"}
    search = web.asked[0].parameters
    assert (search["term"], search["datetype"], search["mindate"]) == ("sleep apnea", "edat", "2026/11/20")
    assert (search["tool"], search["email"]) == ("labeler", "library@example.org")
    assert [one.parameters["id"].count(",") + 1 for one in web.asked[1:]] == [200, 50]


def test_pubmed_gives_records_by_their_numbers(web: Replay, fetched: Callable[..., Reading]) -> None:
    web.answers("/entrez/eutils/efetch.fcgi", lambda asked: answer(invented.efetch(asked.parameters["id"])))
    assert len(fetched("pubmed:90000001 90000002").papers) == 2
    assert web.paths() == ["/entrez/eutils/efetch.fcgi"]


def test_pubmed_may_have_nothing_new(web: Replay, fetched: Callable[..., Reading]) -> None:
    web.answers("/entrez/eutils/esearch.fcgi", invented.esearch([]))
    reading = fetched("pubmed:sleep")
    assert reading.papers == []
    assert "has no papers in it" in reading.notes[0]


def test_words_that_pubmed_does_not_know_are_told(web: Replay, fetched: Callable[..., Reading]) -> None:
    found = invented.esearch([1])
    found["esearchresult"]["errorlist"] = {"phrasesnotfound": ["apnoeia"], "fieldsnotfound": ["mehs"]}
    web.answers("/entrez/eutils/esearch.fcgi", found)
    web.answers("/entrez/eutils/efetch.fcgi", lambda asked: answer(invented.efetch(asked.parameters["id"])))
    assert "pubmed left out what it does not know: apnoeia, mehs" in fetched("pubmed:sleep apnoeia[mehs]").notes


def test_a_fault_that_pubmed_tells_is_told(web: Replay, fetched: Callable[..., Reading]) -> None:
    web.answers("/entrez/eutils/esearch.fcgi", {"esearchresult": {"ERROR": "Empty term and query_key"}})
    with pytest.raises(InputError, match="Empty term"):
        fetched("pubmed:[mesh]")


def test_europe_pmc_goes_on_to_the_last_mark(web: Replay, fetched: Callable[..., Reading]) -> None:
    path = "/europepmc/webservices/rest/search"
    first, second = list(range(100)), list(range(100, 120))
    web.answers(path, invented.europe_pmc(first, 120, "AoE1"), invented.europe_pmc(second, 120, "AoE1"))
    reading = fetched("europepmc:sleep@2026-11-20")
    assert len(reading.papers) == 120
    assert [one.parameters["cursorMark"] for one in web.asked] == ["*", "AoE1"]
    assert web.asked[0].parameters["query"] == f"(sleep) AND (CREATION_DATE:[2026-11-20 TO {today()}])"
    assert reading.papers[0].abstract.startswith(invented.ABSTRACT)


def test_openalex_goes_from_cursor_to_cursor(web: Replay, fetched: Callable[..., Reading]) -> None:
    first, second = list(range(100)), list(range(100, 120))
    web.answers("/works", invented.openalex(first, 120, "abc="), invented.openalex(second, 120, None))
    reading = fetched("openalex:soil carbon@2026-11-20")
    assert len(reading.papers) == 120
    assert [one.parameters["cursor"] for one in web.asked] == ["*", "abc="]
    assert web.asked[0].parameters["filter"] == f"from_publication_date:2026-11-20,to_publication_date:{today()}"
    assert reading.papers[0].abstract.endswith("tells how teams sort papers")


def test_crossref_goes_by_offsets(web: Replay, fetched: Callable[..., Reading]) -> None:
    web.answers("/works", invented.crossref(list(range(100)), 120), invented.crossref(list(range(100, 120)), 120))
    reading = fetched("crossref:soil@2026-11-20")
    assert len(reading.papers) == 120
    assert [one.parameters["offset"] for one in web.asked] == ["0", "100"]


def test_semantic_scholar_goes_from_token_to_token(web: Replay, fetched: Callable[..., Reading]) -> None:
    path = "/graph/v1/paper/search/bulk"
    web.answers(path, invented.semantic_scholar([1, 2], 3, "T1"), invented.semantic_scholar([3], 3, None))
    assert numbers(fetched("semantic_scholar:soil@2026-11-20")) == [1, 2, 3]
    assert [one.parameters.get("token") for one in web.asked] == [None, "T1"]


@pytest.mark.parametrize("server", ["biorxiv", "medrxiv"])
def test_preprint_servers_go_by_what_came(web: Replay, fetched: Callable[..., Reading], server: str) -> None:
    start = f"/details/{server}/2026-11-20/{today()}"
    for begin in (0, 30, 60):
        page = list(range(begin, min(begin + 30, 75)))
        web.answers(f"{start}/{begin}/json", invented.biorxiv(page, 75, begin, server))
    reading = fetched(f"{server}:Cell Biology@2026-11-20")
    assert numbers(reading) == [*range(60, 75), *range(30, 60), *range(30)]
    assert numbers(fetched(f"{server}:Cell Biology@2026-11-20", most=40)) == [*range(60, 75), *range(30, 60)]
    assert web.asked[0].parameters == {"category": "cell_biology"}
    assert reading.papers[0].id == "doi:10.1101/2026.11.25.000060"


def test_a_preprint_server_may_have_nothing(web: Replay, fetched: Callable[..., Reading]) -> None:
    web.answers(f"/details/biorxiv/{today() - timedelta(1)}/{today()}/0/json", invented.biorxiv([], 0, 0))
    assert fetched("biorxiv:").papers == []


def test_a_feed_is_read_where_it_lies(web: Replay, fetched: Callable[..., Reading]) -> None:
    web.answers("/journal.rss", invented.arxiv_feed(1, 2))
    web.answers("/other", invented.arxiv_feed(3))
    reading = fetched(f"feed:{web.url}/journal.rss?token=secret {web.url}/other")
    assert numbers(reading) == [1, 2, 3]
    web.answers("/papers.csv", b"title,abstract\nSorting papers by hand,We sort all of them.\n")
    assert fetched(f"feed:{web.url}/papers.csv").formats == {f"feed:{web.url}/papers.csv": "table"}


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
