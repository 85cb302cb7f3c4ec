from __future__ import annotations

import json

import pytest

from labeler.measure.estimates import Estimate
from labeler.measure.figures import Bands, Figures, Outcome, PaperCounts
from labeler.measure.keywords import KeywordCount

SOME = Figures(
    measured={"macro_f1": Estimate(0.5, 0.25, 0.75)},
    weak=("speech",),
    no_topic=Estimate(0.1, 0.0, 0.2),
    time_ordered=Outcome(10, 4, 3, 2, "2025-07"),
    papers=PaperCounts(20, 1, 300),
    counts={"robots": 12, "speech": 8},
    stream_shares={"robots": 0.75, "speech": 0.25},
)


FEW = Figures(papers=PaperCounts(1, 0, 0), counts={})
WITH_KEYWORDS = Figures(keywords={"robots": (KeywordCount("gripper", False, 3, 2, 1),)})
REPEATED = Figures(papers=PaperCounts(20, 1, 300, 12), counts={})


@pytest.mark.parametrize("figures", [SOME, FEW, REPEATED, WITH_KEYWORDS, Figures(), Figures(weak=())])
def test_figures_survive_json(figures: Figures) -> None:
    assert Figures.from_dict(json.loads(json.dumps(figures.to_dict()))) == figures


def test_what_nobody_noted_is_none_or_nothing() -> None:
    assert (SOME.labelled, SOME.unlabeled) == (20, 300)
    assert (Figures().labelled, Figures().unlabeled) == (0, 0)


def test_the_keys_in_files_are_those_of_the_first_manifests() -> None:
    assert set(SOME.to_dict()) == {"measured", "weak", "no_topic", "in_time", "papers", "counts", "stream_shares"}
    assert SOME.to_dict()["papers"] == {"labelled": 20, "ties": 1, "unread": 300}
    assert "since" not in Outcome(1, 1, 1, 1).to_dict()


@pytest.mark.parametrize("upper", [0.75, float("inf")])
def test_bands_survive_json(upper: float) -> None:
    bands = Bands(0.9, 0.125, upper, Outcome(10, 4, 3, 2))
    assert Bands.from_dict(json.loads(json.dumps(bands.to_dict()))) == bands


@pytest.mark.parametrize("number", [-1, 10**29, "x", None])
def test_a_number_of_papers_that_nobody_counted_is_refused(number: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        Figures.from_dict({"counts": {"robots": number}})


def test_shares_of_topics_are_shares() -> None:
    wild = Figures(papers=PaperCounts(1, 0, 0), counts={"robots": 12})
    assert wild.expected_shares() == {"robots": 1.0}


@pytest.mark.parametrize("precision", [-1, 0, 1.5, float("nan")])
def test_a_precision_that_nobody_promised_is_refused(precision: float) -> None:
    outcome = Outcome(1, 1, 1, 1).to_dict()
    with pytest.raises(ValueError, match="no precision"):
        Bands.from_dict({"precision": precision, "lower": 0.1, "upper": 0.9, "held_out": outcome})
