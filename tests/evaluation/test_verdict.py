from __future__ import annotations

import pytest

from labeler.evaluation.verdict import decided_sentence
from labeler.measure.figures import Outcome


@pytest.mark.parametrize(
    ("outcome", "precision", "told"),
    [
        (Outcome(300, 129, 129, 118), 0.9, "at 90%: 129 of 300 papers, 118 of 129 topics right (91%)."),
        (Outcome(300, 0, 0, 0), 0.999, "at 99.9%: none of 300 papers."),
        (Outcome(300, 7, 0, 0), 0.9, "at 90%: 7 of 300 papers, none of them with a topic."),
    ],
)
def test_what_would_be_decided_is_told(outcome: Outcome, precision: float, told: str) -> None:
    assert decided_sentence(outcome, precision) == f"Decided automatically {told}"
