"""What was pulled before: which annotations of which project, and up to when. Kept on this machine alone."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from labeler.config import Workspace
from labeler.files import write_text
from labeler.judgements import Judgement, JudgementLog
from labeler.judgements.labels import standing


@dataclass
class PullState:
    """Of a project, the annotations seen in each task, and when the last one that was seen had changed.

    An annotation is known by number and time: SQLite gives numbers again. Without the state everything is read again,
    and nothing else is lost.
    """

    server: str
    project: int
    cursor: str = ""
    annotations: dict[str, list[str]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many annotations were seen."""
        return sum(map(len, self.annotations.values()))


def mark(number: object, created_at: object) -> str:
    """What an annotation is known by."""
    return f"{number} {created_at}"


def load_state(workspace: Workspace, server: str, project: int) -> PullState:
    """The state of this project; an empty one where there is none, or it cannot be read."""
    try:
        told = json.loads((workspace.private / "pull.json").read_text(encoding="utf-8"))
        state = PullState(**told)
        if (state.server, state.project) == (server, project) and isinstance(state.annotations, dict):
            return state
    except (OSError, ValueError, TypeError):
        pass
    return PullState(server, project)


def save_state(workspace: Workspace, state: PullState) -> None:
    """Keep the state for the next pull."""
    workspace.private.mkdir(exist_ok=True)
    write_text(workspace.private / "pull.json", json.dumps(asdict(state)))


def live(workspace: Workspace, server: str, project: int | None = None) -> list[Judgement]:
    """The judgements in the log that were pulled from a server (and project) and are not withdrawn."""
    every = standing(JudgementLog(workspace.judgements).read().judgements)
    return [
        judgement
        for judgement in every
        if judgement.status != "withdrawn"
        and judgement.source.get("server") == server
        and project in (None, judgement.source.get("project"))
    ]


def known_project(workspace: Workspace, server: str) -> int | None:
    """The project on a server that this workspace has worked with before, as far as is known here."""
    try:
        told = json.loads((workspace.private / "pull.json").read_text(encoding="utf-8"))
        if told["server"] == server:
            return int(told["project"])
    except (OSError, ValueError, TypeError, LookupError):
        pass
    return next((judgement.source.get("project") for judgement in reversed(live(workspace, server))), None)
