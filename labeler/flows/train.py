"""From the log of judgements to a new version of the model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING

from labeler.config import Workspace
from labeler.errors import InputError
from labeler.evaluation.frozen import measured_on, write_evaluation_set
from labeler.evaluation.judged import JudgedSet, mostly_picked, picked_among
from labeler.flows.learned_papers import READ, LearnedPapers
from labeler.flows.put_to_use import lineage_of, omissions, refusal
from labeler.flows.training_input import TrainingInput, is_trained_on, training_input
from labeler.judgements import JudgedPaper, Labels
from labeler.judgements.forgotten import annotator_hash, nothing_forgotten_since
from labeler.judgements.tables import JudgedTables, Tables, all_none_notes
from labeler.measure.estimates import Estimate
from labeler.measure.figures import PaperCounts
from labeler.measure.keywords import not_found
from labeler.measure.report import report
from labeler.modelstore import ModelStore, Version
from labeler.papers.ids import identifier_hash
from labeler.papers.languages import language_shares
from labeler.score.manifest import TrainingRecord, TrainingState
from labeler.topics import Scheme

if TYPE_CHECKING:
    from labeler.learn.classifier import TopicClassifier
    from labeler.score.model import TopicModel

_PROMISES = (0.7, 0.8, 0.9, 0.95)  # for which it is told what would be decided
NOTHING_JUDGED = (
    "no paper has a judgement to learn from (they are skipped, unsure, or tied)",
    "judge some papers, and settle ties",
)
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


def train(
    workspace: Workspace,
    name: str,
    precision: float,
    unlabeled: Sequence[str] = (),
    tables: Tables | None = None,
    say: Callable[[str], None] = lambda _: None,
    hold_out: str = "",
    accept: bool = False,
    use: bool = True,
) -> Training:
    """Train on the workspace's judgements, and save the model as the next version of ``name``.

    ``unlabeled`` are inputs of papers that nobody has judged: they and definitions make a first model before there is a
    judgement. The judged papers of ``tables`` are learned from as well, except those that are judged in the log. With
    ``hold_out``, an evaluation set is drawn before (:func:`drawn_set`); papers of it are never learned from. A version
    that is clearly worse than the one in use is kept and not used, unless ``accept`` says so; without ``use`` none.

    Raises:
        RefusedError: the scheme has faults, the evaluation set was drawn otherwise, or somebody was forgotten since.
        InputError: there are too few judgements to learn from, or an input is unreadable; nothing is written.
    """
    data, notes = training_input(workspace, unlabeled, tables, hold_out)
    labels, scheme = data.labels, data.scheme
    store, state = ModelStore(workspace.models), data.state()
    newest = store.newest(name)
    if newest is not None and is_trained_on(newest, data, state, precision):
        if use and (accept or not store.has_current()):
            store.use(newest)
        return Training(newest, False, labels, scheme, notes, refusal(store, newest))
    notes += omissions(newest, len(data.unlabeled), state) if newest else []
    judged_tables, measured = data.judged_tables(), [*labels.papers, *data.measured]
    classifier, learned = fitted_classifier(chain(labels.papers, judged_tables), data, say)
    classifier.model_ = model = _with_papers(classifier, learned.hashes, judged_tables, data)
    training = _record(classifier, precision, data, judged_tables, state, learned)
    notes += [*data.soft.notes_on(training.parameters.soft_labels), *judged_tables.notes()]
    notes += _notes_on_labels(training, labels, judged_tables, scheme)
    lineage = lineage_of(workspace, newest, classifier.random_state, model, measured, scheme, tables)
    training = training._replace(lineage=lineage)
    is_used = use and (accept or lineage.passage is None or not lineage.passage.is_worse)
    with nothing_forgotten_since(workspace, data.forgotten):
        if hold_out:
            write_evaluation_set(workspace.judgements.parent, data.evaluation_set)
        version = store.add(name, model, training, _page(name, training, model, scheme), is_used)
    return Training(version, True, labels, scheme, notes, refusal(store, version))


def _notes_on_labels(training: TrainingRecord, labels: Labels, tables: JudgedTables, scheme: Scheme) -> list[str]:
    """Notes on topics without a judged paper, and on keywords that no paper holds."""
    none = all_none_notes(labels, tables, training.parameters.keywords)
    return [*none, *not_found(training.figures.keywords, scheme)]


def _page(name: str, training: TrainingRecord, model: TopicModel, scheme: Scheme) -> str:
    """The report that is kept with a version."""
    parameters = training.parameters
    bands = model.bands(parameters.precision)
    return report(name, training.figures, bands, model.unlearned, scheme, parameters.sentences)


def _no_topic(data: TrainingInput) -> tuple[Estimate | None, int]:
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
    data: TrainingInput,
    tables: JudgedTables,
    state: TrainingState,
    learned: LearnedPapers,
) -> TrainingRecord:
    """The training record that the manifest holds."""
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
            data.unread,
            classifier.near_duplicates_,
            count,
            language_shares([*learned.read, *data.unlabeled[:READ]]),
        ),
        counts={topic: labels.count(topic) + tables.counts[topic] for topic in data.scheme.ids},
        evaluation_set=measured_on(model, data.measured, data.scheme),
        keywords=learned.keywords.counts() if record.parameters.keywords else {},
        fields=learned.fields(),
    )
    left_out = {} if record.parameters.soft_labels else data.soft.papers
    parameters = record.parameters._replace(
        precision=precision, soft_labels_left_out=left_out, consensus=data.consensus
    )
    annotators = tuple(sorted({annotator_hash(one.annotator) for one in data.judgements}))
    return TrainingRecord(parameters, figures, data.scheme, state, forgotten=data.forgotten.keys, annotators=annotators)


def _with_papers(
    classifier: TopicClassifier, papers: Sequence[int], tables: JudgedTables, data: TrainingInput
) -> TopicModel:
    """The model, which knows the papers that it learned from, given by the hashes of their ids, and how they came."""
    import numpy as np

    learned = tables.seen.difference(map(identifier_hash, data.evaluation_set.identifiers))
    held_out = np.array(papers, dtype=np.uint64)[classifier.held_out_rows_]
    return replace(
        classifier.model_,
        learned=np.sort(np.fromiter(learned, dtype=np.uint64, count=len(learned))),
        held_out_papers=held_out,
        held_out_picked=picked_among(held_out, data.judgements),
    )


def fitted_classifier(
    judged: Iterable[JudgedPaper], data: TrainingInput, say: Callable[[str], None] = lambda _: None
) -> tuple[TopicClassifier, LearnedPapers]:
    """A classifier that is fitted to the judged papers, which are iterated once, and what is known of these.

    Raises:
        InputError: there are neither judged papers nor unlabeled ones.
    """
    from labeler.learn.classifier import TopicClassifier

    scheme, learned = data.scheme, LearnedPapers(data.scheme)
    papers = iter(judged)
    first = list(islice(papers, 1))
    if not first and not data.unlabeled:
        raise InputError(*NOTHING_JUDGED)
    parents = scheme.hierarchy.parents or None
    classifier = TopicClassifier(
        scheme.mode,
        definitions=scheme.definitions,
        background=data.background,
        parents=parents,
        keywords=scheme.keywords,
        not_keywords=scheme.not_keywords,
    )
    rows = ((item.paper, learned.row(item)) for item in chain(first, papers))
    classifier.fit_many(rows, scheme.ids, data.unlabeled, say, data.soft.models)
    for text in data.unlabeled:
        learned.keywords.unread(text)
    return classifier, learned
