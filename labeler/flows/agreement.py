"""How far annotators agree: in the log of a workspace, or in exports of Label Studio projects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from labeler.annotators.agreement import Agreement, agreement_of
from labeler.annotators.of_log import ratings_of_log
from labeler.annotators.of_rows import Row, ratings_of_rows
from labeler.annotators.redefined import Known, changed_since, redefined_topics
from labeler.config import Workspace, workspace_in_use
from labeler.digests.opening import open_sources
from labeler.digests.reading import usable
from labeler.errors import InputError
from labeler.files import canonical_json
from labeler.judgements import missing_topic_notes, read_log
from labeler.judgements.pseudonyms import are_wanted, names_shown
from labeler.judgements.same_people import name_shown
from labeler.modelstore import ModelStore
from labeler.studio.exports import Annotation, Export, read_exports
from labeler.studio.interface import COMMENT, CONTROL, UNSURE
from labeler.studio.to_judgements import offers_none
from labeler.topics import Scheme, load_checked_scheme
from labeler.wording import counted, shortened

_TITLE = 80  # letters
_NAMED = 5  # topics
_OF_ROWS = ("annotator", "annotation_id", "created_at", "updated_at", "lead_time", "was_cancelled", UNSURE, COMMENT)


@dataclass(frozen=True, slots=True)
class Agreed:
    """How far annotators agree, the names of topics by their ids, and notes on what it was computed from."""

    found: Agreement
    names: Mapping[str, str]
    notes: Sequence[str] = field(default_factory=tuple)


def agreement_in_log(workspace: Workspace) -> Agreed:
    """How far the annotators of a workspace agree.

    Raises:
        InputError: the log cannot be read, or has no judgement that counts.
        RefusedError: the topic scheme has faults.
    """
    scheme = load_checked_scheme(workspace.topics)
    reading = read_log(workspace)
    known = _known(workspace, scheme)
    redefined = redefined_topics(reading.judgements, scheme, known)
    found = agreement_of(ratings_of_log(reading.judgements, scheme))._replace(redefined=redefined)
    if not found.judgements:
        raise InputError(
            "the log has no judgement of a topic of the scheme", "bring some (`labeler pull`, `labeler import`)"
        )
    names = {topic.id: topic.name for topic in scheme.topics}
    notes = [*reading.faults, *missing_topic_notes(reading.judgements, scheme), *_changed_notes(scheme, known)]
    return Agreed(found, names, notes)


def _known(workspace: Workspace, scheme: Scheme) -> list[Known]:
    """The topic schemes that the models of a workspace were trained under."""
    versions = ModelStore(workspace.models).versions()
    kept = ((one.manifest.created, one.label, one.manifest.training.scheme) for one in versions)
    return [Known(at, label, of_then) for at, label, of_then in kept if of_then and of_then.mode == scheme.mode]


def _changed_notes(scheme: Scheme, known: Sequence[Known]) -> list[str]:
    """A note on definitions that changed since the newest model was trained; none where nothing did."""
    if not known:
        return []
    newest = max(known, key=lambda one: one.at)
    changed = [scheme.name(topic) for topic in changed_since(scheme, newest.scheme)]
    if not changed:
        return []
    more = ", …" if len(changed) > _NAMED else ""
    return [
        f"the definitions of {', '.join(changed[:_NAMED])}{more} changed since {newest.label} was trained; on which "
        "day, is not known. After `labeler train`, what is judged from then on is compared with what was judged before"
    ]


def agreement_in_exports(files: Sequence[str], control: Sequence[str] = ()) -> Agreed:
    """How far the annotators of Label Studio projects agree, by the labels of a ``control`` (or several).

    Without one it is ours, or else the only one that the exports have. Skipped and unsure annotations do not count.

    Raises:
        InputError: a file is missing or no export, or it is not clear which control holds the topics.
    """
    notes: list[str] = []
    sources = list(usable(open_sources(files), notes))
    controls = tuple(control) or _only_control(read_exports(sources, ()))
    exports = read_exports(sources, controls)
    shown = names_shown(workspace_in_use()) if are_wanted() else {}
    rows = [row for export in exports for row in _rows(export, set(controls), shown)]
    if not rows:
        names = ", ".join(export.name for export in exports[:3])
        raise InputError(f"no annotation in {names} has labels of {', '.join(controls)}", "name another with --control")
    notes += [fault for export in exports for fault in export.refused]
    left_out = sum(annotation.skipped or annotation.unsure for export in exports for annotation in export.annotations)
    if left_out:
        notes.append(f"{counted(left_out, 'annotation')} skipped or unsure, which do not count")
    found = agreement_of(ratings_of_rows(rows))
    return Agreed(found, _short_names([topic.topic for topic in found.topics]), notes)


def _short_names(labels: Sequence[str]) -> dict[str, str]:
    """The last part of each path of a taxonomy, where no other label has it; other labels as they are."""
    last = {label: label.rpartition(" / ")[2] for label in labels}
    counts = Counter(last.values())
    return {label: short if counts[short] == 1 else label for label, short in last.items()}


def _only_control(exports: Sequence[Export]) -> tuple[str, ...]:
    """The control with the topics, where nobody named it.

    Raises:
        InputError: there are several.
    """
    used = {name for export in exports for one in export.annotations for name in one.controls} - {UNSURE}
    if CONTROL in used or not used:
        return (CONTROL,)
    if len(used) > 1:
        raise InputError(
            f"the annotations have labels of several controls: {', '.join(sorted(used))}",
            "name the one with the topics with --control NAME",
        )
    return tuple(used)


def _rows(export: Export, controls: set[str], shown: Mapping[str, str]) -> Iterator[Row]:
    """The judgements in an export. An annotation that says nothing of its topics is none: it has results of other
    controls alone, or none where there is a choice for "none of these". ``shown`` are pseudonyms of annotators.
    """
    explicit_none = offers_none(export)
    for annotation in export.annotations:
        elsewhere = (bool(annotation.controls) or annotation.elsewhere) and annotation.controls.isdisjoint(controls)
        silent = not annotation.labels and (explicit_none or elsewhere)
        if not (annotation.skipped or annotation.unsure or silent):
            texts = _texts(annotation, controls)
            title = str(annotation.data.get("title") or next(iter(texts), ""))
            yield Row(
                _task_of(annotation, export.name, controls),
                name_shown(annotation.annotator, shown),
                annotation.labels,
                annotation.updated_at,
                shortened(" ".join(title.split()), _TITLE),
                "\n".join(texts),
            )


def _task_of(annotation: Annotation, file: str, controls: set[str]) -> str:
    """What a task is known by: its number in its project, else its data."""
    if annotation.task is None:
        return canonical_json(_data(annotation, controls))
    return f"{annotation.project if annotation.project is not None else file}:{annotation.task}"


def _data(annotation: Annotation, controls: set[str]) -> dict[str, Any]:
    """The data of a task. In CSV and JSON_MIN what was answered, and when, stands beside them."""
    of_row = {*controls, *_OF_ROWS} if annotation.minimal else set()
    return {name: value for name, value in annotation.data.items() if name not in of_row}


def _texts(annotation: Annotation, controls: set[str]) -> list[str]:
    """The texts of a task, the longest first; addresses of files, which resemble each other, are none."""
    values = (value for value in _data(annotation, controls).values() if isinstance(value, str))
    texts = [value for value in values if value.strip() and not ("/" in value and len(value.split()) == 1)]
    return sorted(texts, key=len, reverse=True)
