"""What was labelled in a workspace so far."""

from __future__ import annotations

from pathlib import Path

from labeler.config import find_workspace
from labeler.flows.labelled_so_far import labelled_so_far
from labeler.history import FILE, History, LabellingRun


def test_runs_are_counted_and_each_paper_once(workspace: Path) -> None:
    known = find_workspace()
    assert labelled_so_far(known) == (None, [])
    history = History(known.make_private() / FILE)
    for at, ids in (("2026-11-27T06:00:00Z", "1"), ("2026-11-26T06:00:00Z", "1"), ("2026-11-25T06:00:00Z", "2")):
        history.append(LabellingRun(at, ("a.txt",), "mine@1", 1, ids=[[f"arxiv:{ids}", "abstract:00000000"]]))
    found, faults = labelled_so_far(known)
    assert found is not None
    assert (found.runs, found.papers, found.since, found.last.at) == (3, 2, "2026-11-25", "2026-11-27T06:00:00Z")
    assert "ids" not in found.to_dict()["last"]
    assert faults == []


def test_what_cannot_be_read_is_told(workspace: Path) -> None:
    known = find_workspace()
    (known.make_private() / FILE).write_text("{}\n")
    found, (fault,) = labelled_so_far(known)
    assert found is None
    assert FILE in fault
    (known.private / FILE).unlink()
    (known.private / FILE).mkdir()
    assert len(labelled_so_far(known)[1]) == 1
