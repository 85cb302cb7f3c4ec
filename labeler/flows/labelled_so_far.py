"""What was labelled in a workspace so far, as its history knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from labeler.config import Workspace
from labeler.errors import InputError
from labeler.history import FILE, History, KnownPapers, LabellingRun


@dataclass(frozen=True, slots=True)
class LabelledSoFar:
    """The runs in a workspace: how many, the papers that they gave (each once), the day of the first, and the last."""

    runs: int
    papers: int
    since: str
    last: LabellingRun

    def to_dict(self) -> dict[str, Any]:
        """All figures, for programs."""
        last = {key: value for key, value in self.last.to_dict().items() if key != "ids"}
        return {"runs": self.runs, "papers": self.papers, "since": self.since, "last": last}


def labelled_so_far(workspace: Workspace) -> tuple[LabelledSoFar | None, list[str]]:
    """What was labelled in a workspace, None where nothing was; and messages about what of it cannot be read."""
    try:
        runs, faults = History(workspace.private / FILE).runs()
    except InputError as error:
        return None, [str(error)]
    if not runs:
        return None, faults
    first, last = min(runs, key=_began), max(runs, key=_began)
    return LabelledSoFar(len(runs), len(KnownPapers(runs)), first.day, last), faults


def _began(run: LabellingRun) -> str:
    return run.at
