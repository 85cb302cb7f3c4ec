"""Which task of the project a paper has is known without a server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from labeler.config import find_workspace
from labeler.papers import Paper
from labeler.studio.known_tasks import known_tasks, save_tasks
from tests.conftest import Labeler
from tests.flows.test_push import pushed
from tests.studio.annotating import choices, project_of, tasks_of
from tests.studio.test_pull_state import OTHER, project
from tests.wild import mutations

FILE = Path(".labeler/tasks.json")
ONE = Paper.make("Robots with arms", "They fold towels.", ids=["arxiv:2601.00001"])
TWO = Paper.make("Sorting papers", "We sort them by topics.", ids=["doi:10.1/x"])
PAGE = "http://127.0.0.1:8080/projects/3/data?task="


def test_a_paper_has_the_address_of_its_task(workspace: Path) -> None:
    found = find_workspace()
    assert known_tasks(found).address(ONE) is None
    save_tasks(found, project(), [(7, ONE), (9, TWO)], whole=True)
    assert known_tasks(found).address(ONE) == f"{PAGE}7"
    assert known_tasks(found).address(Paper.make("Other title", ids=["doi:10.1/x"])) == f"{PAGE}9"
    assert known_tasks(found).address(Paper.make("Nobody pushed this")) is None


def test_what_a_pull_saw_is_added_and_what_a_push_saw_is_all(workspace: Path) -> None:
    found = find_workspace()
    save_tasks(found, project(), [(7, ONE)], whole=False)
    save_tasks(found, project(), [(9, TWO)], whole=False)
    before = FILE.stat().st_ino
    save_tasks(found, project(), [(9, TWO)], whole=False)
    assert FILE.stat().st_ino == before
    assert [known_tasks(found).address(paper) for paper in (ONE, TWO)] == [f"{PAGE}7", f"{PAGE}9"]
    save_tasks(found, project(), [(9, TWO)], whole=True)
    assert [known_tasks(found).address(paper) for paper in (ONE, TWO)] == [None, f"{PAGE}9"]
    save_tasks(found, project(OTHER), [(5, ONE)], whole=False)
    assert [known_tasks(found).address(paper) for paper in (ONE, TWO)] == [
        "http://localhost:8080/projects/3/data?task=5",
        None,
    ]


def test_a_file_that_is_damaged_is_as_good_as_none(workspace: Path) -> None:
    FILE.parent.mkdir(exist_ok=True)
    for _, value in mutations({"project": "http://x/projects/3", "tasks": [[7, "arxiv:2601.00001", "abstract:0"]]}):
        FILE.write_text(json.dumps(value))
        known_tasks(find_workspace()).address(ONE)
    FILE.write_bytes(b"\xff{")
    assert known_tasks(find_workspace()).address(ONE) is None


def test_the_page_links_to_the_tasks_that_were_pushed(
    studio: Any, workspace: Path, digest: Path, labeler: Labeler
) -> None:
    number = project_of(pushed(labeler, digest, "--count", "6")["project"])
    tasks = tasks_of(studio, number).values()
    assert labeler("label", digest, "-o", "page.html").code == 0
    page = Path("page.html").read_text(encoding="utf-8")
    assert all(f"/projects/{number}/data?task={task.id}" in page for task in tasks)
    FILE.unlink()
    studio.annotations.create(id=next(iter(tasks)).id, result=[choices("llm")])
    assert labeler("pull").code == 0
    assert labeler("label", digest, "-o", "page.html").code == 0
    assert Path("page.html").read_text(encoding="utf-8").count(f"/projects/{number}/data?task=") == 1
