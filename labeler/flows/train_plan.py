"""What a training would learn from, and which version it would make, without training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from labeler.config import Workspace
from labeler.errors import InputError
from labeler.evaluation.frozen import FILE as EVALUATION
from labeler.flows.put_to_use import omissions
from labeler.flows.train import NOTHING_JUDGED
from labeler.flows.training_input import TrainingInput, is_trained_on, training_input
from labeler.judgements.labels import Tie
from labeler.judgements.tables import Tables
from labeler.modelstore import ModelStore
from labeler.topics import Scheme


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """What a training would come to: the label of the version that it would make.

    It is not ``fresh`` where nothing has changed since that version. ``papers`` counts the judged papers to learn from,
    and ``unlabeled`` those that nobody has judged. ``measured`` judged papers are kept apart, which this run would
    choose if they are ``drawn``. ``counts`` has the judged papers of each topic, ``unlearned`` why a topic cannot be
    learned, and ``ties`` are papers that annotators disagree on.
    """

    version: str
    fresh: bool
    scheme: Scheme
    ties: Sequence[Tie]
    notes: Sequence[str]
    papers: int = 0
    unlabeled: int = 0
    measured: int = 0
    drawn: bool = False
    counts: Mapping[str, int] | None = None
    unlearned: Mapping[str, str] | None = None

    def to_dict(self) -> dict[str, Any]:
        """It for programs."""
        return {
            "version": self.version,
            "fresh": self.fresh,
            "papers": self.papers,
            "unlabeled": self.unlabeled,
            "measured": self.measured,
            "ties": len(self.ties),
            "counts": dict(self.counts or {}),
            "unlearned": dict(self.unlearned or {}),
        }


def training_plan(
    workspace: Workspace,
    name: str,
    precision: float,
    unlabeled: Sequence[str] = (),
    tables: Tables | None = None,
    hold_out: str = "",
) -> TrainingPlan:
    """What :func:`labeler.flows.train.train` would do with the same arguments. Everything is read that it would read.

    Raises:
        LabelerError: as for that function, but for what only shows when a model is trained.
    """
    data, notes = training_input(workspace, unlabeled, tables, hold_out)
    store, state = ModelStore(workspace.models), data.state()
    newest = store.newest(name)
    if newest is not None and is_trained_on(newest, data, state, precision):
        return TrainingPlan(newest.label, False, data.scheme, data.labels.ties, notes)
    notes += omissions(newest, len(data.unlabeled), state) if newest else []
    judged = data.judged_tables()
    of_none = sum(not item.yes for item in chain(data.labels.papers, judged))
    papers = len(data.labels.papers) + judged.papers
    if not papers and not data.unlabeled:
        raise InputError(*NOTHING_JUDGED)
    counts = {topic: data.labels.count(topic) + judged.counts[topic] for topic in data.scheme.ids}
    return TrainingPlan(
        f"{name}@{store.next_number(name)}",
        True,
        data.scheme,
        data.labels.ties,
        [*notes, *judged.notes()],
        papers,
        data.unread,
        len(data.measured),
        bool(hold_out) and not (workspace.judgements.parent / EVALUATION).exists(),
        counts,
        _unlearned(data, counts, papers, of_none > 0),
    )


def _unlearned(data: TrainingInput, counts: Mapping[str, int], papers: int, is_none_said: bool) -> dict[str, str]:
    """The topics that cannot be learned, each with the reason.

    Raises:
        TooFewJudgementsError: so few can be learned that there is nothing to tell apart.
    """
    import numpy as np

    from labeler.learn.targets import checked_unlearnable

    scheme = data.scheme
    defined = [
        column for column, topic in enumerate(scheme.ids) if scheme.definitions.get(topic) or scheme.keywords.get(topic)
    ]
    yes = np.array([counts[topic] for topic in scheme.ids], np.int64)
    return checked_unlearnable(scheme.mode, yes, papers, scheme.ids, defined, len(data.unlabeled), is_none_said)
