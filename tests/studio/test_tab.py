"""The tab shows what people read in a table of papers, and hides the rest."""

from __future__ import annotations

from labeler.papers import Paper
from labeler.studio.tab import TITLE, data, review_data
from labeler.studio.tasks import review_task, task


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


def test_the_tab_of_a_person_has_the_papers_that_are_meant_for_them() -> None:
    every, hers = review_data(), review_data("eve@example.org")
    assert (every["title"], "filters" in every) == ("Review", False)
    assert hers["title"] == "For eve@example.org"
    assert hers["filters"]["items"][0]["value"] == "eve@example.org"
    made = review_task(Paper.make("Robots", "They walk."), ["llm"], "why", "<b>said</b>", "eve@example.org", {})["data"]
    hidden = hers["hiddenColumns"]["explore"]
    assert {name for name in made if f"tasks:data.{name}" not in hidden} == {"title", "date", "reason", "to"}
