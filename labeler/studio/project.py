"""The project of a workspace on a server: found by a line in its description, with its tasks and predictions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from labeler.errors import ServerError
from labeler.json_parsing import parse_json
from labeler.studio import tab
from labeler.studio.description import Offer, description, with_model
from labeler.studio.project_tasks import FIELDS, ProjectTask, project_task
from labeler.studio.server import GoneError, Server, everything

if TYPE_CHECKING:
    from label_studio_sdk import LabelStudio

_PAGE = 1000  # tasks a request
_TASKS_AT_ONCE = 1000
# A call takes seconds in a large project, however few predictions it imports: the server counts anew each time.
_PREDICTIONS_AT_ONCE = 10_000
# The server also leaves out those fields of annotations that are not named here.
_ANNOTATED = (
    "id,data,meta,project,updated_at,created_at,annotations,predictions,result,completed_by,was_cancelled,lead_time,"
    "parent_prediction"
)
ORDERED = "Uncertainty sampling"  # the queue's order: the lowest score of the project's model version first
AS_SENT = "Sequential sampling"  # the order of the tasks' ids


@dataclass
class Project:
    """A project of Label Studio that belongs to a workspace.

    ``created_at`` tells it apart from others of its number, whatever the server's address. ``offers`` are the topics
    that the labeling interface offered, and since when. ``model`` names the model whose predictions it has, as
    :func:`labeler.studio.description.model_in` does. In the project of a ``review``, judged papers are judged once
    more.
    """

    server: Server
    id: int
    created_at: str
    workspace: str
    label_config: str
    model_version: str
    offers: tuple[Offer, ...] = field(default=())
    model: str = ""
    review: bool = False

    @property
    def url(self) -> str:
        """The project's address, where people annotate."""
        return f"{self.server.url}/projects/{self.id}"

    def tasks(self) -> list[ProjectTask]:
        """All tasks, in the order of their ids."""

        def read(sdk: LabelStudio) -> list[ProjectTask]:
            listed = everything(sdk.tasks.list(project=self.id, include=FIELDS, page_size=_PAGE))
            return sorted(map(project_task, listed), key=lambda task: task.id)

        return self.server.request("reading the tasks", read)

    def annotated(self, since: datetime | None = None) -> list[dict[str, Any]]:
        """The tasks that anyone has annotated, as in an export; with ``since``, all that changed after that time."""
        if since is None:
            filters = [("total_annotations", "greater", "Number", 0), ("cancelled_annotations", "greater", "Number", 0)]
            query = _query("or", filters)
        else:
            query = _query("and", [("updated_at", "greater", "Datetime", f"{since:%Y-%m-%dT%H:%M:%S.%fZ}")])

        def read(sdk: LabelStudio) -> list[dict[str, Any]]:
            listed = everything(sdk.tasks.list(project=self.id, include=_ANNOTATED, page_size=_PAGE, query=query))
            return list(map(_as_json, listed))

        return self.server.request("reading the annotations", read)

    def has_annotation(self, number: int, created_at: str) -> bool:
        """Whether an annotation still exists, and is not a later one that got its number."""
        try:
            made: Any = self.server.request(
                "reading an annotation", lambda sdk: sdk.annotations.get(id=number).created_at
            )
        except GoneError:
            return False
        return bool(made == datetime.fromisoformat(created_at))

    def annotations(self) -> int:
        """The number of annotations, including skipped ones."""

        def count(sdk: LabelStudio) -> int:
            project = sdk.projects.get(id=self.id)
            return int(project.total_annotations_number or 0) + int(project.skipped_annotations_number or 0)

        return self.server.request("reading the project", count)

    def task_count(self) -> int:
        """The number of tasks."""

        def count(sdk: LabelStudio) -> int:
            return int(sdk.projects.get(id=self.id).task_number or 0)

        return self.server.request("reading the project", count)

    def import_tasks(self, tasks: Sequence[Mapping[str, Any]]) -> list[int]:
        """Import tasks without their predictions, and return their ids in the same order.

        The server drops predictions inside tasks, without an error, whenever SQLite is busy for a moment.
        """
        ids: list[int] = []
        for begin in range(0, len(tasks), _TASKS_AT_ONCE):
            part = [
                {key: value for key, value in task.items() if key != "predictions"}
                for task in tasks[begin:][:_TASKS_AT_ONCE]
            ]
            ids += self.server.request(
                "sending papers",
                lambda sdk, part=part: _numbers(  # type: ignore[misc]
                    sdk.projects.import_tasks(id=self.id, request=part, return_task_ids=True).task_ids
                ),
                again=False,
            )
        return ids

    def delete_untouched(self, tasks: Iterable[ProjectTask]) -> None:
        """Delete tasks, except those that somebody has begun by now, and ids that belong to other tasks by now."""
        for task in tasks:
            number = str(task.id)
            try:
                current: Any = self.server.request(
                    "reading a double",
                    lambda sdk, number=number: sdk.tasks.get(id=number),  # type: ignore[misc]
                )
                is_begun = current.annotations or current.drafts
                if not is_begun and current.data == task.data and current.project == self.id:
                    self.server.request("removing a double", lambda sdk, number=number: sdk.tasks.delete(id=number))  # type: ignore[misc]
            except GoneError:
                continue

    def update_task(self, number: int, **fields: Any) -> None:
        """Change a task's data or overlap; its annotations stay."""
        self.server.request("changing a task", lambda sdk: sdk.tasks.update(id=str(number), **fields))

    def predictions(self) -> list[tuple[int, int, str]]:
        """The predictions: the id, the task's id and the model version of each."""

        def read(sdk: LabelStudio) -> list[tuple[int, int, str]]:
            return [
                (int(prediction.id), int(prediction.task), str(prediction.model_version or ""))
                for prediction in sdk.predictions.list(project=self.id)
                if prediction.id and prediction.task
            ]

        return self.server.request("reading the predictions", read)

    def prediction_counts(self) -> dict[str, int]:
        """The number of predictions of each model version."""
        counts = self.server.send("counting the predictions", "GET", f"api/projects/{self.id}/model-versions/", None)
        return {str(version): int(count) for version, count in dict(counts or {}).items()}

    def import_predictions(self, predictions: Sequence[Mapping[str, Any]]) -> int:
        """Import predictions, each with its ``task``; return how many the server accepted, which may be fewer."""
        accepted = 0
        for begin in range(0, len(predictions), _PREDICTIONS_AT_ONCE):
            part = predictions[begin : begin + _PREDICTIONS_AT_ONCE]
            accepted += self.server.request(
                "sending predictions",
                lambda sdk, part=part: int(  # type: ignore[misc]
                    sdk.projects.import_predictions(id=self.id, request=part).created or 0
                ),
                again=False,
            )
        return accepted

    def delete_predictions(self, ids: Sequence[int]) -> None:
        """Delete predictions, one by one."""
        for number in ids:
            try:
                self.server.request(
                    "removing a prediction",
                    lambda sdk, number=number: sdk.predictions.delete(id=number),  # type: ignore[misc]
                )
            except GoneError:
                continue

    def delete_version(self, version: str) -> None:
        """Delete all predictions of a model version."""
        self.server.send(
            f"removing the predictions of {version}",
            "DELETE",
            f"api/projects/{self.id}/model-versions/",
            {"model_version": version},
        )
        self.model_version = "" if self.model_version == version else self.model_version  # as the server does

    def set_up(self, label_config: str, offered: Sequence[str]) -> None:
        """Set the labeling interface, and note in the description which topics it offers from now on."""
        offers = self.offers
        if not offers or offers[-1].topics != tuple(offered):
            offers = (*offers, Offer(self._now(), tuple(offered)))
        self.configure(label_config, offers)

    def configure(self, label_config: str, offers: tuple[Offer, ...]) -> None:
        """Set the labeling interface, and the offers in the description."""
        about = description(self.workspace, offers, self.model, self.review)
        self.server.request(
            "changing the labelling interface",
            lambda sdk: sdk.projects.update(id=self.id, label_config=label_config, description=about),
        )
        self.label_config, self.offers = label_config, offers

    def note_model(self, model: str) -> None:
        """Note in the description whose predictions the project has; what people wrote there stays."""
        if model != self.model:
            project = self.server.request("reading the project", lambda sdk: sdk.projects.get(id=self.id))
            text = with_model(project.description or "", model)
            self.server.request("noting the model", lambda sdk: sdk.projects.update(id=self.id, description=text))
            self.model = model

    def show_in_order(self) -> None:
        """Create a tab of the data manager that lists the tasks in the order of the queue, if there is none yet.

        "Label All Tasks" follows the order of the tab; "next task" follows the sampling of the project.
        """
        self.add_tab(tab.data())

    def add_tab(self, data: Any) -> None:
        """Create a tab of the data manager, if there is none of its title yet."""
        tabs: list[Any] = self.server.request("reading the tabs", lambda sdk: list(sdk.views.list(project=self.id)))
        if not any((other.data or {}).get("title") == data["title"] for other in tabs):
            self.server.request("making a tab", lambda sdk: sdk.views.create(project=self.id, data=data), again=False)

    def use_model(self, version: str) -> None:
        """Set the model version whose predictions order the queue.

        Raises:
            ServerError: the server does not accept this version.
        """
        self.server.request(
            "choosing the model version", lambda sdk: sdk.projects.update(id=self.id, model_version=version)
        )
        project = self.server.request("reading the project", lambda sdk: sdk.projects.get(id=self.id))
        self.model_version = project.model_version or ""
        if self.model_version != version:
            raise ServerError(
                f"the project at {self.url} did not take {version} as its model version", "run push again"
            )

    def objection(self, label_config: str) -> str:
        """The server's objection to a labeling interface, such as annotations that do not fit it; else empty."""
        try:
            self.server.request(
                "checking the labelling interface",
                lambda sdk: sdk.projects.validate_label_config(id=self.id, label_config=label_config),
            )
        except ServerError as error:
            if getattr(error.__cause__, "status_code", None) != 400:
                raise
            return str(error)
        return ""

    def offered_at(self, moment: datetime) -> tuple[str, ...] | None:
        """The topics that the interface offered at a time; None where the description has no offers."""
        earlier = [offer.topics for offer in self.offers if offer.since <= moment]
        return earlier[-1] if earlier else self.offers[0].topics if self.offers else None

    def _now(self) -> datetime:
        """The time by the server's clock, which may differ from ours."""
        response = self.server.request(
            "reading the project", lambda sdk: sdk.projects.with_raw_response.get(id=self.id)
        )
        try:
            return parsedate_to_datetime(response.headers["date"]).astimezone(UTC)
        except (KeyError, ValueError):
            return datetime.now(UTC)


def _numbers(listed: Any) -> list[int]:
    return [int(number) for number in listed or ()]


def _as_json(task: Any) -> dict[str, Any]:
    document: dict[str, Any] = parse_json(task.model_dump_json())
    return document


def _query(conjunction: str, filters: Iterable[tuple[str, str, str, Any]]) -> str:
    """A filter of the data manager (https://labelstud.io/guide/manage_data; the form is taken from its source)."""
    items = [
        {"filter": f"filter:tasks:{column}", "operator": operator, "type": kind, "value": value}
        for column, operator, kind, value in filters
    ]
    return json.dumps({"filters": {"conjunction": conjunction, "items": items}})
