"""What was pulled before is remembered, and harmed memory is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeler.config import find_workspace
from labeler.flows.pulled import PullState, known_project, live, load_state, save_state
from labeler.judgements import JudgementLog
from tests.judgements.making import judgement

URL = "http://127.0.0.1:8080"


def test_the_state_of_one_project_is_not_anothers(workspace: Path) -> None:
    found = find_workspace()
    state = PullState(URL, 3, "2026-03-01T10:00:00+00:00", {"7": ["1 2026-03-01T09:00:00Z"], "8": ["2 x", "3 y"]})
    save_state(found, state)
    assert load_state(found, URL, 3) == state
    assert state.total == 3
    assert load_state(found, URL, 4) == PullState(URL, 4)
    assert load_state(found, "http://other", 3) == PullState("http://other", 3)
    assert (known_project(found, URL), known_project(found, "http://other")) == (3, None)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"server": 1}', '{"server": "x", "project": 1, "annotations": []}'])
def test_harmed_memory_is_none(workspace: Path, text: str) -> None:
    (workspace / ".labeler").mkdir()
    (workspace / ".labeler/pull.json").write_text(text)
    assert load_state(find_workspace(), URL, 3) == PullState(URL, 3)
    assert known_project(find_workspace(), URL) is None


def test_the_log_tells_the_project_where_nothing_else_does(workspace: Path) -> None:
    source = {"server": URL, "project": 5, "task": 1, "annotation": 1, "created_at": "2026-03-01T09:00:00Z"}
    first = judgement("llm", source=source)
    gone = judgement("llm", source=source | {"annotation": 2}, status="withdrawn")
    elsewhere = judgement("llm", source=source | {"annotation": 3, "server": None})
    JudgementLog(workspace / "annotations/judgements.jsonl").update(lambda _: [first, gone, elsewhere])
    assert known_project(find_workspace(), URL) == 5
    assert live(find_workspace(), URL) == [first]
    assert live(find_workspace(), URL, 6) == []
