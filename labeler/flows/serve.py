"""Serve the current model as a Label Studio ML backend: predictions for tasks, and training on request."""

from __future__ import annotations

import base64
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from labeler.config import Workspace
from labeler.errors import LabelerError, NotFoundError
from labeler.modelstore import ModelStore
from labeler.papers import Paper
from labeler.studio.connection import projects_of, server_of
from labeler.studio.interface import names_in
from labeler.studio.predictions import ORDER_ALONE
from labeler.studio.project import Project
from labeler.studio.project_tasks import paper_in
from labeler.studio.tasks import blind
from labeler.suggest.advice import Adviser, advice, adviser_of
from labeler.topics import Scheme, load_checked_scheme

TITLE = "labeler"


@dataclass(frozen=True, slots=True)
class _Loaded:
    """The scheme and the model that predictions are made with; ``stamp`` is the state of the files they come from."""

    stamp: tuple[int, ...]
    scheme: Scheme
    adviser: Adviser


class CurrentModel:
    """The model that a workspace uses now. A new one replaces it as a whole, between two requests.

    Raises:
        RefusedError: the topic scheme has faults, or the model is damaged.
    """

    def __init__(self, workspace: Workspace, say: Callable[[str], None] = lambda _: None) -> None:
        self._workspace, self._say = workspace, say
        self._changing = threading.Lock()
        self._failed: tuple[int, ...] = ()  # the state of files that could not be used
        self._loaded = self._load()
        self._trainer = Trainer(workspace.root, say)

    def version(self) -> str:
        """The model version of the predictions made now."""
        return self._current().adviser.label or ORDER_ALONE

    def versions(self) -> list[str]:
        """All versions of the workspace's models."""
        return [version.label for version in ModelStore(self._workspace.models).versions()] or [ORDER_ALONE]

    def train(self) -> None:
        """Begin to pull and train, in processes of their own."""
        self._trainer.request()

    def predict(self, tasks: Sequence[Any], label_config: str) -> list[dict[str, Any]]:
        """A prediction for each task. It is empty where the task has no paper or is an audit, or there is no model."""
        state = self._current()
        version = state.adviser.label or ORDER_ALONE
        papers = {position: paper for position, task in enumerate(tasks) if (paper := _paper(task))}
        suggestions = dict(zip(papers, advice(list(papers.values()), state.scheme, state.adviser), strict=True))
        offered = set(names_in(label_config)) or set(state.scheme.offered)
        predictions = []
        for position, task in enumerate(tasks):
            suggestion = suggestions.get(position)
            if suggestion is None or _is_audit(task):
                predictions.append(blind(suggestion.rank if suggestion else 0.0, version))
            else:
                shown = replace(suggestion, topics=tuple(topic for topic in suggestion.topics if topic in offered))
                predictions.append(shown.prediction(suggestion.rank, version))
        return predictions

    def _current(self) -> _Loaded:
        """The model that is loaded, after loading it anew if the files have changed.

        While one thread loads the new model, others use the old one.
        """
        stamp = self._stamp()
        if stamp not in (self._loaded.stamp, self._failed) and self._changing.acquire(blocking=False):
            try:
                self._loaded = self._load()
                self._say(f"Suggestions are by {self._loaded.adviser.label or 'no model'} now.")
            except LabelerError as error:
                self._failed = stamp
                self._say(f"The model stays as it is: {error}")
            finally:
                self._changing.release()
        return self._loaded

    def _load(self) -> _Loaded:
        stamp = self._stamp()
        scheme = load_checked_scheme(self._workspace.topics)
        return _Loaded(stamp, scheme, adviser_of(self._workspace, scheme, None))

    def _stamp(self) -> tuple[int, ...]:
        """The times of the last change of the scheme, of the choice of model, and of that model."""
        models = self._workspace.models
        chosen = (ModelStore(models).current() or "").partition("@")
        manifest = models / chosen[0] / chosen[2] / "manifest.json"
        return tuple(map(_modified_at, (self._workspace.topics, models / "CURRENT", manifest)))


class Trainer:
    """Pulls and trains in processes of their own. Only one training runs at a time, whatever the number of requests."""

    def __init__(self, root: Path, say: Callable[[str], None]) -> None:
        self._root, self._say = root, say
        self._lock = threading.Lock()
        self._running = self._again = False

    def request(self) -> None:
        """Train once more: now, or after the training that is running."""
        with self._lock:
            self._again = True
            if not self._running:
                self._running = True
                threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._again:
                    self._running = False
                    return
                self._again = False
            for command in ("pull", "train"):
                process = subprocess.run(
                    [sys.executable, "-m", "labeler", command, "--workspace", str(self._root)],
                    stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                )  # fmt: skip
                self._say(process.stderr.strip())
                if process.returncode:
                    break


def connect(workspace: Workspace, url: str, user: str, password: str, version: str) -> Project:
    """Connect an ML backend that listens at ``url`` to the workspace's project. A second call connects it anew.

    The server creates a webhook without credentials, unless one with that address exists already. So ours, which is
    never called, is created first. The server also sets the project's model version to the backend's title; where
    there are predictions of ``version``, and not of another model of that label, it is set back to that.

    Raises:
        NotFoundError: no server is known, or nothing was pushed yet.
        ServerError: the server cannot reach the backend, or failed.
    """
    server = server_of(workspace)
    project = next(iter(projects_of(workspace, server)), None)
    if project is None:
        raise NotFoundError(f"nothing was pushed to {server.url} yet", "begin with `labeler push DIGEST`")
    number, hook = project.id, f"{url}/webhook"
    headers = {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}

    def clear(sdk: Any) -> None:
        for backend in sdk.ml.list(project=number):
            if backend.url.rstrip("/") == url:
                sdk.ml.delete(id=backend.id)
        for webhook in sdk.webhooks.list(project=str(number)):
            if webhook.url == hook:
                sdk.webhooks.delete(id=webhook.id)

    server.request("removing the connection of before", clear)
    server.request(
        "making a webhook",
        lambda sdk: sdk.webhooks.create(url=hook, project=number, headers=headers, is_active=False, send_payload=False),
        again=False,
    )
    server.request(
        "connecting the ML backend",
        lambda sdk: sdk.ml.create(
            project=number, url=url, title=TITLE, auth_method="BASIC_AUTH", basic_auth_user=user,
            basic_auth_pass=password,
        ),
        again=False,
    )  # fmt: skip
    if _may_be_of(project, workspace, version) and project.prediction_counts().get(version):
        project.use_model(version)
    return project


def _may_be_of(project: Project, workspace: Workspace, version: str) -> bool:
    """Whether the project's predictions of ``version`` are of the model that is called so here, as far as is known."""
    if version == ORDER_ALONE or not project.model:
        return True
    return project.model == ModelStore(workspace.models).find(version).identity


def _paper(task: Any) -> Paper | None:
    data = task.get("data") if isinstance(task, dict) else None
    try:
        return paper_in(data) if isinstance(data, dict) else None
    except ValueError:
        return None


def _is_audit(task: Any) -> bool:
    meta = task.get("meta")
    request = meta.get("asked") if isinstance(meta, dict) else None
    return bool(isinstance(request, dict) and request.get("audit"))


def _modified_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
