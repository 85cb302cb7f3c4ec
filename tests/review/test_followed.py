"""Whose answers the verdicts of adjudicators followed, and how many suspects were slips."""

from __future__ import annotations

import json

import pytest

from labeler.review.followed import verdicts_in_log
from labeler.topics import Mode
from tests.judgements.factories import scheme
from tests.review.factories import said, verdict


@pytest.mark.parametrize("mode", list(Mode))
def test_a_verdict_follows_who_said_just_the_same(mode: Mode) -> None:
    log = [
        said(1, "ada", "llm"), said(1, "ben", "vision"), verdict(1, "eve", "vision"),
        said(2, "ada", "llm"), said(2, "ben"), verdict(2, "eve"),
        said(3, "ada", "llm"), said(3, "cleo", "speech"), verdict(3, "eve", "llm"),
        said(4, "ada", "llm"), said(4, "ben", "vision"),
    ]  # fmt: skip
    found = verdicts_in_log(log, scheme(mode))
    assert (found.total, dict(found.by), found.own) == (3, {"eve": 3}, 0)
    assert found.followed == {"ada": (1, 3), "ben": (2, 2), "cleo": (0, 1)}
    assert list(found.followed) == ["ada", "ben", "cleo"]


def test_own_judgements_do_not_count_as_followed() -> None:
    own = {"review": "ties", "own": True}
    log = [said(1, "ada", "llm"), said(1, "eve", "vision"), verdict(1, "eve", "vision", asked=own)]
    found = verdicts_in_log(log, scheme())
    assert (found.own, found.followed) == (1, {"ada": (0, 1)})


def test_verdicts_that_say_nothing_do_not_count() -> None:
    log = [
        said(1, "ada", "llm"), verdict(1, "eve", "llm", unsure=True),
        said(2, "ada", "llm"), verdict(2, "eve", status="skipped"),
        said(3, "ada", "llm"), verdict(3, "eve", status="withdrawn"),
    ]  # fmt: skip
    found = verdicts_in_log(log, scheme())
    assert (found.total, found.followed, found.changed) == (0, {}, {})


def test_suspects_and_papers_at_random_are_counted_apart() -> None:
    suspects, at_random = {"review": "suspects"}, {"review": "suspects", "control": True}
    log = [
        said(1, "ada", "llm"), verdict(1, "eve", "vision", asked=suspects),
        said(2, "ada", "llm"), verdict(2, "eve", "llm", asked=suspects),
        said(3, "ada", "llm"), verdict(3, "eve", "llm", asked=at_random),
        said(4, "ada", "llm"), verdict(4, "eve", "", asked=suspects),
        said(5, "ada", "llm"), said(5, "ben", "vision"), verdict(5, "eve", "llm"),
    ]  # fmt: skip
    found = verdicts_in_log(log, scheme())
    assert found.changed == {False: (2, 3), True: (0, 1)}
    settled = {log[0].paper: {"vision": True, "llm": False, "speech": False}}  # so that the verdict changed nothing
    differing = [*log[:1], said(1, "ben", "vision"), *log[1:]]
    assert verdicts_in_log(differing, scheme(), settled).changed[False] == (1, 3)
    record = json.loads(json.dumps(found.to_dict()))
    assert record["changed"] == {
        "suspects": {"papers": 3, "changed": 2},
        "at_random": {"papers": 1, "changed": 0},
    }
    assert record["followed"]["ada"] == {"papers": 5, "followed": 3}
