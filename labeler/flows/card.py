"""The card of a model version."""

from __future__ import annotations

from labeler.config import Workspace
from labeler.errors import LabelerError
from labeler.files import read_bytes
from labeler.flows.evaluate import Judged, evaluate
from labeler.flows.scheme_today import scheme_today
from labeler.modelstore import ModelStore
from labeler.pages.card import card
from labeler.score.persistence import load_model


def card_of(workspace: Workspace | None, store: ModelStore, label: str | None) -> str:
    """The card of a version in Markdown, with its figures on the judged papers of the workspace.

    The model that comes with labeler has what its makers say of it.

    Raises:
        NotFoundError: there is no such model.
        RefusedError: the model is damaged.
    """
    version = store.find_or_shipped(label)
    model = load_model(version.folder)
    if version.shipped:
        text = read_bytes(version.folder / "report.md").decode("utf-8", "replace")
        return card(version, model, version.names, None, text.partition("\n")[2].strip())
    try:
        outcome = evaluate(workspace, store, version.label, Judged(), compare=False)
    except LabelerError:  # nothing is judged that could measure it: the card says what the training measured
        today = scheme_today(version, workspace)
        model = model if today.scheme is None else model.under(today.scheme)
        return card(version, model, version.names | dict(today.names), None)
    return card(version, outcome.found.said.model, outcome.names, outcome.found)
