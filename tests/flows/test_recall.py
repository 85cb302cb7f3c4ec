from __future__ import annotations

import json
from pathlib import Path

import pytest

from labeler.annotators.consensus_labels import consensus_labels
from labeler.config import find_workspace
from labeler.errors import InputError, NotFoundError
from labeler.flows.recall import recall
from labeler.judgements import labels_of
from labeler.topics import load_checked_scheme
from tests.flows.workspaces import bring, log_of, make_scheme, with_settled_ties


def screened(workspace: Path, read: int, papers: int = 200) -> Path:
    """A file of papers, of which some were judged in their order: the first ten are about robots, no others."""
    make_scheme(workspace, "single", "robots", "speech")
    rows = [
        {"title": f"Paper {n} on {'robots' if n < 10 else 'speech'}", "abstract": f"We tell of it {n * 7919} times."}
        for n in range(papers)
    ]
    everything = workspace / "all.jsonl"
    everything.write_text("".join(json.dumps(row) + "\n" for row in rows))
    bring(
        workspace,
        [(f"{row['title']}\n{row['abstract']}", "robots" if n < 10 else "speech") for n, row in enumerate(rows[:read])],
    )
    return everything


def test_who_has_read_nearly_all_may_stop_and_before_is_told_how_many_are_left(workspace: Path) -> None:
    everything = screened(workspace, 60)
    found = recall(find_workspace(str(workspace)), [str(everything)], "Robots", 0.95)
    one = found.stopping
    assert (one.papers, one.read, one.found, one.stop) == (200, 60, 10, False)
    assert 0 < found.further <= 140
    record = json.loads(json.dumps(found.to_dict()))
    assert (record["topic"], record["stop"], record["further"]) == ("robots", False, found.further)


def test_papers_of_one_time_are_read_in_the_order_they_are_given_which_is_told(workspace: Path) -> None:
    everything = screened(workspace, 60)
    given = everything.read_text().splitlines(keepends=True)
    space = find_workspace(str(workspace))
    first = recall(space, [str(everything)], "robots", 0.95)
    everything.write_text("".join(reversed(given)))
    last = recall(space, [str(everything)], "robots", 0.95)
    assert first.stopping.p < last.stopping.p
    assert "60 of the judged papers have the same time" in last.notes[-1]
    log = space.judgements
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    for second, line in enumerate(lines):
        line["at"] = f"2026-03-01T10:00:{second:02}Z"
    log.write_text("".join(json.dumps(line) + "\n" for line in lines))
    told = recall(space, [str(everything)], "robots", 0.95)
    assert (told.notes, told.stopping) == ([], first.stopping)


def test_all_papers_judged_may_stop(workspace: Path) -> None:
    everything = screened(workspace, 200)
    found = recall(find_workspace(str(workspace)), [str(everything)], "robots", 0.95)
    assert found.stopping.stop
    assert found.further == 0


def test_no_such_topic_and_papers_that_nobody_judged(workspace: Path, digest: Path) -> None:
    everything = screened(workspace, 5)
    space = find_workspace(str(workspace))
    with pytest.raises(NotFoundError, match="no topic 'cooking'"):
        recall(space, [str(everything)], "cooking", 0.95)
    with pytest.raises(InputError, match="is judged for robots"):
        recall(space, [str(digest)], "robots", 0.95)


def test_ties_that_the_consensus_settled_count_as_read(workspace: Path) -> None:
    everything = with_settled_ties(workspace)
    own = find_workspace(str(workspace))
    scheme, log = load_checked_scheme(own.topics), log_of(workspace)
    read = recall(own, [str(everything)], "robots", 0.95).stopping.read
    assert read == len(consensus_labels(log, scheme).labels.papers) > len(labels_of(log, scheme).papers)
