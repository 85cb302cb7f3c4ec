"""Settings of mail for tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.mail.server import MailServer

ADA, BO, CLEO = "ada@example.org", "bo@example.org", "cleo@example.org"


def write_settings(
    workspace: Path, server: MailServer | None, addresses: Sequence[str] = (ADA, BO), mail: str = "", each: str = ""
) -> None:
    """Settings of a workspace that mail these addresses; ``mail`` and ``each`` are further lines."""
    port = server.port if server else 2525
    lines = [
        f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nsender = "papers@example.org"\n{mail}\n',
        *(f'[[mail.subscriber]]\naddress = "{address}"\n{each}\n' for address in addresses),
    ]
    (workspace / "labeler.toml").write_text("".join(lines), encoding="utf-8")
