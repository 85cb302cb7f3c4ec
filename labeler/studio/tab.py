"""The tab of the data manager that lists the tasks of a project in the order of the queue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

TITLE = "Most useful first"
REVIEW = "Review"
# What nobody reads in a table of papers: what the interface needs, and the server's own figures.
_HIDDEN_COLUMNS = (
    "data.paper_id", "data.ids", "data.meta_html", "data.offered", "data.url", "data.abstract", "data.authors",
    "data.asked", "data.alike",
    "inner_id", "completed_at", "total_predictions", "annotations_results", "annotations_ids", "predictions_score",
    "predictions_model_versions", "predictions_results", "file_upload", "storage_filename", "created_at", "updated_at",
    "updated_by", "avg_lead_time", "draft_exists",
)  # fmt: skip


def data() -> dict[str, Any]:
    """The data of the tab, as the server takes them."""
    return {"title": TITLE, "ordering": ["tasks:predictions_score"], "hiddenColumns": _hidden(_HIDDEN_COLUMNS)}


def review_data(to: str = "") -> dict[str, Any]:
    """The data of the tab of a review: of all papers, or of those that go to one person.

    The server's free edition gives tasks to nobody in particular: a person's tab has the papers that are meant for
    them, and "Label All Tasks" follows it.
    """
    hidden = _hidden(("data.said_html", *_HIDDEN_COLUMNS))
    data: dict[str, Any] = {"title": f"For {to}" if to else REVIEW, "ordering": ["tasks:id"], "hiddenColumns": hidden}
    if to:
        wanted = {"filter": "filter:tasks:data.to", "operator": "equal", "type": "String", "value": to}
        data["filters"] = {"conjunction": "and", "items": [wanted]}
    return data


def _hidden(columns: Iterable[str]) -> dict[str, list[str]]:
    return {"explore": [f"tasks:{name}" for name in columns], "labeling": []}
