"""The interface on a workspace, in this process."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

from labeler.api.app import LARGEST_BODY, application
from labeler.api.loaded import LoadedModels
from labeler.config import find_workspace
from labeler.modelstore import ModelStore


def loaded(folder: Any, said: list[str] | None = None) -> LoadedModels:
    """The models of a workspace."""
    workspace = find_workspace(str(folder))
    return LoadedModels(ModelStore(workspace.models), workspace, [].append if said is None else said.append)


def client_of(models: LoadedModels, *tokens: str, largest: int = LARGEST_BODY) -> TestClient:
    """A client of an application on the models."""
    app = application(models, tokens, largest)
    return TestClient(app, "http://127.0.0.1", raise_server_exceptions=False)
