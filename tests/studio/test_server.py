"""Calls to a server: what its faults are called, what is tried again, and which keys open it."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from labeler.errors import LabelerError, ServerError, UsageError
from labeler.studio.local import Credentials
from labeler.studio.server import GoneError, Server
from tests.studio.faulty import Fault, faulty
from tests.studio.hostile import raw

PAT = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0b2tlbl90eXBlIjoicmVmcmVzaCIsImV4cCI6ODA4NTk2ODAwMCwiaWF0IjoxNzAwMDAw"
    "MDAwLCJqdGkiOiJhYmMiLCJ1c2VyX2lkIjoxfQ.c2ln"
)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labeler.studio.server._PAUSE", 0.01)


def list_projects(url: str, key: str, again: bool = True) -> Any:
    return Server(url, key).request("asking for a test", lambda sdk: sdk.projects.list(include="id"), again)


def message_of(url: str, key: str) -> str:
    with pytest.raises(LabelerError) as caught:
        list_projects(url, key)
    assert key not in str(caught.value)
    return str(caught.value)


@pytest.mark.quick
def test_a_personal_access_token_opens_the_server(server: Credentials) -> None:
    with httpx.Client(base_url=server.url, follow_redirects=True) as browser:
        page = browser.get("/user/login/").text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token is not None
        login = {"email": server.email, "password": server.password, "csrfmiddlewaretoken": token[1]}
        browser.post("/user/login/", data=login, headers={"Referer": server.url})
        headers = {"X-CSRFToken": browser.cookies["csrftoken"], "Referer": server.url}
        key = browser.post("/api/token/", headers=headers).json()["token"]
    assert key.count(".") == 2
    list_projects(server.url, key)
    with pytest.raises(GoneError, match="has nothing there while looking"):
        Server(server.url, key).request("looking", lambda sdk: sdk.projects.get(id=999_999))


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("0" * 40, "looks like a legacy token, and no user here has it"),
        ("nonsense", "is neither kind of token"),
        (PAT, "it is a personal access token that was revoked"),
    ],
)
def test_a_wrong_key_is_told_by_its_kind(server: Credentials, key: str, expected: str) -> None:
    message = message_of(server.url, key)
    assert "does not accept the key in LABEL_STUDIO_API_KEY" in message
    assert expected in message
    assert "Personal Access Token" in message


def test_legacy_tokens_that_are_switched_off_are_told(server: Credentials) -> None:
    body: dict[str, object] = {
        "detail": "Authentication token no longer valid: legacy token authentication has been disabled"
    }
    with faulty(server.url, Fault("GET", 401, body=body)) as url:
        assert "this server has those switched off" in message_of(url, server.token)


@pytest.mark.parametrize("key", ["", " ", "a b", "ü"])
def test_what_is_no_key_is_told_before_anything_is_asked(key: str) -> None:
    with pytest.raises(UsageError, match="LABEL_STUDIO_API_KEY holds no token"):
        Server("http://127.0.0.1:9", key)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:9", "cannot be reached"),
        ("127.0.0.1:8080", "is no address of a server"),
        ("http://", "is no address of a server"),
        ("http://no-such-host.invalid", "cannot be reached"),
    ],
)
def test_an_address_that_leads_nowhere_is_told(url: str, expected: str) -> None:
    assert expected in message_of(url, "0" * 40)


@pytest.mark.parametrize("kind", [408, 409, 429, 500, 502, 503, 504, "cut", "lost"])
def test_what_may_be_asked_again_is_asked_up_to_four_times(server: Credentials, kind: int | str) -> None:
    passing, lasting = Fault("GET", kind, times=3), Fault("GET", kind)
    with faulty(server.url, passing) as url:
        list_projects(url, server.token)
    with faulty(server.url, lasting) as url, pytest.raises(ServerError):
        list_projects(url, server.token)
    assert (passing.seen, lasting.seen) == (4, 4)


@pytest.mark.parametrize(("kind", "tries"), [(429, 4), (503, 4), (500, 1), (409, 1), ("cut", 1), ("lost", 1), (400, 1)])
def test_what_may_not_be_done_twice_is_asked_again_only_where_nothing_was_done(
    server: Credentials, kind: int | str, tries: int
) -> None:
    fault = Fault("GET", kind)
    with faulty(server.url, fault) as url, pytest.raises(ServerError):
        list_projects(url, server.token, again=False)
    assert fault.seen == tries


def test_the_pause_that_a_server_asks_for_is_kept(server: Credentials, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("labeler.studio.server.time.sleep", pauses.append)
    with faulty(server.url, Fault("GET", 429, times=1, headers={"Retry-After": "7"})) as url:
        list_projects(url, server.token)
    assert 7.0 in pauses


def test_what_the_server_says_is_passed_on_as_sentences(server: Credentials) -> None:
    body: dict[str, object] = {"validation_errors": {"title": ["too short"], "non_field_errors": ["no such tag"]}}
    with faulty(server.url, Fault("GET", 400, body=body)) as url:
        assert "refused (error 400) while asking for a test: title: too short no such tag" in message_of(
            url, server.token
        )


@pytest.mark.parametrize(
    "answer",
    [
        b"200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\n\xff\xfe\x00",
        b"200 OK\r\nConnection: close\r\nContent-Length: 3\r\nContent-Encoding: gzip\r\n\r\nabc",
        b"302 Found\r\nContent-Length: 0\r\nConnection: close\r\nLocation: /api/again\r\n\r\n",
    ],
    ids=["no text", "no gzip", "sent on for ever"],
)
def test_an_answer_that_cannot_be_read_is_not_label_studios(answer: bytes) -> None:
    with raw(b"HTTP/1.1 " + answer) as url:
        assert "gave an answer that is not Label Studio's while asking for a test" in message_of(url, "a" * 40)
