"""Annotations from the exports of Label Studio: JSON, snapshots, JSON_MIN, CSV and TSV.

The formats: https://labelstud.io/guide/export. JSON_MIN and CSV (``minimal``) leave out skipped annotations. They write
one choice as a text, several as ``{"choices": […]}``, and none as nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from labeler.digests.source import Source
from labeler.errors import InputError
from labeler.files import without_nan
from labeler.json_parsing import JsonError, parse_json
from labeler.judgements.judgement import annotator_name, seconds
from labeler.papers.times import day_comes_first
from labeler.studio.export_files import ANNOTATION, tasks_in
from labeler.studio.export_values import is_true, number_of, scalar, seconds_of, time_of
from labeler.studio.interface import COMMENT, UNSURE

_LABEL_TYPES = ("choices", "taxonomy", "labels", "hypertextlabels", "paragraphlabels")
_PEOPLE = ("completed_by", "annotator", "created_username", "created_by", "username")
_ADDRESS = re.compile(r"[^\s,@]+@[^\s,@]+")
_NO_CONTROLS: Mapping[tuple[Any, str], Collection[str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Annotation:
    """One annotation of one task, with the labels of the controls that are read.

    ``labels`` is empty when those controls have none. ``prefill`` says what became of the pre-annotation (``kept``,
    ``changed`` or ``none``), ``suggested`` which labels it had (None where that is not known), and ``asked`` how the
    paper was chosen. ``controls`` are the names of all controls with labels. ``minimal`` marks a row of JSON_MIN or
    CSV, ``elsewhere`` an annotation with results of other controls, and ``ground_truth`` one that Label Studio's users
    have marked as that.
    """

    data: Mapping[str, Any]
    number: int | float | str | None
    task: int | float | str | None
    project: int | float | str | None
    annotator: str
    created_at: str
    updated_at: str
    labels: tuple[str, ...]
    skipped: bool = False
    unsure: bool = False
    comment: str = ""
    lead_time: float | None = None
    prefill: str = "none"
    suggested: tuple[str, ...] | None = None
    asked: Mapping[str, Any] | None = None
    controls: frozenset[str] = frozenset()
    minimal: bool = False
    elsewhere: bool = False
    ground_truth: bool = False


@dataclass
class Export:
    """The annotations of an export file, the number of its drafts, and a message for each entry that was refused.

    ``name`` is what messages call the file, and ``controls`` are the controls whose labels were read. ``is_part`` marks
    a file of a storage, where each annotation has its own.
    """

    annotations: list[Annotation] = field(default_factory=list)
    drafts: int = 0
    refused: list[str] = field(default_factory=list)
    controls: tuple[str, ...] = ()
    name: str = ""
    is_part: bool = False


def read_export(path: str | os.PathLike[str], *controls: str) -> Export:
    """The annotations in an export file; see :func:`read_exports`."""
    return read_exports([Source(os.fspath(path))], controls)[0]


def read_exports(
    sources: Iterable[Source],
    controls: Sequence[str],
    read_before: Mapping[tuple[Any, str], Collection[str]] = _NO_CONTROLS,
) -> list[Export]:
    """The annotations in export files, in the order of each file, with the labels of all ``controls``.

    ``read_before`` names controls by the number and creation time of the annotations in which they were read; they are
    read again, as the labels of an annotation are those of all its controls.

    Raises:
        InputError: a file is missing, is no export of Label Studio, or has no labels of a control.
    """
    exports = [_read_file(source, tuple(controls), read_before) for source in sources]
    for control in controls:
        used = any(control in one.controls for export in exports if export.is_part for one in export.annotations)
        for export in exports:
            if not (export.is_part and used):
                _check_control(export, control)
    return exports


def _read_file(
    source: Source, controls: tuple[str, ...], read_before: Mapping[tuple[Any, str], Collection[str]]
) -> Export:
    tasks = list(tasks_in(source))
    export = _read(source.name, tasks, controls)
    if not export.annotations and not export.drafts:
        reason = f": {export.refused[0]}" if export.refused else ""
        raise InputError(f"{source.name} holds no annotations{reason}", "annotate in Label Studio, then export")
    more = {
        name
        for annotation in export.annotations
        for name in read_before.get((annotation.number, annotation.created_at), ())
        if name not in controls and (name in annotation.controls or (annotation.minimal and name in annotation.data))
    }
    return _read(source.name, tasks, (*controls, *sorted(more))) if more else export


def _read(name: str, tasks: Sequence[tuple[str, Any]], controls: tuple[str, ...]) -> Export:
    export = Export(name=name, controls=controls, is_part=all(where.startswith(ANNOTATION) for where, _ in tasks))
    day_first = _day_first(task for _, task in tasks)
    for where, task in tasks:
        if not isinstance(task, Mapping):
            export.refused.append(f"{where}: not a task but {type(task).__name__}")
        elif isinstance(task.get("annotations", task.get("completions")), list):
            export.drafts += len(_list(task.get("drafts")))
            export.annotations += annotations_of(task, *controls)
        elif "annotation_id" in task:
            export.annotations.append(_from_minimal(task, controls, day_first))
    return export


def _check_control(export: Export, control: str) -> None:
    """Refuse an export that has other controls, and not this one."""
    used = frozenset().union(*(annotation.controls for annotation in export.annotations))
    says_nothing = all(annotation.minimal for annotation in export.annotations)  # JSON_MIN and CSV: or only empty ones
    used_elsewhere = any(annotation.elsewhere for annotation in export.annotations)
    if control not in used and (used or used_elsewhere or (says_nothing and export.annotations)):
        has = f" (the file has: {', '.join(sorted(used))})" if used else ""
        raise InputError(
            f"no annotation in {export.name} has the control {control!r}{has}",
            "is it an export of another project? Else name the control with --control NAME",
        )


def annotations_of(task: Mapping[str, Any], *controls: str) -> list[Annotation]:
    """The annotations of one task of a JSON export, or of the server's list of tasks."""
    entries = _list(task.get("annotations", task.get("completions")))
    return [_from_json(task, entry, controls) for entry in entries if isinstance(entry, Mapping)]


def _from_json(task: Mapping[str, Any], entry: Mapping[str, Any], controls: tuple[str, ...]) -> Annotation:
    rows = _rows(entry.get("result"))
    labels = _labels_of(rows, controls)
    created_at = time_of(entry.get("created_at"))
    request = _request(task.get("meta")) or _request(task.get("data"))
    had_suggestion = bool(entry.get("parent_prediction") and request and request.get("suggested"))
    prefill, suggested = _prefill(task, entry, rows, labels, controls, had_suggestion)
    names = {str(row.get("from_name")) for row in rows}
    return Annotation(
        data=data if isinstance(data := task.get("data"), Mapping) else {},
        number=scalar(entry.get("id")),
        task=scalar(task.get("id")),
        project=scalar(entry.get("project", task.get("project"))),
        annotator=_annotator(entry, _PEOPLE),
        created_at=created_at,
        updated_at=time_of(entry.get("updated_at")) or created_at,
        labels=labels,
        skipped=is_true(entry.get("was_cancelled")) or is_true(entry.get("skipped")),
        unsure=bool(_labels_of(rows, (UNSURE,))) and UNSURE not in controls,
        comment="\n".join(_texts_of(rows, COMMENT)),
        lead_time=seconds(entry.get("lead_time")),
        prefill=prefill,
        suggested=suggested,
        asked=request,
        controls=frozenset(str(row.get("from_name")) for row in rows if _kind(row) in _LABEL_TYPES),
        elsewhere=bool(names - {*controls, UNSURE, COMMENT})
        or any(row.get("from_name") in controls and _kind(row) not in _LABEL_TYPES for row in rows),
        ground_truth=is_true(entry.get("ground_truth")) or is_true(entry.get("honeypot")),
    )


def _day_first(rows: Iterable[Any]) -> bool | None:
    """Whether days come before months in the times of JSON_MIN or CSV that a spreadsheet has saved again."""
    cells = (row.get(name) for row in rows if isinstance(row, Mapping) for name in ("created_at", "updated_at"))
    return day_comes_first(cell for cell in cells if isinstance(cell, str))


def _from_minimal(row: Mapping[str, Any], controls: tuple[str, ...], day_first: bool | None) -> Annotation:
    """The annotation in a row of JSON_MIN or CSV, where the task's data and the controls stand side by side.

    The creation time, by which annotations are known, does not depend on the other rows of the file.
    """
    created_at = time_of(row.get("created_at"))
    labels = [label for control in controls for label in _minimal_labels(row.get(control))]
    return Annotation(
        data=row,
        number=number_of(row.get("annotation_id")),
        task=number_of(row.get("id")),
        project=None,
        annotator=_annotator(row, ("annotator", "completed_by", "created_username")),
        created_at=created_at,
        updated_at=time_of(row.get("updated_at") or row.get("created_at"), day_first),
        labels=tuple(dict.fromkeys(labels)),
        skipped=is_true(row.get("was_cancelled")),
        unsure=row.get(UNSURE) not in (None, "") and UNSURE not in controls,
        comment=_minimal_text(row.get(COMMENT)),
        lead_time=seconds_of(row.get("lead_time")),
        asked=_request(row),
        controls=frozenset(control for control in controls if control in row),
        minimal=True,
        ground_truth=is_true(row.get("ground_truth")),
    )


def _rows(result: Any) -> list[Mapping[str, Any]]:
    """The rows of a result, which some programs write as a text."""
    return [row for row in _list(_unpacked(result)) if isinstance(row, Mapping)]


def _kind(row: Mapping[str, Any]) -> str | None:
    """The type of a row of a result; where it is not written, what its value has."""
    kind, value = row.get("type"), row.get("value")
    if kind is None and isinstance(value, Mapping):
        kind = next((name for name in _LABEL_TYPES if name in value), None)
    return kind if isinstance(kind, str) else None


def _labels_of(rows: Sequence[Mapping[str, Any]], controls: Collection[str]) -> tuple[str, ...]:
    """The labels in the rows of some controls, each once. The path of a taxonomy is joined with `` / ``."""
    labels: list[str] = []
    for row in rows:
        kind, value = _kind(row), row.get("value")
        if kind in _LABEL_TYPES and isinstance(value, Mapping) and row.get("from_name") in controls:
            labels += _spelled(value.get(kind))
    return tuple(dict.fromkeys(labels))


def _texts_of(rows: Sequence[Mapping[str, Any]], control: str) -> Iterator[str]:
    for row in rows:
        if row.get("from_name") == control and row.get("type") == "textarea":
            value = row.get("value")
            text = value.get("text") if isinstance(value, Mapping) else None
            yield from [text] if isinstance(text, str) else map(str, _list(text))


def _minimal_labels(cell: Any) -> list[str]:
    """The labels in a cell of JSON_MIN or CSV: a text, ``{"choices": […]}``, or a list of such."""
    cell = _unpacked(cell)
    if isinstance(cell, list):
        return list(dict.fromkeys(label for part in cell for label in _minimal_labels(part)))
    if isinstance(cell, Mapping):
        return _spelled(next((cell[kind] for kind in _LABEL_TYPES if kind in cell), ()))
    return _spelled([cell] if isinstance(cell, str) and cell else ())


def _minimal_text(cell: Any) -> str:
    value = _unpacked(cell)
    if isinstance(value, Mapping) and isinstance(value.get("text"), list):
        return "\n".join(map(str, value["text"]))
    return str(cell or "")


def _unpacked(cell: Any) -> Any:
    if isinstance(cell, str) and cell[:1] in ("{", "["):
        try:
            return parse_json(cell)
        except JsonError:
            return cell
    return cell


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _spelled(labels: Any) -> list[str]:
    """The labels of a value: a list, or one label that stands without a list."""
    if not isinstance(labels, list | tuple):
        return [labels] if isinstance(labels, str) and labels.strip() else []
    return [" / ".join(map(str, label)) if isinstance(label, list) else str(label) for label in labels]


def _annotator(entry: Mapping[str, Any], names: Sequence[str]) -> str:
    """The annotator's e-mail address where the export has it, else the name or number of the user."""
    for name in names:
        who = _unpacked(entry.get(name))
        if isinstance(who, Mapping):
            full_name = f"{who.get('first_name') or ''} {who.get('last_name') or ''}".strip()
            ways = (who.get("email"), who.get("username"), full_name, who.get("id"))
            who = next((way for way in ways if scalar(way) is not None), None)
        elif isinstance(who, str) and name == "created_username":  # "Ada Lovelace ada@example.org, 1"
            address = _ADDRESS.search(who)
            who = address[0] if address else who.rpartition(",")[0].strip() or who.strip(" ,")
        if scalar(who) is not None and str(who).strip():
            return annotator_name(who)
    return "unknown"


def _prefill(
    task: Mapping[str, Any],
    entry: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    labels: tuple[str, ...],
    controls: Collection[str],
    had_suggestion: bool,
) -> tuple[str, tuple[str, ...] | None]:
    """What became of the pre-annotation, and which labels it had, None where that is not known or there was none.

    It was ``kept`` as it was or ``changed``, or there was ``none``. Rows that an annotator cleared and chose anew do
    not say that there was one; ``had_suggestion`` does.
    """
    predictions = [one for one in _rows(task.get("predictions")) if _rows(one.get("result"))]
    parent = entry.get("parent_prediction")
    shown = [entry.get("prediction"), *(one for one in predictions if parent and one.get("id") == parent)]
    for prediction in shown:
        if isinstance(prediction, Mapping) and (predicted := _rows(prediction.get("result"))):
            suggested = _labels_of(predicted, controls)
            return "kept" if set(suggested) == set(labels) else "changed", suggested
    origins = [row.get("origin") for row in rows if row.get("from_name") in controls]
    if "prediction-changed" in origins or (had_suggestion and "prediction" not in origins):
        made = time_of(entry.get("created_at"))
        earlier = [one for one in predictions if time_of(one.get("created_at")) <= made]
        known = len(earlier) == 1 and not parent
        return "changed", _labels_of(_rows(earlier[0].get("result")), controls) if known else None
    return ("kept", labels) if "prediction" in origins else ("none", None)


def _request(fields: Any) -> dict[str, Any] | None:
    """How a paper was chosen, from the field ``asked`` of a task's meta or data: its plain values. None without it."""
    request = _unpacked(fields.get("asked")) if isinstance(fields, Mapping) else None
    if not isinstance(request, Mapping):
        return None
    return {key: without_nan(value) for key, value in request.items() if not isinstance(value, list | Mapping)}
