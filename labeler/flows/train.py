"""From the log of judgements to a new version of the model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version as installed
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from labeler.config import Workspace
from labeler.digests import read_inputs
from labeler.errors import InputError, RefusedError
from labeler.features.background import named_background
from labeler.files import canonical_json, sha256
from labeler.judgements import JudgedPaper, Judgement, JudgementLog, Labels, gone_topics, labels_of
from labeler.judgements.tables import Streamed, Tables, judged_in
from labeler.measure.report import report
from labeler.modelstore import ModelStore, Version
from labeler.score.persistence import load_model
from labeler.topics import Scheme, sound_scheme

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from labeler.features.background import Background
    from labeler.learn.classifier import TopicClassifier

_PICKED = 0.2  # share of judgements on papers that a strategy picked, above which they say nothing of a stream


@dataclass(frozen=True, slots=True)
class Training:
    """What a training came to. ``fresh`` is False when nothing had changed and no version was made."""

    version: Version
    fresh: bool
    labels: Labels
    scheme: Scheme
    notes: Sequence[str]


def train(
    workspace: Workspace,
    name: str,
    precision: float,
    unread: Sequence[str] = (),
    tables: Tables | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Training:
    """Train on the workspace's judgements and keep the model as the next version of ``name``.

    ``unread`` are inputs of papers that nobody has judged; with them and the names of the topics a model can be made
    before there is a judgement. Judged papers of ``tables`` are learned from, too, except those judged in the log.

    Raises:
        RefusedError: the topic scheme has faults.
        InputError: too few judgements to learn anything, or an input is unreadable; nothing is written.
    """
    scheme = sound_scheme(workspace.topics)
    reading = JudgementLog(workspace.judgements).read()
    if not reading.judgements and not unread and tables is None:
        raise InputError(
            f"there are no judgements yet in {workspace.judgements}",
            "annotate papers (`labeler export`) and bring them in with `labeler import`; or begin with the names of "
            "the topics alone: `labeler train --unread DIGEST`",
        )
    labels = labels_of(reading.judgements, scheme)
    notes = [*reading.faults, *gone_topics(reading.judgements, scheme)]
    papers = [paper.text for paper in read_inputs(unread).papers] if unread else []
    background = named_background(workspace.settings.train_background, workspace.root)
    store = ModelStore(workspace.models)
    state = {
        "judgements": digest(judgement.id for judgement in reading.judgements),
        "unread": digest(papers),
        "tables": tables.state() if tables else None,
        "background": {"name": background.name, "papers": background.papers, "sha256": background.fingerprint},
        "scheme": scheme.to_dict(),
        "labeler": installed("labeler"),
    }
    newest = next((version for version in reversed(store.versions()) if version.name == name), None)
    if newest is not None and _unchanged(newest, state, precision):
        if not store.has_current():
            store.use(newest)
        return Training(newest, False, labels, scheme, notes)
    if newest is not None:
        notes += _left_out(newest, papers, tables)
    streamed = Streamed()
    known = {identifier for item in labels.papers for identifier in item.paper.ids}
    stream = judged_in(tables, scheme, known, streamed) if tables else iter(())
    classifier = _fitted(chain(labels.papers, stream), papers, scheme, background, say)
    notes += streamed.notes()
    details = state | _details(classifier, precision, labels, scheme, len(papers), streamed)
    if picked(reading.judgements):
        details["no_topic"] = None
    told = report(name, details, classifier.unlearned_, scheme)
    return Training(store.add(name, classifier.model_, details, told), True, labels, scheme, notes)


def _left_out(former: Version, unread: Sequence[str], tables: Tables | None) -> list[str]:
    """A word on what the version before had learned from and this one does not."""
    notes = []
    if not unread and former.manifest.get("papers", {}).get("unread"):
        notes.append(
            f"{former.label} had learned from {former.manifest['papers']['unread']} unread papers, too; "
            "this one has none: name them with --unread, or once and for all under [train] in labeler.toml"
        )
    if tables is None and (named := former.manifest.get("tables")):
        files = ", ".join(name for name, _ in named["files"][:3])
        notes.append(
            f"{former.label} had learned from tables, too ({files}); this one has none: name them with --table"
        )
    return notes


def _details(
    classifier: TopicClassifier, precision: float, labels: Labels, scheme: Scheme, unread: int, streamed: Streamed
) -> dict[str, Any]:
    """What the manifest tells of a training."""
    told = classifier.details()
    return told | {
        "parameters": told["parameters"] | {"precision": precision},
        "bands": classifier.model_.bands(precision).to_dict(),
        "in_time": classifier.time_ordered(precision),
        "papers": {"labelled": len(labels.papers) + streamed.papers, "ties": len(labels.ties), "unread": unread},
        "counts": {topic: labels.count(topic) + streamed.counts[topic] for topic in scheme.ids},
    }


def digest(texts: Iterable[str]) -> str:
    """What texts are known by, in any order."""
    return sha256(canonical_json(sorted(texts)).encode())


def picked(judgements: Sequence[Judgement]) -> bool:
    """Whether so many papers were asked for because of what a model said that they are no fair sample of a stream."""
    asked = [judgement.asked for judgement in judgements if judgement.asked]
    chosen = sum(not told.get("audit") and told.get("strategy") != "random" for told in asked)
    return bool(chosen > _PICKED * len(judgements))


def _unchanged(version: Version, state: Mapping[str, Any], precision: float) -> bool:
    """Whether a version was trained on this very state and is still whole."""
    told = version.manifest
    if any(told.get(key) != value for key, value in state.items()) or told["parameters"]["precision"] != precision:
        return False
    try:
        load_model(version.folder)
    except RefusedError:
        return False
    return True


def _fitted(
    judged: Iterable[JudgedPaper],
    unread: Sequence[str],
    scheme: Scheme,
    background: Background,
    say: Callable[[str], None],
) -> TopicClassifier:
    """A classifier of the judged papers, which are gone through once.

    Raises:
        InputError: there are none, and no unread ones.
    """
    import numpy as np

    from labeler.learn.classifier import TopicClassifier

    def row(item: JudgedPaper) -> npt.NDArray[np.float64]:
        found = np.full(len(place), np.nan)
        found[[place[topic] for topic in item.no]] = 0.0
        found[[place[topic] for topic in item.yes]] = 1.0
        return found

    place = {topic: column for column, topic in enumerate(scheme.ids)}
    every = iter(judged)
    first = list(islice(every, 1))
    if not first and not unread:
        raise InputError(
            "no paper has a judgement to learn from (they are skipped, unsure, or tied)",
            "judge some papers, and settle ties",
        )
    classifier = TopicClassifier(scheme.mode, definitions=scheme.definitions, background=background)
    return classifier.fit_many(((item.paper, row(item)) for item in chain(first, every)), scheme.ids, unread, say)
