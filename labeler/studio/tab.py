"""The tab of the data manager that lists the tasks of a project in the order of the queue."""

from __future__ import annotations

from typing import Any

TITLE = "Most useful first"
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
    hidden = {"explore": [f"tasks:{name}" for name in _HIDDEN_COLUMNS], "labeling": []}
    return {"title": TITLE, "ordering": ["tasks:predictions_score"], "hiddenColumns": hidden}
