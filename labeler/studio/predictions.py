"""Predictions of one model version replace those of earlier versions, also when requests fail on the way."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from labeler.errors import RefusedError, ServerError
from labeler.studio.project import Project

ORDER_ALONE = "queue order"  # the model version of predictions that only order the queue, as there is no model yet
_OURS = re.compile(rf".+@\d+|{ORDER_ALONE}")
_ROUNDS = 3


def renew_predictions(
    project: Project, version: str, predictions: Mapping[int, Mapping[str, Any]], existing: int = 0
) -> None:
    """Import predictions of ``version``, then remove those of our earlier versions.

    The new ones are imported before the old ones are removed. Predictions of other people's models stay.

    Args:
        project: the project that holds the tasks.
        version: the model version. The project's queue is ordered by it afterwards.
        predictions: a prediction for each task that has none of this version, by the task's id.
        existing: the number of tasks that have a prediction of this version already.

    Raises:
        RefusedError: a prediction does not fit the interface.
        ServerError: the server does not accept them.
    """
    if not existing and not predictions:
        return  # the server knows no version that has no prediction
    _check(project, predictions)
    missing = dict(predictions)
    for tries_left in reversed(range(_ROUNDS)) if missing else ():
        try:
            project.import_predictions([{"task": task, **fields} for task, fields in sorted(missing.items())])
        except ServerError:  # it may have accepted some of them, or all
            if not tries_left:
                raise
        if project.prediction_counts().get(version, 0) == existing + len(predictions):
            break
        accepted = _ids_by_task(project, version)
        missing = {task: fields for task, fields in missing.items() if task not in accepted}
        if not missing:
            break
        if not tries_left:
            where = f"Label Studio at {project.server.url}"
            raise ServerError(f"{where} did not take {len(missing)} predictions", "run push again")
    if project.model_version != version:
        project.use_model(version)
    for old in project.prediction_counts():
        if old != version and _OURS.fullmatch(old):
            project.delete_version(old)


def remove_duplicates(project: Project, version: str) -> int:
    """Remove all but the first prediction of one version in each task, and return how many were removed."""
    duplicates = [number for numbers in _ids_by_task(project, version).values() for number in sorted(numbers)[1:]]
    project.delete_predictions(duplicates)
    return len(duplicates)


def _ids_by_task(project: Project, version: str) -> dict[int, list[int]]:
    """The ids of the predictions of one model version, by the task's id."""
    ids: dict[int, list[int]] = defaultdict(list)
    for number, task, model_version in project.predictions():
        if model_version == version:
            ids[task].append(number)
    return ids


def _check(project: Project, predictions: Mapping[int, Mapping[str, Any]]) -> None:
    """Refuse predictions that do not fit the interface: the server would accept them, or drop them silently."""
    from label_studio_sdk.label_interface.interface import LabelInterface

    interface: Any = LabelInterface(project.label_config)
    for task, fields in predictions.items():
        if faults := interface.validate_prediction(dict(fields), return_errors=True):
            reason = " ".join(str(fault) for fault in faults) if isinstance(faults, list) else "it is faulty"
            raise RefusedError(
                f"a prediction for task {task} does not fit the interface: {reason}", "run `labeler topics migrate`"
            )
