from __future__ import annotations

import pytest

from labeler.hosts import host_of, is_loopback


@pytest.mark.parametrize("host", ["127.0.0.1", "127.3.2.1", "::1", "localhost", "LocalHost"])
def test_names_of_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "", "10.0.0.1", "example.org", "127.0.0.1.example.org", "localhost."]
)
def test_names_that_others_may_reach(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("header", "host"),
    [("localhost:80", "localhost"), ("[::1]:80", "::1"), ("[::1]", "::1"), ("a.org", "a.org"), ("", ""), ("[", "")],
)
def test_the_host_of_a_header(header: str, host: str) -> None:
    assert host_of(header) == host
