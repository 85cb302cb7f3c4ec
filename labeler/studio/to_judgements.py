"""Judgements from the annotations of a Label Studio export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from labeler.digests.fields import paper_of
from labeler.judgements import Incoming, Judgement
from labeler.papers import Paper
from labeler.studio.exports import Annotation, Export
from labeler.studio.tasks import NO_TITLE
from labeler.topics import NONE_OF_THESE, Scheme
from labeler.topics.mode import Mode

FOREIGN = 5  # chosen labels, none of them a topic, from which on the export is taken to be of another project


def from_studio(
    export: Export, scheme: Scheme, file: str, control: str, text_field: str, explicit_none: bool = False
) -> Incoming:
    """One judgement for each annotation; drafts give none.

    Labels are matched to topics by id, name or alias. "None of these" is no topic: beside a topic it is reported in
    ``refused``, and the topic counts. Some annotations say nothing about the topics: those whose labels are all unknown
    to the scheme, those with results of another control only, and, where the interface has a choice for "none of these"
    (``explicit_none``), those without any result. Their judgements are kept, with no topic in ``offered``.
    """
    incoming = Incoming(refused=list(export.refused), drafts=export.drafts)
    for annotation in export.annotations:
        where = f"{file}, annotation {annotation.number}"
        try:
            paper = paper_of(_fields(annotation, text_field), file)
        except (TypeError, ValueError):
            has = ", ".join(map(str, list(annotation.data if isinstance(annotation.data, dict) else ())[:8]))
            why = f"its task has no title and no field {text_field!r} (it has: {has})"
            incoming.refused.append(f"{where}: {why}; name the field with --text-field")
            continue
        incoming.unknown_controls.update(annotation.controls - {control, "unsure"})
        yes, unknown, faults = _topics(annotation.labels, scheme)
        incoming.refused += [f"{where}: {fault}" for fault in faults]
        incoming.unknown_labels.update(unknown)
        elsewhere = explicit_none or bool(annotation.controls) or annotation.elsewhere
        foreign = elsewhere and control not in annotation.controls
        offered = () if (unknown and not yes) or foreign else _offered(annotation, scheme)
        incoming.empty += not (annotation.skipped or yes or unknown or foreign)
        incoming.judgements.append(_judgement(annotation, paper, scheme, yes, unknown, offered))
    if incoming.has_only_unknown_labels(FOREIGN):  # then its "none of these" says nothing about our topics either
        incoming.judgements = [replace(judgement, offered=(), no=()) for judgement in incoming.judgements]
    return incoming


def _judgement(
    annotation: Annotation,
    paper: Paper,
    scheme: Scheme,
    yes: tuple[str, ...],
    unknown: tuple[str, ...],
    offered: tuple[str, ...],
) -> Judgement:
    judged = not annotation.skipped
    return Judgement(
        paper=paper.id,
        ids=paper.ids,
        title=paper.title,
        abstract=paper.abstract,
        annotator=annotation.annotator,
        yes=yes if judged else (),
        no=tuple(topic for topic in offered if topic not in yes) if judged else (),
        offered=offered,
        unknown=unknown,
        status="judged" if judged else "skipped",
        unsure=annotation.unsure,
        comment=annotation.comment,
        at=annotation.updated_at or annotation.created_at,
        lead_time=annotation.lead_time,
        source=_source(annotation),
        prefill=annotation.prefill,
        suggested=None if annotation.suggested is None else _topics(annotation.suggested, scheme)[0],
        asked=annotation.asked,
    )


def _fields(annotation: Annotation, text_field: str) -> dict[str, Any]:
    fields = dict(annotation.data)
    if fields.get(text_field) not in (None, ""):
        fields["abstract"] = fields[text_field]
    if fields.get("title") == NO_TITLE and fields.get("abstract"):
        fields["title"] = ""
    return fields


def _topics(labels: Sequence[str], scheme: Scheme) -> tuple[tuple[str, ...], tuple[str, ...], list[str]]:
    """The topics of the labels, in the scheme's order; the labels that are no topic; and the faults of the choice."""
    yes, unknown, none = set(), [], False
    for label in labels:
        topic = scheme.find(label) or scheme.find(label.rpartition(" / ")[2])
        if topic is not None:
            yes.add(topic)
        elif label.strip().casefold() == NONE_OF_THESE.casefold():
            none = True
        else:
            unknown.append(label)
    faults = [f"{NONE_OF_THESE!r} beside a topic; the topic counts"] if none and (yes or unknown) else []
    if scheme.mode == Mode.SINGLE and len(yes) > 1:
        faults.append(f"{len(yes)} topics in a single-label scheme; kept, but not trained on")
    return tuple(topic for topic in scheme.ids if topic in yes), tuple(unknown), faults


def _offered(annotation: Annotation, scheme: Scheme) -> tuple[str, ...]:
    """The topics that the annotator could choose: those that the task names, else all topics that are not hidden."""
    named = annotation.data.get("offered")
    if isinstance(named, str) and named.strip():
        return tuple(topic for topic in named.split() if topic in scheme.ids)
    return scheme.offered


def _source(annotation: Annotation) -> dict[str, Any]:
    return {
        "server": None,
        "project": annotation.project,
        "task": annotation.task,
        "annotation": annotation.number,
        "created_at": annotation.created_at,
    }
