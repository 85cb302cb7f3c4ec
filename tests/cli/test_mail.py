"""The command mail: what is said of what became of the messages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labeler.cli.mail import _record, _text
from labeler.flows.mail import Mailed
from tests.cli.test_app import one_line
from tests.conftest import Labeler
from tests.mail.factories import write_settings


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"sent": ["a", "b"]}, "24 papers: sent 2 messages."),
        ({"sent": ["a"], "before": ["b"]}, "24 papers: sent 1 message (1 had it before)."),
        (
            {"empty": ["a"], "waiting": ["b", "c"]},
            "24 papers: sent 0 messages (1 get nothing, as no paper is for them; 2 wait for the next run).",
        ),
    ],
)
def test_what_was_done_is_a_sentence(fields: dict[str, list[str]], text: str) -> None:
    assert _text(Mailed("digest", 24, **fields), None) == text  # type: ignore[arg-type]


def test_a_dry_run_says_where_the_messages_are() -> None:
    mailed = Mailed("digest", 1, files=["out/001.eml"])
    assert _text(mailed, Path("out")) == "1 paper: wrote 1 message into out, sent none."
    assert json.loads(json.dumps(_record(mailed)))["files"] == ["out/001.eml"]


def test_messages_are_written_and_nothing_is_noted(labeler: Labeler, trained: Path, digest: Path) -> None:
    write_settings(trained, None)
    outcome = labeler("mail", digest, "--dry-run", "out")
    assert outcome.code == 0, outcome.err
    assert "24 papers: wrote 2 messages into out, sent none." in outcome.err
    assert sorted(path.name for path in Path("out").iterdir()) == ["001-ada@example.org.eml", "002-bo@example.org.eml"]
    assert not (trained / ".labeler" / "mail.jsonl").exists()


def test_without_settings_or_a_digest_it_is_told(labeler: Labeler, trained: Path, digest: Path) -> None:
    outcome = labeler("mail", digest)
    assert outcome.code == 3
    assert "[mail]" in one_line(outcome.err)
    write_settings(trained, None)
    assert labeler("mail", "missing.txt", "--dry-run", "out").code == 3
    assert not Path("out").exists()
