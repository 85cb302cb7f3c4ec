"""From the log of judgements to a new version of the model."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version as installed
from itertools import chain, islice
from typing import TYPE_CHECKING

from labeler.config import Workspace
from labeler.digests import Reading, read_inputs
from labeler.errors import InputError, RefusedError
from labeler.evaluation.frozen import (
    FILE,
    EvaluationSet,
    drawn_set,
    measured_on,
    read_evaluation_set,
    write_evaluation_set,
)
from labeler.evaluation.judged import JudgedSet, mostly_picked, picked_among
from labeler.features.background import named_background
from labeler.features.terms import Tokenizer, words
from labeler.files import canonical_json, sha256
from labeler.flows.put_to_use import lineage_of, omissions, refusal
from labeler.flows.soft_labels import SoftTexts, soft_texts
from labeler.judgements import JudgedPaper, Judgement, JudgementLog, Labels, labels_of, missing_topic_notes
from labeler.judgements.labels import overruled_parent_notes
from labeler.judgements.tables import JudgedTables, Tables, all_none_notes
from labeler.measure.estimates import Estimate
from labeler.measure.figures import PaperCounts
from labeler.measure.report import report
from labeler.modelstore import ModelStore, Version
from labeler.papers.ids import identifier_hash
from labeler.papers.languages import language_shares
from labeler.score.manifest import Background as BackgroundRecord
from labeler.score.manifest import Tables as TablesRecord
from labeler.score.manifest import TrainingRecord, TrainingState
from labeler.score.persistence import load_model
from labeler.topics import Scheme, load_checked_scheme
from labeler.wording import counted

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from labeler.features.background import Background
    from labeler.learn.classifier import TopicClassifier
    from labeler.papers import Paper
    from labeler.score.model import TopicModel

_PROMISES = (0.7, 0.8, 0.9, 0.95)  # for which it is told what would be decided
_READ = 5000  # judged papers, and unread ones, whose languages are told
_FEWEST_ASKED = 10  # papers asked blind that tell how many papers fit no topic


@dataclass(frozen=True, slots=True)
class Training:
    """The result of a training. ``fresh`` is False when nothing had changed, so that no version was made.

    ``refusal`` says why the version was not put to use; empty where it was, or where a person chose another.
    """

    version: Version
    fresh: bool
    labels: Labels
    scheme: Scheme
    notes: Sequence[str]
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class _TrainingData:
    """Everything that a training learns from, and the papers that are kept apart to measure it (``evaluation_set``).

    ``measured`` are those of these papers that are judged.
    """

    scheme: Scheme
    judgements: Sequence[Judgement]
    labels: Labels
    unlabeled: Sequence[str]
    tables: Tables | None
    background: Background
    evaluation_set: EvaluationSet
    measured: Sequence[JudgedPaper]
    soft: SoftTexts

    def state(self) -> TrainingState:
        """The state of the training, which says whether a version was trained on the same. It reads all tables."""
        background, tables = self.background, self.tables
        return TrainingState(
            judgements=digest(judgement.id for judgement in self.judgements),
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
        return JudgedTables(self.tables, self.scheme, known | self.evaluation_set.identifiers)


def train(
    workspace: Workspace,
    name: str,
    precision: float,
    unlabeled: Sequence[str] = (),
    tables: Tables | None = None,
    say: Callable[[str], None] = lambda _: None,
    hold_out: str = "",
    accept: bool = False,
) -> Training:
    """Train on the workspace's judgements, and save the model as the next version of ``name``.

    ``unlabeled`` are inputs of papers that nobody has judged: they and definitions make a first model before there is a
    judgement. The judged papers of ``tables`` are learned from as well, except those that are judged in the log. With
    ``hold_out``, an evaluation set is drawn before (:func:`drawn_set`); papers of it are never learned from. A version
    that is clearly worse than the one in use is kept and not put to use, unless ``accept`` says so.

    Raises:
        RefusedError: the topic scheme has faults, or there is an evaluation set that was drawn otherwise.
        InputError: there are too few judgements to learn from, or an input is unreadable; nothing is written.
    """
    data, notes = _training_data(workspace, unlabeled, tables, hold_out)
    labels, scheme = data.labels, data.scheme
    store, state = ModelStore(workspace.models), data.state()
    newest = store.newest(name)
    if newest is not None and _unchanged(newest, state, precision) and not _has_other_words(newest, data):
        if accept or not store.has_current():
            store.use(newest)
        return Training(newest, False, labels, scheme, notes, refusal(store, newest))
    notes += omissions(newest, len(data.unlabeled), state) if newest else []
    judged_tables = data.judged_tables()
    classifier, papers, read = _fitted(chain(labels.papers, judged_tables), data, say)
    classifier.model_ = model = _with_papers(classifier, papers, judged_tables, data)
    training = _record(classifier, precision, data, judged_tables, state, read)
    soft_notes = data.soft.notes_on(training.parameters.soft_labels)
    notes += [*soft_notes, *judged_tables.notes(), *all_none_notes(labels, judged_tables)]
    seed, judged = classifier.random_state, [*labels.papers, *data.measured]
    lineage = lineage_of(workspace, newest, seed, model, judged, scheme, tables)
    training = training._replace(lineage=lineage)
    if hold_out:
        write_evaluation_set(workspace.judgements.parent, data.evaluation_set)
    page = _page(name, training, model, scheme)
    is_used = accept or lineage.passage is None or not lineage.passage.is_worse
    version = store.add(name, model, training, page, is_used)
    return Training(version, True, labels, scheme, notes, refusal(store, version))


def _page(name: str, training: TrainingRecord, model: TopicModel, scheme: Scheme) -> str:
    """The report that is kept with a version."""
    bands, told = model.bands(training.parameters.precision), training.parameters.soft_labels_sentence
    return report(name, training.figures, bands, model.unlearned, scheme, told)


def _training_data(
    workspace: Workspace, unlabeled: Sequence[str], tables: Tables | None, hold_out: str
) -> tuple[_TrainingData, list[str]]:
    """The training data, and notes on faults of the log.

    Raises:
        RefusedError: the topic scheme has faults, or there is an evaluation set that was drawn otherwise.
        InputError: there is nothing to learn from, or an input is unreadable.
    """
    scheme = load_checked_scheme(workspace.topics)
    log = JudgementLog(workspace.judgements).read()
    if not log.judgements and not unlabeled and tables is None:
        raise InputError(
            f"there are no judgements yet in {workspace.judgements}",
            "annotate papers (`labeler export`) and bring them in with `labeler import`; or begin with the names of "
            "the topics alone: `labeler train --unread DIGEST`",
        )
    labels = labels_of(log.judgements, scheme)
    evaluation_set = _evaluation_set(workspace, log.judgements, scheme, hold_out, tables is None)
    apart = evaluation_set.identifiers
    measured = [item for item in labels.papers if not apart.isdisjoint(item.paper.ids)]
    labels.papers = [item for item in labels.papers if apart.isdisjoint(item.paper.ids)]
    unread = read_inputs(unlabeled) if unlabeled else Reading()
    texts = [paper.text for paper in unread.papers if apart.isdisjoint(paper.ids)]
    background = named_background(workspace.settings.train_background, workspace.root)
    soft = soft_texts(workspace.judgements.parent, scheme, labels.papers, apart)
    notes = [
        *unread.notes,
        *soft.faults,
        *log.faults,
        *missing_topic_notes(log.judgements, scheme),
        *overruled_parent_notes(log.judgements, scheme),
    ]
    data = _TrainingData(scheme, log.judgements, labels, texts, tables, background, evaluation_set, measured, soft)
    return data, notes


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


def _no_topic(data: _TrainingData) -> tuple[Estimate | None, int]:
    """The share of papers that fit no topic by those asked blind and at random, and how many these are.

    They alone tell where a strategy picked most papers. None where they are too few.
    """
    judged = JudgedSet.of_log(data.judgements, data.scheme)
    blind = judged.take(judged.blind.nonzero()[0])
    count = len(blind.papers)
    return (blind.no_topic, count) if count >= _FEWEST_ASKED else (None, 0)


def _record(
    classifier: TopicClassifier,
    precision: float,
    data: _TrainingData,
    tables: JudgedTables,
    state: TrainingState,
    read: Sequence[str],
) -> TrainingRecord:
    """The training record that the manifest holds; ``read`` are texts of judged papers."""
    record, labels, model = classifier.training_record(), data.labels, classifier.model_
    count = 0 if model.held_out_picked is None else int(model.held_out_picked.sum())
    no_topic, asked = _no_topic(data) if mostly_picked(data.judgements) else (record.figures.no_topic, 0)
    figures = record.figures._replace(
        no_topic=no_topic,
        no_topic_asked=asked,
        time_ordered=classifier.time_ordered(precision),
        promises=tuple(map(model.bands, _PROMISES)),
        right=model.reliability.topics.interval(0.0) if count else None,
        papers=PaperCounts(
            len(labels.papers) + tables.papers,
            len(labels.ties),
            len(data.unlabeled),
            classifier.near_duplicates_,
            count,
            language_shares([*read, *data.unlabeled[:_READ]]),
        ),
        counts={topic: labels.count(topic) + tables.counts[topic] for topic in data.scheme.ids},
        evaluation_set=measured_on(model, data.measured, data.scheme),
    )
    left_out = {} if record.parameters.soft_labels else data.soft.papers
    parameters = record.parameters._replace(precision=precision, soft_labels_left_out=left_out)
    return TrainingRecord(parameters, figures, data.scheme, state)


def _with_papers(
    classifier: TopicClassifier, papers: npt.NDArray[np.uint64], tables: JudgedTables, data: _TrainingData
) -> TopicModel:
    """The model, which knows the papers that it learned from, given by the hashes of their ids, and how they came."""
    import numpy as np

    learned = tables.seen.difference(map(identifier_hash, data.evaluation_set.identifiers))
    held_out = papers[classifier.held_out_rows_]
    return replace(
        classifier.model_,
        learned=np.sort(np.fromiter(learned, dtype=np.uint64, count=len(learned))),
        held_out_papers=held_out,
        held_out_picked=picked_among(held_out, data.judgements),
    )


def digest(texts: Iterable[str]) -> str:
    """A hash of texts, the same in any order."""
    return sha256(canonical_json(sorted(texts)).encode())


def _unchanged(version: Version, state: TrainingState, precision: float) -> bool:
    """Whether a version was trained on the same state and promises the same, and its files are intact."""
    training = version.manifest.training
    if training.state != state or training.parameters.precision != precision:
        return False
    try:
        load_model(version.folder)
    except RefusedError:
        return False
    return True


def _has_other_words(version: Version, data: _TrainingData) -> bool:
    """Whether an earlier labeler took other words from these papers: those of a script without blanks, for example."""
    tokenizer = version.manifest.tokenizer
    if tokenizer == Tokenizer.CHARACTERS:
        return False
    texts = chain((item.paper.text for item in data.labels.papers), data.unlabeled)
    return any(words(text, tokenizer) != words(text) for text in texts if not text.isascii())


def _fitted(
    judged: Iterable[JudgedPaper], data: _TrainingData, say: Callable[[str], None]
) -> tuple[TopicClassifier, npt.NDArray[np.uint64], list[str]]:
    """A classifier that is fitted to the judged papers, which are iterated once; hashes of their ids; first texts.

    Raises:
        InputError: there are neither judged papers nor unlabeled ones.
    """
    import numpy as np

    from labeler.learn.classifier import TopicClassifier

    scheme = data.scheme
    column = {topic: number for number, topic in enumerate(scheme.ids)}

    def row(item: JudgedPaper) -> npt.NDArray[np.float64]:
        answers = np.full(len(column), np.nan)
        answers[[column[topic] for topic in item.no]] = 0.0
        answers[[column[topic] for topic in item.yes]] = 1.0
        return answers

    papers = iter(judged)
    first = list(islice(papers, 1))
    if not first and not data.unlabeled:
        raise InputError(
            "no paper has a judgement to learn from (they are skipped, unsure, or tied)",
            "judge some papers, and settle ties",
        )
    parents = scheme.hierarchy.parents or None
    classifier = TopicClassifier(
        scheme.mode, definitions=scheme.definitions, background=data.background, parents=parents
    )
    hashes, read = array("Q"), list[str]()

    def judged_rows() -> Iterator[tuple[Paper, npt.NDArray[np.float64]]]:
        for item in chain(first, papers):
            hashes.append(identifier_hash(item.paper.id))
            if len(read) < _READ:
                read.append(item.paper.text)
            yield item.paper, row(item)

    classifier.fit_many(judged_rows(), scheme.ids, data.unlabeled, say, data.soft.models)
    return classifier, np.array(hashes, dtype=np.uint64), read
