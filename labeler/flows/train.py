"""From the log of judgements to a new version of the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version as installed
from typing import Any

from labeler.config import Workspace
from labeler.errors import InputError, RefusedError
from labeler.files import canonical_json, sha256
from labeler.judgements import JudgementLog, Labelled, Labels, gone_topics, labels_of
from labeler.modelstore import ModelStore, Version, load_model
from labeler.topics import Scheme, sound_scheme


@dataclass(frozen=True, slots=True)
class Training:
    """What a training came to. ``fresh`` is False when nothing had changed and no version was made."""

    version: Version
    fresh: bool
    labels: Labels
    scheme: Scheme
    notes: Sequence[str]


def train(workspace: Workspace, name: str, precision: float) -> Training:
    """Train on the workspace's judgements and keep the model as the next version of ``name``.

    Raises:
        RefusedError: the topic scheme has faults.
        InputError: too few judgements to learn anything; nothing is written.
    """
    scheme = sound_scheme(workspace.topics)
    reading = JudgementLog(workspace.judgements).read()
    if not reading.judgements:
        raise InputError(
            f"there are no judgements yet in {workspace.judgements}",
            "annotate papers (`labeler export`) and bring them in with `labeler import`",
        )
    labels = labels_of(reading.judgements, scheme)
    notes = [*reading.faults, *gone_topics(reading.judgements, scheme)]
    store = ModelStore(workspace.models)
    state = {
        "judgements": sha256(canonical_json(sorted(judgement.id for judgement in reading.judgements)).encode()),
        "scheme": scheme.to_dict(),
        "labeler": installed("labeler"),
    }
    newest = next((version for version in reversed(store.versions()) if version.name == name), None)
    if newest is not None and _unchanged(newest, state, precision):
        if not store.has_current():
            store.use(newest)
        return Training(newest, False, labels, scheme, notes)
    papers = _usable(labels, scheme)
    if len(papers) < len(labels.papers):
        left = len(labels.papers) - len(papers)
        notes.append(f"{left} judged as none of these before a topic was added say nothing of it, and are left out")
    classifier = _fitted(papers, scheme)
    details = classifier.details() | state
    details["parameters"] = details["parameters"] | {"precision": precision}
    details["bands"] = classifier.model_.bands(precision).to_dict()
    details["papers"] = {"labelled": len(papers), "ties": len(labels.ties)}
    details["counts"] = {topic: labels.count(topic) for topic in scheme.ids}
    report = _report(name, details, classifier.unlearned_, scheme)
    return Training(store.add(name, classifier.model_, details, report), True, labels, scheme, notes)


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


def _usable(labels: Labels, scheme: Scheme) -> list[Labelled]:
    """The papers to learn from. In single mode, "none of these" must have been said of every topic there is now."""
    if scheme.mode == "multi":
        return labels.papers
    return [item for item in labels.papers if item.yes or item.no >= set(scheme.ids)]


def _fitted(papers: Sequence[Labelled], scheme: Scheme) -> Any:
    import numpy as np

    from labeler.learn.classifier import TopicClassifier

    texts = [item.paper for item in papers]
    if not texts:
        raise InputError(
            "no paper has a judgement to learn from (they are skipped, unsure, or tied)",
            "judge some papers, and settle ties",
        )
    classifier = TopicClassifier(scheme.mode)
    if scheme.mode == "single":
        topics = [next(iter(item.yes), None) for item in papers]
        return classifier.fit(texts, topics, classes=scheme.ids)
    matrix = np.full((len(texts), len(scheme.ids)), np.nan)
    for row, item in enumerate(papers):
        for column, topic in enumerate(scheme.ids):
            if topic in item.yes or topic in item.no:
                matrix[row, column] = float(topic in item.yes)
    return classifier.fit(texts, matrix, classes=scheme.ids)


def precision_sentence(bands: Any) -> str:
    """What the model may decide alone, and how right it was: the share and the precision, always together."""
    held = bands["held_out"]
    if not held["decided"]:
        return (
            f"No paper can be decided without a person yet if {bands['precision']:.0%} of the topics are to be right; "
            "more judgements will change that."
        )
    share = held["decided"] / held["papers"]
    right = f"{held['right']} of {held['assigned']} topics right" if held["assigned"] else "no topics given"
    return (
        f"Without a person: {held['decided']} of {held['papers']} held-out papers ({share:.0%}), {right} "
        f"(promised: {bands['precision']:.0%})."
    )


def _report(name: str, details: dict[str, Any], unlearned: dict[str, str], scheme: Scheme) -> str:
    lines = [f"# {name}", "", f"Trained on {details['papers']['labelled']} judged papers.", ""]
    lines += ["Measured by cross-validation on those papers, with 95 % intervals:", ""]
    for figure, value in details["measured"].items():
        lines.append(f"- {figure}: {value['value']:.3f} [{value['low']:.3f}, {value['high']:.3f}]")
    lines += ["", precision_sentence(details["bands"]), "", "| topic | papers | learned |", "|---|---|---|"]
    for topic in scheme.topics:
        learned = f"no: {unlearned[topic.id]}" if topic.id in unlearned else "yes"
        name = topic.name.replace("|", r"\|")
        lines.append(f"| {name} | {details['counts'][topic.id]} | {learned} |")
    return "\n".join(lines) + "\n"
