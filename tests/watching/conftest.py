"""What tests of watches share: a workspace that watches a folder, and digests that arrive in it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.mail.conftest import MakeServer, certificate, make_server
from tests.mail.server import MailServer

__all__ = ["certificate", "make_server"]

SETTINGS = """
[[watch]]
name = "morning"
inputs = ["inbox/"]
outputs = ["digest.md", "days/{date}.jsonl", "latest.jsonl"]
"""


@pytest.fixture
def watched(workspace: Path) -> Path:
    """A workspace that watches the folder ``inbox``, and is the current folder."""
    (workspace / "inbox").mkdir()
    watch_with(workspace, SETTINGS)
    return workspace


@pytest.fixture
def post(make_server: MakeServer) -> MailServer:
    """A mail server without encryption."""
    return make_server()


def watch_with(workspace: Path, settings: str) -> None:
    """Write the settings of the watches."""
    (workspace / "labeler.toml").write_text(settings, encoding="utf-8")


def arrive(workspace: Path, name: str, titles: Sequence[str]) -> Path:
    """A digest of papers with these titles, in the inbox."""
    path = workspace / "inbox" / name
    lines = (json.dumps({"title": title, "abstract": f"We study {title.lower()} at length."}) for title in titles)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def titles_in(path: Path) -> list[str]:
    """The titles of the labelled papers in a file of JSON lines."""
    return [json.loads(line)["title"] for line in path.read_text(encoding="utf-8").splitlines()]


def journal_of(workspace: Path, name: str = "morning") -> list[dict[str, Any]]:
    """The lines of the journal of a watch."""
    path = workspace / ".labeler" / "watch" / name / "journal.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def batches_of(workspace: Path, name: str = "morning") -> list[list[str]]:
    """The titles of the papers of each batch of a watch, in the order of the journal."""
    folder = workspace / ".labeler" / "watch" / name / "batches"
    noted = [event["batch"] for event in journal_of(workspace, name) if event["event"] == "looked" and event["batch"]]
    return [titles_in(folder / f"{batch['name']}.jsonl") for batch in noted]
