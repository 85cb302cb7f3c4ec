"""Two versions of a model on the same judged papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from labeler.config import Workspace
from labeler.errors import InputError, NotFoundError, UsageError
from labeler.evaluation.comparison import Comparison, Side, compare, shared_topics
from labeler.evaluation.frozen import read_evaluation_set
from labeler.evaluation.gate import FEWEST
from labeler.evaluation.judged import JudgedSet
from labeler.flows.evaluate import Judged, judged_set, scheme_for
from labeler.flows.learned_tables import Trained, with_tables
from labeler.modelstore import ModelStore, Version
from labeler.score.persistence import load_model
from labeler.wording import counted, shortened

_NAMED = 80  # letters of the names of topics
_EXAMPLE = "`labeler models compare A B judged.csv --topics-column topics`"


@dataclass(frozen=True, slots=True)
class Compared:
    """The comparison, the names of topics, and notes on what was compared.

    ``is_evaluation_set`` says that the papers are those that no version learns from.
    """

    found: Comparison
    names: Mapping[str, str]
    notes: Sequence[str]
    is_evaluation_set: bool = False


def compare_versions(
    workspace: Workspace | None,
    store: ModelStore,
    labels: tuple[str, str],
    what: Judged,
    say: Callable[[str], None] = lambda _: None,
) -> Compared:
    """Compare two versions on judged papers that neither had seen: those of the workspace, or of inputs.

    Where the workspace has an evaluation set of enough papers, the papers are those. Nothing is trained.

    Raises:
        NotFoundError: there is no such model, or no workspace.
        UsageError: both are the same version.
        InputError: no paper can tell them apart, or they have no common topic.
    """
    if workspace is None and not what.inputs:
        raise NotFoundError("there is no workspace here", "name judged tables, or a workspace with --workspace DIR")
    versions = [store.find(label) for label in labels]
    before, after = (Side(one.label, load_model(one.folder), one.precision) for one in versions)
    scheme, notes = scheme_for(versions[1], after.model, workspace, bool(what.inputs))
    topics = shared_topics(before.model, after.model, scheme)
    names = {topic.id: topic.name for topic in scheme.topics}
    if not topics:
        raise InputError(
            f"{before.label} and {after.label} have no topic in common: {_named(versions[0])}; {_named(versions[1])}",
            "compare versions that learned the same topics",
        )
    notes = [*notes, *_of_unlike_versions(before, after, topics)]
    judged, more = judged_set(workspace, what, scheme)
    _check_different(versions)
    kept, of_tables = None, list[str]()
    if workspace is not None and not what.inputs:
        kept = _of_evaluation_set(workspace, judged)
        if kept is None:
            trained = [Trained(versions[1], after.model), Trained(versions[0], before.model)]
            judged, of_tables = with_tables(judged, workspace, trained, scheme)
            more += of_tables
    with_unknown = bool(what.inputs) or any(one.shipped for one in versions)  # which learned from no workspace
    found = compare(before, after, kept or judged, scheme, with_unknown, say)
    if found is None:
        raise _nothing_tells_apart(before, after, of_tables)
    return Compared(found, names, [*notes, *more], kept is not None)


def _check_different(versions: Sequence[Version]) -> None:
    if versions[0].folder == versions[1].folder:
        raise UsageError(f"{versions[0].label} is compared with itself", "name two versions: `labeler models list`")


def _nothing_tells_apart(before: Side, after: Side, of_tables: Sequence[str]) -> InputError:
    return InputError(
        f"no judged paper tells {before.label} and {after.label} apart: there is none, or one of them learned from "
        "each and does not say what it would have said without it, as models of earlier versions of labeler",
        "; ".join(of_tables) or f"name judged papers that are new to both: {_EXAMPLE}",
    )


def _of_evaluation_set(workspace: Workspace, judged: JudgedSet) -> JudgedSet | None:
    """The judged papers that no version learns from; None where they are few."""
    apart = read_evaluation_set(workspace.judgements.parent).identifiers
    rows = [row for row, paper in enumerate(judged.papers) if not apart.isdisjoint(paper.ids)]
    return judged.take(np.array(rows, dtype=np.intp)) if len(rows) >= FEWEST else None


def _of_unlike_versions(before: Side, after: Side, topics: Sequence[str]) -> list[str]:
    """Notes on versions of which one gives each paper a single topic, or topics that the other does not give."""
    notes = []
    if before.model.mode != after.model.mode:
        many, one = sorted((before, after), key=lambda side: side.model.mode)
        notes.append(
            f"{one.label} gives a paper one topic at most, and {many.label} any number: papers of several topics can "
            f"only be partly right by {one.label}"
        )
    if left_out := _left_out(before, after, topics):
        notes.append(f"compared on {counted(len(topics), 'topic')} that both give, without {left_out}")
    return notes


def _left_out(before: Side, after: Side, topics: Sequence[str]) -> str:
    """The topics that one of two versions alone gives, in words."""
    others = sorted({*before.model.topics} ^ {*after.model.topics} | ({*before.model.topics} - {*topics}))
    return shortened(", ".join(others), _NAMED)


def _named(version: Version) -> str:
    return f"{version.label} has {shortened(', '.join(version.names.values()), _NAMED)}"
