"""Which Label Studio server a workspace works with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from labeler.config import Workspace
from labeler.errors import InputError, NotFoundError, RefusedError
from labeler.files import os_message, read_text, try_lock, write_text
from labeler.studio.local import LocalStudio
from labeler.studio.project import Project, find_projects, open_project
from labeler.studio.pull_state import known_project
from labeler.studio.server import KEY_VARIABLE, GoneError, Server, without_password

URL_VARIABLE = "LABEL_STUDIO_URL"


def server_of(workspace: Workspace) -> Server:
    """The server that the environment names, else the settings, else the one that ``labeler studio start`` runs.

    Raises:
        NotFoundError: none is known, or there is no key for it.
        UsageError: its address holds a password.
        ServerError: it does not let us in.
    """
    own = LocalStudio(workspace.private / "studio").credentials()
    url = without_password(os.environ.get(URL_VARIABLE) or workspace.settings.studio_url or (own.url if own else ""))
    if not url:
        raise NotFoundError(
            "no Label Studio server is known here",
            f"start one with `labeler studio start`, or name yours in {URL_VARIABLE} and its key in {KEY_VARIABLE}",
        )
    key = os.environ.get(KEY_VARIABLE) or (own.token if own and own.url == url.rstrip("/") else "")
    if not key:
        raise NotFoundError(
            f"there is no key for Label Studio at {url}",
            f"put one in {KEY_VARIABLE}; Account & Settings > Personal Access Token in Label Studio gives one",
        )
    return Server(url, key)


@contextmanager
def alone(workspace: Workspace) -> Iterator[None]:
    """Only one process of this workspace at a time changes what is on the server.

    Raises:
        RefusedError: another one is at it.
    """
    path = workspace.make_private() / "push.lock"
    try:
        stream = path.open("a+b")
    except OSError as error:
        raise InputError(f"cannot write {path}: {os_message(error)}", "check its permissions") from error
    with stream:
        if not try_lock(stream):
            raise RefusedError(f"another push is at work in {workspace.root}", "wait until it has ended")
        yield


def projects_of(workspace: Workspace, server: Server) -> list[Project]:
    """The workspace's projects on a server, the one to work with first; none where nothing was pushed yet.

    One whose description was edited, so that it is not found by that, is known by its number and age.
    """
    own = workspace_id(workspace, make=False)
    if own is None:
        return []
    found = find_projects(server, own)
    known = None if found else known_project(workspace)
    if known is not None:
        with suppress(GoneError):
            project = open_project(server, known.project, own)
            return [project] if project.made == known.made else []
    return found


def workspace_id(workspace: Workspace, make: bool = True) -> str | None:
    """What a workspace's project is recognised by, the same in every clone; made when it is first needed."""
    path = workspace.root / "annotations" / "workspace.id"
    if path.is_file():
        return read_text(path).strip() or None
    if not make:
        return None
    from uuid import uuid4

    made = uuid4().hex
    write_text(path, made + "\n")
    return made
