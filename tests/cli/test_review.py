"""What push --review says, and which options go together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from labeler.cli.review import _summary, known_kind
from labeler.errors import UsageError
from labeler.flows.review import ReviewPush
from labeler.judgements import JudgementLog
from labeler.review import KINDS
from tests.conftest import Labeler
from tests.review.factories import said


@pytest.fixture
def tied(workspace: Path) -> Path:
    log = [said(1, "ada", "llm"), said(1, "ben", "vision"), said(2, "ada", "llm"), said(2, "ben")]
    JudgementLog(workspace / "annotations/judgements.jsonl").update(lambda _: log)
    return workspace


def test_kinds_are_those_that_there_are() -> None:
    assert [known_kind(kind) for kind in (*KINDS, None)] == [*KINDS, None]
    with pytest.raises(UsageError, match="is 'ties' meant"):
        known_kind("tie")
    with pytest.raises(UsageError, match="known are: ties, suspects, unsure, disagreements"):
        known_kind("xyz")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--review", "ties", "digest.txt"], "--review takes no input"),
        (["--review", "ties", "--strategy", "mix"], "--strategy is for new papers, not for --review"),
        (["--review", "ties", "--overlap", "2"], "--overlap is for new papers"),
        (["digest.txt", "--blind"], "--blind is for --review; add --review KIND, or leave it out"),
        (["digest.txt", "--to", "eve"], "--to is for --review"),
        (["--count", "3"], "Missing argument 'INPUT…'"),
        (["digest.txt", "--share", "0.2"], "--share is for --overlap; say how many people with --overlap 2"),
        (["digest.txt", "--overlap", "2", "--share", "20"], "give a share above 0 and up to 1, such as 0.2"),
        (["digest.txt", "--overlap", "2", "--share", "0"], "--share is 0.0"),
    ],
)
def test_options_that_do_not_go_together_are_told(
    workspace: Path, labeler: Labeler, arguments: list[str], expected: str
) -> None:
    outcome = labeler("push", *arguments)
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert expected in outcome.err


def test_a_dry_run_without_a_server_tells_what_would_be_sent(tied: Path, labeler: Labeler) -> None:
    said_ = labeler("push", "--review", "ties", "--count", "1", "--to", "ada", "--dry-run").err.splitlines()
    assert said_[0].startswith(
        "  arxiv:2503.00001  Paper b of the heap — people are tied on Language models (yes 1, no 1)"
    )
    assert said_[1] == "1 paper of 2 (ties) would be sent to review (1 left for later)."
    assert said_[2] == "1 paper would wait there."
    assert said_[3] == "They are for ada, who judged 1 of them before: verdicts on these are marked."
    assert said_[4].startswith("Label Studio was not asked: no Label Studio server is known here")


def test_where_nothing_is_to_settle_no_project_is_made(workspace: Path, labeler: Labeler) -> None:
    outcome = labeler("push", "--review", "ties", "--dry-run")
    assert outcome.code == 0
    assert outcome.err.splitlines()[:2] == [
        "0 papers of 0 (ties) would be sent to review.",
        "0 papers would wait there.",
    ]


def test_without_a_server_nothing_is_made(tied: Path, labeler: Labeler) -> None:
    outcome = labeler("push", "--review", "ties")
    assert (outcome.code, outcome.err.count("\n")) == (4, 1)
    assert "no Label Studio server is known here" in outcome.err
    assert not (tied / "annotations/workspace.id").exists()


def test_a_sheet_of_no_papers_asks_for_no_verdicts(labeler: Labeler, workspace: Path) -> None:
    outcome = labeler("export", "--review", "unsure", "-o", str(workspace / "review.csv"))
    assert outcome.code == 0
    assert outcome.err == "0 papers to settle (unsure).\n"


def test_a_full_queue_tells_why_nothing_was_sent() -> None:
    done = ReviewPush("suspects", 60, 0, [], 60, 21, 0, 0, "", 0, None, "", "http://127.0.0.1/projects/1", False)
    assert "With --count, no more papers wait there than it says" in _summary(done, False)
    assert "--count" not in _summary(replace(done, remaining=0), False)
    told = _summary(replace(done, updated=17, duplicates=1), False)
    assert "17 papers brought up to date.\n1 double removed.\n" in told
