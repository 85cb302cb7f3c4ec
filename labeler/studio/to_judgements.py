"""Judgements from the annotations of a Label Studio export."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from labeler.digests.fields import normal_name, paper_of
from labeler.digests.markup import without_hidden
from labeler.errors import InputError
from labeler.judgements import Incoming, Judgement
from labeler.judgements.judgement import ADJUDICATOR
from labeler.papers import Paper
from labeler.studio.exports import Annotation, Export
from labeler.studio.interface import UNSURE
from labeler.studio.tasks import NO_TITLE
from labeler.topics import NONE_OF_THESE, Scheme
from labeler.topics.mode import Mode
from labeler.topics.scheme import fold

_HTML_PAGE = re.compile(
    r"<(?:html|body|article|section|h[1-6]|p|div|ul|ol|table)(?:\s+[\w:-]+=[^<>]*)?>", re.IGNORECASE
)
_HTML_TAG = re.compile(
    r"</?(?:html|body|article|section|header|footer|main|aside|h[1-6]|p|div"
    r"|span|br|hr|ul|ol|li|dl|dt|dd|table|thead|tbody|tr|td|th|blockquote|pre|a|img|font|center|small|u|mark|code)"
    r"(?:\s+[\w:-]+=[^<>]*|\s*)/?>",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"T\S*[+-](?!00:?00$)\d\d:?\d\d$")  # other than that of UTC
FOREIGN = 5  # chosen labels, none of them a topic, from which on the export is taken to be of another project


def from_studio(
    export: Export, scheme: Scheme, file: str, control: str, text_field: str, explicit_none: bool = False
) -> Incoming:
    """One judgement for each annotation; drafts give none.

    Labels are matched to topics by id, name or alias. "None of these" is no topic: beside a topic it is reported in
    ``refused``, and the topic counts. Some annotations say nothing about the topics: those whose labels are all unknown
    to the scheme, those with results of another control only, and, where the interface has a choice for "none of these"
    (``explicit_none``, or the export shows it), those without any result. Their judgements are kept, with no topic in
    ``offered``.

    Raises:
        InputError: the export has put labels into the column of the text.
    """
    incoming = Incoming(refused=list(export.refused), drafts=export.drafts)
    controls = {control, *export.controls}
    explicit_none = explicit_none or offers_none(export)
    for annotation in export.annotations:
        _refuse_overwritten(annotation, controls, text_field, file)
        where = f"{file}, annotation {annotation.number}"
        try:
            paper = paper_of(_fields(annotation, controls, text_field), file)
        except (TypeError, ValueError):
            has = ", ".join(map(str, list(annotation.data if isinstance(annotation.data, dict) else ())[:8]))
            why = f"its task has no title and no field {text_field!r} (it has: {has})"
            incoming.refused.append(f"{where}: {why}; name the field with --text-field")
            continue
        incoming.unknown_controls.update(annotation.controls - {*controls, UNSURE})
        yes, unknown, faults = _topics(annotation.labels, scheme)
        incoming.refused += [f"{where}: {fault}" for fault in faults]
        incoming.unknown_labels.update(unknown)
        silent = not annotation.labels if explicit_none else _is_of_others(annotation, controls)
        offered = () if (unknown and not yes) or silent else _offered(annotation, scheme)
        incoming.empty += not (annotation.skipped or yes or unknown or silent)
        incoming.ground_truth += annotation.ground_truth
        incoming.judgements.append(_judgement(annotation, paper, scheme, yes, unknown, offered, export.controls))
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
    controls: tuple[str, ...],
) -> Judgement:
    judged = not annotation.skipped
    return Judgement(
        paper=paper.id,
        ids=paper.ids,
        title=paper.title,
        abstract=paper.abstract,
        date=paper.date,
        annotator=annotation.annotator,
        yes=yes if judged else (),
        no=tuple(topic for topic in offered if topic not in yes) if judged else (),
        offered=offered,
        unknown=unknown,
        status="judged" if judged else "skipped",
        unsure=annotation.unsure,
        comment=annotation.comment,
        at=_in_utc(annotation.updated_at or annotation.created_at),
        lead_time=annotation.lead_time,
        source=_source(annotation) | ({"controls": sorted(controls)} if controls else {}),
        prefill=annotation.prefill,
        suggested=None if annotation.suggested is None else _topics(annotation.suggested, scheme)[0],
        asked=annotation.asked,
        role=ADJUDICATOR if (annotation.asked or {}).get("review") else "",
    )


def _in_utc(time: str) -> str:
    """A time with an offset (``+02:00``) in UTC, as times are compared by their texts; others as they are."""
    try:
        moment = datetime.fromisoformat(time) if _OFFSET.search(time) else None
    except ValueError:
        moment = None
    return time if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def offers_none(export: Export) -> bool:
    """Whether annotators could choose "None of these": somebody did, or has used the interface that labeler makes.

    Annotations of that interface have its control ``unsure``, or the ids of topics that the task names as offered.
    """
    return any(
        annotation.unsure
        or not set(_named_topics(annotation)).isdisjoint(annotation.labels)
        or any(map(_means_none, annotation.labels))
        for annotation in export.annotations
    )


def _is_of_others(annotation: Annotation, controls: set[str]) -> bool:
    """Whether an annotation has results, and none in these controls."""
    return (bool(annotation.controls) or annotation.elsewhere) and annotation.controls.isdisjoint(controls)


def _refuse_overwritten(annotation: Annotation, controls: set[str], text_field: str, file: str) -> None:
    """Refuse JSON_MIN and CSV with the labels in the place of the text, as controls and data are columns alike there.

    https://github.com/HumanSignal/label-studio/issues/3569
    """
    for name in sorted(controls & annotation.data.keys()) if annotation.minimal else ():
        if name == text_field or normal_name(name) == "title":
            raise InputError(
                f"the text and the labels of {file} are the same column, {name!r}, which holds the labels",
                "export as JSON from Label Studio, or name another text with --text-field",
            )


def _fields(annotation: Annotation, controls: set[str], text_field: str) -> dict[str, Any]:
    fields = dict(annotation.data)
    for name in controls if annotation.minimal else ():
        fields.pop(name, None)
    if isinstance(text := fields.get(text_field), str) and _HTML_PAGE.search(text):
        fields[text_field] = _HTML_TAG.sub("\n", without_hidden(text))
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
        elif label in scheme.splits:
            yes.add(label)  # it tells that people are to be asked again
        elif _means_none(label):
            none = True
        else:
            unknown.append(label)
    faults = [f"{NONE_OF_THESE!r} beside a topic; the topic counts"] if none and (yes or unknown) else []
    if scheme.mode == Mode.SINGLE and len(yes) > 1:
        faults.append(f"{len(yes)} topics in a single-label scheme; kept, but not trained on")
    return tuple(topic for topic in (*scheme.ids, *scheme.splits) if topic in yes), tuple(unknown), faults


def _means_none(label: str) -> bool:
    return fold(label) == fold(NONE_OF_THESE)


def _offered(annotation: Annotation, scheme: Scheme) -> tuple[str, ...]:
    """The topics that the annotator could choose: those that the task names, else all topics that are not hidden."""
    named = _named_topics(annotation)
    return tuple(topic for topic in named if topic in scheme.ids) if named else scheme.offered


def _named_topics(annotation: Annotation) -> list[str]:
    """The topics that the task names as those in its interface, as our tasks do."""
    named = annotation.data.get("offered") if isinstance(annotation.data, Mapping) else None
    return named.split() if isinstance(named, str) else []


def _source(annotation: Annotation) -> dict[str, Any]:
    return {
        "server": None,
        "project": annotation.project,
        "task": annotation.task,
        "annotation": annotation.number,
        "created_at": annotation.created_at,
    }
