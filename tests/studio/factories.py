"""Exports of Label Studio made up for tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ADA = {"id": 1, "email": "ada@example.org", "first_name": "Ada", "last_name": ""}


def choices(*labels: str, control: str = "topics", **more: Any) -> dict[str, Any]:
    """One row of a result: labels chosen in a control."""
    return {"from_name": control, "to_name": "abstract", "type": "choices", "value": {"choices": list(labels)}} | more


def comment(*texts: str) -> dict[str, Any]:
    """One row of a result: what was written in the comment."""
    return {"from_name": "comment", "to_name": "abstract", "type": "textarea", "value": {"text": list(texts)}}


def annotation(
    number: int, *rows: dict[str, Any], at: str = "2026-03-01T10:00:00.000001Z", **more: Any
) -> dict[str, Any]:
    """One annotation; ``at`` is when it was last changed."""
    made = f"2026-03-01T09:00:00.{number:06}Z"
    fields = {"id": number, "completed_by": ADA, "result": list(rows), "was_cancelled": False, "lead_time": 4.5}
    return fields | {"created_at": made, "updated_at": at, "project": 1} | more


def task(number: int, *annotations: dict[str, Any], **data: Any) -> dict[str, Any]:
    """One task with its annotations. Papers of different numbers have nothing in common."""
    paper = {"title": f"Paper {number} of the zoo", "abstract": f"Animal number {number} eats {'leaves ' * number}."}
    return {"id": number, "annotations": list(annotations), "data": paper | data, "project": 1}


def written(path: Path, *tasks: Any) -> Path:
    """The tasks as an export file."""
    path.write_text(json.dumps(list(tasks)), encoding="utf-8")
    return path
