"""How good a model version is: on the judged papers of the workspace, of tables, or of another log."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from labeler.config import Workspace
from labeler.errors import InputError, LabelerError, NotFoundError, UsageError
from labeler.evaluation.evaluation import Evaluation, Others
from labeler.evaluation.evaluation import evaluate as measure
from labeler.evaluation.frozen import read_evaluation_set
from labeler.evaluation.judged import JudgedSet
from labeler.features.background import named_background
from labeler.flows.learned_tables import Trained, with_tables
from labeler.flows.scheme_today import scheme_today
from labeler.judgements import JudgementLog, missing_topic_notes, read_log
from labeler.judgements.tables import JudgedTables, Tables
from labeler.measure.report import evaluation_set_sentence
from labeler.modelstore import ModelStore, Version
from labeler.score.persistence import load_model
from labeler.topics import Scheme, load_scheme
from labeler.topics.scheme import Topic
from labeler.wording import counted, shortened

if TYPE_CHECKING:
    from labeler.features.background import Background
    from labeler.score.model import TopicModel

_NAMED = 80  # letters of the names of topics
_LOG = Path("annotations") / "judgements.jsonl"


class Judged(NamedTuple):
    """What a model is measured on: inputs (none: the log of the workspace), and how tables among them are read.

    Without ``columns`` the inputs are logs of judgements, or workspaces.
    """

    inputs: Sequence[str] = ()
    columns: Sequence[str] = ()
    complete: bool = False
    format_name: str | None = None
    separator: str = ""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The evaluation of a version, the names of topics, and notes on what it was measured on."""

    version: Version
    scheme: Scheme
    found: Evaluation
    names: Mapping[str, str]
    notes: Sequence[str]


def evaluate(
    workspace: Workspace | None,
    store: ModelStore,
    label: str | None,
    what: Judged,
    say: Callable[[str], None] = lambda _: None,
    compare: bool = True,
) -> Evaluated:
    """Measure a version (the current one without a ``label``) on judged papers; nothing is trained of it.

    Unless told not to ``compare``, simpler methods and the version before are measured on the same papers.

    Raises:
        NotFoundError: there is no workspace, or no such model.
        InputError: there is no judged paper that can measure the model, or an input is unreadable.
        UsageError: an input is standard input.
    """
    if workspace is None and not what.inputs:
        raise NotFoundError("there is no workspace here", "name judged tables, or a workspace with --workspace DIR")
    version = store.find_or_shipped(label)
    model = load_model(version.folder)
    scheme, of_scheme = scheme_for(version, model, workspace, bool(what.inputs))
    judged, notes = judged_set(workspace, what, scheme)
    of_tables = list[str]()
    if workspace is not None and not what.inputs:
        read_evaluation_set(workspace.judgements.parent)  # a damaged one is told before figures rest on it
        notes += _of_other_topics(workspace, version, judged)
        judged, of_tables = with_tables(judged, workspace, [Trained(version, model)], scheme)
        notes += of_tables
    _refuse_nothing(judged, version, what, of_scheme, of_tables)
    others = Others(scheme.definitions, _background(workspace), _former(store, version, model)) if compare else None
    learned = _own_log(workspace, scheme)[0] if what.inputs else None
    with_unknown = bool(what.inputs) or version.shipped  # which learned from no workspace
    found = measure(model, judged, scheme, version.precision, others, learned, with_unknown, say)
    if found is None:
        raise _all_learned_from(version)
    if not what.inputs:
        found = replace(found, time_ordered=version.manifest.training.figures.time_ordered)
    found = replace(found, asked=_asked(workspace, version, found))
    names = version.names | {topic.id: topic.name for topic in scheme.topics}
    fixed = "" if what.inputs else evaluation_set_sentence(version.manifest.training.figures.evaluation_set)
    return Evaluated(version, scheme, found, names, [*of_scheme, *notes, *filter(None, [fixed])])


def _all_learned_from(version: Version) -> InputError:
    return InputError(
        f"{version.label} learned from all of these papers, and does not say what it would have said without them, "
        "as models of earlier versions of labeler",
        "train it again under another name (`labeler train --name NAME`), or name other judged papers",
    )


def _asked(workspace: Workspace | None, version: Version, found: Evaluation) -> frozenset[str] | None:
    """The topics that people can be asked for: those of the workspace's scheme, without one those that papers have.

    None where the version is of that scheme, and has no others.
    """
    if not version.shipped:
        return None
    with suppress(LabelerError):
        if workspace is not None:
            return frozenset(load_scheme(workspace.topics).offered)
    return frozenset(one.topic for one in found.unseen.figures.topics if one.papers)


def _of_other_topics(workspace: Workspace, version: Version, judged: JudgedSet) -> list[str]:
    """A note on judged papers of the workspace that say nothing of the topics of a version; none where all do."""
    with suppress(LabelerError):
        papers = JudgedSet.of_log(read_log(workspace).judgements, load_scheme(workspace.topics)).papers
        known = {identifier for paper in judged.papers for identifier in paper.ids}
        if others := sum(known.isdisjoint(paper.ids) for paper in papers):
            return [
                f"{others} of {counted(len(papers), 'judged paper')} do not count: people judged them by topics that "
                f"{version.label} does not have"
            ]
    return []


def scheme_for(
    version: Version, model: TopicModel, workspace: Workspace | None, has_inputs: bool = False
) -> tuple[Scheme, Sequence[str]]:
    """The scheme that a version is measured under: today's where it is of that, else its own; and notes on it.

    Raises:
        InputError: it is not of today's, so that without inputs there is nothing to measure it on.
    """
    today = scheme_today(version, workspace)
    if today.scheme is None and today.notes and not has_inputs:
        raise InputError(today.notes[0].rstrip("."), "the log cannot measure it: name judged tables, or train again")
    return today.scheme or version.manifest.training.scheme or _scheme_of(model), today.notes


def judged_set(workspace: Workspace | None, what: Judged, scheme: Scheme) -> tuple[JudgedSet, list[str]]:
    """The judged papers of the inputs, or without any of the workspace; and notes on them.

    Raises:
        InputError: an input is unreadable.
        UsageError: an input is standard input.
    """
    if what.inputs:
        return _tables(what, scheme) if what.columns else _logs(what.inputs, scheme)
    return _own_log(workspace, scheme)


def _own_log(workspace: Workspace | None, scheme: Scheme) -> tuple[JudgedSet, list[str]]:
    """The judged papers of the workspace, none without one."""
    if workspace is None:
        return JudgedSet.of_papers((), scheme), []
    reading = read_log(workspace)
    judged = JudgedSet.of_log(reading.judgements, scheme)
    return judged, [*reading.faults, *filter(None, [judged.choice.truth_sentence])]


def _tables(what: Judged, scheme: Scheme) -> tuple[JudgedSet, list[str]]:
    """The judged papers of tables."""
    column, *more = what.columns
    tables = Tables.of(what.inputs, column, what.complete, what.format_name, what.separator)
    papers = JudgedTables(replace(tables, more_columns=tuple(more)), scheme, frozenset())
    judged = JudgedSet.of_papers(papers, scheme)
    return judged, papers.notes()


def _logs(inputs: Sequence[str], scheme: Scheme) -> tuple[JudgedSet, list[str]]:
    """The judged papers of logs, or of workspaces."""
    judgements, notes = [], list[str]()
    for name in inputs:
        if name == "-":
            raise UsageError("judged papers cannot come from standard input", "name files")
        path = Path(name) / _LOG if Path(name).is_dir() else Path(name)
        if not path.exists():
            raise InputError(f"there is no {path}", "name a table, or the judgements.jsonl of a workspace")
        reading = JudgementLog(path).read()
        if not reading.judgements:
            raise InputError(
                f"{path} is no log of judgements", "name the column of topics of a judged table with --topics-column"
            )
        judgements += reading.judgements
        notes += [*reading.faults, *missing_topic_notes(reading.judgements, scheme)]
    judged = JudgedSet.of_log(judgements, scheme)
    return judged, [*notes, *filter(None, [judged.choice.truth_sentence])]


def _refuse_nothing(
    judged: JudgedSet, version: Version, what: Judged, of_scheme: Sequence[str], of_tables: Sequence[str]
) -> None:
    """Refuse judged papers of which none says anything of the topics of a model.

    Raises:
        InputError: there are none.
    """
    applies, is_no = (judged.truth == 1).any(), (judged.truth == 0).any()
    if not len(judged.papers):
        where = ", ".join(what.inputs[:3]) if what.inputs else "the log"
        raise InputError(
            f"there is no judged paper to measure {version.label} on in {where}",
            "; ".join(of_tables)
            or "judge some (`labeler push`, `labeler import`), or name judged tables with --topics-column",
        )
    if not applies:
        topics = shortened(", ".join(version.names.values()), _NAMED)
        papers = counted(len(judged.papers), "judged paper")
        advice = "are they judged under another scheme? Name another model with --model"
        if is_no:
            advice = "they show nothing of how topics are found: judge papers that are of a topic, too"
        raise InputError(
            f"none of {papers} is of a topic of {version.label} ({topics})", "; ".join(of_scheme) or advice
        )


def _former(store: ModelStore, version: Version, model: TopicModel) -> tuple[str, TopicModel] | None:
    """The version before of the same name, None where there is none that can be compared."""
    earlier = [one for one in store.known() if one.name == version.name and one.number < version.number]
    for one in reversed(earlier):
        with suppress(LabelerError):
            former = load_model(one.folder)
            if former.mode == model.mode:
                return one.label, former
    return None


def _background(workspace: Workspace | None) -> Background | None:
    return named_background(workspace.settings.train_background, workspace.root) if workspace else None


def _scheme_of(model: TopicModel) -> Scheme:
    """A scheme of the topics of a model that was saved without one."""
    parents = model.hierarchy.parents
    return Scheme(model.mode, tuple(Topic(topic, topic, parent=parents.get(topic)) for topic in model.topics))
