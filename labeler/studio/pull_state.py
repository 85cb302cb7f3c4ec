"""What was pulled before: which annotations of which project, and up to when. Kept on this machine alone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

from labeler.config import Workspace
from labeler.files import write_text
from labeler.judgements import Judgement, JudgementLog
from labeler.judgements.labels import standing

if TYPE_CHECKING:
    from labeler.studio.project import Project


@dataclass
class PullState:
    """Of a project, the annotations seen in each task, and when the last one that was seen had changed.

    An annotation is known by number and time: SQLite gives numbers again. Without the state everything is read again,
    and nothing else is lost.
    """

    server: str
    project: int
    made: str
    scheme: str = ""
    cursor: str = ""
    annotations: dict[str, list[str]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many annotations were seen."""
        return sum(map(len, self.annotations.values()))


def mark(number: object, created_at: object) -> str:
    """What an annotation is known by."""
    return f"{number} {created_at}"


def load_state(workspace: Workspace, project: Project) -> PullState:
    """The state of this project; an empty one where there is none, or it cannot be read."""
    state = _kept(workspace)
    if state is None or (state.project, state.made) != (project.id, project.made):
        return PullState(project.server.url, project.id, project.made)
    return replace(state, server=project.server.url)


def save_state(workspace: Workspace, state: PullState) -> None:
    """Keep the state for the next pull."""
    write_text(workspace.make_private() / "pull.json", json.dumps(asdict(state)))


def remember(workspace: Workspace, project: Project) -> None:
    """Know the project from now on, though nothing was pulled from it yet."""
    state = load_state(workspace, project)
    if state != _kept(workspace):
        save_state(workspace, state)


def pulled_from(log: Iterable[Judgement], project: int, made: str) -> list[Judgement]:
    """The judgements that stand and are not withdrawn, of those that were pulled from a project, wherever it was."""
    return [
        judgement
        for judgement in standing(log)
        if judgement.status != "withdrawn"
        and (judgement.source.get("project"), judgement.source.get("project_made")) == (project, made)
    ]


def known_project(workspace: Workspace) -> PullState | None:
    """The project that this workspace has worked with before, as far as is known here."""
    state = _kept(workspace)
    if state is not None:
        return state
    for judgement in reversed(standing(JudgementLog(workspace.judgements).read().judgements)):
        told = judgement.source
        if told.get("project_made"):
            return PullState(str(told.get("server")), int(told["project"]), str(told["project_made"]))
    return None


def _kept(workspace: Workspace) -> PullState | None:
    try:
        told = json.loads((workspace.private / "pull.json").read_text(encoding="utf-8"))
        state = PullState(**told)
    except (OSError, ValueError, TypeError):
        return None
    texts = (state.server, state.made, state.scheme, state.cursor)
    usable = isinstance(state.project, int) and isinstance(state.annotations, dict)
    return state if usable and all(isinstance(text, str) for text in texts) else None
