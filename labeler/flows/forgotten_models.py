"""Models that have learned from people or papers that were forgotten: trained again from what is left, or removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labeler.config import Workspace
from labeler.errors import LabelerError, NotFoundError
from labeler.evaluation.frozen import EvaluationSet
from labeler.flows.learned_tables import tables_of
from labeler.flows.train import train
from labeler.judgements import Judgement
from labeler.judgements.forgotten import PAPER, Tombstone, annotator_hash
from labeler.modelstore import ModelStore, Version
from labeler.papers.ids import identifier_hash
from labeler.score.manifest import TrainingRecord
from labeler.score.persistence import load_model, sweep_models
from labeler.wording import counted


@dataclass(frozen=True, slots=True)
class Renewed:
    """What became of the versions of one model: those that were ``removed``, and the one ``trained`` in their place.

    ``trained`` is None where there was none to be trained; ``failure`` says where it could not be. ``unread`` papers
    that the former one was given on the command line are not known, and were not learned from again.
    """

    removed: tuple[str, ...]
    trained: str | None = None
    failure: str = ""
    unread: int = 0

    def sentence(self, dry_run: bool = False) -> str:
        """It in words; of a dry run, what would become of them."""
        gone = ", ".join(self.removed)
        if dry_run:
            again = f"train {self.trained} from what is left, and " if self.trained else ""
            return f"Would {again}remove {gone}."
        if self.trained:
            told = f"Trained {self.trained} from what is left, and removed {gone or 'nothing'}."
            if not self.unread:
                return told
            lost = f"the {counted(self.unread, 'unread paper')} that it was given before"
            return f"{told} It has not learned from {lost}: `labeler train --unread INPUT` does so again."
        why = f" No model takes their place: {self.failure}." if self.failure else ""
        return f"Removed {gone}.{why}"


def with_traces(
    store: ModelStore, stones: Sequence[Tombstone], log: Sequence[Judgement], evaluation: EvaluationSet
) -> list[Version]:
    """The versions of a workspace that have learned from what was forgotten, or may have.

    A version knows the papers that it learned from. It may have learned from an annotator whose papers these are, and
    from a paper among unread ones or soft labels, which it does not know. ``log`` still has all lines, and
    ``evaluation`` all papers that were kept apart; where lines of an annotator are gone from the log, as where
    another clone has forgotten them, all versions may have learned from them. Those that were trained when it was
    forgotten already have not, nor those that know who was in the log, where the annotator is not among these.
    """
    return [version for version in store.versions() if any(_knows(version, one, log, evaluation) for one in stones)]


def _knows(version: Version, stone: Tombstone, log: Sequence[Judgement], evaluation: EvaluationSet) -> bool:
    """Whether a version has learned from one person, or paper, or may have."""
    training = version.manifest.training
    if stone.key in training.forgotten or _is_elsewhere(training, stone):
        return False
    try:
        learned = load_model(version.folder).learned
    except LabelerError:
        return True  # nobody can tell what is in it
    if learned is None:
        return True
    parameters, state = training.parameters, training.state
    apart = set(map(identifier_hash, evaluation.identifiers)) if state and state.evaluation_set else set()
    if stone.kind == PAPER:
        hashes = {int(one, 16) for one in stone.hashes}
        beside = bool(parameters.unlabeled or parameters.soft_labels)
        return beside or not apart.isdisjoint(hashes) or _shares(learned, hashes)
    own = [one for one in log if annotator_hash(one.annotator) in stone.hashes]
    if len(own) < stone.judgements:
        return True
    hashes = {identifier_hash(name) for one in own for name in (one.paper, *one.ids)}
    ties = training.figures.papers.ties if training.figures.papers else 0
    is_compared = bool(own) and bool(ties or parameters.consensus.papers)  # with others: whose answers count
    return is_compared or not apart.isdisjoint(hashes) or _shares(learned, hashes)


def _is_elsewhere(training: TrainingRecord, stone: Tombstone) -> bool:
    """Whether a version knows who was in the log that it learned from, and a person was not."""
    has_tables = training.state is not None and training.state.tables is not None
    if stone.kind == PAPER or training.annotators is None or has_tables:
        return False
    return set(stone.hashes).isdisjoint(training.annotators)


def _shares(learned: npt.NDArray[np.uint64], hashes: Set[int]) -> bool:
    return bool(np.isin(np.array(sorted(hashes), np.uint64), learned).any())


def renew(
    workspace: Workspace, labels: Sequence[str], say: Callable[[str], None], dry_run: bool = False
) -> list[Renewed]:
    """Train each model that has one of these versions again, and remove the versions. The one in use stays in use.

    A dry run only tells which. It can be repeated: a version that is gone is passed over, and what was trained is not
    trained again. What is left of versions that were being removed by a process that was killed goes, too.

    Raises:
        InputError: the folder of models cannot be written to.
    """
    store = ModelStore(workspace.models)
    for folder in () if dry_run else workspace.models.glob("*/"):
        sweep_models(folder)
    versions = {version.label: version for version in store.versions()}
    used = store.current_own()
    names = sorted({label.partition("@")[0] for label in labels}, key=lambda name: (used and used.name) == name)
    renewed = []
    for name in names:
        old = [versions[label] for label in labels if label in versions and versions[label].name == name]
        if old:
            renewed.append(_renewed(workspace, store, old, say, dry_run))
    return renewed


def _renewed(
    workspace: Workspace, store: ModelStore, old: Sequence[Version], say: Callable[[str], None], dry_run: bool
) -> Renewed:
    """Train one model again where its newest version, or the one in use, is among the ``old`` ones, which then go."""
    name, used = old[0].name, store.current_own()
    newest = store.newest(name)
    is_used = used is not None and used.label in {version.label for version in old}
    former = used if is_used and used is not None else max(old, key=lambda version: version.number)
    trained, failure = None, ""
    is_trained = is_used or newest is None or newest.label == former.label
    if dry_run:
        return Renewed(tuple(one.label for one in old), f"{name}@{store.next_number(name)}" if is_trained else None)
    if is_trained:
        say(f"Training {name} again from what is left …")
        try:
            trained = _trained(workspace, former, is_used)
        except LabelerError as error:
            failure = error.message
        if trained is None and is_used:
            store.use_none()
    removed = [version.label for version in old if version.label != trained]
    for label in removed:
        with suppress(NotFoundError):
            store.remove(label)
    given = former.manifest.training.parameters.unlabeled
    return Renewed(tuple(removed), trained, failure, 0 if workspace.unread else given)


def _trained(workspace: Workspace, former: Version, is_used: bool) -> str:
    """Train a version's model again, as it was trained, and return the label of the new version."""
    unread = workspace.unread if former.manifest.training.parameters.unlabeled else []
    tables, _ = tables_of(former, workspace)
    return train(workspace, former.name, former.precision, unread, tables, accept=True, use=is_used).version.label
