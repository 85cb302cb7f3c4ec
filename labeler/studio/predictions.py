"""Predictions of one model version in place of those of earlier ones, whatever happens on the way."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from labeler.errors import RefusedError, ServerError
from labeler.studio.project import Project

ORDER_ALONE = "queue order"  # the version of predictions that only put the queue in order, as there is no model yet
_OURS = re.compile(rf".+@\d+|{ORDER_ALONE}")
_ROUNDS = 3


def renew_predictions(project: Project, version: str, wanted: Mapping[int, Mapping[str, Any]], there: int = 0) -> None:
    """Put a prediction of ``version`` into each task of ``wanted``, which has none, and remove our earlier versions.

    The new ones are in before the old ones go. Predictions that others made, by other models, are left alone.

    Args:
        project: where the tasks are.
        version: the model version, which the queue goes by afterwards.
        wanted: the prediction for each task.
        there: how many tasks have one already.

    Raises:
        RefusedError: a prediction does not fit the interface.
        ServerError: the server does not take them.
    """
    if not there and not wanted:
        return  # the server knows no version that has no prediction
    _check(project, wanted)
    missing = dict(wanted)
    for tries_left in reversed(range(_ROUNDS)) if missing else ():
        try:
            project.import_predictions([{"task": task, **made} for task, made in sorted(missing.items())])
        except ServerError:  # it may have taken some of them, or all
            if not tries_left:
                raise
        if project.prediction_counts().get(version, 0) == there + len(wanted):
            break
        taken = _there(project, version)
        missing = {task: made for task, made in missing.items() if task not in taken}
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


def remove_doubles(project: Project, version: str) -> int:
    """Remove all but the first of the predictions of one version in one task; how many there were."""
    spare = [number for numbers in _there(project, version).values() for number in sorted(numbers)[1:]]
    project.delete_predictions(spare)
    return len(spare)


def _there(project: Project, version: str) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for number, task, made_by in project.predictions():
        if made_by == version:
            found[task].append(number)
    return found


def _check(project: Project, wanted: Mapping[int, Mapping[str, Any]]) -> None:
    """The server would take faulty predictions, or drop them without a word."""
    from label_studio_sdk.label_interface.interface import LabelInterface

    interface: Any = LabelInterface(project.label_config)
    for task, made in wanted.items():
        if faults := interface.validate_prediction(dict(made), return_errors=True):
            told = " ".join(str(fault) for fault in faults) if isinstance(faults, list) else "it is faulty"
            raise RefusedError(
                f"a prediction for task {task} does not fit the interface: {told}", "run `labeler topics migrate`"
            )
