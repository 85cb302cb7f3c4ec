"""Sending to a real server: encryption, users, and what the server may answer."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from labeler.errors import ServerError, UsageError
from labeler.mail.sending import Connection, RefusedMessageError, UnreachableError, WaitingMessageError
from labeler.mail.settings import PASSWORD, MailSettings
from tests.mail.conftest import MakeServer
from tests.mail.factories import ADA, BO, CLEO
from tests.mail.server import PASSWORD as SECRET
from tests.mail.server import USER, MailServer

SENDER = Address("Papers", "papers", "example.org")


def settings(server: MailServer, security: str = "none", user: str = "", host: str = "127.0.0.1") -> MailSettings:
    return MailSettings(host, server.port, security, user, SENDER, "Papers", "{papers}", SENDER, 20, ())


def mail(text: str = "Hello", to: str = ADA) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["To"] = to
    message["From"] = SENDER
    message.set_content(text)
    return message


@pytest.fixture
def connection(server: MailServer) -> Iterator[Connection]:
    with Connection(settings(server), {}) as opened:
        yield opened


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
@pytest.mark.parametrize("user", ["", USER])
def test_a_message_arrives_as_it_was_made(make_server: MakeServer, security: str, user: str) -> None:
    server = make_server(security, users=bool(user))
    message = mail(".\n..dots at the beginning\nFrom here on\n")
    with Connection(settings(server, security, user, "localhost"), {PASSWORD: SECRET}) as connection:
        connection.send(message, ADA)
        connection.send(message, BO)
    assert [letter.to for letter in server.letters] == [ADA, BO]
    assert server.letters[0].data == message.as_bytes()


@pytest.mark.parametrize(("user", "secret"), [("jörg", "grün"), (USER, "grün")])
def test_users_and_passwords_may_have_any_letters(make_server: MakeServer, user: str, secret: str) -> None:
    server = make_server("starttls", users=(user, secret))
    with Connection(settings(server, "starttls", user), {PASSWORD: secret}) as connection:
        connection.send(mail(), ADA)
    with (
        Connection(settings(server, "starttls", user), {PASSWORD: f"{secret}!"}) as connection,
        pytest.raises(ServerError, match="refuses the user"),
    ):
        connection.send(mail(), ADA)
    assert len(server.letters) == 1


def test_a_wrong_password_is_told_and_is_not_shown(make_server: MakeServer) -> None:
    server = make_server("starttls", users=True)
    with (
        Connection(settings(server, "starttls", USER), {PASSWORD: "guessed"}) as connection,
        pytest.raises(ServerError) as caught,
    ):
        connection.send(mail(), ADA)
    assert f"refuses the user {USER}" in str(caught.value)
    assert PASSWORD in caught.value.hint
    assert "guessed" not in str(caught.value)


def test_a_password_that_is_missing_is_asked_for_before_anything_is_sent(server: MailServer) -> None:
    with pytest.raises(UsageError, match=PASSWORD):
        Connection(settings(server, user=USER), {})


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_is_refused(
    make_server: MakeServer, security: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    server = make_server(security)
    (tmp_path / "none.pem").touch()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    with Connection(settings(server, security), {}) as connection, pytest.raises(ServerError, match="certificate"):
        connection.send(mail(), ADA)
    assert server.letters == []


def test_a_certificate_of_another_host_is_refused(make_server: MakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server = make_server("tls")
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("127.0.0.1", server.port))]
    )  # another name of this machine
    with (
        Connection(settings(server, "tls", host="mail.example.org"), {}) as connection,
        pytest.raises(ServerError, match="certificate"),
    ):
        connection.send(mail(), ADA)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_nothing_is_sent_unencrypted_where_the_server_offers_no_encryption(server: MailServer, security: str) -> None:
    with (
        Connection(settings(server, security, USER), {PASSWORD: SECRET}) as connection,
        pytest.raises(ServerError) as caught,
    ):
        connection.send(mail(), ADA)
    assert ".;" not in str(caught.value)
    assert server.letters == []


def test_a_server_that_is_not_there_is_told(server: MailServer) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        gone = replace(settings(server), port=free.getsockname()[1])
    with Connection(gone, {}) as connection, pytest.raises(ServerError, match="no mail server at 127") as caught:
        connection.send(mail(), ADA)
    assert not isinstance(caught.value, UnreachableError)


def test_a_server_that_went_away_may_come_back(server: MailServer, connection: Connection) -> None:
    connection.send(mail(), ADA)
    server.stop()
    with pytest.raises(WaitingMessageError, match="cut"):
        connection.send(mail(), BO)
    with pytest.raises(UnreachableError):
        connection.send(mail(), BO)
    server.start()
    connection.send(mail(), BO)
    assert [letter.to for letter in server.letters] == [ADA, BO]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("550 5.1.1 No such user", RefusedMessageError),
        ("552 5.3.4 Too large", RefusedMessageError),
        ("450 4.2.0 Greylisted", WaitingMessageError),
        ("452 4.5.3 Too many", WaitingMessageError),
        ("421 4.7.0 Closing", WaitingMessageError),
    ],
)
@pytest.mark.parametrize("command", ["rcpt", "data"])
def test_what_the_server_says_of_one_message_does_not_keep_others_back(
    server: MailServer, connection: Connection, command: str, answer: str, kind: type[Exception]
) -> None:
    setattr(server.handler, command, lambda to, _: answer if to == BO else None)
    connection.send(mail(), ADA)
    with pytest.raises(kind, match=answer[:9]):
        connection.send(mail(), BO)
    connection.send(mail(), CLEO)
    assert [letter.to for letter in server.letters] == [ADA, CLEO]


def test_a_connection_that_is_cut_after_the_message_is_made_again(server: MailServer, connection: Connection) -> None:
    server.handler.data = lambda _, times: "cut" if times == 1 else None
    with pytest.raises(WaitingMessageError, match="cut"):
        connection.send(mail(), ADA)
    connection.send(mail(), ADA)
    assert [letter.to for letter in server.letters] == [ADA, ADA]  # the server took it twice, of which nobody knew


def test_a_sender_that_is_refused_stops_everything(server: MailServer, connection: Connection) -> None:
    server.handler.sender = "553 5.7.1 Not yours"
    with pytest.raises(ServerError, match=r"refuses the sender papers@example\.org: 5\.7\.1 Not yours"):
        connection.send(mail(), ADA)


def test_letters_beyond_ascii_in_an_address_are_sent_to_servers_that_know_them(
    server: MailServer, make_server: MakeServer
) -> None:
    to = "用户@xn--fsqu00a.example"
    with Connection(settings(server), {}) as connection:
        connection.send(mail(to=to), to)
    assert [letter.to for letter in server.letters] == [to]
    old = make_server(utf8=False)
    with Connection(settings(old), {}) as connection:
        with pytest.raises(RefusedMessageError, match="letters beyond ASCII"):
            connection.send(mail(to=to), to)
        connection.send(mail(), ADA)
    assert [letter.to for letter in old.letters] == [ADA]
