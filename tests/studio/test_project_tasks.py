"""The tasks of a project: which of those about one paper are removed, and which change with their paper."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.papers import Paper
from labeler.studio.project_tasks import ProjectTask, compared, duplicate_tasks, paper_in
from labeler.studio.tasks import NO_TITLE
from labeler.studio.tasks import task as new_task

PAPER = Paper.make("A title", "An abstract.", ids=["arxiv:2503.00001"])
untouched = st.booleans()


@given(st.lists(st.lists(untouched, min_size=1, max_size=4), max_size=4), st.randoms(use_true_random=False))
def test_of_duplicates_one_stays_and_all_that_was_touched(groups: list[list[bool]], chance: Random) -> None:
    tasks: list[ProjectTask] = []
    for number, group in enumerate(groups):
        paper = Paper.make(f"Title {number}", "An abstract.", ids=[f"arxiv:2503.{number:05}"])
        tasks += [ProjectTask(len(tasks) + n, paper, {}, {}, draft=not fresh) for n, fresh in enumerate(group)]
    strange = ProjectTask(len(tasks), None, {}, {})
    shuffled = [*tasks, strange]
    chance.shuffle(shuffled)
    gone = duplicate_tasks(shuffled)
    assert strange not in gone
    assert gone == [task for task in shuffled if task in gone], "in the order of the list"
    for number in range(len(groups)):
        group_tasks = [task for task in tasks if task.paper and task.paper.title == f"Title {number}"]
        left = [task for task in group_tasks if task not in gone]
        touched = [task for task in group_tasks if not task.untouched]
        assert left == (touched or group_tasks[:1])


def revised(abstract: str, **state: Any) -> list[dict[str, Any]]:
    """The new data of a task of ``PAPER`` in this state, when the paper comes with another abstract."""
    task = ProjectTask(1, PAPER, new_task(PAPER, ["llm"], "why", alike="Like it: …")["data"], {}, **state)
    new, changed = compared([replace(PAPER, abstract=abstract), Paper.make("Another", "Words.")], [task])
    assert [paper.title for paper in new] == ["Another"]
    return [data for _, data in changed]


def test_a_text_that_changed_is_new_data_unless_somebody_has_begun() -> None:
    (data,) = revised("Quite another abstract.")
    before = new_task(PAPER, ["llm"], "why", alike="Like it: …")["data"]
    assert data == before | {"abstract": "Quite another abstract."}
    for state in ({"annotations": 1}, {"skipped": 1}, {"draft": True}):
        assert revised("Quite another abstract.", **state) == []


@pytest.mark.parametrize("abstract", ["An abstract", "an ABSTRACT!", "An abs", ""])
def test_a_text_that_lost_its_end_or_its_punctuation_is_no_other(abstract: str) -> None:
    assert revised(abstract) == []


def test_a_task_without_a_title_is_a_paper_without_one() -> None:
    paper = paper_in({"title": NO_TITLE, "abstract": "Words.", "ids": ""})
    assert (paper.title, paper.abstract) == ("", "Words.")
    with pytest.raises(ValueError, match="neither a title nor an abstract"):
        paper_in({"title": ""})


def test_a_paper_of_which_a_title_is_all_may_be_called_that() -> None:
    assert paper_in({"title": NO_TITLE, "abstract": ""}).title == NO_TITLE
