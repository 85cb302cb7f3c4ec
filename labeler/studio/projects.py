"""The projects of a workspace on a server: found, opened and made."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from labeler.errors import ServerError
from labeler.studio.description import Offer, description, model_in, offers_in, workspace_in
from labeler.studio.project import AS_SENT, ORDERED, Project
from labeler.studio.server import GoneError, Server, everything

if TYPE_CHECKING:
    from label_studio_sdk import LabelStudio

_OPTIONS: dict[str, Any] = {"show_skip_button": True, "enable_empty_annotation": True, "show_collab_predictions": True}


def find_projects(server: Server, workspace: str, review: bool = False) -> list[Project]:
    """The projects of a workspace, or of its ``review``: those with tasks first, in the order of their creation.

    There is normally one; two clones that pushed at the same time may have created two.
    """
    try:
        numbers: list[int] = server.request("looking for the project", lambda sdk: _numbers_of(sdk, workspace, review))
    except GoneError as error:
        raise ServerError(
            f"there is no Label Studio at {server.url}", "write its address as in http://127.0.0.1:8080"
        ) from error
    projects = []
    for number in numbers:
        with suppress(GoneError):  # another clone has removed it meanwhile
            projects.append(open_project(server, number, workspace, review))
    return projects


def open_project(server: Server, number: int, workspace: str, review: bool = False) -> Project:
    """The project with this id.

    Raises:
        GoneError: there is none.
    """

    def read(sdk: LabelStudio) -> Project:
        project: Any = sdk.projects.get(id=number)
        created_at = project.created_at.isoformat() if project.created_at else ""
        about = str(project.description or "")
        texts = str(project.label_config or ""), str(project.model_version or "")
        return Project(server, number, created_at, workspace, *texts, offers_in(about), model_in(about), review)

    return server.request("reading the project", read)


def _numbers_of(sdk: LabelStudio, workspace: str, review: bool) -> list[int]:
    """The numbers of a workspace's projects: those with tasks first, and in the order of their creation."""
    listed = everything(sdk.projects.list(include="id,description,task_number", page_size=100))
    ours = [item for item in listed if item.id and workspace_in(str(item.description or ""), review) == workspace]
    return [number for _, number in sorted((not item.task_number, int(item.id)) for item in ours)]


def create_single_project(
    server: Server, workspace: str, title: str, label_config: str, offered: Sequence[str], review: bool = False
) -> Project:
    """Create a project for a workspace, or for its ``review``; where there are two, delete the second.

    Another clone may create one at the same time. The server itself may create two: it repeats a request when its
    database was busy.
    """
    create_project(server, workspace, title, label_config, offered, review)
    first, *others = find_projects(server, workspace, review)
    for other in others:
        with suppress(GoneError):
            if not other.task_count():
                server.request("removing a second project", lambda sdk, number=other.id: sdk.projects.delete(id=number))  # type: ignore[misc]
    return first


def create_project(
    server: Server, workspace: str, title: str, label_config: str, offered: Sequence[str], review: bool = False
) -> Project:
    """Create a project for a workspace, or for its ``review``."""
    about = description(workspace, (Offer(datetime.fromtimestamp(0, UTC), tuple(offered)),), review=review)
    order = AS_SENT if review else ORDERED
    project: Any = server.request(
        "making the project",
        lambda sdk: sdk.projects.create(
            title=title, label_config=label_config, description=about, sampling=order, **_OPTIONS
        ),
        again=False,
    )
    return open_project(server, project.id, workspace, review)
