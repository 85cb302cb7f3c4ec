"""A real SMTP server on loopback, which keeps what it is given and answers as a test wants it to."""

from __future__ import annotations

import email
import email.policy
import ssl
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "papers", "for a test"
Answer = Callable[[str, int], str | None]


@dataclass
class Letter:
    """A message that the server took: for whom, and what it is."""

    to: str
    data: bytes

    @property
    def message(self) -> EmailMessage:
        return cast("EmailMessage", email.message_from_bytes(self.data, policy=email.policy.default))


@dataclass
class Handler:
    """Keeps messages. ``rcpt`` and ``data`` give an answer of their own for an address and how often it was asked,
    ``sender`` is one to all senders. ``taken`` is called between taking a message and saying so."""

    rcpt: Answer = lambda _, __: None
    data: Answer = lambda _, __: None
    sender: str = ""
    taken: Callable[[str], object] = lambda _: None
    letters: list[Letter] = field(default_factory=list)
    asked: dict[tuple[str, str], int] = field(default_factory=dict)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.sender or "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.rcpt(address, self._count("rcpt", address))
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        (to,) = envelope.rcpt_tos
        answer = self.data(to, self._count("data", to))
        if answer and not answer.startswith("cut"):
            return answer
        self.letters.append(Letter(to, bytes(envelope.original_content or b"")))
        self.taken(to)
        if answer:  # the message was taken, and nobody hears of it
            assert server.transport is not None
            server.transport.abort()
        return "250 OK"

    def _count(self, what: str, address: str) -> int:
        self.asked[what, address] = self.asked.get((what, address), 0) + 1
        return self.asked[what, address]


class _AnyPort(Controller):
    """Listens at a port that is free."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class MailServer:
    """A server with STARTTLS, TLS or neither, as ``security`` in the settings says, and with ``users`` or without."""

    def __init__(
        self,
        certificate: tuple[Path, Path],
        security: str = "none",
        users: bool | tuple[str, str] = False,
        utf8: bool = True,
    ) -> None:
        self.handler = Handler()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*certificate)
        options: dict[str, Any] = {"enable_SMTPUTF8": utf8}
        if security == "tls":
            options["ssl_context"] = context
        elif security == "starttls":
            options |= {"tls_context": context, "require_starttls": True}
        if users:
            known = (USER, PASSWORD) if users is True else users
            options |= {"authenticator": _Users(*known), "auth_required": True}
            options["auth_require_tls"] = security == "starttls"
        self._options, self._port = options, 0
        self._controller: _AnyPort | None = None

    @property
    def port(self) -> int:
        return self._port

    @property
    def letters(self) -> list[Letter]:
        return self.handler.letters

    def start(self) -> None:
        """Start it, or start it again at the port where it was."""
        self._controller = _AnyPort(self.handler, hostname="127.0.0.1", port=self._port, **self._options)
        self._controller.start()
        self._port = self._controller.port

    def listen_no_longer(self) -> None:
        """Refuse new connections, as a server that goes down; called in its own thread."""
        assert self._controller is not None
        self._controller.server.close()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
        self._controller = None


class _Users:
    """The one user of a server."""

    def __init__(self, user: str, password: str) -> None:
        self._known = (user.encode(), password.encode())

    def __call__(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        is_known = isinstance(data, LoginPassword) and (data.login, data.password) == self._known
        return AuthResult(success=is_known, handled=is_known)


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine that signs itself, and its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout",
         key, "-out", certificate, "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate, key
