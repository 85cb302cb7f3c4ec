"""What a training learns from: judgements, unread papers, tables, soft labels and a background; and its state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from importlib.metadata import version as installed
from itertools import chain
from typing import TYPE_CHECKING

from labeler.annotators.choice import Choice
from labeler.annotators.consensus_labels import consensus_labels
from labeler.config import Workspace
from labeler.digests import Reading, read_inputs
from labeler.errors import InputError, RefusedError
from labeler.evaluation.frozen import FILE, EvaluationSet, drawn_set, read_evaluation_set
from labeler.evaluation.judged import JudgedSet
from labeler.features.background import named_background
from labeler.features.terms import NEWEST, words
from labeler.files import canonical_json, sha256
from labeler.flows.soft_labels import SoftTexts, soft_texts
from labeler.judgements import JudgedPaper, Judgement, Labels, missing_topic_notes, read_log
from labeler.judgements.forgotten import Forgotten
from labeler.judgements.labels import overruled_parent_notes
from labeler.judgements.same_people import names_of_people
from labeler.judgements.tables import JudgedTables, Tables
from labeler.learn.unread import newest
from labeler.modelstore import Version
from labeler.papers import Paper
from labeler.papers.known import PaperTable, ids_of
from labeler.score.manifest import Background as BackgroundRecord
from labeler.score.manifest import Tables as TablesRecord
from labeler.score.manifest import TrainingState
from labeler.score.persistence import load_model
from labeler.topics import Scheme, load_checked_scheme
from labeler.wording import counted

if TYPE_CHECKING:
    from labeler.features.background import Background


@dataclass(frozen=True, slots=True)
class TrainingInput:
    """Everything that a training learns from, and the papers that are kept apart to measure it (``evaluation_set``).

    ``measured`` are those of these papers that are judged, and ``unread`` is how many of the ``unlabeled`` ones nobody
    has judged. ``consensus`` says whose answer counts where annotators
    differ, ``people`` which names are one person. ``forgotten`` papers and people of tables are left out.
    """

    scheme: Scheme
    judgements: Sequence[Judgement]
    labels: Labels
    unlabeled: Sequence[str]
    unread: int
    tables: Tables | None
    background: Background
    evaluation_set: EvaluationSet
    measured: Sequence[JudgedPaper]
    soft: SoftTexts
    consensus: Choice
    people: Mapping[str, str]
    forgotten: Forgotten

    def state(self) -> TrainingState:
        """The state of the training, which says whether a version was trained on the same. It reads all tables."""
        background, tables = self.background, self.tables
        return TrainingState(
            judgements=judgements_digest(self.judgements, self.people),
            unlabeled=digest(self.unlabeled),
            tables=TablesRecord(tables.column, tables.complete, tables.hashes(), tables.separator) if tables else None,
            background=BackgroundRecord(background.name, background.papers, background.fingerprint),
            scheme=self.scheme,
            labeler=installed("labeler"),
            evaluation_set=self.evaluation_set.fingerprint,
            soft_labels=self.soft.fingerprint,
        )

    def judged_tables(self) -> JudgedTables:
        """The judged papers of the tables, without those that are judged in the log."""
        known = {identifier for item in self.labels.papers for identifier in item.paper.ids}
        return JudgedTables(self.tables, self.scheme, known | self.evaluation_set.identifiers, self.forgotten)


def training_input(
    workspace: Workspace, unlabeled: Sequence[str], tables: Tables | None, hold_out: str
) -> tuple[TrainingInput, list[str]]:
    """The training data, and notes on faults of the log.

    Raises:
        RefusedError: the topic scheme has faults, or there is an evaluation set that was drawn otherwise.
        InputError: there is nothing to learn from, or an input is unreadable.
    """
    scheme = load_checked_scheme(workspace.topics)
    forgotten = Forgotten.of(workspace.judgements.parent)  # before all else is read: see `train`
    log = read_log(workspace)
    if not log.judgements and not unlabeled and tables is None:
        raise InputError(
            f"there are no judgements yet in {workspace.judgements}",
            "annotate papers (`labeler export`) and bring them in with `labeler import`; or begin with the names of "
            "the topics alone: `labeler train --unread DIGEST`",
        )
    labels = (truth := consensus_labels(log.judgements, scheme)).labels
    evaluation_set = _evaluation_set(workspace, log.judgements, scheme, hold_out, tables is None)
    apart = evaluation_set.identifiers
    measured = [item for item in labels.papers if not apart.isdisjoint(item.paper.ids)]
    labels.papers = [item for item in labels.papers if apart.isdisjoint(item.paper.ids)]
    texts, unread, told = _unread(unlabeled, apart, forgotten, log.judgements)
    background = named_background(workspace.settings.train_background, workspace.root)
    soft = soft_texts(workspace.judgements.parent, scheme, labels.papers, apart)
    notes = [
        *told,
        *soft.faults,
        *log.faults,
        *missing_topic_notes(log.judgements, scheme),
        *overruled_parent_notes(log.judgements, scheme),
        *truth.careless(),
    ]
    read = (texts, unread, tables, background, evaluation_set, measured, soft, truth.choice)
    return TrainingInput(scheme, log.judgements, labels, *read, names_of_people(workspace), forgotten), notes


def _unread(
    inputs: Sequence[str], apart: Set[str], forgotten: Forgotten, log: Iterable[Judgement]
) -> tuple[list[str], int, list[str]]:
    """The texts of unread papers that may be learned from, and notes on their inputs.

    Papers that were judged are among them, as these, too, tell what the others are like; the number is of the rest.

    Raises:
        InputError: an input is missing or unreadable.
    """
    unread = read_inputs(inputs) if inputs else Reading()
    usable = [paper for paper in forgotten.without(unread.papers) if apart.isdisjoint(paper.ids)]
    recent = newest(usable, [paper.date for paper in usable])
    if len(recent) < len(usable):
        unread.notes.append(
            f"of {counted(len(usable), 'unread paper')} the newest {len(recent):,} are learned from: "
            "they are most like those to come"
        )
    return [paper.text for paper in recent], _not_judged(recent, log), unread.notes


def _not_judged(papers: Sequence[Paper], log: Iterable[Judgement]) -> int:
    """How many of the papers nobody has judged."""
    judged = PaperTable[bool]()
    for judgement in log if papers else ():
        if judgement.status == "judged":
            judged.add(ids_of(judgement.as_paper()), True)
    return sum(not judged.values_of(paper) for paper in papers)


def _evaluation_set(
    workspace: Workspace, judgements: Sequence[Judgement], scheme: Scheme, hold_out: str, alone: bool
) -> EvaluationSet:
    """The evaluation set of the workspace; where there is none and ``hold_out`` says how, one is drawn.

    Raises:
        RefusedError: there is one that was drawn otherwise.
        InputError: there are too few papers to draw from.
    """
    found = read_evaluation_set(workspace.judgements.parent)
    if not hold_out or found.drawn == hold_out:
        return found
    if found.papers:
        raise RefusedError(
            f"there is an evaluation set already: {counted(len(found.papers), 'paper')} by --hold-out {found.drawn}",
            f"train without --hold-out {hold_out}, and it is used; to draw another one, remove it "
            f"({workspace.judgements.parent / FILE}): figures of earlier versions can then not be compared",
        )
    return drawn_set(JudgedSet.of_log(judgements, scheme), hold_out, alone=alone)


def is_trained_on(version: Version, data: TrainingInput, state: TrainingState, precision: float) -> bool:
    """Whether a version was trained on ``data``, whose ``state`` this is, promises the same, and is intact."""
    training = version.manifest.training
    if training.state != state or training.parameters.precision != precision or _has_other_words(version, data):
        return False
    try:
        load_model(version.folder)
    except RefusedError:
        return False
    return True


def _has_other_words(version: Version, data: TrainingInput) -> bool:
    """Whether an earlier labeler took other words from these papers: those of scripts without blanks, for example."""
    tokenizer = version.manifest.tokenizer
    if tokenizer == NEWEST:
        return False
    texts = chain((item.paper.text for item in data.labels.papers), data.unlabeled)
    return any(words(text, tokenizer) != words(text) for text in texts if not text.isascii())


def judgements_digest(judgements: Iterable[Judgement], people: Mapping[str, str]) -> str:
    """A hash of judgements, and of which names are one person (``people``: other name → person), who has one vote."""
    names = (canonical_json([name, person]) for name, person in people.items())
    return digest(chain((judgement.id for judgement in judgements), names))


def digest(texts: Iterable[str]) -> str:
    """A hash of texts, the same in any order."""
    return sha256(canonical_json(sorted(texts)).encode())
