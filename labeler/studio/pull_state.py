"""What was pulled before: which annotations of which project, and up to when. The file stays on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

from labeler.config import Workspace
from labeler.files import regular_bytes, write_text
from labeler.json_parsing import parse_json
from labeler.judgements import Judgement, JudgementLog
from labeler.judgements.judgement import ADJUDICATOR
from labeler.judgements.labels import current_judgements

if TYPE_CHECKING:
    from labeler.studio.project import Project


@dataclass
class PullState:
    """The annotations of a project that were pulled, by task, and the time of the last change among them.

    ``made`` is when the project was created, ``scheme`` a hash of the topics that annotations were read with, and
    ``cursor`` the time of the last change. An annotation is known by its number and the time it was created
    (``annotation_key``), because SQLite gives numbers again. ``forgotten`` are annotations whose annotator or paper was
    forgotten, and which are not in the log. Without the state a pull reads all annotations again;
    nothing is lost.
    """

    server: str
    project: int
    made: str
    scheme: str = ""
    cursor: str = ""
    annotations: dict[str, list[str]] = field(default_factory=dict)
    forgotten: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The project's address."""
        return f"{self.server}/projects/{self.project}"

    @property
    def total(self) -> int:
        """The number of annotations that were pulled."""
        return sum(map(len, self.annotations.values()))


def annotation_key(number: object, created_at: object) -> str:
    """The key of an annotation in the state: its number, and the time it was created."""
    return f"{number} {created_at}"


def load_state(workspace: Workspace, project: Project) -> PullState:
    """The state of this project; an empty one where there is none, or it cannot be read."""
    state = _saved_state(workspace, project.review)
    if state is None or (state.project, state.made) != (project.id, project.created_at):
        return PullState(project.server.url, project.id, project.created_at)
    return replace(state, server=project.server.url)


def save_state(workspace: Workspace, state: PullState, review: bool = False) -> None:
    """Write the state of the workspace's project, or of its ``review``, for the next pull."""
    write_text(workspace.make_private() / _file(review), json.dumps(asdict(state)))


def save_project(workspace: Workspace, project: Project) -> None:
    """Write a state for the project, so that it is known before anything was pulled from it."""
    state = load_state(workspace, project)
    if state != _saved_state(workspace, project.review):
        save_state(workspace, state, project.review)


def pulled_from(log: Iterable[Judgement], project: int, created_at: str) -> list[Judgement]:
    """The judgements pulled from a project that are neither superseded nor withdrawn, whatever its server's address."""
    return [
        judgement
        for judgement in current_judgements(log)
        if judgement.status != "withdrawn"
        and (judgement.source.get("project"), judgement.source.get("project_made")) == (project, created_at)
    ]


def known_project(workspace: Workspace, review: bool = False) -> PullState | None:
    """The project (that of the ``review``) that this workspace worked with, from the saved state or else the log."""
    state = _saved_state(workspace, review)
    if state is not None:
        return state
    for judgement in reversed(current_judgements(JudgementLog(workspace.judgements).read().judgements)):
        project, made = judgement.source.get("project"), judgement.source.get("project_made")
        if made and type(project) is int and (judgement.role == ADJUDICATOR) == review:
            return PullState(str(judgement.source.get("server")), project, str(made))
    return None


def _file(review: bool) -> str:
    return "review.json" if review else "pull.json"


def _saved_state(workspace: Workspace, review: bool) -> PullState | None:
    try:
        record = parse_json(regular_bytes(workspace.private / _file(review)))
        state = PullState(**record)
    except (OSError, ValueError, TypeError):
        return None
    texts = (state.server, state.made, state.scheme, state.cursor)
    keys = [*state.annotations.values(), state.forgotten] if isinstance(state.annotations, dict) else [None]
    usable = type(state.project) is int and all(isinstance(text, str) for text in texts)
    return state if usable and all(isinstance(part, list) and all(map(_is_text, part)) for part in keys) else None


def _is_text(value: object) -> bool:
    return isinstance(value, str)
