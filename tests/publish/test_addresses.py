"""Addresses: those of the web as URIs, others not at all."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.publish.addresses import web_address


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://arxiv.org/abs/2601.88001v2", "https://arxiv.org/abs/2601.88001v2"),
        ("http://example.org", "http://example.org"),
        ("HTTPS://example.org:8080/a?b=1&c=%20#d", "HTTPS://example.org:8080/a?b=1&c=%20#d"),
        ("https://example.org/ä b\\", "https://example.org/%C3%A4%20b%5C"),
        ("https://doi.org/10.1002/(sici)1<1::a>3;2-#", "https://doi.org/10.1002/(sici)1%3C1::a%3E3;2-#"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("https://example.org/\ud800", "https://example.org/?"),
        ('https://example.org/"onclick="', "https://example.org/%22onclick=%22"),
    ],
)
def test_addresses_of_the_web_are_uris(url: str, address: str) -> None:
    assert web_address(url) == address


@pytest.mark.parametrize(
    "url",
    [
        None, "", "javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "//example.org/", "http://",
        "http://a b/", "https://arxiv.org@example.org/", "ftp://example.org/", " https://example.org/",
        "https://example.org/" + 2000 * "a", "https://exämple.org/", "arxiv.org/abs/2601.88001",
    ],
)  # fmt: skip
def test_others_are_none(url: str | None) -> None:
    assert web_address(url) == ""


@given(st.text())
def test_any_text_behind_a_host_becomes_letters_of_a_uri(text: str) -> None:
    assert re.fullmatch(r"(?:https://example\.org/[!#-;=?-\[\]_a-z~]*)?", web_address(f"https://example.org/{text}"))
