"""How good models are on audits: papers that were picked at random, and judged without a suggestion.

A paper says how good a model is only if the model had not learned from its judgement. A model is known by its
fingerprint, as its name and number may be given again to another one. Judgements of earlier versions of labeler have no
fingerprint, and models of these no list of what they learned from; then the times decide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from labeler.errors import LabelerError
from labeler.judgements import Judgement, labels_of
from labeler.judgements.labels import Settled, current_judgements
from labeler.measure.changes import Changes
from labeler.modelstore import ModelStore, Version
from labeler.score.persistence import load_model
from labeler.topics import Scheme

if TYPE_CHECKING:
    from labeler.score.model import TopicModel

GONE = "that model is not here (any more)"
ANOTHER = "the model that has this name here is another one"
LEARNED = "that model had learned from them"
UNKNOWN = "it cannot be told whether that model had learned from them"


@dataclass(frozen=True, slots=True)
class Audit:
    """What people made of the topics that a model gives to audits, which it had not learned from."""

    model: str
    fingerprint: str
    changes: Changes

    def to_dict(self) -> dict[str, Any]:
        """The figures, for programs; ``right`` papers have exactly the topics that the model gives."""
        right = {"papers": self.changes.papers, "right": self.changes.kept}
        return {"model": self.model, "fingerprint": self.fingerprint, **right, "changes": self.changes.to_dict()}


@dataclass(frozen=True, slots=True)
class Uncounted:
    """How many audits are not counted for the model that they were picked with, and why."""

    model: str
    fingerprint: str
    papers: int
    reason: str


@dataclass
class Audits:
    """The audits of the models that are here, in the order of their versions, and those that were not counted."""

    counted: list[Audit] = field(default_factory=list)
    uncounted: list[Uncounted] = field(default_factory=list)


def audits_of(
    store: ModelStore, log: Sequence[Judgement], scheme: Scheme, settled: Settled = MappingProxyType({})
) -> Audits:
    """How good the models of a store are on the audits in a log. Unsure and skipped judgements do not count.

    Where annotators differ, ``settled`` answers count (:func:`labeler.judgements.labels_of`).
    """
    by_model: dict[tuple[str, str], list[Judgement]] = defaultdict(list)
    for judgement in current_judgements(log):
        request = judgement.asked or {}
        if request.get("audit") and request.get("model") and judgement.status == "judged" and not judgement.unsure:
            by_model[str(request["model"]), str(request.get("fingerprint") or "")].append(judgement)
    audits, first = Audits(), _first_times(log) if by_model else {}
    by_version: dict[str, tuple[Version, TopicModel, list[Judgement]]] = {}
    for (label, fingerprint), judgements in sorted(by_model.items()):
        version = _version(store, label, fingerprint)
        model = _loaded(version)
        if version is None or model is None:
            has_namesake = version is None and _version(store, label, "") is not None
            reason = ANOTHER if has_namesake else GONE
            audits.uncounted.append(Uncounted(label, fingerprint, _papers(judgements), reason))
            continue
        usable, unusable = _divided(judgements, version, model, first)
        by_version.setdefault(version.label, (version, model, []))[2].extend(usable)
        audits.uncounted += [Uncounted(label, fingerprint, _papers(part), why) for why, part in unusable.items()]
    for version, model, usable in sorted(by_version.values(), key=lambda item: item[0][:2]):
        if (changes := _changes(usable, version, model, scheme, settled)).papers:
            audits.counted.append(Audit(version.label, version.fingerprint, changes))
    return audits


def _loaded(version: Version | None) -> TopicModel | None:
    """The model of a version; None where there is none, or it is damaged."""
    if version is not None:
        with suppress(LabelerError):
            return load_model(version.folder)
    return None


def _version(store: ModelStore, label: str, fingerprint: str) -> Version | None:
    """The version with a fingerprint; without one, the version of the label. None where there is none."""
    if fingerprint:
        return next((version for version in store.known() if version.fingerprint == fingerprint), None)
    return next((version for version in store.known() if version.label == label), None)


def _divided(
    judgements: Iterable[Judgement], version: Version, model: TopicModel, first: Mapping[str, datetime | None]
) -> tuple[list[Judgement], dict[str, list[Judgement]]]:
    """The judgements of papers that a model had not learned from, and the others by the reason against them."""
    usable, unusable = [], defaultdict(list)
    for judgement in judgements:
        has_learned = model.has_learned_from(judgement.ids)
        if has_learned is None and _is_later(judgement, version, first):
            has_learned = False
        if has_learned is False:
            usable.append(judgement)
        else:
            unusable[LEARNED if has_learned else UNKNOWN].append(judgement)
    return usable, unusable


def _is_later(judgement: Judgement, version: Version, first: Mapping[str, datetime | None]) -> bool:
    """Whether the first judgement of a paper is surely later than a model, which was trained on the log alone."""
    state = version.manifest.training.state
    if state is None or state.tables is not None:
        return False
    trained = _moment(version.manifest.created)
    times = [first[identifier] for identifier in judgement.ids]
    return trained is not None and all(time is not None and time > trained for time in times)


def _first_times(log: Iterable[Judgement]) -> dict[str, datetime | None]:
    """When the papers of a log were first judged, by their identifiers; None where a time cannot be read."""
    first: dict[str, datetime | None] = {}
    for judgement in log:
        moment = _moment(str(judgement.source.get("created_at") or judgement.at))
        for identifier in judgement.ids:
            known = first.get(identifier, moment)
            first[identifier] = min(known, moment) if known and moment else None
    return first


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _changes(
    judgements: Sequence[Judgement], version: Version, model: TopicModel, scheme: Scheme, settled: Settled
) -> Changes:
    """What people made of the topics that a model gives these papers, of which each counts once.

    Topics that were not offered with a paper do not count for it, nor do topics that are hidden by now, which a model
    does not give. A paper on which people are tied does not count.
    """
    changes, offered = Changes(), frozenset(scheme.offered)
    model = model.under(scheme) if model.mode == scheme.mode else model
    labels = labels_of(judgements, scheme, settled).papers
    decisions = model.decide([item.paper for item in labels], version.precision) if labels else []
    for item, decision in zip(labels, decisions, strict=True):
        given = {scheme.find(topic) or topic for topic in decision.topics}  # a topic may have gone into another since
        changes.count(given & (item.yes | item.no) & offered, item.yes & offered)
    return changes


def _papers(judgements: Iterable[Judgement]) -> int:
    return len({judgement.paper for judgement in judgements})
