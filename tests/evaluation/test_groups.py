from __future__ import annotations

import numpy as np
import pytest

from labeler.evaluation.figures import Answers, Question
from labeler.evaluation.groups import groups, script_of
from labeler.evaluation.judged import JudgedSet
from labeler.papers import Paper
from labeler.topics import Mode
from labeler.topics.hierarchy import FLAT


@pytest.mark.parametrize(
    ("text", "script"), [("Robot arms", "Latin"), ("机器人", "Cjk"), ("Роботы и руки", "Cyrillic"), ("42", "")]
)
def test_the_script_of_a_paper_is_that_of_most_letters(text: str, script: str) -> None:
    assert script_of(Paper.make(text, "")) == script


def test_parts_with_enough_papers_have_figures_of_their_own() -> None:
    dates = ["2025-03-01"] * 30 + ["2025-04-01"] * 25 + ["2025-05-01"] * 5
    papers = tuple(Paper.make(f"Paper {number}", "of robots", date=date) for number, date in enumerate(dates))
    truth = np.ones((60, 1))
    none = np.zeros(60, bool)
    judged = JudgedSet(papers, ("robots",), truth, none, none, ("log",) * 60)
    probabilities = np.where(np.arange(60)[:, None] < 30, 0.9, 0.1)
    answers = Answers(probabilities, probabilities >= 0.5)
    found = groups(Question(Mode.MULTI, ("robots",), FLAT), judged, answers)
    assert [(one.kind, one.value, one.papers) for one in found] == [("month", "2025-03", 30), ("month", "2025-04", 25)]
    assert [one.exact.value if one.exact else None for one in found] == [1.0, 0.0]
