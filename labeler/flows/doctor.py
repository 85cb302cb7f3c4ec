"""What is installed, and what in a workspace is wrong, out of reach or stale, and what to do. Nothing is changed."""

from __future__ import annotations

import os
import platform
import re
import shutil
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, requires, version
from typing import NamedTuple

from labeler.config import Workspace
from labeler.errors import LabelerError
from labeler.files import os_message
from labeler.flows.status import Status, status
from labeler.judgements import read_log
from labeler.modelstore import ModelStore, shipped_versions
from labeler.score.persistence import load_model
from labeler.studio.connection import known_server
from labeler.temporary import left_behind
from labeler.wording import counted

_ROOM = 1 << 30  # bytes; a server of one's own and a training write a few hundred megabytes
_LATE = timedelta(days=1)  # by which a clock may go wrong before anybody has to know
_QUIET = timedelta(days=3)  # without a run of a watch
_REQUIRED = re.compile(r"^([A-Za-z0-9._-]+)")
_EXTRA = re.compile(r"""extra\s*==\s*['"](\w+)['"]""")
_FOR_USERS = ("parquet", "report", "serve", "dask")


class Verdict(StrEnum):
    """How a thing is found."""

    FINE = "fine"
    LOOK = "look"  # nothing is broken, but somebody should know
    WRONG = "wrong"


class Finding(NamedTuple):
    """One thing that was looked at: its ``verdict``, what it is and how it is, and what to ``do``."""

    verdict: Verdict
    what: str
    do: str = ""


def fine(what: str) -> Finding:
    """A thing that is as it should be."""
    return Finding(Verdict.FINE, what)


def look(what: str, do: str) -> Finding:
    """A thing that somebody should know of."""
    return Finding(Verdict.LOOK, what, do)


def wrong(what: str, do: str) -> Finding:
    """A thing that is broken."""
    return Finding(Verdict.WRONG, what, do)


def installation() -> Iterator[Finding]:
    """Python, labeler, the packages it needs, its extras, and the files that come with it."""
    yield fine(f"labeler {version('labeler')}, Python {platform.python_version()} on {platform.system()}")
    missing, extras = [], dict.fromkeys(_FOR_USERS, True)
    for requirement in requires("labeler") or []:
        name, extra = _REQUIRED.match(requirement), _EXTRA.search(requirement)
        if name is None or (extra and extra[1] not in extras) or "python_version" in requirement:
            continue
        if not _is_installed(name[1]):
            if extra:
                extras[extra[1]] = False
            else:
                missing.append(name[1])
    if missing:
        yield wrong(
            f"packages are missing: {', '.join(missing)}", "install labeler anew: pip install --force-reinstall"
        )
    has = [name for name, is_there in extras.items() if is_there]
    lacks = [name for name, is_there in extras.items() if not is_there]
    more = f"; not installed: {', '.join(lacks)} (pip install 'labeler[{','.join(lacks)}]')" if lacks else ""
    yield fine(f"extras: {', '.join(has) or 'none'}{more}")
    yield _shipped()


def _shipped() -> Finding:
    from labeler.drift.fields import shipped_fields
    from labeler.features.background import shipped

    try:
        shipped(), shipped_fields()
        load_model(shipped_versions()[-1].folder, verify=True)
    except (LabelerError, OSError, LookupError, ValueError) as error:
        return wrong(f"files that come with labeler are damaged ({error})", "install labeler anew")
    return fine("the model and the background that come with labeler are whole")


def _is_installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _places(workspace: Workspace) -> Iterator[Finding]:
    """Whether folders can be written to, are private where they must be, and have room."""
    private = workspace.private
    for folder in (workspace.root, workspace.judgements.parent, workspace.models, private):
        if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
            yield wrong(f"{folder} cannot be written to", f"give yourself the right: chmod u+rwx {folder}")
    for secret in (private / "studio" / "credentials.json", private / "pseudonyms.key"):
        if secret.exists() and stat.S_IMODE(secret.stat().st_mode) & 0o077:
            yield wrong(f"others can read {secret}, which holds a secret", f"chmod 600 {secret}")
    free = shutil.disk_usage(workspace.root).free
    if free < _ROOM:
        yield look(f"the disk has {free >> 20} MB left", "make room: a training or a server needs some hundred MB")
    ignored = workspace.root / ".gitignore"
    if (workspace.root / ".git").exists() and ".labeler/" not in (ignored.read_text() if ignored.exists() else ""):
        yield wrong("git does not pass over .labeler/, which may hold secrets", "labeler init . adds what is missing")
    left = [path for folder in (workspace.root, workspace.judgements.parent, private) for path in left_behind(folder)]
    if left:
        yield look(
            f"killed processes left {counted(len(left), 'temporary file')}, such as {left[0]}",
            "the next command that writes there removes them",
        )


def _log(workspace: Workspace) -> Iterator[Finding]:
    """Whether the log can be read, and comes from a clock that goes right."""
    reading = read_log(workspace)
    yield fine(f"the log: {counted(len(reading.judgements), 'judgement')}")
    if reading.faults:
        yield wrong(
            f"{counted(len(reading.faults), 'line')} of the log cannot be read: {reading.faults[0]}",
            "mend them, or take the log of a backup: git log -p annotations/judgements.jsonl",
        )
    latest = max((one.at for one in reading.judgements), default="")
    if latest[:19] > (datetime.now(UTC) + _LATE).strftime("%Y-%m-%dT%H:%M:%S"):
        yield wrong(f"a judgement is of {latest}, which is to come", "set the clock of this machine, or of the server")


def _models(workspace: Workspace) -> Iterator[Finding]:
    """Whether the versions are whole, and the current one is there."""
    store = ModelStore(workspace.models)
    for found in store.versions():
        try:
            load_model(found.folder, verify=True)
        except LabelerError as error:
            yield wrong(f"{found.label}: {error.message}", error.hint or f"labeler models remove {found.label}")
    try:
        yield fine(f"the model in use: {store.find_or_shipped().label}")
    except LabelerError as error:
        yield wrong(error.message, error.hint or "labeler models use NAME")


def _loop(workspace: Workspace) -> Iterator[Finding]:
    """What the status tells of the topics, the server, the model and watches."""
    try:
        state = status(workspace)
    except LabelerError as error:
        yield wrong(error.message, error.hint or "labeler topics check")
        return
    yield fine(f"the scheme is sound: {counted(len(state.scheme.topics), 'topic')}")
    yield from _server(workspace, state)
    if state.unusable:
        yield wrong(f"the current model cannot be used: {state.unusable}", "labeler models use NAME, or labeler train")
    if state.behind:
        yield look(f"the model has not learned from {counted(state.behind, 'judged paper')}", "labeler train")
    for risen in state.drift:
        yield look(
            f"papers of {risen.field} became frequent, of which the model knows few", "labeler status names some"
        )
    for watch in state.watches:
        if watch.fault:
            yield wrong(f"the watch {watch.name}: {watch.fault}", "mend [[watch]] in labeler.toml")
        elif not watch.runs:
            yield look(f"the watch {watch.name} has never run", "labeler watch --once")
        elif _is_long_ago(str(watch.runs[-1].get("at", ""))):
            yield look(f"the watch {watch.name} has not run since {watch.runs[-1]['at']}", "look at cron or systemd")
        if watch.unfinished:
            yield look(
                f"the watch {watch.name} has not finished {', '.join(watch.unfinished)}", "labeler watch --once goes on"
            )


def _server(workspace: Workspace, state: Status) -> Iterator[Finding]:
    """Whether the server answers, also where nothing was pushed to it yet, and still has the project."""
    server = None if state.failure else known_server(workspace)
    if state.failure:
        yield wrong(state.failure.message, state.failure.hint or "labeler studio status")
    elif server is not None:
        server.request("asking for its version", lambda sdk: sdk.versions.get())
        yield fine(f"Label Studio answers at {server.url}")
    if state.gone:
        yield wrong(f"the project {state.gone} is no longer on the server", "labeler push --new-project makes another")


def _is_long_ago(at: str) -> bool:
    return at[:19] < (datetime.now(UTC) - _QUIET).strftime("%Y-%m-%dT%H:%M:%S")


CHECKS: tuple[Callable[[Workspace], Iterator[Finding]], ...] = (_places, _log, _models, _loop)


def findings(workspace: Workspace | None) -> Iterator[Finding]:
    """All findings, of the installation and of a workspace; a check that fails is a finding itself."""
    yield from installation()
    if workspace is None:
        yield look("no workspace here", "make one with `labeler init`, or name one with --workspace DIR")
        return
    yield fine(f"the workspace {workspace.root}")
    for check in CHECKS:
        try:
            yield from check(workspace)
        except LabelerError as error:
            yield wrong(error.message, error.hint or "see `labeler status -v`")
        except OSError as error:
            yield wrong(
                f"{error.filename or workspace.root}: {os_message(error)}", "check its permissions, and the disk"
            )
