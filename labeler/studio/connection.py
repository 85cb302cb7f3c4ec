"""Which Label Studio server a workspace works with."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from labeler.config import Workspace
from labeler.errors import InputError, NotFoundError, RefusedError
from labeler.files import os_message, read_text, try_lock, write_text
from labeler.patterns import pattern
from labeler.studio.local import LocalStudio
from labeler.studio.project import Project
from labeler.studio.projects import find_projects, open_project
from labeler.studio.pull_state import known_project
from labeler.studio.server import KEY_VARIABLE, URL_VARIABLE, GoneError, Server, checked_address

_ID = pattern(r"^[ \t]*(\w+)[ \t\r]*$", re.MULTILINE)


class NoServerError(NotFoundError):
    """No Label Studio server is known to a workspace. (One that is known, but has no key, is another error.)"""


def server_of(workspace: Workspace) -> Server:
    """The server that the environment names, else the settings, else the one that ``labeler studio start`` runs.

    Raises:
        NoServerError: no server is known.
        NotFoundError: there is no token for it.
        UsageError: its address holds a password.
        ServerError: its address is none, or it does not accept the token.
    """
    own = LocalStudio(workspace.private / "studio")
    local = own.credentials()
    named = os.environ.get(URL_VARIABLE) or workspace.settings.studio_url or (local.url if local else "")
    if not named.strip() and own.kept.exists():
        raise NotFoundError(
            f"there is no key for the Label Studio server of this workspace: {own.kept} cannot be read",
            f"restore that file, or name the server in {URL_VARIABLE} and a key in {KEY_VARIABLE}",
        )
    if not named.strip():
        raise NoServerError(
            "no Label Studio server is known here",
            f"start one with `labeler studio start`, or name yours in {URL_VARIABLE} and its key in {KEY_VARIABLE}",
        )
    url = checked_address(named)
    key = os.environ.get(KEY_VARIABLE) or (local.token if local and local.url == url else "")
    if not key:
        raise NotFoundError(
            f"there is no key for Label Studio at {url}",
            f"put one in {KEY_VARIABLE}; Account & Settings > Personal Access Token in Label Studio gives one",
        )
    return Server(url, key)


@contextmanager
def push_lock(workspace: Workspace) -> Iterator[None]:
    """A lock, so that only one process of this workspace at a time changes what is on the server.

    Raises:
        RefusedError: another process has the lock.
        InputError: the lock's file cannot be written.
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


def projects_of(workspace: Workspace, server: Server, review: bool = False) -> list[Project]:
    """The workspace's projects on a server, the one to work with first; none where nothing was pushed yet.

    With ``review`` they are those in which judged papers are judged once more.

    A project is found by the workspace's id in its description; where clones made one each, by any of these. If the
    description was edited, it is found by its number, and by the time when it was created.
    """
    identifiers = workspace_ids(workspace)
    projects = [project for one in identifiers for project in find_projects(server, one, review)]
    known = known_project(workspace, review) if identifiers and not projects else None
    if known is not None:
        with suppress(GoneError):
            project = open_project(server, known.project, identifiers[0], review)
            return [project] if project.created_at == known.made else []
    return projects


def known_server(workspace: Workspace) -> Server | None:
    """The server of :func:`server_of`; None where no server is known.

    Raises:
        NotFoundError: there is no token for it.
        UsageError: its address holds a password.
        ServerError: its address is none, or it does not accept the token.
    """
    try:
        return server_of(workspace)
    except NoServerError:
        return None


def workspace_ids(workspace: Workspace) -> list[str]:
    """The ids in the descriptions of a workspace's projects, that of the project to work with first.

    There is normally one, the same in every clone. Two clones that first pushed apart from each other made one each:
    git joins their lines, and what it writes between them where it was not told to is no id.
    """
    path = _id_file(workspace)
    return list(dict.fromkeys(_ID.findall(read_text(path)))) if path.is_file() else []


def workspace_id(workspace: Workspace, create: bool = True) -> str | None:
    """The id in the description of the project that the workspace works with.

    Where there is none yet, it is created; with ``create=False``, None is returned.
    """
    known = workspace_ids(workspace)
    if known or not create:
        return known[0] if known else None
    from uuid import uuid4

    identifier = uuid4().hex
    write_text(_id_file(workspace), identifier + "\n")
    return identifier


def _id_file(workspace: Workspace) -> Path:
    return workspace.root / "annotations" / "workspace.id"
