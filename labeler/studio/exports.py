"""Annotations from the exports of Label Studio: JSON, snapshots, JSON_MIN, CSV and TSV.

The formats: https://labelstud.io/guide/export. JSON_MIN and CSV (``minimal``) leave out skipped annotations. They write
one choice as a text, several as ``{"choices": […]}``, and none as nothing.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labeler.errors import InputError
from labeler.files import CsvError, CsvRows, json_line, read_bytes
from labeler.studio.interface import COMMENT, UNSURE

_LABEL_TYPES = ("choices", "taxonomy", "labels")


@dataclass(frozen=True, slots=True)
class Annotation:
    """One annotation of one task, with the labels of one control.

    ``labels`` is empty when that control has none. ``prefill`` says what became of the pre-annotation (``kept``,
    ``changed`` or ``none``), ``suggested`` which labels it had (None where that is not known), and ``asked`` how the
    paper was chosen. ``controls`` are the names of all controls with
    labels. ``minimal`` marks a row of JSON_MIN or CSV, and ``elsewhere`` an annotation with results of other controls.
    """

    data: Mapping[str, Any]
    number: int | str | None
    task: int | str | None
    project: int | str | None
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


@dataclass
class Export:
    """The annotations of an export file, the number of its drafts, and a message for each entry that was refused."""

    annotations: list[Annotation] = field(default_factory=list)
    drafts: int = 0
    refused: list[str] = field(default_factory=list)


def read_export(path: Path, control: str) -> Export:
    """The annotations in an export file, in the file's order.

    Raises:
        InputError: the file is missing, is no export of Label Studio, or has no labels of ``control``.
    """
    export = Export()
    for where, task in _tasks(path):
        if not isinstance(task, Mapping):
            export.refused.append(f"{where}: not a task but {type(task).__name__}")
        elif isinstance(task.get("annotations", task.get("completions")), list):
            export.drafts += len(_list(task.get("drafts")))
            export.annotations += annotations_of(task, control)
        elif "annotation_id" in task:
            export.annotations.append(_from_minimal(task, control))
    if not export.annotations and not export.drafts:
        raise InputError(f"{path.name} holds no annotations", "annotate in Label Studio, then export")
    used = frozenset().union(*(annotation.controls for annotation in export.annotations))
    says_nothing = all(annotation.minimal for annotation in export.annotations)  # JSON_MIN and CSV: or only empty ones
    used_elsewhere = any(annotation.elsewhere for annotation in export.annotations)
    if control not in used and (used or used_elsewhere or (says_nothing and export.annotations)):
        has = f" (the file has: {', '.join(sorted(used))})" if used else ""
        raise InputError(
            f"no annotation in {path.name} has the control {control!r}{has}",
            "is it an export of another project? Else name the control with --control NAME",
        )
    return export


def annotations_of(task: Mapping[str, Any], control: str) -> list[Annotation]:
    """The annotations of one task of a JSON export, or of the server's list of tasks."""
    entries = _list(task.get("annotations", task.get("completions")))
    return [_from_json(task, entry, control) for entry in entries if isinstance(entry, Mapping)]


def _tasks(path: Path) -> Iterator[tuple[str, Any]]:
    """The tasks (JSON) or rows (JSON_MIN, CSV, TSV) of a file, each with its position there, for messages."""
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else read_bytes(path)
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name} is not text (byte {error.start})", "export as JSON from Label Studio") from error
    if text.lstrip()[:1] in ("[", "{"):
        yield from _json_tasks(text, path.name)
        return
    header = text.partition("\n")[0]
    rows = CsvRows(io.StringIO(text, newline=None), "\t" if "\t" in header else ",")
    try:
        names = next(rows, [])
        if not {"annotation_id", "annotator"} <= set(names):
            raise InputError(
                f"{path.name} is no export of Label Studio",
                "for a table of your own name its column with --topics-column",
            )
        for row in filter(None, rows):
            yield f"line {rows.line_num}", dict.fromkeys(names) | dict(zip(names, row, strict=False))
    except CsvError as error:
        raise InputError(f"{path.name} is broken near line {rows.line_num}: {error}", "export it again") from error


def _json_tasks(text: str, name: str) -> Iterator[tuple[str, Any]]:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"{name} is not JSON (line {error.lineno}: {error.msg})", "export it again") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name} is not JSON that can be read ({error})", "export it again") from error
    if "\\ud" in text.lower():  # half of a surrogate pair, cut by some program, cannot be written as UTF-8
        document = json.loads(json_line(document))
    if isinstance(document, Mapping):
        document = document["tasks"] if isinstance(document.get("tasks"), list) else [document]
    known = ("annotations", "completions", "annotation_id")
    if not any(isinstance(task, Mapping) and any(key in task for key in known) for task in document):
        raise InputError(f"{name} is no export of Label Studio: it has no annotations", "export as JSON there")
    yield from ((f"task {number}", task) for number, task in enumerate(document, start=1))


def _from_json(task: Mapping[str, Any], entry: Mapping[str, Any], control: str) -> Annotation:
    rows = [row for row in _list(entry.get("result")) if isinstance(row, Mapping)]
    labels = _labels_of(rows, control)
    created_at = str(entry.get("created_at") or "")
    request = _request(task.get("meta")) or _request(task.get("data"))
    had_suggestion = bool(entry.get("parent_prediction") and request and request.get("suggested"))
    prefill, suggested = _prefill(task, entry, rows, labels, control, had_suggestion)
    return Annotation(
        data=data if isinstance(data := task.get("data"), Mapping) else {},
        number=entry.get("id"),
        task=task.get("id"),
        project=entry.get("project", task.get("project")),
        annotator=_annotator(entry.get("completed_by")),
        created_at=created_at,
        updated_at=str(entry.get("updated_at") or created_at),
        labels=labels,
        skipped=bool(entry.get("was_cancelled")),
        unsure=bool(_labels_of(rows, UNSURE)) and control != UNSURE,
        comment="\n".join(_texts_of(rows, COMMENT)),
        lead_time=_seconds(entry.get("lead_time")),
        prefill=prefill,
        suggested=suggested,
        asked=request,
        controls=frozenset(str(row.get("from_name")) for row in rows if row.get("type") in _LABEL_TYPES),
        elsewhere=bool({str(row.get("from_name")) for row in rows} - {control, UNSURE, COMMENT})
        or any(row.get("from_name") == control and row.get("type") not in _LABEL_TYPES for row in rows),
    )


def _from_minimal(row: Mapping[str, Any], control: str) -> Annotation:
    """The annotation in a row of JSON_MIN or CSV, where the task's data and the controls stand side by side."""
    created_at = str(row.get("created_at") or "")
    cell, unsure = row.get(control), row.get(UNSURE)
    return Annotation(
        data=row,
        number=_number(row.get("annotation_id")),
        task=_number(row.get("id")),
        project=None,
        annotator=_annotator(row.get("annotator")),
        created_at=created_at,
        updated_at=str(row.get("updated_at") or created_at),
        labels=tuple(_minimal_labels(cell)),
        unsure=unsure not in (None, "") and control != UNSURE,
        comment=_minimal_text(row.get(COMMENT)),
        lead_time=_seconds(row.get("lead_time")),
        asked=_request(row),
        controls=frozenset({control} if control in row else ()),
        minimal=True,
    )


def _request(fields: Any) -> Mapping[str, Any] | None:
    """How a paper was chosen, from the field ``asked`` of a task's meta or data; None where it does not say."""
    value = _unpacked(fields.get("asked")) if isinstance(fields, Mapping) else None
    return value if isinstance(value, Mapping) else None


def _labels_of(rows: Sequence[Mapping[str, Any]], control: str) -> tuple[str, ...]:
    """The labels in the rows of one control, each once. The path of a taxonomy is joined with `` / ``."""
    labels: list[str] = []
    for row in rows:
        if row.get("from_name") == control and row.get("type") in _LABEL_TYPES:
            value = row.get("value")
            labels += _spelled((value or {}).get(row["type"])) if isinstance(value, Mapping) else []
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
            return json.loads(cell)
        except (ValueError, RecursionError):
            return cell
    return cell


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _spelled(labels: Any) -> list[str]:
    if not isinstance(labels, list | tuple):
        return []
    return [" / ".join(map(str, label)) if isinstance(label, list) else str(label) for label in labels]


def _annotator(who: Any) -> str:
    """The annotator's e-mail address where the export has it, else the user's number."""
    if isinstance(who, Mapping):
        who = who.get("email") or who.get("username") or who.get("id")
    return str(who) if who not in (None, "") else "unknown"


def _prefill(
    task: Mapping[str, Any],
    entry: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    labels: tuple[str, ...],
    control: str,
    had_suggestion: bool,
) -> tuple[str, tuple[str, ...] | None]:
    """What became of the pre-annotation, and which labels it had, None where that is not known or there was none.

    It was ``kept`` as it was or ``changed``, or there was ``none``. Rows that an annotator cleared and chose anew do
    not say that there was one; ``had_suggestion`` does.
    """
    predictions = [one for one in _list(task.get("predictions")) if isinstance(one, Mapping) and one.get("result")]
    parent = entry.get("parent_prediction")
    shown = [entry.get("prediction"), *(one for one in predictions if parent and one.get("id") == parent)]
    for prediction in shown:
        if isinstance(prediction, Mapping) and prediction.get("result"):
            suggested = _labels_in(prediction, control)
            return "kept" if set(suggested) == set(labels) else "changed", suggested
    origins = {row.get("origin") for row in rows if row.get("from_name") == control}
    if "prediction-changed" in origins or (had_suggestion and not origins & {"prediction"}):
        made = str(entry.get("created_at") or "")
        earlier = [one for one in predictions if str(one.get("created_at") or "") <= made]
        return "changed", _labels_in(earlier[0], control) if len(earlier) == 1 and not parent else None
    return ("kept", labels) if "prediction" in origins else ("none", None)


def _labels_in(prediction: Mapping[str, Any], control: str) -> tuple[str, ...]:
    """The labels in a prediction."""
    return _labels_of([row for row in _list(prediction["result"]) if isinstance(row, Mapping)], control)


def _seconds(cell: Any) -> float | None:
    try:
        return float(cell)
    except (TypeError, ValueError):
        return None


def _number(cell: Any) -> int | str | None:
    return int(cell) if isinstance(cell, str) and cell.isdecimal() and len(cell) < 20 else cell
