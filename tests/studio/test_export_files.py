"""The files of exports: their shapes, and what is told of those that are none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from labeler.digests.source import Source
from labeler.errors import InputError
from labeler.studio.export_files import tasks_in
from tests.studio.factories import annotation, choices, task

ONE = task(1, annotation(1, choices("llm")))
INSIDE = annotation(1, choices("llm")) | {"task": {"id": 1, "data": {"title": "Owls"}, "annotations": [1]}}
HEADER = "annotation_id;annotator;title"


def read(folder: Path, content: Any) -> list[tuple[str, Any]]:
    path = folder / "export"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return list(tasks_in(Source(str(path))))


@pytest.mark.parametrize(
    "content",
    [
        [ONE],
        ONE,
        {"tasks": [ONE]},
        {"count": 1, "results": [ONE]},
        json.dumps(ONE) + "\n\n",
        "\ufeff" + json.dumps(ONE),
    ],
)
def test_tasks_come_alone_in_lists_and_inside_objects(tmp_path: Path, content: Any) -> None:
    assert read(tmp_path, content) == [("task 1", ONE)]


@pytest.mark.parametrize(
    "content", [f"{json.dumps(ONE)}\n{json.dumps(ONE)}", f"[{json.dumps(ONE)}]\n{json.dumps(ONE)},"]
)
def test_json_lines_are_tasks(tmp_path: Path, content: str) -> None:
    assert read(tmp_path, content) == [("task 1", ONE), ("task 2", ONE)]


@pytest.mark.parametrize("content", [INSIDE, [INSIDE], {"annotation": INSIDE, "task": INSIDE["task"], "action": "x"}])
def test_an_annotation_with_its_task_is_a_task_with_its_annotation(tmp_path: Path, content: Any) -> None:
    ((where, found),) = read(tmp_path, content)
    assert (where, found["id"], found["data"]) == ("annotation 1", 1, {"title": "Owls"})
    assert [(one["id"], "task" in one) for one in found["annotations"]] == [(1, False)]


@pytest.mark.parametrize("head", ["", "\n\n", "sep=;\n", '"sep=;"\r\n'])
def test_rows_have_the_names_of_their_columns(tmp_path: Path, head: str) -> None:
    rows = read(tmp_path, f"{head}{HEADER}\n1;ada;Owls, and more\n\n2;bo\n")
    assert [row for _, row in rows] == [
        {"annotation_id": "1", "annotator": "ada", "title": "Owls, and more"},
        {"annotation_id": "2", "annotator": "bo", "title": None},
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([INSIDE | {"task": 5}], "its annotations come without their tasks"),
        ({"annotations_deleted": [5]}, "it has no annotations"),
        (json.dumps(ONE) + '\n{"id": ', r"is not JSON \(line 2: "),
        (f'{HEADER}\n1;"ada;Owls\n', "a quote that is never closed"),
        ("title;topics\nOwls;llm\n", "is no export of Label Studio"),
    ],
)
def test_what_is_no_export_is_told(tmp_path: Path, content: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read(tmp_path, content)


def test_an_archive_is_told_as_what_it_is(tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("result.json", json.dumps([ONE] * 50))
    with pytest.raises(InputError, match=r"export\.zip is no export of Label Studio but an archive; unpack it"):
        list(tasks_in(Source(str(path))))


def test_a_webhook_about_several_annotations_has_all_of_them(tmp_path: Path) -> None:
    made = [annotation(number, choices("llm")) for number in (1, 2)]
    tasks = [{"id": number, "data": {"title": f"Owls {number}"}} for number in (1, 2)]
    found = read(tmp_path, {"action": "ANNOTATIONS_CREATED", "annotation": made, "task": tasks, "project": {"id": 1}})
    wanted = [one | {"annotations": [two]} for one, two in zip(tasks, made, strict=True)]
    assert found == [("annotation 1", wanted[0]), ("annotation 2", wanted[1])]
