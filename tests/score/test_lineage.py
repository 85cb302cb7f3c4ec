from __future__ import annotations

import pytest

from labeler.measure.estimates import Estimate
from labeler.score.lineage import Lineage, Passage, lineage_sentence

WORSE = Passage("mine@1", 200, 0.64, 0.5, Estimate(-0.14, -0.2, -0.08))


@pytest.mark.parametrize(("high", "worse"), [(-0.08, True), (-0.02, False), (0.0, False), (0.1, False)])
def test_a_version_is_worse_where_even_the_upper_end_is_a_loss(high: float, worse: bool) -> None:
    assert WORSE._replace(difference=Estimate(-0.14, -0.2, high)).is_worse is worse


@pytest.mark.parametrize(
    "lineage",
    [
        Lineage(),
        Lineage("mine@1", "0123456789abcdef", 3, "a" * 40, True),
        Lineage("mine@1", "0123", 0, passage=WORSE),
        Lineage(tables=("../a.csv",)),
    ],
)
def test_a_lineage_comes_back_from_its_record(lineage: Lineage) -> None:
    assert Lineage.from_dict(lineage.to_dict()) == lineage


def test_a_refusal_says_why_with_figures() -> None:
    assert WORSE.sentence("mine@2") == (
        "mine@2 is worse than mine@1, and was kept but not put to use: on 200 papers that neither had seen, macro-F1 "
        "by the judgements that each learned from is 0.50 and was 0.64 (a loss of 0.08 to 0.20)"
    )


def test_where_a_version_comes_from_is_told() -> None:
    assert lineage_sentence(Lineage()) == "The first version; seed 0."
    told = lineage_sentence(Lineage("mine@1", "0123", 0, "a" * 40, True, WORSE))
    assert told.startswith(
        "After mine@1 (0123); seed 0, at commit aaaaaaaaaaaa, with annotations that it does not have."
    )
    assert "On 200 papers that neither had seen, by the judgements that each learned from, its macro-F1" in told
    assert told.endswith("macro-F1 is 0.50 and that of mine@1 0.64 (difference -0.14 [-0.20, -0.08]).")
