"""The project of a workspace on a server: found by a line in its description, with its tasks and predictions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from labeler.errors import ServerError
from labeler.studio.description import Offer, description, offers_in, workspace_in
from labeler.studio.project_tasks import FIELDS, ProjectTask, project_task
from labeler.studio.server import GoneError, Server

_PAGE = 1000  # tasks a request
_TASKS_AT_ONCE = 1000
# A call takes seconds in a large project, however few predictions it brings: the server counts anew each time.
_PREDICTIONS_AT_ONCE = 10_000
# The server leaves out of annotations, too, what is not named here.
_ANNOTATED = (
    "id,data,meta,project,updated_at,created_at,annotations,result,completed_by,was_cancelled,lead_time,prediction,"
    "parent_prediction"
)
_TAB = "Most useful first"
# What nobody reads in a table of papers: what the interface needs, and the server's own figures.
_HIDDEN_COLUMNS = (
    "data.paper_id", "data.ids", "data.meta_html", "data.offered", "data.url", "data.abstract", "data.authors",
    "inner_id", "completed_at", "total_predictions", "annotations_results", "annotations_ids", "predictions_score",
    "predictions_model_versions", "predictions_results", "file_upload", "storage_filename", "created_at", "updated_at",
    "updated_by", "avg_lead_time", "draft_exists",
)  # fmt: skip
ORDERED = "Uncertainty sampling"  # the queue's order: the lowest score of the project's model version first


@dataclass
class Project:
    """A project of Label Studio that belongs to a workspace. ``made`` is when: it tells it apart on any server."""

    server: Server
    id: int
    made: str
    workspace: str
    label_config: str
    model_version: str
    offers: tuple[Offer, ...] = field(default=())

    @property
    def url(self) -> str:
        """Where people annotate."""
        return f"{self.server.url}/projects/{self.id}"

    def tasks(self) -> list[ProjectTask]:
        """All tasks, in the order they came."""
        found: list[Any] = self.server.request(
            "reading the tasks",
            lambda sdk: list(sdk.tasks.list(project=self.id, include=FIELDS, page_size=_PAGE)),
        )
        return sorted((project_task(task) for task in found), key=lambda task: task.id)

    def annotated(self, since: datetime | None = None) -> list[dict[str, Any]]:
        """The tasks that anyone has annotated, as in an export; with ``since``, all that changed after that time."""
        if since is None:
            wanted = [("total_annotations", "greater", "Number", 0), ("cancelled_annotations", "greater", "Number", 0)]
            query = _query("or", wanted)
        else:
            query = _query("and", [("updated_at", "greater", "Datetime", f"{since:%Y-%m-%dT%H:%M:%S.%fZ}")])
        found: list[Any] = self.server.request(
            "reading the annotations",
            lambda sdk: list(sdk.tasks.list(project=self.id, include=_ANNOTATED, page_size=_PAGE, query=query)),
        )
        return [_plain(task) for task in found]

    def has_annotation(self, number: int, created_at: str) -> bool:
        """Whether an annotation is still there, and not a later one of the same number."""
        try:
            there: Any = self.server.request("reading an annotation", lambda sdk: sdk.annotations.get(id=number))
        except GoneError:
            return False
        return bool(there.created_at == datetime.fromisoformat(created_at))

    def annotations(self) -> int:
        """How many annotations there are, skipped ones among them."""
        now = self.server.request("reading the project", lambda sdk: sdk.projects.get(id=self.id))
        return (now.total_annotations_number or 0) + (now.skipped_annotations_number or 0)

    def task_count(self) -> int:
        """How many tasks there are now."""
        return self.server.request("reading the project", lambda sdk: sdk.projects.get(id=self.id)).task_number or 0

    def import_tasks(self, tasks: Sequence[Mapping[str, Any]]) -> list[int]:
        """Add tasks, without predictions; their ids, in their order.

        Predictions that come along with tasks are lost, without a word, whenever SQLite is busy for a moment.
        """
        ids: list[int] = []
        for begin in range(0, len(tasks), _TASKS_AT_ONCE):
            part = [
                {key: value for key, value in task.items() if key != "predictions"}
                for task in tasks[begin:][:_TASKS_AT_ONCE]
            ]
            done = self.server.request(
                "sending papers",
                lambda sdk, part=part: sdk.projects.import_tasks(  # type: ignore[misc]
                    id=self.id, request=part, return_task_ids=True
                ),
                again=False,
            )
            ids += done.task_ids or []
        return ids

    def delete_untouched(self, tasks: Iterable[ProjectTask]) -> None:
        """Remove tasks, unless somebody has begun with them, or their numbers are others' by now."""
        for task in tasks:
            number = str(task.id)
            try:
                now: Any = self.server.request("reading a double", lambda sdk, number=number: sdk.tasks.get(id=number))  # type: ignore[misc]
                if not (now.annotations or now.drafts) and now.data == task.data and now.project == self.id:
                    self.server.request("removing a double", lambda sdk, number=number: sdk.tasks.delete(id=number))  # type: ignore[misc]
            except GoneError:
                continue

    def update_task(self, number: int, **fields: Any) -> None:
        """Change a task's data or overlap; its annotations stay."""
        self.server.request("changing a task", lambda sdk: sdk.tasks.update(id=str(number), **fields))

    def predictions(self) -> list[tuple[int, int, str]]:
        """The predictions there are: id, task, model version."""
        found = self.server.request("reading the predictions", lambda sdk: sdk.predictions.list(project=self.id))
        return [(made.id, made.task, made.model_version or "") for made in found if made.id and made.task]

    def prediction_counts(self) -> dict[str, int]:
        """How many predictions there are of each model version."""
        told = self.server.send("counting the predictions", "GET", f"api/projects/{self.id}/model-versions/", None)
        return {str(version): int(count) for version, count in dict(told or {}).items()}

    def import_predictions(self, made: Sequence[Mapping[str, Any]]) -> int:
        """Add predictions (each with its ``task``); how many the server took, which may be fewer."""
        taken = 0
        for begin in range(0, len(made), _PREDICTIONS_AT_ONCE):
            part = made[begin : begin + _PREDICTIONS_AT_ONCE]
            done = self.server.request(
                "sending predictions",
                lambda sdk, part=part: sdk.projects.import_predictions(id=self.id, request=part),  # type: ignore[misc]
                again=False,
            )
            taken += done.created or 0
        return taken

    def delete_predictions(self, ids: Sequence[int]) -> None:
        """Remove predictions, one by one."""
        for number in ids:
            try:
                self.server.request(
                    "removing a prediction",
                    lambda sdk, number=number: sdk.predictions.delete(id=number),  # type: ignore[misc]
                )
            except GoneError:
                continue

    def delete_version(self, version: str) -> None:
        """Remove all predictions of a model version."""
        self.server.send(
            f"removing the predictions of {version}",
            "DELETE",
            f"api/projects/{self.id}/model-versions/",
            {"model_version": version},
        )

    def set_up(self, label_config: str, offered: Sequence[str]) -> None:
        """Give the project an interface, and note from when on it offers which topics."""
        offers = self.offers
        if not offers or offers[-1].topics != tuple(offered):
            offers = (*offers, Offer(self._now(), tuple(offered)))
        self.configure(label_config, offers)

    def configure(self, label_config: str, offers: tuple[Offer, ...]) -> None:
        """Give the project this interface and this history of what was offered."""
        self.server.request(
            "changing the labelling interface",
            lambda sdk: sdk.projects.update(
                id=self.id, label_config=label_config, description=description(self.workspace, offers)
            ),
        )
        self.label_config, self.offers = label_config, offers

    def show_in_order(self) -> None:
        """Have a tab whose tasks stand, and are labelled, in the order of the queue; its first one is people's default.

        "Label All Tasks" follows the tab, "next task" the project's sampling.
        """
        tabs: list[Any] = self.server.request("reading the tabs", lambda sdk: list(sdk.views.list(project=self.id)))
        if not any((tab.data or {}).get("title") == _TAB for tab in tabs):
            hidden = {"explore": [f"tasks:{name}" for name in _HIDDEN_COLUMNS], "labeling": []}
            data: Any = {"title": _TAB, "ordering": ["tasks:predictions_score"], "hiddenColumns": hidden}
            self.server.request("making a tab", lambda sdk: sdk.views.create(project=self.id, data=data), again=False)

    def use_model(self, version: str) -> None:
        """Have the queue go by the predictions of this version."""
        self.server.request(
            "choosing the model version", lambda sdk: sdk.projects.update(id=self.id, model_version=version)
        )
        now = self.server.request("reading the project", lambda sdk: sdk.projects.get(id=self.id))
        self.model_version = now.model_version or ""
        if self.model_version != version:
            raise ServerError(
                f"the project at {self.url} did not take {version} as its model version", "run push again"
            )

    def objection(self, label_config: str) -> str:
        """What the server has against an interface, such as annotations that do not fit it; empty when nothing."""
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
        """The topics that the interface offered at a time; None where nobody knows."""
        known = [offer.topics for offer in self.offers if offer.since <= moment]
        return known[-1] if known else self.offers[0].topics if self.offers else None

    def _now(self) -> datetime:
        """The server's time: its clock may be another one."""
        answer = self.server.request("reading the project", lambda sdk: sdk.projects.with_raw_response.get(id=self.id))
        try:
            return parsedate_to_datetime(answer.headers["date"]).astimezone(UTC)
        except (KeyError, ValueError):
            return datetime.now(UTC)


def find_projects(server: Server, workspace: str) -> list[Project]:
    """The projects that belong to a workspace, the first made first, ones without tasks last.

    More than one there are only after an accident.
    """
    try:
        listed: list[Any] = server.request(
            "looking for the project",
            lambda sdk: list(sdk.projects.list(include="id,description,task_number", page_size=100)),
        )
    except GoneError as error:
        raise ServerError(
            f"there is no Label Studio at {server.url}", "write its address as in http://127.0.0.1:8080"
        ) from error
    ours = sorted(
        (not item.task_number, item.id)
        for item in listed
        if item.id and workspace_in(item.description or "") == workspace
    )
    found = []
    for _, number in ours:
        with suppress(GoneError):  # another clone has removed it meanwhile
            found.append(open_project(server, number, workspace))
    return found


def open_project(server: Server, number: int, workspace: str) -> Project:
    """The project of a number.

    Raises:
        GoneError: there is none.
    """
    told = server.request("reading the project", lambda sdk: sdk.projects.get(id=number))
    offers = offers_in(told.description or "")
    made = told.created_at.isoformat() if told.created_at else ""
    return Project(server, number, made, workspace, told.label_config or "", told.model_version or "", offers)


def made_once(server: Server, workspace: str, title: str, label_config: str, offered: Sequence[str]) -> Project:
    """A new project for a workspace, which another clone may be making, too: the first one stays.

    The server itself makes two at times: it repeats a request when its database was busy.
    """
    make_project(server, workspace, title, label_config, offered)
    first, *others = find_projects(server, workspace)
    for other in others:
        with suppress(GoneError):
            if not other.task_count():
                server.request("removing a second project", lambda sdk, number=other.id: sdk.projects.delete(id=number))  # type: ignore[misc]
    return first


def make_project(server: Server, workspace: str, title: str, label_config: str, offered: Sequence[str]) -> Project:
    """A new project for a workspace."""
    about = description(workspace, (Offer(datetime.fromtimestamp(0, UTC), tuple(offered)),))
    made: Any = server.request(
        "making the project",
        lambda sdk: sdk.projects.create(
            title=title, label_config=label_config, description=about, sampling=ORDERED, **_SHOWN
        ),
        again=False,
    )
    return open_project(server, made.id, workspace)


_SHOWN: dict[str, Any] = {"show_skip_button": True, "enable_empty_annotation": True, "show_collab_predictions": True}


def _plain(task: Any) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(task.model_dump_json())
    return told


def _query(conjunction: str, filters: Iterable[tuple[str, str, str, Any]]) -> str:
    """A filter of the data manager: https://labelstud.io/guide/manage_data, read in its source."""
    items = [
        {"filter": f"filter:tasks:{column}", "operator": operator, "type": kind, "value": value}
        for column, operator, kind, value in filters
    ]
    return json.dumps({"filters": {"conjunction": conjunction, "items": items}})
