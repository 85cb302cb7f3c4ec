"""Where a new version comes from, and whether it is put to use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from labeler.config import Workspace
from labeler.errors import LabelerError
from labeler.evaluation.gate import passage
from labeler.evaluation.judged import JudgedSet
from labeler.flows.learned_tables import places as tables_at
from labeler.git import commit_of
from labeler.judgements import JudgedPaper
from labeler.judgements.tables import Tables
from labeler.modelstore import ModelStore, Version
from labeler.score.lineage import Lineage, Passage
from labeler.score.persistence import load_model
from labeler.topics import Scheme

if TYPE_CHECKING:
    from labeler.score.model import TopicModel


def lineage_of(
    workspace: Workspace, newest: Version | None, seed: int, model: TopicModel, papers: Iterable[JudgedPaper],
    scheme: Scheme, tables: Tables | None = None,
) -> Lineage:  # fmt: skip
    """Where a ``model`` comes from that is trained now, and how it does on judged papers beside the version in use.

    ``newest`` is the newest version of its name. ``tables`` are those that it was trained on.
    """
    store = ModelStore(workspace.models)
    parent, commit = store.current_own() or newest, commit_of(workspace.root, "annotations")
    named = (parent.label, parent.fingerprint) if parent else ("", "")
    places = tables_at(tables.files, workspace.root) if tables else ()
    return Lineage(*named, seed, *(commit or ("", False)), _passage(store, model, papers, scheme), places)


def refusal(store: ModelStore, version: Version) -> str:
    """Why a version is not in use: it is worse than the one that is. Empty where that is not the reason."""
    lineage = version.manifest.training.lineage
    found = lineage.passage if lineage else None
    return found.sentence(version.label) if found and found.is_worse and store.current() == found.former else ""


def _passage(store: ModelStore, model: TopicModel, papers: Iterable[JudgedPaper], scheme: Scheme) -> Passage | None:
    """How a model does beside the one of the workspace that is in use; None where they cannot be compared."""
    former = store.current_own()
    if former is None:
        return None
    try:
        old = load_model(former.folder)
    except LabelerError:
        return None
    return passage(former.label, old, model, JudgedSet.of_papers(papers, scheme), scheme)
