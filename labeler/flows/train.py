"""From the log of judgements to a new version of the model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version as installed
from typing import TYPE_CHECKING, Any

from labeler.config import Workspace
from labeler.digests import read_inputs
from labeler.errors import InputError, RefusedError
from labeler.files import canonical_json, sha256
from labeler.flows.background import background_of
from labeler.judgements import Judgement, JudgementLog, Labelled, Labels, gone_topics, labels_of
from labeler.measure.intervals import lower_bound, upper_bound
from labeler.modelstore import ModelStore, Version, load_model
from labeler.topics import Scheme, sound_scheme

if TYPE_CHECKING:
    from labeler.features.background import Background
    from labeler.learn.classifier import TopicClassifier

_PICKED = 0.2  # share of judgements on papers that a strategy picked, above which they say nothing of a stream
_NOTHING = 0.005  # a share that may as well be none


@dataclass(frozen=True, slots=True)
class Training:
    """What a training came to. ``fresh`` is False when nothing had changed and no version was made."""

    version: Version
    fresh: bool
    labels: Labels
    scheme: Scheme
    notes: Sequence[str]


def train(workspace: Workspace, name: str, precision: float, unread: Sequence[str] = ()) -> Training:
    """Train on the workspace's judgements and keep the model as the next version of ``name``.

    ``unread`` are inputs of papers that nobody has judged; with them and the names of the topics a model can be made
    before there is a judgement.

    Raises:
        RefusedError: the topic scheme has faults.
        InputError: too few judgements to learn anything, or an input is unreadable; nothing is written.
    """
    scheme = sound_scheme(workspace.topics)
    reading = JudgementLog(workspace.judgements).read()
    if not reading.judgements and not unread:
        raise InputError(
            f"there are no judgements yet in {workspace.judgements}",
            "annotate papers (`labeler export`) and bring them in with `labeler import`; or begin with the names of "
            "the topics alone: `labeler train --unread DIGEST`",
        )
    labels = labels_of(reading.judgements, scheme)
    notes = [*reading.faults, *gone_topics(reading.judgements, scheme)]
    papers = [paper.text for paper in read_inputs(unread).papers] if unread else []
    background = background_of(workspace)
    store = ModelStore(workspace.models)
    state = {
        "judgements": _digest(judgement.id for judgement in reading.judgements),
        "unread": _digest(papers),
        "background": {"name": background.name, "papers": background.papers, "sha256": background.fingerprint},
        "scheme": scheme.to_dict(),
        "labeler": installed("labeler"),
    }
    newest = next((version for version in reversed(store.versions()) if version.name == name), None)
    if newest is not None and _unchanged(newest, state, precision):
        if not store.has_current():
            store.use(newest)
        return Training(newest, False, labels, scheme, notes)
    classifier = _fitted(labels.papers, papers, scheme, background)
    details = state | _details(classifier, precision, labels, scheme, len(papers))
    if picked(reading.judgements):
        details["no_topic"] = None
    report = _report(name, details, classifier.unlearned_, scheme)
    return Training(store.add(name, classifier.model_, details, report), True, labels, scheme, notes)


def _details(
    classifier: TopicClassifier, precision: float, labels: Labels, scheme: Scheme, unread: int
) -> dict[str, Any]:
    """What the manifest tells of a training."""
    told = classifier.details()
    return told | {
        "parameters": told["parameters"] | {"precision": precision},
        "bands": classifier.model_.bands(precision).to_dict(),
        "in_time": classifier.in_time(precision),
        "papers": {"labelled": len(labels.papers), "ties": len(labels.ties), "unread": unread},
        "counts": {topic: labels.count(topic) for topic in scheme.ids},
    }


def _digest(texts: Iterable[str]) -> str:
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
    papers: Sequence[Labelled], unread: Sequence[str], scheme: Scheme, background: Background
) -> TopicClassifier:
    import numpy as np

    from labeler.learn.classifier import TopicClassifier

    if not papers and not unread:
        raise InputError(
            "no paper has a judgement to learn from (they are skipped, unsure, or tied)",
            "judge some papers, and settle ties",
        )
    matrix = np.full((len(papers), len(scheme.ids)), np.nan)
    for row, item in enumerate(papers):
        for column, topic in enumerate(scheme.ids):
            if topic in item.yes or topic in item.no:
                matrix[row, column] = float(topic in item.yes)
    classifier = TopicClassifier(scheme.mode, definitions=scheme.definitions, background=background)
    return classifier.fit([item.paper for item in papers], matrix, unlabeled=unread, classes=scheme.ids)


def trained_sentence(papers: Mapping[str, int], model: str = "") -> str:
    """What a model was trained on, in words."""
    trained = f"Trained {model} on" if model else "Trained on"
    unread = f" and {papers['unread']} papers that nobody has judged" if papers["unread"] else ""
    if papers["labelled"]:
        return f"{trained} {papers['labelled']} judged papers{unread}."
    return (
        f"{trained} the names and definitions of the topics{unread}. No person has judged a paper yet, so nobody knows "
        "how right it is: take what it says as suggestions, and judge some."
    )


def precision_sentence(bands: Any, in_time: Mapping[str, Any] | None = None) -> str:
    """What the model may decide alone, and how right it was: the share and the precision, always together.

    Both have 95 % intervals (Clopper and Pearson). They are of the latest papers where dates are known (``in_time``).
    """
    held = in_time or bands["held_out"]
    if not bands["held_out"]["decided"]:
        return (
            f"No paper can be decided without a person yet if {bands['precision']:.0%} of the topics are to be right; "
            "more judgements will change that."
        )
    share = _with_interval(held["decided"], held["papers"])
    right = "no topics given"
    if held["assigned"]:
        right = f"{held['right']} of {held['assigned']} topics right {_with_interval(held['right'], held['assigned'])}"
    kind, how = "held-out papers", ""
    if in_time:
        kind = "later papers"
        how = f" Later: those since {in_time['since']}, each decided by a model of the papers before."
    return (
        f"Without a person: {held['decided']} of {held['papers']} {kind} {share}, {right} "
        f"(promised: {bands['precision']:.0%}).{how}"
    )


def _with_interval(part: int, whole: int) -> str:
    low, high = lower_bound(part, whole, 0.975), upper_bound(part, whole, 0.975)
    return f"({part / whole:.0%} [{low:.0%}, {high:.0%}])"


def no_topic_sentence(share: Mapping[str, float] | None) -> str:
    """How many of the unread papers fit no topic, in words; empty where that cannot be told."""
    if share is None:
        return ""
    fit = "of the unread papers fit no topic of the scheme."
    if share["low"] < _NOTHING:
        return f"At most {share['high']:.0%} {fit}"
    return f"About {share['value']:.0%} [{share['low']:.0%}, {share['high']:.0%}] {fit}"


def _report(name: str, details: dict[str, Any], unlearned: dict[str, str], scheme: Scheme) -> str:
    lines = [f"# {name}", "", trained_sentence(details["papers"]), ""]
    if details["measured"]:
        lines += ["Measured by cross-validation on the judged papers, with 95 % intervals:", ""]
    for figure, value in details["measured"].items():
        lines.append(f"- {figure}: {value['value']:.3f} [{value['low']:.3f}, {value['high']:.3f}]")
    lines += ["", precision_sentence(details["bands"], details["in_time"]), ""]
    if told := no_topic_sentence(details["no_topic"]):
        lines += [told, ""]
    lines += ["| topic | papers | learned |", "|---|---|---|"]
    for topic in scheme.topics:
        count = details["counts"][topic.id]
        learned = f"no: {unlearned[topic.id]}" if topic.id in unlearned else "yes" if count else "from its definition"
        name = topic.name.replace("|", r"\|")
        lines.append(f"| {name} | {count} | {learned} |")
    return "\n".join(lines) + "\n"
