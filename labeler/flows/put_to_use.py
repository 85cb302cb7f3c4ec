"""Where a new version comes from, what it lacks that the one before had, and whether it is put to use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from labeler.config import Workspace
from labeler.errors import LabelerError
from labeler.evaluation.frozen import FILE
from labeler.evaluation.gate import passage
from labeler.evaluation.judged import JudgedSet
from labeler.flows.learned_tables import places as tables_at
from labeler.git import commit_of
from labeler.judgements import JudgedPaper
from labeler.judgements.tables import Tables
from labeler.modelstore import ModelStore, Version
from labeler.score.lineage import Lineage, Passage
from labeler.score.manifest import TrainingState
from labeler.score.persistence import load_model
from labeler.topics import Scheme
from labeler.wording import counted

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


def omissions(former: Version, unread: int, state: TrainingState) -> list[str]:
    """Notes on data that the ``former`` version had and a training on a ``state`` and ``unread`` papers has not."""
    notes = []
    training = former.manifest.training
    if not unread and training.figures.unlabeled:
        notes.append(
            f"{former.label} had learned from {counted(training.figures.unlabeled, 'unread paper')}, too; "
            "this one has none: name them with --unread, or once and for all under [train] in labeler.toml"
        )
    if state.tables is None and training.state and training.state.tables:
        files = ", ".join(name for name, _ in training.state.tables.files[:3])
        notes.append(
            f"{former.label} had learned from tables, too ({files}); this one has none: name them with --table"
        )
    apart = training.state.evaluation_set if training.state else ""
    if apart not in {"", state.evaluation_set}:
        rest = "other papers" if state.evaluation_set else "none, so that this version learned from all"
        notes.append(
            f"annotations/{FILE} does not name the papers that were kept apart from {former.label}, but {rest}: "
            "figures on them can no longer be compared; if the file was lost or cut, restore it and train again"
        )
    return notes


def not_learned(version: Version, labelled: Sequence[JudgedPaper]) -> int:
    """How many of the labelled papers a version has not learned from, as far as it knows its papers."""
    if version.shipped:
        return len(labelled)
    model = load_model(version.folder)
    if model.learned is None:
        return max(0, len(labelled) - version.manifest.training.figures.labelled)
    return sum(not model.has_learned_from(item.paper.ids) for item in labelled)


def refusal(store: ModelStore, version: Version) -> str:
    """Why a version is not in use: it is worse than the one that is. Empty where that is not the reason.

    One that was in use before all the same, and is no longer, is not so by this reason.
    """
    lineage = version.manifest.training.lineage
    found = lineage.passage if lineage else None
    is_refused = found is not None and found.is_worse and store.current() == found.former
    return found.sentence(version.label) if found and is_refused and not store.was_accepted(version) else ""


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
