"""How far the loop is, from the log and the server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.conftest import Labeler
from tests.studio.annotating import choices, project_of, tasks_of


def test_without_a_server_the_log_is_told(trained: Path, labeler: Labeler) -> None:
    told = json.loads(labeler("status", "--json").out)
    assert (told["project"], told["waiting"], told["model"], told["behind"]) == (None, None, "mine@1", 0)
    assert (told["judgements"], len(told["annotators"])) == (212, 2)
    text = labeler("status").out
    assert "Nothing was pushed to a Label Studio server yet" in text
    assert "Model mine@1" in text
    assert "up to date" in text


def test_an_empty_workspace_is_told_what_comes_first(workspace: Path, labeler: Labeler) -> None:
    text = labeler("status").out
    assert "labeler push DIGEST" in text
    assert "No model yet: `labeler train`." in text


def test_what_people_did_with_suggestions_is_told(studio: Any, trained: Path, digest: Path, labeler: Labeler) -> None:
    number = project_of(labeler("push", digest, "--count", "6").err)
    tasks = [task.id for task in tasks_of(studio, number).values()]
    studio.annotations.create(id=tasks[0], result=[choices("llm", origin="prediction")], lead_time=4)
    studio.annotations.create(id=tasks[1], result=[choices("llm", origin="prediction-changed")], lead_time=6)
    studio.annotations.create(id=tasks[2], result=[], was_cancelled=True)
    assert json.loads(labeler("status", "--json").out)["to_pull"] == 3
    assert labeler("pull").code == 0
    told = json.loads(labeler("status", "--json").out)
    me = next(one for name, one in told["annotators"].items() if name.startswith("labeler@"))
    assert me == {"judged": 2, "skipped": 1, "unsure": 0, "kept": 1, "changed": 1, "seconds": 6.0}
    assert (told["tasks"], told["waiting"], told["to_pull"], told["behind"]) == (6, 3, 0, 2)
    text = labeler("status").out
    assert "overruled 1 of 2 suggestions (50%)" in text
    assert "2 labelled papers behind: `labeler train`" in text
