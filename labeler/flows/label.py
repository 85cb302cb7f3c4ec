"""Topics for new papers, as a stream: memory holds one batch of papers, and hashes of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from labeler.config import Workspace
from labeler.digests import PaperStream, Source
from labeler.digests.reading import no_papers
from labeler.digests.source import Refusal
from labeler.errors import NotFoundError
from labeler.flows.drift import drift_notes
from labeler.flows.label_history import RunHistory
from labeler.flows.scheme_today import has_topic, scheme_today
from labeler.measure.report import unlike_sentence
from labeler.modelstore import ModelStore, Version
from labeler.papers import Paper
from labeler.papers.languages import ENGLISH
from labeler.papers.named import paper_named
from labeler.papers.seen import SeenPapers, shared_notes
from labeler.publish.chosen import TopicNames
from labeler.publish.labelled import LabelledPaper, labelled_papers
from labeler.score.decision import JUDGED, UNFAMILIAR
from labeler.score.persistence import load_model
from labeler.topics import Scheme
from labeler.topics.hierarchy import Hierarchy
from labeler.topics.scheme import fold
from labeler.wording import nearest

if TYPE_CHECKING:
    from labeler.judgements.verdicts import Verdicts
    from labeler.score.model import Explanation, TopicModel
    from labeler.suggest.alike import Alike, JudgedPapers

_MOST_NAMED = 20  # topics


class Filter(NamedTuple):
    """Which labelled papers are shown: those with one of ``topics`` and one of ``decisions``; empty stands for any.

    Topics that a paper is likely listed under beside its own count, too. In a single-label scheme a paper of a topic
    counts for those above it, too. ``new`` leaves out papers that an earlier run in the workspace has shown.
    """

    topics: frozenset[str] = frozenset()
    decisions: frozenset[str] = frozenset()
    new: bool = False

    def passes(self, item: LabelledPaper, hierarchy: Hierarchy) -> bool:
        """Whether a paper is shown."""
        if self.decisions and item.decision not in self.decisions:
            return False
        return not self.topics or not self.topics.isdisjoint(hierarchy.with_ancestors(item.listed))


EVERYTHING = Filter()


@dataclass
class Labelling:
    """One run of a model over digests. The counts are complete when all papers have been iterated.

    ``names`` are those of the topics that are given. ``shipped_model_used`` says that no model of the workspace is in
    use, so that the shipped one labels. ``scheme`` is the one of today, None where the model is of another one.
    ``verdicts`` are those of people on papers that they have judged in the ``workspace``. ``notes`` say how the topics
    are given, and what is to know of the digests. ``shown`` counts the papers that pass the filter, ``given`` those of
    each topic, and ``in_sets`` the topics in the sets of all. ``known_before`` counts those that were left out as not
    new. ``history`` is what the run takes from the workspace's history, and leaves there (:meth:`leave`).
    """

    version: Version
    model: TopicModel
    names: Mapping[str, str]
    shipped_model_used: bool = False
    scheme: Scheme | None = None
    verdicts: Verdicts | None = None
    workspace: Workspace | None = None
    papers: int = 0
    shown: int = 0
    repeated: int = 0
    known_before: int = 0
    in_sets: int = 0
    refused: list[Refusal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    decisions: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    given: Counter[str] = field(default_factory=Counter)
    history: RunHistory | None = None
    _judged: JudgedPapers | None = None

    @property
    def hierarchy(self) -> Hierarchy:
        """Which topic is above which: as the scheme of today has it, else as the model was trained."""
        return self.scheme.hierarchy if self.scheme else self.model.hierarchy

    @cached_property
    def keywords(self) -> Mapping[str, Mapping[str, str]]:
        """For each topic the terms that the model learned as keywords, each with what it is: "keyword" or "not"."""
        from labeler.measure.keywords import keyword_terms

        training = self.version.manifest.training
        return keyword_terms(training.scheme if training.parameters.keywords else None)

    def label(
        self,
        sources: Sequence[Source],
        format_name: str | None = None,
        shown: Filter = EVERYTHING,
        set_error: float | None = None,
        dated: bool = False,
        linked: bool = False,
    ) -> Iterator[LabelledPaper]:
        """The labelled papers that pass a filter, in the order of the digests.

        A repeated paper is labelled once, as it comes first. ``set_error`` is as in :meth:`TopicModel.label`. With
        ``dated``, papers have the day on which they were labelled first (``since``), with ``linked`` the address of
        their task in Label Studio (``task``), as far as the workspace knows.

        Raises:
            InputError: an input is of no known format or damaged, or none of its records is a paper; or only new ones
                are wanted, and the history of the workspace cannot be read.
        """
        hierarchy = self.hierarchy
        if self.history and (shown.new or dated):
            self.notes += self.history.read(is_vital=shown.new)
        if self.history and linked:
            self.history.read_tasks()
        papers = self._distinct_papers(sources, format_name, only_new=shown.new)
        precision, label = self.version.precision, self.version.label
        for item in labelled_papers(papers, self.model, label, precision, self.verdicts, set_error):
            self.in_sets += len(item.topic_set or ())
            self.decisions[item.decision] = self.decisions.get(item.decision, 0) + 1
            self.reasons[item.reason] = self.reasons.get(item.reason, 0) + 1
            self.given.update(topic for topic, _, _ in item.topics)
            is_shown = shown.passes(item, hierarchy)
            if self.history:
                self.history.note(item, self.model.mode, is_shown)
            if is_shown:
                self.shown += 1
                yield self.history.dated(item) if self.history else item
        self.notes += self._notes_on_shares()

    def names_for(self, shown: Filter) -> TopicNames:
        """The names of topics for an output of the papers that pass a filter."""
        return TopicNames(self.names, shown.topics)

    def leave(self, inputs: Sequence[str]) -> None:
        """Note in the workspace's history which papers of these inputs were shown; call it when they are in place."""
        if self.history:
            unfamiliar = self.reasons.get(UNFAMILIAR, 0)
            counts = self.papers, self.decisions, self.given, unfamiliar
            self.notes += self.history.leave(inputs, self.version.label, *counts)
            self.notes += drift_notes(self.history.workspace, self.version)

    def _notes_on_shares(self) -> list[str]:
        """The note on topics that are not as frequent as the model expects, where it decided on most of the papers.

        What it expects of a topic is known if that stands for what it stood for in the training, and had both answers.
        """
        if self.version.shipped or 2 * self.decisions.get(JUDGED, 0) > self.papers:
            return []
        figures = self.version.manifest.training.figures
        comparable = self.model.unchanged_topics.difference(figures.weak or ())
        expected = {topic: share for topic, share in figures.expected_shares().items() if topic in comparable}
        sentence = unlike_sentence(self.given, self.papers, expected, self.names, self.model.mode)
        return [sentence] if sentence else []

    def topic(self, name: str) -> str:
        """The id of the topic with this id, name or alias.

        Raises:
            NotFoundError: no topic that is given has it.
        """
        ids_by_label = {fold(title): topic for topic, title in self.names.items()}
        ids_by_label |= {fold(topic): topic for topic in self.names}
        topic = ids_by_label.get(fold(name)) or (self.scheme.find(name) if self.scheme else None)
        if topic is None or topic not in self.names:
            raise NotFoundError(f"{self.version.label} has no topic {name!r}", self._instead_of_topic(name))
        return topic

    def _instead_of_topic(self, name: str) -> str:
        """What to do about a topic that is not given."""
        if self.shipped_model_used and self.workspace and has_topic(self.workspace, name):
            return "it is one of your own: `labeler train --unread DIGEST` makes a model of them"
        found = nearest(name, [*self.names, *self.names.values()])
        named = ", ".join(list(self.names)[:_MOST_NAMED])
        more = f" and {len(self.names) - _MOST_NAMED} more" if len(self.names) > _MOST_NAMED else ""
        return f"{f'did you mean {found!r}? ' if found else ''}it has: {named}{more}"

    def explain(
        self,
        sources: Sequence[Source],
        topics: Sequence[str] | None,
        format_name: str | None = None,
        only: str | None = None,
    ) -> Iterator[tuple[Paper, list[Explanation]]]:
        """The papers, each with an explanation of every topic's score, or of the ``topics`` named.

        ``only`` is an identifier of the one paper that is wanted, or a part of its title.

        Raises:
            InputError: an input is of no known format or damaged, or none of its records is a paper.
            NotFoundError: no paper is the one that is wanted, or several may be.
        """
        papers: Iterable[Paper] = self._distinct_papers(sources, format_name)
        for paper in papers if only is None else [paper_named(only, list(papers))]:
            yield paper, self.model.explain(paper.text, topics)

    def alike(self, paper: Paper) -> list[Alike]:
        """The judged papers of the workspace that are most like a paper, the most similar first."""
        if self._judged is None:
            from labeler.suggest.alike import JudgedPapers

            self._judged = JudgedPapers.of_workspace(self.model, self.workspace, self.scheme)
        return self._judged.like(paper)

    @cached_property
    def language(self) -> str:
        """The language of the papers that the model learned from, as far as the log tells."""
        if self.version.shipped or self.workspace is None:
            return ENGLISH
        from labeler.judgements.language import language_of_log

        return language_of_log(self.workspace.judgements)

    def _distinct_papers(
        self, sources: Sequence[Source], format_name: str | None, only_new: bool = False
    ) -> Iterator[Paper]:
        """The papers, each once; with ``only_new`` those that no earlier run has shown."""
        seen, stream = SeenPapers(), PaperStream(sources, format_name, self.language)
        for item in stream:
            if isinstance(item, Refusal):
                self.refused.append(item)
            elif not seen.add(item):
                self.repeated += 1
            elif only_new and self.history and not self.history.is_new(item):
                self.known_before += 1
            else:
                self.papers += 1
                yield item
        self.notes += [*stream.notes, *shared_notes(seen.shared)]
        if not (self.papers or self.known_before) and self.refused:
            raise no_papers(stream.formats, self.refused)


def labelling(
    store: ModelStore, label: str | None, workspace: Workspace | None = None, in_memory: bool = False
) -> Labelling:
    """A run of the model of a ``label`` (``name[@version]``), of the current model, or of the shipped one.

    A model of the workspace's scheme gives the topics that the scheme has today, and those that people gave. With
    ``in_memory`` it needs its file no longer.

    Raises:
        NotFoundError: there is no such model.
        RefusedError: the model is damaged.
        InputError: the log of judgements cannot be read.
    """
    version = store.find_or_shipped(label)
    model, today = load_model(version.folder, in_memory=in_memory), scheme_today(version, workspace)
    verdicts = None
    if today.scheme is not None and workspace is not None:
        model, verdicts = model.under(today.scheme), _verdicts(workspace, today.scheme)
    is_shipped = not label and store.current() is None
    return Labelling(
        version,
        model,
        today.names,
        is_shipped,
        today.scheme,
        verdicts,
        workspace,
        notes=list(today.notes),
        history=RunHistory(workspace) if workspace else None,
    )


def _verdicts(workspace: Workspace, scheme: Scheme) -> Verdicts | None:
    """The verdicts of people in the workspace's log; None where there is no judgement."""
    if not workspace.judgements.exists():
        return None
    from labeler.annotators.consensus_labels import verdicts_in

    return verdicts_in(workspace, scheme)
