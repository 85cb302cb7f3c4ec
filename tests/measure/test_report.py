from __future__ import annotations

from typing import Any

import pytest

from labeler.measure.report import no_topic_sentence, precision_sentence, report, trained_sentence
from labeler.topics import Scheme, Topic


def test_a_report_has_a_line_for_each_topic() -> None:
    scheme = Scheme("single", (Topic("robots", "Robots | arms"), Topic("speech", "Speech"), Topic("vision", "Vision")))
    held = {"papers": 20, "decided": 0, "assigned": 0, "right": 0}
    details: dict[str, Any] = {
        "papers": {"labelled": 20, "unread": 0},
        "measured": {"macro_f1": {"value": 0.5, "low": 0.25, "high": 0.75}},
        "bands": {"precision": 0.9, "held_out": held},
        "in_time": None,
        "no_topic": {"value": 0.1, "low": 0.05, "high": 0.2},
        "counts": {"robots": 20, "speech": 0, "vision": 0},
    }
    lines = report("mine", details, {"vision": "no paper judged to be of it"}, scheme).splitlines()
    assert lines[0] == "# mine"
    assert "- macro_f1: 0.500 [0.250, 0.750]" in lines
    assert "About 10% [5%, 20%] of the unlabeled papers fit no topic of the scheme." in lines
    assert lines[-3:] == [
        r"| Robots \| arms | 20 | yes |",
        "| Speech | 0 | from its definition |",
        "| Vision | 0 | no: no paper judged to be of it |",
    ]


@pytest.mark.parametrize(
    ("papers", "told"),
    [
        ({"labelled": 20, "unread": 0}, "Trained on 20 judged papers."),
        ({"labelled": 20, "unread": 300}, "Trained on 20 judged papers and 300 papers that nobody has judged."),
        ({"labelled": 0, "unread": 300}, "nobody knows how right it is"),
    ],
)
def test_what_a_model_was_trained_on_is_told(papers: dict[str, int], told: str) -> None:
    assert told in trained_sentence(papers)


@pytest.mark.parametrize(
    ("held", "told"),
    [
        (
            {"papers": 50, "decided": 0, "assigned": 0, "right": 0},
            "No paper can be decided without a person yet if 90%",
        ),
        ({"papers": 50, "decided": 20, "assigned": 25, "right": 24}, "20 of 50 held-out papers (40% [26%, 55%]), 24"),
        ({"papers": 50, "decided": 20, "assigned": 25, "right": 24}, "24 of 25 topics right (96% [80%, 100%]) (pro"),
        ({"papers": 50, "decided": 20, "assigned": 0, "right": 0}, "(40% [26%, 55%]), no topics given (promised: 90"),
    ],
)
def test_the_share_and_the_precision_are_told_together(held: dict[str, int], told: str) -> None:
    assert told in precision_sentence({"precision": 0.9, "held_out": held})


def test_the_share_of_papers_that_fit_no_topic_is_told_with_its_interval_or_not_at_all() -> None:
    told = {"value": 0.123, "low": 0.081, "high": 0.17}
    assert no_topic_sentence(told) == "About 12% [8%, 17%] of the unlabeled papers fit no topic of the scheme."
    assert no_topic_sentence(told | {"low": 0.0}) == "At most 17% of the unlabeled papers fit no topic of the scheme."
    assert no_topic_sentence(None) == ""


def test_papers_in_the_order_of_time_are_told_of_where_there_are_dates() -> None:
    held = {"papers": 500, "decided": 200, "assigned": 200, "right": 190}
    later = {"papers": 200, "decided": 60, "assigned": 60, "right": 54, "since": "2025-06"}
    told = precision_sentence({"precision": 0.9, "held_out": held}, later)
    assert told == (
        "Without a person: 60 of 200 later papers (30% [24%, 37%]), 54 of 60 topics right (90% [79%, 96%]) "
        "(promised: 90%). TimeOrderedScores: those since 2025-06, each decided by a model of the papers before."
    )
    none = later | {"decided": 0, "assigned": 0, "right": 0}
    assert "0 of 200 later papers (0% [0%, 2%])" in precision_sentence({"precision": 0.9, "held_out": held}, none)
