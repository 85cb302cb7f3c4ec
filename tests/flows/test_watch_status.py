"""What the watches of a workspace did."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeler.config import Workspace, find_workspace
from labeler.flows.watch_status import WatchState, watch_states
from labeler.watching.journal import Journal
from labeler.watching.schedule import folder_of


def in_workspace(folder: Path, settings: str) -> Workspace:
    (folder / "labeler.toml").write_text(settings, encoding="utf-8")
    return find_workspace()


WATCH = '[[watch]]\nname = "morning"\ninputs = ["inbox/"]\noutputs = ["digest.md"]\n'


def test_without_watches_there_is_nothing_to_tell(workspace: Path) -> None:
    assert watch_states(find_workspace()) == ([], None)


def test_settings_that_are_wrong_are_told(workspace: Path) -> None:
    ((state,), beat) = watch_states(in_workspace(workspace, WATCH + "outputz = 1\n"))
    assert (state.name, beat) == ("", None)
    assert "outputz" in (state.fault or "")


def test_a_watch_tells_its_runs_its_papers_and_what_is_unfinished(workspace: Path) -> None:
    known = in_workspace(workspace, WATCH)
    assert watch_states(known) == ([WatchState("morning")], None)
    folder = folder_of(known) / "morning"
    folder.mkdir(parents=True)
    journal = Journal(folder)
    for day in ("2026-11-26", "2026-11-27"):
        batch = {"name": f"{day}-a", "date": day, "papers": [["arxiv:1"], ["arxiv:2"]]}
        journal.note("looked", at=f"{day}T06:00:00Z", files={}, mailboxes={}, days={}, batch=batch)
    journal.note("closed", batch="2026-11-26-a")
    run = {"at": "2026-11-27T06:00:00Z", "seconds": 1.5, "papers": 2, "model": "mine@1", "done": [], "faults": []}
    journal.note("run", **run)
    ((state,), _) = watch_states(known)
    assert state.to_dict() == {
        "name": "morning", "papers": 4, "runs": [run], "unfinished": ["2026-11-27"],
        "fault": None,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["journal.jsonl"])
def test_a_journal_that_cannot_be_read_is_told(workspace: Path, name: str) -> None:
    known = in_workspace(workspace, WATCH)
    (folder_of(known) / "morning" / name).mkdir(parents=True)
    ((state,), _) = watch_states(known)
    assert state.fault
