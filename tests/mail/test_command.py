"""The command mail, with a real server of mail."""

from __future__ import annotations

import email
import email.policy
import json
from pathlib import Path

from tests.conftest import Labeler
from tests.mail.factories import ADA, BO, write_settings
from tests.mail.server import MailServer


def test_each_subscriber_gets_the_digest_once(
    labeler: Labeler, trained: Path, digest: Path, server: MailServer
) -> None:
    write_settings(trained, server)
    first = labeler("mail", digest)
    assert first.code == 0, first.err
    assert "24 papers: sent 2 messages." in first.err
    again = labeler("mail", digest, "--json")
    assert again.code == 0
    assert json.loads(again.out)["sent_before"] == [ADA, BO]
    assert [letter.to for letter in server.letters] == [ADA, BO]
    message = server.letters[0].message
    assert message["To"] == ADA
    assert message["From"] == "Papers <papers@example.org>"
    assert message["Subject"].endswith(": 24 papers")
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_a_dry_run_writes_the_messages_and_sends_and_notes_nothing(
    labeler: Labeler, trained: Path, digest: Path, server: MailServer, tmp_path: Path
) -> None:
    write_settings(trained, server)
    outcome = labeler("mail", digest, "--dry-run", tmp_path / "messages")
    assert outcome.code == 0, outcome.err
    assert server.letters == []
    assert not (trained / ".labeler" / "mail.jsonl").exists()
    files = sorted((tmp_path / "messages").iterdir())
    assert [file.name for file in files] == ["001-ada@example.org.eml", "002-bo@example.org.eml"]
    message = email.message_from_bytes(files[1].read_bytes(), policy=email.policy.default)
    assert message["To"] == BO
