"""The answers of PubMed, as its documentation has them, become papers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from labeler.digests import Reading
from labeler.errors import InputError
from tests.sources import invented
from tests.sources.replay import Replay, answer


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
