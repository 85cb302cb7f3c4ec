"""What was pulled before is saved, and a state that cannot be read counts as none."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from labeler.config import find_workspace
from labeler.errors import InputError
from labeler.judgements import JudgementLog
from labeler.studio.project import Project
from labeler.studio.pull_state import PullState, annotation_key, known_project, load_state, pulled_from, save_state
from tests.judgements.factories import judgement, written
from tests.wild import mutations

URL, OTHER = "http://127.0.0.1:8080", "http://localhost:8080"
MADE, LATER = "2026-03-01T08:00:00+00:00", "2026-03-02T08:00:00+00:00"
SEEN = {"7": ["1 2026-03-01T09:00:00Z"], "8": ["2 x", "3 y"]}


class At:
    """A server that is nothing but its address."""

    def __init__(self, url: str) -> None:
        self.url = url


def project(url: str = URL, number: int = 3, created_at: str = MADE) -> Project:
    server: Any = At(url)
    return Project(server, number, created_at, "w", "", "")


def test_the_state_of_one_project_is_not_anothers(workspace: Path) -> None:
    found = find_workspace()
    state = PullState(URL, 3, MADE, "scheme", "2026-03-01T10:00:00+00:00", SEEN)
    save_state(found, state)
    assert load_state(found, project()) == state
    assert state.total == 3
    assert load_state(found, project(number=4)) == PullState(URL, 4, MADE)
    assert load_state(found, project(created_at=LATER)) == PullState(URL, 3, LATER)
    assert known_project(found) == state


def test_the_same_project_at_another_address_keeps_its_state(workspace: Path) -> None:
    found = find_workspace()
    save_state(found, PullState(URL, 3, MADE, "scheme", "", SEEN))
    assert load_state(found, project(OTHER)) == PullState(OTHER, 3, MADE, "scheme", "", SEEN)


def whole(**changed: Any) -> str:
    return json.dumps(asdict(PullState(URL, 3, MADE, "scheme", "", SEEN)) | changed)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"server": 1}', '{"server": "x", "project": 1, "annotations": {}}', whole(annotations=[]),
     whole(project="3"), whole(made=None), whole(cursor=7), whole(scheme=None), whole(more=1)],
)  # fmt: skip
def test_a_state_that_cannot_be_read_is_none(workspace: Path, text: str) -> None:
    (workspace / ".labeler").mkdir()
    (workspace / ".labeler/pull.json").write_text(text)
    assert load_state(find_workspace(), project()) == PullState(URL, 3, MADE)
    assert known_project(find_workspace()) is None


def test_a_state_that_cannot_be_written_is_an_error(workspace: Path) -> None:
    (workspace / ".labeler").write_text("a file stands in the way")
    with pytest.raises(InputError, match=r"cannot write .*\.labeler"):
        save_state(find_workspace(), PullState(URL, 3, MADE))


def test_the_log_tells_the_project_where_nothing_else_does(workspace: Path) -> None:
    source = {
        "server": URL, "project": 5, "project_made": MADE, "task": 1, "annotation": 1,
        "created_at": "2026-03-01T09:00:00Z",
    }  # fmt: skip
    first = judgement("llm", source=source)
    gone = judgement("llm", source=source | {"annotation": 2}, status="withdrawn")
    younger = judgement("llm", source=source | {"annotation": 3, "project_made": LATER})
    exported = judgement(
        "llm", source={key: value for key, value in source.items() if key != "project_made"} | {"annotation": 4}
    )
    log = [first, gone, younger, exported]
    JudgementLog(workspace / "annotations/judgements.jsonl").update(lambda _: [first, gone])
    assert known_project(find_workspace()) == PullState(URL, 5, MADE)
    assert pulled_from(log, 5, MADE) == [first]
    assert pulled_from(log, 5, LATER) == [younger]
    assert pulled_from(log, 6, MADE) == []


def test_a_log_without_a_project_tells_none(workspace: Path) -> None:
    JudgementLog(workspace / "annotations/judgements.jsonl").update(lambda _: [judgement("llm")])
    assert known_project(find_workspace()) is None


def test_an_annotation_is_known_by_number_and_time() -> None:
    assert annotation_key(7, "2026-03-01T09:00:00Z") == annotation_key("7", "2026-03-01T09:00:00Z")
    assert annotation_key(7, "2026-03-01T09:00:00Z") != annotation_key(7, "2026-03-01T09:00:01Z")


def test_a_state_of_any_content_is_a_state_or_none(workspace: Path) -> None:
    found = find_workspace()
    good = asdict(PullState(URL, 3, MADE, "scheme", "", SEEN))
    for _, wild in mutations(good):
        (found.make_private() / "pull.json").write_text(json.dumps(wild))
        state = load_state(found, project())
        assert (state.project, state.made, state.total) in ((3, MADE, 0), (3, MADE, 2), (3, MADE, 1), (3, MADE, 3))
        known_project(found)


def test_a_judgement_of_no_project_is_passed_over(workspace: Path) -> None:
    found = find_workspace()
    good = {"server": URL, "project": 3, "project_made": MADE, "task": 1, "annotation": 1, "created_at": MADE}
    for where, wild in mutations(good):
        one = judgement("llm").to_dict() | {"source": wild}
        found.judgements.write_text(json.dumps(one) + "\n")
        state = known_project(found)
        assert state is None or state.project in (0, -1, 3), where


def test_the_state_of_a_review_is_kept_apart(workspace: Path) -> None:
    found = find_workspace()
    save_state(found, PullState(URL, 3, MADE))
    save_state(found, PullState(URL, 4, LATER), review=True)
    assert (known_project(found), known_project(found, review=True)) == (
        PullState(URL, 3, MADE),
        PullState(URL, 4, LATER),
    )
    assert load_state(found, replace(project(number=4, created_at=LATER), review=True)) == PullState(URL, 4, LATER)


def test_without_a_state_verdicts_tell_of_the_project_of_the_review(workspace: Path) -> None:
    sources = [{"server": URL, "project": number, "project_made": MADE, "annotation": number} for number in (5, 6)]
    log = [
        judgement("llm", source=sources[0]),
        judgement("llm", source=sources[1], role="adjudicator", at="2026-05-01"),
    ]
    written(workspace / "annotations/judgements.jsonl", log)
    assert known_project(find_workspace()) == PullState(URL, 5, MADE)
    assert known_project(find_workspace(), review=True) == PullState(URL, 6, MADE)
