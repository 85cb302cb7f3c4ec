"""Which server a workspace works with, and what its project is recognised by."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from labeler.config import find_workspace
from labeler.errors import NotFoundError, UsageError
from labeler.studio.connection import known_server, server_of, workspace_id, workspace_ids
from labeler.studio.local import Credentials
from tests.conftest import Labeler

KEY = "0123456789abcdef0123456789abcdef01234567"


def own_server(workspace: Path) -> None:
    folder = workspace / ".labeler/studio"
    folder.mkdir(parents=True)
    record = {"url": "http://127.0.0.1:8099", "email": "a@example.org", "password": "p", "token": KEY}
    (folder / "credentials.json").write_text(json.dumps(record))


def test_the_environment_goes_before_settings_and_these_before_ones_own(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_server(workspace)
    assert server_of(find_workspace()).url == "http://127.0.0.1:8099"
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", KEY)
    (workspace / "labeler.toml").write_text('[studio]\nurl = "http://settings.example.org/"\n')
    assert server_of(find_workspace()).url == "http://settings.example.org"
    monkeypatch.setenv("LABEL_STUDIO_URL", "http://environment.example.org")
    assert server_of(find_workspace()).url == "http://environment.example.org"


def test_the_key_of_ones_own_server_goes_to_no_other(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_server(workspace)
    monkeypatch.setenv("LABEL_STUDIO_URL", "http://other.example.org")
    with pytest.raises(NotFoundError, match="no key for Label Studio at http://other"):
        server_of(find_workspace())


@pytest.mark.parametrize("key", ["  ", "zwei wörter", "ü" * 40, "a b"])
def test_what_cannot_be_a_key_is_told(workspace: Path, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("LABEL_STUDIO_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", key)
    with pytest.raises(UsageError, match="LABEL_STUDIO_API_KEY holds no token"):
        server_of(find_workspace())


@pytest.mark.parametrize("key", [KEY, ""])
@pytest.mark.parametrize("source", ["environment", "settings"])
def test_a_password_in_the_address_is_refused_and_not_repeated(
    workspace: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch, source: str, key: str
) -> None:
    url = "http://ada:hunter2@studio.example.org"
    if source == "environment":
        monkeypatch.setenv("LABEL_STUDIO_URL", url)
    else:
        (workspace / "labeler.toml").write_text(f'[studio]\nurl = "{url}"\n')
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", key)
    for command in ("pull", "status"):
        outcome = labeler(command)
        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (2, "", 1), outcome.err
        assert "holds a name or a password" in outcome.err
        assert "hunter2" not in outcome.err
        assert "ada" not in outcome.err


@pytest.mark.parametrize(
    "url",
    ["127.0.0.1:8080", "localhost", "http://", "http:/x.org", "ftp://x.org", "http://x.org:99999", "http://x.org:0",
     "http://[::1", "http://x .org", "javascript:alert(1)", "http:///path"],
)  # fmt: skip
@pytest.mark.parametrize("command", [("status",), ("pull",), ("topics", "migrate")])
def test_what_is_no_address_is_told_at_once(
    workspace: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch, url: str, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("LABEL_STUDIO_URL", url)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", KEY)
    outcome = labeler(*command)
    code, text = (0, outcome.out) if command == ("status",) else (5, outcome.err)
    assert (outcome.code, outcome.err.count("\n")) == (code, code // 5), outcome.err
    assert "is no address of a server; write it as in http://127.0.0.1:8080" in text


@pytest.mark.parametrize("behind", ["?key=s3cr3t", "#s3cr3t", "/?token=s3cr3t&x=1", "/projects/7?s3cr3t"])
@pytest.mark.parametrize("start", ["http://127.0.0.1:9", "https://x.org", "http://[::1", "x.org"])
@pytest.mark.parametrize("command", [("status",), ("pull",), ("push", "x.csv", "--dry-run"), ("-v", "pull")])
def test_a_key_in_an_address_is_not_echoed(
    workspace: Path,
    labeler: Labeler,
    monkeypatch: pytest.MonkeyPatch,
    start: str,
    behind: str,
    command: tuple[str, ...],
) -> None:
    monkeypatch.setenv("LABEL_STUDIO_URL", start + behind)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", KEY)
    Path("x.csv").write_text("title,abstract\nWords,of birds\n")
    outcome = labeler(*command)
    assert "s3cr3t" not in outcome.out + outcome.err
    assert outcome.code == 2, outcome.err
    assert "write the address alone, and put a key in LABEL_STUDIO_API_KEY" in outcome.err


def token(**payload: object) -> str:
    """A JSON web token (RFC 7519) with this payload."""
    parts = ({"alg": "HS256", "typ": "JWT"}, payload)
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join([*encoded, base64.urlsafe_b64encode(b"x" * 32).rstrip(b"=").decode()])


@pytest.mark.parametrize("until", ["soon", [], {"a": 1}, 1e300, -1e300, 10**30, True, None])
def test_a_token_of_odd_times_is_told(
    workspace: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch, until: object
) -> None:
    monkeypatch.setenv("LABEL_STUDIO_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", token(exp=until, token_type="refresh"))
    outcome = labeler("pull")
    assert (outcome.code in (2, 5), outcome.err.count("\n")) == (True, 1), outcome.err
    assert "LABEL_STUDIO_API_KEY" in outcome.err


def test_blanks_and_slashes_around_an_address_are_no_part_of_it(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_server(workspace)
    monkeypatch.setenv("LABEL_STUDIO_URL", " http://127.0.0.1:8099// ")
    assert server_of(find_workspace()).url == "http://127.0.0.1:8099"


@pytest.mark.parametrize("url", ["ada:hunter2@studio.example.org", "http://ada:hunter2@[::1", "//ada:hunter2@x.org"])
def test_a_password_in_what_is_no_address_is_not_repeated(
    workspace: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("LABEL_STUDIO_URL", url)
    outcome = labeler("status")
    assert (outcome.code, outcome.err.count("\n"), "hunter2" in outcome.err) == (2, 1, False)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"url": "http://127.0.0.1:8099"}'])
def test_credentials_that_cannot_be_read_are_not_taken_for_no_server(workspace: Path, content: str) -> None:
    assert known_server(find_workspace()) is None
    own_server(workspace)
    (workspace / ".labeler/studio/credentials.json").write_text(content)
    with pytest.raises(NotFoundError, match="no key for the Label Studio server of this workspace"):
        known_server(find_workspace())


@pytest.mark.parametrize("behind", ["/projects/1", "/projects", "/nowhere"])
def test_something_behind_the_address_is_told(
    studio: Any, server: Credentials, workspace: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch, behind: str
) -> None:
    (workspace / "annotations/workspace.id").write_text("0" * 32)
    monkeypatch.setenv("LABEL_STUDIO_URL", server.url + behind)
    outcome = labeler("pull")
    assert (outcome.code, outcome.err.count("\n")) == (5, 1)
    assert "check the address" in outcome.err or "write its address as in http://127.0.0.1:8080" in outcome.err
    assert server.token not in outcome.err


def test_a_workspace_gets_its_id_once(workspace: Path) -> None:
    found = find_workspace()
    assert workspace_id(found, create=False) is None
    identifier = workspace_id(found)
    assert identifier == workspace_id(found) == workspace_id(found, create=False)
    assert len(str(identifier)) == 32


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("c0ffee\n", ["c0ffee"]),
        ("c0ffee\nbeef\n", ["c0ffee", "beef"]),
        ("<<<<<<< HEAD\nc0ffee\r\n=======\nbeef\n>>>>>>> 1234abcd\n", ["c0ffee", "beef"]),
        ("c0ffee\nc0ffee", ["c0ffee"]),
        (" \n", []),
    ],
)
def test_two_clones_that_pushed_apart_have_two_ids(workspace: Path, text: str, ids: list[str]) -> None:
    found = find_workspace()
    (workspace / "annotations/workspace.id").write_text(text)
    assert workspace_ids(found) == ids
    assert workspace_id(found, create=False) == (ids[0] if ids else None)
    assert workspace_id(found)
