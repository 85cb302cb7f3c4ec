"""Judgements of a workspace that are probably slips, the most doubtful first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from labeler.config import Workspace
from labeler.errors import InputError, NotFoundError
from labeler.evaluation.judged import JudgedSet
from labeler.evaluation.unseen import Origin, Unseen, unseen
from labeler.judgements import missing_topic_notes, read_log
from labeler.modelstore import ModelStore, Version
from labeler.papers import Paper
from labeler.review.papers import unsettled
from labeler.score.persistence import load_model
from labeler.suspects.listing import Suspect, evidence_of, suspects_of, takes_halves, with_controls
from labeler.topics import Scheme, load_checked_scheme
from labeler.wording import counted

if TYPE_CHECKING:
    from labeler.score.model import TopicModel

_MANY = 1 / 3  # share of papers; of labels that people gave with care, hardly so many are slips
_FEWEST = 10  # papers with probabilities that say anything about the labels of others


@dataclass(frozen=True, slots=True)
class Suspects:
    """Judged papers whose labels are probably slips, and some that were drawn at random (``shown``).

    ``found`` counts all that are suspect of ``looked_at`` judged papers, all of which are ``papers``.
    """

    version: Version
    scheme: Scheme
    shown: Sequence[Suspect]
    papers: Sequence[Paper]
    found: int
    looked_at: int
    notes: Sequence[str]

    def to_dict(self) -> dict[str, Any]:
        """Everything, for programs."""
        listed = [one.to_dict(self.papers) for one in self.shown]
        counts = {"judged": len(self.papers), "looked_at": self.looked_at, "found": self.found}
        return {"model": self.version.label, **counts, "suspects": listed, "notes": list(self.notes)}


def suspects(workspace: Workspace, count: int) -> Suspects:
    """The ``count`` judgements that are most probably slips, with some drawn at random, by the model in use.

    No version is trained: the model says of each paper what it said without having learned from it. Papers that a
    verdict settled are not listed.

    Raises:
        NotFoundError: there is no trained model of the workspace.
        InputError: there are too few judged papers, or the log cannot be read.
        RefusedError: the topic scheme has faults, or the model is damaged.
    """
    scheme = load_checked_scheme(workspace.topics)
    log = read_log(workspace)
    judged = JudgedSet.of_log(log.judgements, scheme)
    version = _version(ModelStore(workspace.models), scheme)
    model = load_model(version.folder)
    said = unseen(model, judged.papers, scheme)
    looked_at = len(judged.papers) if takes_halves(said) else int(said.usable.sum())
    if looked_at < _FEWEST:
        raise InputError(
            f"of {counted(len(judged.papers), 'judged paper')} {version.label} can tell what it says of {looked_at} "
            f"that were held out, and of fewer than {_FEWEST} nothing follows",
            "judge more papers, then `labeler train`",
        )
    evidence = evidence_of(judged, said, log.judgements, scheme)
    waiting = {name for one in unsettled(log.judgements, scheme) for name in one.paper.ids}
    settled = {row for row, paper in enumerate(judged.papers) if waiting.isdisjoint(paper.ids)}
    found = suspects_of(judged, evidence, settled)
    shown = with_words(with_controls(judged, evidence, found, count, settled), said.model, version.precision)
    by = filter(None, [judged.choice.truth_sentence])
    notes = [*log.faults, *by, *missing_topic_notes(log.judgements, scheme), *_notes(said, version)]
    doubted = int(evidence.doubts.flagged.sum())
    if doubted > _MANY * looked_at:
        notes.append(
            f"{version.label} doubts {doubted} of {counted(looked_at, 'paper')}, which says more of the model than of "
            "the people: it knows the topics too little yet. Trust the first papers of the list alone"
        )
    return Suspects(version, scheme, shown, judged.papers, len(found), looked_at, notes)


def _version(store: ModelStore, scheme: Scheme) -> Version:
    """The version in use, or else the newest of the workspace's own; in either case one of the scheme's mode.

    Raises:
        NotFoundError: there is none.
    """
    own = [*filter(None, [store.current_own()]), *reversed(store.versions())]
    found = next((one for one in own if one.manifest.mode == scheme.mode), None)
    if found is None:
        raise NotFoundError(
            "there is no model of these topics that could doubt a judgement", "`labeler train` makes one"
        )
    return found


def with_words(suspects: Sequence[Suspect], model: TopicModel, precision: float) -> list[Suspect]:
    """The suspects, with the words behind each topic that the model finds probable."""
    asked = {row: [g.topic for g in one.guesses if g.topic] for row, one in enumerate(suspects)}
    told = model.label([one.paper.text for one in suspects], precision, asked) if suspects else []
    return [
        replace(one, guesses=tuple(g._replace(words=tuple(words.get(g.topic or "", ()))) for g in one.guesses))
        for one, (_, words) in zip(suspects, told, strict=True)
    ]


def _notes(said: Unseen, version: Version) -> list[str]:
    """What the model can say nothing about, and what it was not trained on yet."""
    notes = []
    new, seen = int(np.sum(said.origins == Origin.NEW)), int(np.sum(~said.usable))
    if new:
        notes.append(
            f"{counted(new, 'paper')} judged since {version.label} was trained count as well; after `labeler train` "
            "they count in what is known of the others, too"
        )
    if takes_halves(said):
        notes.append(
            f"{version.label} held out few of the papers that it learned from: each half of them is doubted by "
            "regressions on the other half"
        )
    elif seen:
        notes.append(
            f"{version.label} learned from {counted(seen, 'paper')} that it did not hold out, so that of these only "
            "contradictions are found"
        )
    return notes
