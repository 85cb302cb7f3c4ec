"""Addresses of papers on the web."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.papers.addresses import addresses, uri_of, web_address


def test_identifiers_lead_to_their_services() -> None:
    found = addresses(
        ["arxiv:2503.11731", "arxiv:hep-th/9901001", "doi:10.1002/(sici)1<1::aid-x>3.0.co;2-2", "pmid:12", "pmcid:34",
         "title:0123456789abcdef", "isbn:9780000000002", "other:1", "doi:"]
    )  # fmt: skip
    assert [one.url for one in found] == [
        "https://arxiv.org/abs/2503.11731",
        "https://arxiv.org/abs/hep-th/9901001",
        "https://doi.org/10.1002/(sici)1%3C1::aid-x%3E3.0.co;2-2",
        "https://pubmed.ncbi.nlm.nih.gov/12",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC34",
    ]
    assert [one.service for one in found] == ["arXiv", "arXiv", "DOI", "PubMed", "PubMed Central"]


@pytest.mark.parametrize(
    "url", ["https://example.org", "http://example.org/a?b=c&d#e", "https://example.org:8080/ü", "HTTPS://example.org/"]
)
def test_links_of_the_web_are_followed(url: str) -> None:
    assert web_address(f" {url} ") == url


@pytest.mark.parametrize(
    "url",
    [None, "", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//example.org", "example.org",
     "https://", "https://a b", "https://example.org/\nx", 'https://example.org/"onclick', "https://example.org/<b>",
     "https://user@example.org/", "\u202ehttps://example.org", "java\tscript:alert(1)", "https:\\example.org"],
)  # fmt: skip
def test_others_are_not(url: str | None) -> None:
    assert web_address(url) == ""


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://arxiv.org/abs/2601.88001v2", "https://arxiv.org/abs/2601.88001v2"),
        ("HTTPS://example.org:8080/a?b=1&c=%20#d", "HTTPS://example.org:8080/a?b=1&c=%20#d"),
        ("https://example.org/ä'", "https://example.org/%C3%A4'"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("javascript:alert(1)", ""),
        (None, ""),
    ],
)
def test_links_of_the_web_have_the_letters_of_a_uri_in_files(url: str | None, address: str) -> None:
    assert uri_of(url) == address


@given(st.text())
def test_no_text_behind_a_host_leaves_the_letters_of_a_uri(text: str) -> None:
    assert re.fullmatch(r"(?:https://example\.org/[!#-;=?-\[\]_a-z~]*)?", uri_of(f"https://example.org/{text}"))
