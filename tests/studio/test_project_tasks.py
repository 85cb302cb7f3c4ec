"""Tasks that a project holds, and which of those about one paper go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.papers import Paper
from labeler.studio.project_tasks import ProjectTask, doubles, paper_in
from labeler.studio.tasks import NO_TITLE

PAPER = Paper.make("A title", "An abstract.", ids=["arxiv:2503.00001"])
untouched = st.booleans()


@given(st.lists(st.lists(untouched, min_size=1, max_size=4), max_size=4))
def test_of_doubles_one_stays_and_all_that_was_touched(groups: list[list[bool]]) -> None:
    tasks, numbers = [], []
    for group in groups:
        numbers.append([len(tasks) + place for place in range(len(group))])
        tasks += [
            ProjectTask(number, PAPER, {}, {}, draft=not fresh)
            for number, fresh in zip(numbers[-1], group, strict=True)
        ]
    gone = set(doubles(tasks, numbers))
    for group in numbers:
        left = [tasks[number] for number in group if number not in gone]
        touched = [tasks[number] for number in group if not tasks[number].untouched]
        assert left
        assert all(one in left for one in touched)
        assert len(left) == max(1, len(touched))


def test_a_task_without_a_title_is_a_paper_without_one() -> None:
    paper = paper_in({"title": NO_TITLE, "abstract": "Words.", "ids": ""})
    assert (paper.title, paper.abstract) == ("", "Words.")
    with pytest.raises(ValueError, match="neither a title nor an abstract"):
        paper_in({"title": ""})


def test_a_paper_of_which_a_title_is_all_may_be_called_that() -> None:
    assert paper_in({"title": NO_TITLE, "abstract": ""}).title == NO_TITLE
