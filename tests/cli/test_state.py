"""The state of the loop in words: each sentence where it holds, and none where it does not."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from labeler.cli.state import status_text
from labeler.errors import InputError
from labeler.flows.status import Annotator, Status
from labeler.measure.changes import Changes
from labeler.review.followed import Verdicts
from labeler.suggest.audits import GONE, Audit, Audits, Uncounted
from labeler.topics import Mode
from tests.judgements.factories import scheme


def lines(mode: Mode = Mode.MULTI, **figures: Any) -> list[str]:
    """The lines on a state that is given by its figures."""
    return status_text(Status(scheme(mode), **figures)).splitlines()


def changes(*papers: tuple[str, str]) -> Changes:
    """What people made of the topics that a model gave, paper by paper."""
    found = Changes()
    for given, right in papers:
        found.count(given.split(), right.split())
    return found


@pytest.mark.parametrize(
    ("figures", "line"),
    [
        (
            {"failure": InputError("no answer", "check its address")},
            "Label Studio could not be asked: no answer; check its address. The rest is from the log.",
        ),
        (
            {"failure": InputError("no answer", "is it running?")},
            "Label Studio could not be asked: no answer; is it running? The rest is from the log.",
        ),
        ({"project": "http://x/1", "tasks": 1, "waiting": 1}, "http://x/1: 1 paper, 1 waiting."),
        (
            {"project": "http://x/1", "tasks": 20, "waiting": 3, "to_pull": 2},
            "http://x/1: 20 papers, 3 waiting. 2 annotations to pull.",
        ),
        (
            {"gone": "http://x/1"},
            "The project of this workspace, http://x/1, is not there (any more); `labeler pull` says more.",
        ),
        ({"server": "http://x"}, "No digest was pushed to http://x yet (`labeler push DIGEST`)."),
    ],
)
def test_where_people_annotate_is_told(figures: dict[str, Any], line: str) -> None:
    assert lines(**figures)[0] == line


def test_without_a_server_it_is_told_where_the_project_was() -> None:
    assert "Nothing was pushed to a Label Studio server yet" in lines()[0]
    assert "name its server in LABEL_STUDIO_URL" in lines(project_before="http://x/1")[0]
    assert "http://x/1" in lines(project_before="http://x/1")[0]


@pytest.mark.parametrize(
    ("figures", "line"),
    [
        ({}, "In the log: 0 judgements on 0 papers."),
        ({"judgements": 1, "judged_papers": 1}, "In the log: 1 judgement on 1 paper."),
        (
            {"judgements": 9, "judged_papers": 4, "withdrawn": 2, "ties": 1},
            "In the log: 9 judgements on 4 papers, 2 withdrawn, 1 tie to settle.",
        ),
    ],
)
def test_the_log_is_counted(figures: dict[str, Any], line: str) -> None:
    assert lines(**figures)[1] == line


@pytest.mark.parametrize(
    ("figures", "line"),
    [
        ({}, "No model yet: `labeler train --unread DIGEST`."),
        ({"judgements": 1}, "No model yet: `labeler train`."),
        ({"model": "mine@1", "model_judged": 20}, "Model mine@1, learned from 20 papers; up to date."),
        (
            {"model": "mine@1", "model_judged": 1, "behind": 1, "changed": True},
            "Model mine@1, learned from 1 paper; 1 labelled paper behind: `labeler train`.",
        ),
        (
            {"model": "mine@1", "model_judged": 20, "changed": True},
            "Model mine@1, learned from 20 papers; what it learns from has changed since: `labeler train`.",
        ),
        (
            {"model": "arxiv@1", "shipped": True},
            "Model arxiv@1 comes with labeler and has learned from none of your 0 labelled papers: judge some papers, "
            "then train.",
        ),
        (
            {"model": "arxiv@1", "shipped": True, "labelled": 3, "newest": "mine@2"},
            "Model arxiv@1 comes with labeler and has learned from none of your 3 labelled papers: `labeler models use "
            "mine@2` goes back to your newest.",
        ),
        ({"unusable": "it is gone"}, "The current model cannot be used: it is gone."),
    ],
)
def test_the_model_is_told_with_what_to_do_next(figures: dict[str, Any], line: str) -> None:
    assert lines(**figures)[-1] == line


def test_of_many_ties_and_lines_that_cannot_be_read_some_are_listed() -> None:
    tied = [{"title": "Robots " * 20, "paper": f"arxiv:{n}", "votes": "llm: ada; vision: bo"} for n in range(12)]
    shown = lines(tied=tied, ties=12, unreadable=[f"line {n}: broken JSON" for n in range(7)])
    assert [line for line in shown if line.startswith("  tied: ")][9].endswith("… (arxiv:9) — llm: ada; vision: bo")
    assert sum(line.startswith("  tied: ") for line in shown) == 10
    assert max(len(line) for line in shown if line.startswith("  tied: ")) < 120
    assert "  … and 2 more (--json lists all)" in shown
    assert sum(line.startswith("  line ") for line in shown) == 5
    assert any(line.startswith("Not read, and not counted: 7 lines of the log; mend or remove them") for line in shown)


def test_what_people_made_of_suggestions_is_told_in_shares_and_by_topic() -> None:
    ada = Annotator(judged=4, skipped=1, changes=changes(("llm", "llm"), ("llm", "llm vision"), ("", ""), ("llm", "")))
    bo = Annotator(judged=1, unknown=1, seconds=4.5)
    shown = lines(annotators={"ada": ada, "bo": bo})
    assert (
        "  ada: 4 judged, 1 skipped, 0 unsure; 2 of 4 suggestions kept (50%), 1 added to (25%), 1 taken away from (25%)"
    ) in shown
    assert "  bo: 1 judged, 0 skipped, 0 unsure; 1 suggestion changed (how was not noted); 4.5 seconds a paper" in shown
    place = next(number for number, line in enumerate(shown) if line.split()[:1] == ["topic"])
    assert [line.split() for line in shown[place : place + 3]] == [
        ["topic", "kept", "taken", "away", "added"],
        ["Language", "models", "2", "1", "0"],
        ["Vision", "0", "0", "1"],
    ]


def test_where_all_suggestions_were_kept_no_topic_is_told() -> None:
    shown = lines(Mode.SINGLE, annotators={"ada": Annotator(judged=1, changes=changes(("llm", "llm")))})
    assert "  ada: 1 judged, 0 skipped, 0 unsure; 1 of 1 suggestions kept (100%)" in shown
    assert not any("topic" in line for line in shown)


@pytest.mark.parametrize(("mode", "what"), [(Mode.SINGLE, "the topic"), (Mode.MULTI, "all topics")])
def test_papers_asked_blind_are_told_with_an_interval_and_those_left_out_with_a_reason(mode: Mode, what: str) -> None:
    audits = Audits(
        [Audit("mine@1", "0f", changes(*[("llm", "llm")] * 5, *[("llm", "vision")] * 5))],
        [Uncounted("mine@9", "0e", 1, GONE)],
    )
    shown = lines(mode, audits=audits, model="mine@1")
    (line,) = [line for line in shown if "at random and blind" in line]
    assert line.startswith(
        f"  mine@1 on 10 papers asked at random and blind: {what} right on 5 (50% [19%, 81%]), on 5 "
    )
    assert f"  1 paper asked blind with mine@9 not counted: {GONE}." in shown
    assert ["topic", "right", "too", "many", "missing"] in [line.split() for line in shown]


def test_of_very_few_papers_asked_blind_no_share_is_told() -> None:
    audits = Audits([Audit("mine@1", "0f", changes(("llm", "vision")))])
    (line,) = [line for line in lines(audits=audits, model="mine@1") if "at random and blind" in line]
    assert line.endswith("1 paper asked at random and blind: all topics right on 0, too few to tell how good it is")


def test_of_many_topics_those_that_changed_most_are_listed() -> None:
    names = [f"Topic {number}" for number in range(20)]
    found = changes(*((f"t{n}", "") for n in range(20)), ("t7", ""), ("", "t7"))
    state = Status(scheme(Mode.MULTI, *names), annotators={"ada": Annotator(judged=22, changes=found)})
    shown = status_text(state).splitlines()
    listed = [line for line in shown if line.startswith("    Topic ")]
    assert listed[0].split() == ["Topic", "7", "0", "2", "1"]
    assert len(listed) == 15
    assert "    … and 5 more (--json lists all)" in shown


def test_what_is_in_review_and_whom_verdicts_followed() -> None:
    verdicts = Verdicts(Counter({"eve": 8, "fay": 1}), 2, {"ada": (5, 7), "ben": (2, 7)}, {False: (3, 4), True: (0, 1)})
    found = lines(review="http://x/2", review_waiting=3, review_to_pull=1, verdicts=verdicts)
    start = found.index("In review: 3 waiting at http://x/2, 1 verdict to pull.")
    assert found[start + 1 : start + 5] == [
        "Settled: 9 verdicts (eve 8, fay 1; 2 on judgements of their own).",
        "  Just as a verdict had it: ada on 5 of 7, ben on 2 of 7.",
        "  Of 4 suspects, verdicts changed the label of 3.",
        "  Of 1 paper drawn at random, verdicts changed the label of 0.",
    ]
    assert not [line for line in lines() if "review" in line or "ettled" in line]
    assert "In review: 0 waiting at http://x/2." in lines(review="http://x/2", review_waiting=0)
