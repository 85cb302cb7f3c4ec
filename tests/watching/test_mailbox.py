"""Mailboxes: what is new in them is read, and nothing is changed, on a real server and on ones that fail."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from labeler.errors import InputError, LabelerError, NotFoundError, ServerError, UsageError
from labeler.watching import mailbox as module
from labeler.watching.mailbox import is_mailbox, new_messages
from tests.conftest import Labeler
from tests.watching.conftest import SETTINGS, batches_of, titles_in, watch_with
from tests.watching.imap import DOVECOT, PASSWORD, USER, Dovecot, ScriptedServer

ALERT = '{"title": "%s", "abstract": "We study %s at length."}\n'
MINUTES = (  # which look like a page of papers: a short line, and a long one
    b"Subject: Minutes\r\n\r\nMinutes of the meeting on robots\r\n\r\nWe discussed many things at length, and decided "
    b"that the next meeting is going to be in March, with all members of the group present.\r\n"
)
WHO = USER.replace("@", "%40")


@pytest.fixture(scope="session")
def running(certificate: tuple[Path, Path]) -> Iterator[Dovecot]:
    """A server that many tests share."""
    try:
        version = subprocess.run([DOVECOT, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("Dovecot, the IMAP server, is not installed (dovecot-imapd)")
    if not version.startswith("2.3."):
        pytest.skip(f"the tests know how to set up Dovecot 2.3, not {version.strip()}")
    server = Dovecot(certificate)
    yield server
    server.stop()


@pytest.fixture
def imap(running: Dovecot, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Dovecot]:
    """A server whose mailboxes are empty, and whose certificate is trusted."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    monkeypatch.setenv(module.PASSWORD, PASSWORD)
    yield running
    running.empty()


def address(server: Dovecot, mailbox: str = "INBOX") -> str:
    return f"imaps://{WHO}@localhost:{server.secure}/{mailbox}"


def message(title: str) -> bytes:
    """A mail with a digest of one paper."""
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "What is new", "alerts@example.org"
    mail.set_content(ALERT % (title, title.lower()))
    return mail.as_bytes()


def read(where: str, last: tuple[int, int] | None = None) -> tuple[list[bytes], tuple[int, int]]:
    with new_messages(where, last) as found:
        return [content for _, content in found.messages], (found.validity, found.last)


def test_new_messages_are_read_once_and_nothing_is_changed(imap: Dovecot) -> None:
    imap.deliver(message("Robots that grasp"))
    imap.deliver(message("Models of language"))
    first, last = read(address(imap))
    assert [b"Robots" in content for content in first] == [True, False]
    assert read(address(imap), last) == ([], last)
    imap.deliver(message("Robots that walk"))
    again, later = read(address(imap), last)
    assert [b"walk" in content for content in again] == [True]
    assert (later[0], later[1]) == (last[0], last[1] + 1)
    client = imap.client()
    client.select("INBOX")
    assert client.search(None, "UNSEEN")[1] == [b"1 2 3"]
    client.logout()


@pytest.mark.parametrize("name", ["Alerts", "What is new", "Größe & Länge", "論文", 'Say "so"'])
def test_mailboxes_of_any_name_are_found(imap: Dovecot, name: str) -> None:
    from urllib.parse import quote

    client = imap.client()
    assert client.create(module._quoted(name))[0] == "OK"
    client.logout()
    imap.deliver(message("Robots that grasp"), module._quoted(name))
    assert len(read(address(imap, quote(name)))[0]) == 1


def test_a_mailbox_that_was_made_anew_is_read_from_its_beginning(imap: Dovecot) -> None:
    imap.deliver(message("Robots that grasp"))
    _, (validity, last) = read(address(imap))
    assert len(read(address(imap), (validity - 1, last + 100))[0]) == 1


def test_messages_that_are_too_large_are_passed_over(imap: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    imap.deliver(message("Robots that grasp"))
    monkeypatch.setattr(module, "LARGEST", 10)
    with new_messages(address(imap), None) as found:
        assert list(found.messages) == []
        assert found.too_large == 1


def test_a_mailbox_that_is_missing_is_said(imap: Dovecot) -> None:
    with pytest.raises(ServerError, match="the mailbox Nothing at localhost"):
        read(address(imap, "Nothing"))


def test_a_wrong_password_is_said(imap: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(module.PASSWORD, "another")
    with pytest.raises(ServerError, match=f"does not let {USER} in") as caught:
        read(address(imap))
    assert "another" not in str(caught.value)


def test_a_certificate_that_is_not_trusted_is_refused(imap: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(ServerError, match="certificate"):
        read(address(imap))


def test_a_watch_reads_a_mailbox(labeler: Labeler, watched: Path, imap: Dovecot) -> None:
    watch_with(watched, SETTINGS.replace('"inbox/"', f'"{address(imap)}"'))
    imap.deliver(message("Robots that grasp"))
    imap.deliver(b"Subject: Lunch\r\n\r\nShall we?\r\n")
    imap.deliver(MINUTES)
    outcome = labeler("watch", "--once")
    assert outcome.code == 0
    assert "2 new messages of no known format passed over" in outcome.err
    assert titles_in(Path("latest.jsonl")) == ["Robots that grasp"]
    assert labeler("watch", "--once").err.strip() == "morning: nothing new"
    imap.deliver(message("Models of language"))
    labeler("watch", "--once")
    assert batches_of(watched) == [["Robots that grasp"], ["Models of language"]]


SELECTED = "* 2 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\nOK [READ-ONLY] done"


def scripted(**answers: str | None) -> Callable[[str], str | None]:
    """Answers to commands by their first words."""
    known: dict[str, str | None] = {
        "LOGIN": "OK done",
        "EXAMINE": SELECTED,
        "UID SEARCH": "* SEARCH 1 2\r\nOK done",
        "UID FETCH 1,2": "* 1 FETCH (UID 1 RFC822.SIZE 9)\r\n* 2 FETCH (UID 2 RFC822.SIZE 9)\r\nOK done",
        "UID FETCH": "* 1 FETCH (UID 1 BODY[] {5}\r\nhello)\r\nOK done",
        "LOGOUT": "* BYE\r\nOK done",
        **{name.replace("_", " "): answer for name, answer in answers.items()},
    }
    return lambda command: next((said for name, said in known.items() if command.startswith(name)), "BAD what?")


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """The address of a mailbox on a server that answers as it is told."""
    monkeypatch.setenv(module.PASSWORD, PASSWORD)
    servers: list[ScriptedServer] = []

    def start(**answers: str | None) -> str:
        servers.append(ScriptedServer(scripted(**answers)))
        return f"imap://{WHO}@127.0.0.1:{servers[-1].port}/INBOX"

    yield start
    for server in servers:
        server.stop()


def test_the_scripted_server_is_one(serve: Callable[..., str]) -> None:
    assert read(serve()) == ([b"hello", b"hello"], (7, 2))


def test_the_last_message_is_not_taken_for_a_new_one(serve: Callable[..., str]) -> None:
    assert read(serve(UID_SEARCH="* SEARCH 2\r\nOK done"), (7, 2)) == ([], (7, 2))


@pytest.mark.parametrize(
    "answers",
    [
        {"LOGIN": "NO [AUTHENTICATIONFAILED] wrong"},
        {"LOGIN": None},
        {"EXAMINE": "NO no such mailbox"},
        {"EXAMINE": None},
        {"UID SEARCH": "NO cannot"},
        {"UID SEARCH": None},
        {"UID FETCH 1,2": "NO cannot"},
        {"UID FETCH 1,2": None},
        {"UID FETCH": None},
        {"UID FETCH": "* 1 FETCH (UID 1 BODY[] {500}\r\nhel"},
    ],
    ids=str,
)
def test_a_server_that_fails_is_an_error_of_servers(
    serve: Callable[..., str], answers: dict[str, str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SECONDS", 1.0)
    where = serve(**{name.replace(" ", "_"): answer for name, answer in answers.items()})
    with pytest.raises(LabelerError) as caught:
        read(where)
    assert caught.value.exit_code == 5
    assert "127.0.0.1" in str(caught.value)
    assert PASSWORD not in str(caught.value)


def test_a_message_that_is_gone_meanwhile_is_passed_over(serve: Callable[..., str]) -> None:
    assert read(serve(UID_FETCH="OK done"))[0] == []


@pytest.mark.parametrize(
    ("where", "kind", "told"),
    [
        ("imaps://ada:secret@localhost/INBOX", UsageError, "holds a password"),
        ("imaps://localhost/INBOX", InputError, "lacks a user"),
        ("imaps://ada@/INBOX", InputError, "lacks a user or a server"),
        ("imaps://ada@localhost:port/INBOX", InputError, "the address of a mailbox"),
        ("imap://ada@mail.example.org/INBOX", InputError, "write imaps://"),
        ("imaps://ada%0d%0aX@localhost/INBOX", InputError, "lacks a user"),
        ("imaps://ada@localhost/IN%0aBOX", InputError, "lacks a user"),
    ],
)
def test_addresses_that_cannot_be_used_are_refused(where: str, kind: type[LabelerError], told: str) -> None:
    with pytest.raises(kind, match=told) as caught:
        read(where)
    assert "secret" not in str(caught.value)


def test_without_a_password_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(module.PASSWORD, raising=False)
    with pytest.raises(NotFoundError, match=module.PASSWORD):
        read("imaps://ada@localhost/INBOX")


def test_a_server_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(module.PASSWORD, PASSWORD)
    with pytest.raises(ServerError, match="cannot reach the mail server"):
        read("imap://ada@127.0.0.1:1/INBOX")


def test_names_of_mailboxes_in_the_letters_of_the_protocol() -> None:
    assert module._quoted("~peter/mail/台北/日本語") == '"~peter/mail/&U,BTFw-/&ZeVnLIqe-"'  # of RFC 3501
    assert module._quoted('a&b"c\\') == '"a&-b\\"c\\\\"'


def test_what_is_a_mailbox() -> None:
    assert is_mailbox("IMAPS://ada@localhost")
    assert not is_mailbox("imap.txt")
