"""The tab shows what people read in a table of papers, and hides the rest."""

from __future__ import annotations

from labeler.papers import Paper
from labeler.studio.tab import TITLE, data
from labeler.studio.tasks import task


def test_papers_are_in_the_order_of_the_queue() -> None:
    found = data()
    assert found["title"] == TITLE
    assert found["ordering"] == ["tasks:predictions_score"]


def test_of_the_data_of_a_task_title_date_and_reason_are_shown() -> None:
    made = task(Paper.make("Robots", "They walk."), ["llm"], "why", asked={"audit": True}, alike="Another one")["data"]
    hidden = data()["hiddenColumns"]
    assert {name for name in made if f"tasks:data.{name}" not in hidden["explore"]} == {"title", "date", "reason"}
    assert len(set(hidden["explore"])) == len(hidden["explore"])
    assert hidden["labeling"] == []
