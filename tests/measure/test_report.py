from __future__ import annotations

import numpy as np
import pytest

from labeler.measure.estimates import Estimate
from labeler.measure.figures import Bands, Figures, Outcome, PaperCounts
from labeler.measure.keywords import KeywordCount
from labeler.measure.report import (
    near_duplicates_sentence,
    no_topic_sentence,
    picked_sentence,
    precision_sentence,
    promised_share,
    report,
    stream_sentence,
    trained_sentence,
    unlike_sentence,
)
from labeler.topics import Mode, Scheme, Topic


def test_a_report_has_a_line_for_each_topic() -> None:
    topics = (Topic("robots", "Robots | arms"), Topic("speech", "Speech"), Topic("vision", "Vision"))
    figures = Figures(
        measured={"macro_f1": Estimate(0.5, 0.25, 0.75)},
        no_topic=Estimate(0.1, 0.05, 0.2),
        papers=PaperCounts(20, 0, 0),
        counts={"robots": 20, "speech": 0, "vision": 0},
    )
    bands, unlearned = Bands(0.9, 0.0, 1.0, Outcome(20, 0, 0, 0)), {"vision": "no paper judged to be of it"}
    lines = report("mine", figures, bands, unlearned, Scheme(Mode.SINGLE, topics)).splitlines()
    assert lines[0] == "# mine"
    assert "- macro_f1: 0.500 [0.250, 0.750]" in lines
    assert "About 10% [5%, 20%] of the unread papers fit no topic of the scheme." in lines
    assert lines[-3:] == [
        r"| Robots \| arms | 20 | yes |",
        "| Speech | 0 | from its definition |",
        "| Vision | 0 | no: no paper judged to be of it |",
    ]


def test_a_report_tells_how_judged_papers_agree_with_keywords() -> None:
    keywords = {"robots": (KeywordCount("gripper", False, 14, 12, 3), KeywordCount("surgery", True, 2, 0))}
    scheme = Scheme(Mode.SINGLE, (Topic("robots", "Robots"), Topic("speech", "Speech")))
    page = report("mine", Figures(keywords=keywords), Bands(0.9, 0.0, 1.0, Outcome(0, 0, 0, 0)), {}, scheme)
    assert page.splitlines()[-1] == (
        "- Robots: 'gripper' in 14 judged papers, 12 of the topic and 3 unread; "
        "not 'surgery' in 2 judged papers, 0 of the topic"
    )
    assert "eywords" not in report("mine", Figures(), Bands(0.9, 0.0, 1.0, Outcome(0, 0, 0, 0)), {}, scheme)


def test_keywords_that_were_not_learned_from_are_said_to_be_left_out() -> None:
    scheme = Scheme(Mode.SINGLE, (Topic("robots", "Robots", keywords=("gripper",)), Topic("speech", "Speech")))
    page = report("mine", Figures(), Bands(0.9, 0.0, 1.0, Outcome(0, 0, 0, 0)), {}, scheme)
    assert page.endswith("\n\nKeywords were left out: beside this many judged papers they are not learned from.\n")
    assert "| Robots | 0 | from its definition |" in page


@pytest.mark.parametrize(
    ("papers", "words"),
    [
        (PaperCounts(20, 0, 0), "Trained on 20 judged papers."),
        (PaperCounts(20, 0, 300), "Trained on 20 judged papers and 300 papers that nobody has judged."),
        (PaperCounts(0, 0, 300), "nobody knows how right it is"),
    ],
)
def test_what_a_model_was_trained_on_is_told(papers: PaperCounts, words: str) -> None:
    assert words in trained_sentence(papers)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (
            Outcome(50, 0, 0, 0),
            "No paper can be decided automatically if 90%",
        ),
        (Outcome(50, 20, 25, 24), "20 of 50 held-out papers (40% [26%, 55%]), 24"),
        (Outcome(50, 20, 25, 24), "24 of 25 topics right (96% [80%, 100%]) (pro"),
        (Outcome(50, 20, 0, 0), "(40% [26%, 55%]), no topics given (promised: 90"),
    ],
)
def test_the_share_and_the_precision_are_told_together(outcome: Outcome, words: str) -> None:
    assert words in precision_sentence(Bands(0.9, 0.0, 0.8, outcome))


def test_the_share_of_papers_that_fit_no_topic_is_told_with_its_interval_or_not_at_all() -> None:
    share = Estimate(0.123, 0.081, 0.17)
    assert no_topic_sentence(share) == "About 12% [8%, 17%] of the unread papers fit no topic of the scheme."
    assert no_topic_sentence(share._replace(low=0.0)) == "At most 17% of the unread papers fit no topic of the scheme."
    assert no_topic_sentence(None) == ""
    by = "by the 40 papers asked blind and at random."
    assert no_topic_sentence(share, 40) == f"About 12% [8%, 17%] of new papers fit no topic of the scheme, {by}"


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        ({"robots": 0.1, "speech": 0.9}, "Speech 90% (of the judged 40%), Robots 10% (of the judged 60%)"),
        ({"robots": 0.5, "speech": 0.5}, ""),
        (None, ""),
    ],
)
def test_for_which_shares_of_topics_figures_are_is_told_where_they_differ(
    shares: dict[str, float] | None, told: str
) -> None:
    scheme = Scheme(Mode.SINGLE, (Topic("robots", "Robots"), Topic("speech", "Speech")))
    figures = Figures(papers=PaperCounts(50, 0, 9), counts={"robots": 30, "speech": 20}, stream_shares=shares)
    words = f"The figures are for topics as frequent as, by estimate, among the unread papers: {told}."
    assert stream_sentence(figures, scheme) == (words if told else "")


def test_what_decisions_rest_on_is_told() -> None:
    bands = Bands(0.9, 0.0, 0.8, Outcome(400, 92, 92, 84), (0.881, 0.954))
    assert precision_sentence(bands) == (
        "Decided automatically: 92 of 400 held-out papers (23% [19%, 27%]), 84 of 92 topics right; by all of them "
        "together, 88–95% of such topics on new papers will be right (promised: 90%, within these bounds)."
    )


def test_other_promises_are_told_of_and_advised_where_this_one_decides_nothing() -> None:
    promises = [
        Bands(promise, 0.0, 0.8, Outcome(400, count, count, count)) for promise, count in ((0.7, 310), (0.8, 210))
    ]
    nothing = Bands(0.9, 0.0, np.inf, Outcome(400, 0, 0, 0))
    assert precision_sentence(nothing, None, promises) == (
        "No paper can be decided automatically if 90% of the topics are to be right. 80% right can be promised for 210 "
        "of 400 (`labeler train --precision 0.8`)."
    )
    assert precision_sentence(promises[1], None, promises).endswith("70% right can be promised for 310 of 400.")


@pytest.mark.parametrize(
    ("papers", "decided", "advised"), [(600, 3, 0), (600, 19, 0), (600, 20, 1), (2000, 39, 0), (2000, 40, 1)]
)
def test_a_promise_that_few_papers_support_is_not_advised(papers: int, decided: int, advised: int) -> None:
    other = Bands(0.7, 0.0, 0.8, Outcome(papers, decided, decided, decided))
    said = precision_sentence(Bands(0.9, 0.0, np.inf, Outcome(papers, 0, 0, 0)), None, [other])
    assert said.count("--precision 0.7") == said.count("can be promised for") == advised
    assert said.count("Nothing can be promised yet") == 1 - advised
    other_line = precision_sentence(Bands(0.9, 0.0, 0.8, Outcome(papers, 50, 50, 48)), None, [other])
    assert ("70% right" in other_line) == advised


def test_a_promise_is_told_as_it_was_given() -> None:
    nothing = Bands(0.999, 0.0, np.inf, Outcome(400, 0, 0, 0))
    assert precision_sentence(nothing).startswith("No paper can be decided automatically if 99.9% of the topics")
    assert [promised_share(precision) for precision in (0.5, 0.57, 0.9, 0.975)] == ["50%", "57%", "90%", "97.5%"]


def test_papers_in_the_order_of_time_are_told_of_where_there_are_dates() -> None:
    held_out = Bands(0.9, 0.0, 0.8, Outcome(500, 200, 200, 190))
    later = Outcome(200, 60, 60, 54, "2025-06")
    assert precision_sentence(held_out, later).endswith(
        "(promised: 90%). In the order of time: 60 of 200 papers since 2025-06 (30% [24%, 37%]), 54 of 60 topics right "
        "(90% [79%, 96%]), each decided by a model of the papers before."
    )
    none = Outcome(200, 0, 0, 0, "2025-06")
    assert "0 of 200 papers since 2025-06 (0% [0%, 2%]), no topics given" in precision_sentence(held_out, none)


def test_papers_with_topics_in_other_shares_than_expected_are_told_of() -> None:
    figures = Figures(papers=PaperCounts(50, 0, 0), counts={"robots": 40, "speech": 10})
    names = {"robots": "Robots"}
    told = unlike_sentence({"robots": 30, "speech": 70}, 100, figures.expected_shares(), names, Mode.SINGLE)
    assert "Robots 30% of these papers, 80% by what the model learned" in told
    assert "speech 70% of these papers, 20% by" in told
    assert "train --unread" in told


def test_unread_papers_are_advised_only_where_their_shares_are_learned() -> None:
    told = unlike_sentence({"robots": 30}, 100, {"robots": 0.8}, {}, Mode.MULTI)
    assert "--unread" not in told
    assert told.endswith("judge some papers like these (`labeler push`, `labeler export --count`), and train again")


@pytest.mark.parametrize(
    ("found", "papers"),
    [
        ({"robots": 72, "speech": 28}, 100),  # alike
        ({"robots": 1, "speech": 1}, 2),  # too few to tell
        ({}, 0),
    ],
)
def test_papers_like_those_learned_from_are_not(found: dict[str, int], papers: int) -> None:
    figures = Figures(papers=PaperCounts(50, 0, 0), counts={"robots": 40, "speech": 10})
    assert unlike_sentence(found, papers, figures.expected_shares(), {}, Mode.SINGLE) == ""
    assert unlike_sentence({"robots": 100}, 100, Figures().expected_shares(), {}, Mode.SINGLE) == ""


def test_the_shares_of_unread_papers_are_what_a_model_expects() -> None:
    figures = Figures(
        papers=PaperCounts(50, 0, 90),
        counts={"robots": 25, "speech": 25},
        stream_shares={"robots": 0.9, "speech": 0.1},
    )
    assert unlike_sentence({"robots": 92, "speech": 8}, 100, figures.expected_shares(), {}, Mode.SINGLE) == ""
    assert unlike_sentence({"robots": 50, "speech": 50}, 100, figures.expected_shares(), {}, Mode.SINGLE) != ""


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, ""), (1, "1 paper is a near-copy of another; "), (12, "12 papers are near-copies of others; ")],
)
def test_near_duplicates_among_judged_papers_are_told(count: int, words: str) -> None:
    told = near_duplicates_sentence(PaperCounts(50, 0, 0, count))
    assert told == (
        f"{words}they were kept on one side of what is learned from and what is tested on." if words else ""
    )
    assert near_duplicates_sentence(None) == ""


def test_figures_on_papers_that_were_picked_are_said_to_be_low() -> None:
    figures = Figures(papers=PaperCounts(200, 0, 0, picked=150), right=(0.62, 0.714))
    assert picked_sentence(figures) == (
        "150 of these papers were picked, as harder than usual or for a topic: they are no fair sample, and new papers "
        "mostly fare better. Of all topics given to new papers, 62% to 71% will be right."
    )
    assert picked_sentence(figures._replace(papers=PaperCounts(200, 0, 0))) == ""
    assert Figures.from_dict(figures.to_dict() | {"counts": {}}).right == (0.62, 0.714)


def test_the_languages_of_papers_are_told_where_not_all_are_english() -> None:
    told = trained_sentence(PaperCounts(20, 0, 0, languages={"zh": 0.951, "en": 0.047, "de": 0.002}))
    assert told == "Trained on 20 judged papers. They are in Chinese (95%) and English (5%)."
    counts = PaperCounts(20, 0, 0, languages={"zh": 1.0})
    assert trained_sentence(counts) == "Trained on 20 judged papers. They are in Chinese."
    assert PaperCounts.from_dict(counts.to_dict()) == counts


def test_before_anyone_has_judged_it_is_told_what_was_learned_from() -> None:
    papers = PaperCounts(0, 0, 30)
    assert trained_sentence(papers).startswith("Trained on the names and definitions of the topics and 30 papers that")
    told = trained_sentence(papers, "mine@1", keywords=True)
    assert told.startswith("Trained mine@1 on the names, definitions and keywords of the topics and 30 papers that")
