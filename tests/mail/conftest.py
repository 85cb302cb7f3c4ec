"""Mail servers for tests, and a workspace with subscribers."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.mail.server import MailServer, make_certificate

MakeServer = Callable[..., MailServer]


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for this machine, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed, which makes the certificate of the mail server")
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def make_server(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeServer]:
    """Starts a mail server, whose certificate is trusted: ``make_server("starttls", users=True)``."""
    pytest.importorskip("aiosmtpd", reason="aiosmtpd is not installed")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    started: list[MailServer] = []

    def make(security: str = "none", users: bool | tuple[str, str] = False, utf8: bool = True) -> MailServer:
        server = MailServer(certificate, security, users, utf8)
        server.start()
        started.append(server)
        return server

    yield make
    for server in started:
        server.stop()


@pytest.fixture
def server(make_server: MakeServer) -> MailServer:
    """A mail server without encryption."""
    return make_server()
