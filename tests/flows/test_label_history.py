"""What a run of labelling leaves in the history, and takes from it."""

from __future__ import annotations

from math import nan
from pathlib import Path

import pytest

from labeler.config import Workspace, find_workspace
from labeler.flows.label_history import RunHistory
from labeler.flows.labelled_so_far import labelled_so_far
from labeler.history import FILE, History
from labeler.topics.mode import Mode
from tests.publish.factories import labelled, paper


@pytest.fixture
def at_hand(workspace: Path) -> Workspace:
    return find_workspace()


def test_papers_of_a_run_are_not_new_in_the_next(at_hand: Workspace) -> None:
    one, other = paper("Robots", "They walk."), paper("Speech", "They speak.")
    first = RunHistory(at_hand)
    assert first.read(is_vital=True) == []
    assert first.is_new(one)
    first.note(labelled(one), Mode.MULTI, is_shown=True)
    first.note(labelled(other), Mode.MULTI, is_shown=False)
    given = first.dated(labelled(one))
    assert given.since is not None
    assert first.leave(["a.txt"], "mine@1", 1, {"auto": 1}, {"lang": 1}) == []
    second = RunHistory(at_hand)
    assert second.is_new(one), "nothing was read yet"
    second.read(is_vital=True)
    assert (second.is_new(one), second.is_new(other)) == (False, True)
    assert second.dated(labelled(one)).since == given.since


def test_a_run_that_leaves_nothing_was_none(at_hand: Workspace) -> None:
    run = RunHistory(at_hand)
    run.note(labelled(paper("Robots", "They walk.")), Mode.MULTI, is_shown=True)
    assert labelled_so_far(at_hand) == (None, [])


@pytest.mark.parametrize(
    ("scores", "topics", "mode", "confidence"),
    [
        ({"lang": 0.9, "vision": 0.6}, (("lang", 0.9, ()), ("vision", 0.6, ())), Mode.MULTI, 0.6),
        ({"lang": 0.3, "vision": 0.2}, (), Mode.MULTI, 0.7),
        ({"lang": 0.3, "vision": 0.2}, (), Mode.SINGLE, 0.5),
        ({"lang": nan}, (("lang", nan, ()),), Mode.MULTI, None),
        ({}, (), Mode.MULTI, None),
    ],
)
def test_how_sure_a_model_is_of_a_paper(
    at_hand: Workspace, scores: dict[str, float], topics: tuple[tuple[str, float, tuple[str, ...]], ...], mode: Mode,
    confidence: float | None,
) -> None:  # fmt: skip
    run = RunHistory(at_hand)
    run.note(labelled(topics=topics)._replace(scores=scores), mode, is_shown=True)
    run.note(labelled()._replace(by={"lang": ("ada",)}), mode, is_shown=True)
    run.leave([], "mine@1", 2, {}, {})
    ((noted,), _) = History(at_hand.private / FILE).runs()
    assert noted.confidence == (None if confidence is None else pytest.approx(confidence))


def test_where_the_history_cannot_be_written_it_is_told(at_hand: Workspace) -> None:
    (at_hand.private / FILE).mkdir(parents=True)
    (message,) = RunHistory(at_hand).leave([], "mine@1", 0, {}, {})
    assert message.startswith("this run is not in the history of the workspace, so that its papers stay new: ")
