from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from label_studio_sdk.converter import Converter

from labeler.digests.source import Source
from labeler.errors import InputError
from labeler.papers import Paper
from labeler.studio.exports import Annotation, read_export, read_exports
from labeler.studio.interface import interface
from labeler.studio.tasks import task as new_task
from labeler.topics import Scheme, Topic
from tests.studio.factories import annotation, choices, comment, task, written

NAMES = ("llm", "vision", "None of these")
SCHEME = Scheme("multi", (Topic("llm", 'Language "models", etc.'), Topic("vision", "Vision & <video>")))
TAXONOMY = """<View><Text name="abstract" value="$abstract"/><Taxonomy name="topics" toName="abstract">
<Choice value="ML"><Choice value="LLM"/></Choice><Choice value="DB"/></Taxonomy></View>"""
HEADER = "annotation_id,annotator,created_at,id,lead_time,title,topics,updated_at,abstract\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "export.json"


def only(path: Path, control: str = "topics") -> Annotation:
    (found,) = read_export(path, control).annotations
    return found


def by_number(path: Path) -> list[Annotation]:
    return sorted(read_export(path, "topics").annotations, key=lambda found: str(found.number))


def converted(export: Path, kind: str, config: str = "") -> Path:
    """The export as Label Studio's own converter writes it in another format."""
    folder = export.parent / kind
    Converter(config or interface(SCHEME), str(export.parent), download_resources=False).convert(
        str(export), str(folder), kind, is_dir=False
    )
    (made,) = folder.iterdir()
    return made


def test_an_annotation_is_read_with_everything_it_says(path: Path) -> None:
    rows = [choices("llm", "vision"), choices("unsure", control="unsure"), comment("one", "two")]
    written(path, task(7, annotation(3, *rows), meta={"x": 1}) | {"meta": {"asked": {"strategy": "mix"}}})
    found = only(path)
    assert (found.number, found.task, found.project, found.annotator) == (3, 7, 1, "ada@example.org")
    assert (found.labels, found.unsure, found.comment) == (("llm", "vision"), True, "one\ntwo")
    assert (found.created_at, found.updated_at) == ("2026-03-01T09:00:00.000003Z", "2026-03-01T10:00:00.000001Z")
    assert (found.lead_time, found.skipped, found.asked) == (4.5, False, {"strategy": "mix"})
    assert found.controls == {"topics", "unsure"}


@pytest.mark.parametrize("kind", ["JSON_MIN", "CSV", "TSV"])
@pytest.mark.parametrize(
    "rows",
    [
        [choices("llm")],
        [choices("llm", "vision")],
        [choices("None of these"), comment('none, "really"\nnone')],
        [choices("llm"), choices("unsure", control="unsure")],
        [choices("vision"), comment("first", "second")],
        [choices("vision"), comment("{not json"), choices("unsure", control="unsure")],
    ],
)
def test_what_label_studio_converts_reads_as_the_json_it_came_from(
    path: Path, kind: str, rows: list[dict[str, Any]]
) -> None:
    other = annotation(2, choices("vision", "llm"))
    written(
        path, task(1, annotation(1, *rows), other, abstract='Uses "quotes",\ncommas\tand tabs. ' + "long " * 50_000)
    )
    for one, two in zip(by_number(path), by_number(converted(path, kind)), strict=True):
        for key in (
            "number",
            "task",
            "annotator",
            "created_at",
            "updated_at",
            "labels",
            "unsure",
            "comment",
            "lead_time",
        ):
            assert getattr(two, key) == getattr(one, key), key
        assert {key: two.data[key] for key in one.data} == one.data


@pytest.mark.parametrize("kind", ["JSON_MIN", "CSV"])
@pytest.mark.parametrize("value", [{"taxonomy": [["ML", "LLM"], ["DB"]]}, {"taxonomy": [["ML"]]}])
def test_a_taxonomy_that_label_studio_converts_reads_as_the_json_it_came_from(
    path: Path, kind: str, value: dict[str, Any]
) -> None:
    row = {"from_name": "topics", "to_name": "abstract", "type": "taxonomy", "value": value}
    written(path, task(1, annotation(1, row)))
    assert only(converted(path, kind, TAXONOMY)).labels == only(path).labels != ()


@pytest.mark.parametrize(
    ("who", "name"),
    [
        (5, "5"),
        ("bo", "bo"),
        ({"id": 4, "email": "bo@example.org"}, "bo@example.org"),
        ({"id": 4, "email": "", "username": "bo"}, "bo"),
        ({"id": 4}, "4"),
        (None, "unknown"),
        ({}, "unknown"),
    ],
)
def test_the_annotator_is_the_best_name_there_is(path: Path, who: Any, name: str) -> None:
    assert only(written(path, task(1, annotation(1, choices("llm"), completed_by=who)))).annotator == name


SUGGESTED = {"id": 1, "result": [choices("llm")], "score": 0.2}


@pytest.mark.parametrize(
    ("rows", "more", "prefill"),
    [
        ([choices("llm")], {}, "none"),
        ([choices("llm", origin="manual")], {}, "none"),
        ([choices("llm", origin="prediction")], {}, "kept"),
        ([choices("llm", origin="prediction-changed")], {}, "changed"),
        ([choices("llm")], {"prediction": SUGGESTED}, "kept"),
        ([choices("vision")], {"prediction": SUGGESTED}, "changed"),
        ([choices("llm")], {"prediction": {}}, "none"),
        ([choices("llm")], {"prediction": 17}, "none"),
        ([choices("llm"), choices("x", control="other", origin="prediction")], {}, "none"),
    ],
)
def test_what_became_of_a_suggestion_is_told(path: Path, rows: list[Any], more: dict[str, Any], prefill: str) -> None:
    assert only(written(path, task(1, annotation(1, *rows, **more)))).prefill == prefill


SUGGESTED, NOTHING = {"model": "mine@1", "suggested": True}, {"model": "mine@1", "suggested": False}


@pytest.mark.parametrize(
    ("rows", "asked", "shown", "prefill"),
    [
        ([choices("vision", origin="manual")], SUGGESTED, 5, "changed"),
        ([choices("vision")], SUGGESTED, 5, "changed"),
        ([choices("vision", origin="prediction")], SUGGESTED, 5, "kept"),
        ([choices("vision", origin="prediction-changed")], SUGGESTED, 5, "changed"),
        ([choices("vision", origin="manual")], SUGGESTED, None, "none"),
        ([choices("vision", origin="manual")], NOTHING, 5, "none"),
        ([choices("vision", origin="manual")], {}, 5, "none"),
        ([choices("vision", origin="manual")], None, 5, "none"),
    ],
)
def test_what_was_chosen_by_hand_where_a_suggestion_was_shown_overrules_it(
    path: Path, rows: list[Any], asked: Any, shown: int | None, prefill: str
) -> None:
    told = task(1, annotation(1, *rows, parent_prediction=shown)) | {"meta": {"asked": asked}}
    assert only(written(path, told)).prefill == prefill


def test_labels_of_several_regions_and_taxonomies_are_each_told_once(path: Path) -> None:
    taxonomy = {"from_name": "topics", "type": "taxonomy", "value": {"taxonomy": [["ML", "LLM"], ["ML"], "Odd"]}}
    spans = [{"from_name": "topics", "type": "labels", "value": {"labels": ["Date"], "start": n}} for n in range(3)]
    found = only(written(path, task(1, annotation(1, taxonomy, *spans, choices("ML", control="other")))))
    assert found.labels == ("ML / LLM", "ML", "Odd", "Date")
    assert found.controls == {"topics", "other"}


def test_drafts_are_counted_and_left_out(path: Path) -> None:
    tasks = [task(1, annotation(1, choices("llm"))) | {"drafts": [{"result": []}]}, task(2) | {"drafts": [4, 5]}]
    export = read_export(written(path, *tasks), "topics")
    assert (len(export.annotations), export.drafts) == (1, 3)


@pytest.mark.parametrize("wrap", [lambda tasks: {"tasks": tasks}, lambda tasks: tasks[0]])
def test_one_task_and_a_page_of_tasks_are_exports_too(path: Path, wrap: Any) -> None:
    path.write_text(json.dumps(wrap([task(1, annotation(1, choices("llm")))])), encoding="utf-8-sig")
    assert only(path).labels == ("llm",)


def test_old_exports_call_annotations_completions(path: Path) -> None:
    told = task(1) | {"completions": [annotation(1, choices("llm"))]}
    del told["annotations"]
    assert only(written(path, told)).labels == ("llm",)


def test_an_annotation_that_was_never_changed_is_of_when_it_was_made(path: Path) -> None:
    made = annotation(1, choices("llm"))
    del made["updated_at"]
    assert only(written(path, task(1, made))).updated_at == made["created_at"]


def test_what_is_no_task_is_refused_with_its_place(path: Path) -> None:
    export = read_export(written(path, task(1, annotation(1, choices("llm")), "no annotation"), "x", 5), "topics")
    assert len(export.annotations) == 1
    assert export.refused == ["task 2: not a task but str", "task 3: not a task but int"]


@pytest.mark.parametrize(
    "plain", [{"id": 2, "data": {"title": "T", "abstract": "x"}}, {"annotations": None, "title": "T"}]
)
def test_a_task_nobody_annotated_is_no_annotation(path: Path, plain: dict[str, Any]) -> None:
    export = read_export(written(path, task(1, annotation(1, choices("llm"))), plain), "topics")
    assert [found.labels for found in export.annotations] == [("llm",)]


@pytest.mark.parametrize(
    ("cell", "labels"),
    [
        ("llm", ("llm",)),
        ('{"choices": ["llm", "vision"]}', ("llm", "vision")),
        ("[draft] idea", ("[draft] idea",)),
        ("{broken", ("{broken",)),
        ("", ()),
    ],
)
def test_a_cell_of_a_csv_holds_these_labels(path: Path, cell: str, labels: tuple[str, ...]) -> None:
    quoted = '"' + cell.replace('"', '""') + '"'
    path.write_text(HEADER + f"1,ada,2026-01-01,2,3.5,T,{quoted},2026-01-02,x\n", encoding="utf-8")
    found = only(path)
    assert (found.labels, found.number, found.lead_time, found.minimal) == (labels, 1, 3.5, True)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_line_ends_of_a_csv_will_do(path: Path, ending: str) -> None:
    text = HEADER + "1,ada,2026-01-01,2,3.5,T,llm,2026-01-02,x\n"
    path.write_text(text, encoding="utf-8", newline=ending)
    assert only(path).labels == ("llm",)


def test_a_long_cell_of_a_csv_is_read_and_the_limit_of_the_program_stays(path: Path) -> None:
    before = csv.field_size_limit(5000)
    try:
        path.write_text(HEADER + f"1,ada,2026-01-01,2,3.5,T,llm,2026-01-02,{'word ' * 200_000}\n", encoding="utf-8")
        assert len(only(path).data["abstract"]) == 1_000_000
        assert csv.field_size_limit() == 5000
    finally:
        csv.field_size_limit(before)


def test_a_row_of_a_csv_that_cannot_be_read_is_bad_input(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labeler.files._LONGEST_CELL", 1)
    before = csv.field_size_limit(100)
    try:
        path.write_text(HEADER + f"1,ada,,2,,T,llm,,{'word ' * 100}\n", encoding="utf-8")
        with pytest.raises(InputError, match=r"export.json is broken near line 2: field larger than field limit"):
            read_export(path, "topics")
    finally:
        csv.field_size_limit(before)


def test_one_broken_row_of_a_csv_does_not_stop_the_others(path: Path) -> None:
    path.write_text(HEADER + "²,,,,x,T,llm,,y,too,many\n\n2,,,,,T,llm,,y\n", encoding="utf-8")
    assert [found.labels for found in read_export(path, "topics").annotations] == [("llm",), ("llm",)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is no export"),
        (b"\n\n", "is no export"),
        (b"[]", "no annotations"),
        (b"{}", "no annotations"),
        (b"[1, 2]", "no annotations"),
        (b'[{"data": {"title": "T"}}]', "no annotations"),
        (b'{"tasks": []}', "no annotations"),
        (b'[{"annotations": []}]', "holds no annotations"),
        (b'[{"annotations": [', r"is not JSON \(line 1"),
        (b"title,abstract\nT,x\n", "is no export.*--topics-column"),
        (b"\x89PNG\r\n\x1a\n", "is no export"),
        ('[{"annotations": []}]'.encode("utf-16"), "holds no annotations"),
        (b"PK\x03\x04\xff\xff", "damaged"),
        (b"[" * 200_000, "is not JSON"),
        (b'[{"annotation_id": ' + b"9" * 5000 + b"}]", "is not JSON"),
        (HEADER.encode(), "holds no annotations"),
    ],
)
def test_what_is_no_export_is_told_in_one_line(path: Path, content: bytes, words: str) -> None:
    path.write_bytes(content)
    with pytest.raises(InputError, match=words):
        read_export(path, "topics")


def test_a_missing_file_is_told(path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_export(path, "topics")


@pytest.mark.parametrize("content", [HEADER.replace("topics", "kind"), HEADER])
def test_a_control_that_no_row_of_a_csv_has_is_told(path: Path, content: str) -> None:
    path.write_text(content + "1,ada,2026-01-01,2,3.5,T,llm,2026-01-02,x\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"no annotation in export\.json has the control 'themes'; .*--control"):
        read_export(path, "themes")


@pytest.mark.parametrize("kind", ["choices", "rectanglelabels", "textarea"])
def test_a_control_that_no_annotation_has_is_told_whatever_kind_the_others_are(path: Path, kind: str) -> None:
    written(path, task(1, annotation(1, {"from_name": "boxes", "type": kind, "value": {kind: ["Car"]}})))
    with pytest.raises(InputError, match="has the control 'topics'"):
        read_export(path, "topics")


def test_only_empty_annotations_are_no_fault_of_the_control(path: Path) -> None:
    assert only(written(path, task(1, annotation(1)))).labels == ()


JUNK = st.none() | st.integers(-3, 3) | st.text(max_size=4) | st.just([]) | st.just({}) | st.just([1]) | st.booleans()
ROW = st.fixed_dictionaries(
    {"from_name": st.sampled_from(["topics", "unsure", "comment"]) | JUNK},
    optional={
        "type": st.sampled_from(["choices", "taxonomy", "textarea"]) | JUNK,
        "value": JUNK | st.dictionaries(st.sampled_from(["choices", "taxonomy", "text"]), JUNK, max_size=2),
        "origin": JUNK,
    },
)
ENTRY = st.fixed_dictionaries(
    {"result": st.lists(ROW | JUNK, max_size=3) | JUNK},
    optional=dict.fromkeys(("id", "completed_by", "created_at", "updated_at", "lead_time", "project"), JUNK)
    | {"prediction": JUNK | st.fixed_dictionaries({"result": st.lists(ROW, max_size=2) | JUNK})},
)
TASK = st.fixed_dictionaries(
    {"annotations": st.lists(ENTRY | JUNK, max_size=2) | JUNK},
    optional={"data": JUNK, "drafts": JUNK, "meta": JUNK | st.just({"asked": "x"}), "project": JUNK},
)


@settings(max_examples=100, deadline=None)
@given(st.lists(TASK | JUNK, max_size=3))
def test_any_json_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, tasks: list[Any]) -> None:
    path = written(tmp_path_factory.mktemp("fuzz") / "export.json", *tasks)
    try:
        export = read_export(path, "topics")
    except InputError:
        return
    assert all(isinstance(label, str) for found in export.annotations for label in found.labels)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"created_username": " ada@example.org, 1"}, "ada@example.org"),
        ({"created_username": "Ada Lovelace ada@example.org, 1"}, "ada@example.org"),
        ({"created_username": "Ada Lovelace, 1"}, "Ada Lovelace"),
        ({"created_username": "ada"}, "ada"),
        ({"created_username": " , 7"}, "7"),
        ({"annotator": "bo"}, "bo"),
        ({"annotator": {"id": 3, "email": "bo@example.org"}}, "bo@example.org"),
        ({"created_by": 5}, "5"),
        ({"completed_by": 1, "created_username": "ada@example.org, 1"}, "1"),
        ({"completed_by": {"first_name": "Ada", "last_name": "Lovelace"}}, "Ada Lovelace"),
        ({"completed_by": {"id": 0}}, "0"),
        ({"completed_by": float("nan")}, "unknown"),
        ({"completed_by": True, "annotator": []}, "unknown"),
        ({"completed_by": "\x1b[31m ada\u202e\n"}, "[31m ada"),
    ],
)
def test_people_are_told_apart_by_whatever_names_them(path: Path, fields: dict[str, Any], name: str) -> None:
    made = annotation(1, choices("llm"))
    del made["completed_by"]
    assert only(written(path, task(1, made | fields))).annotator == name


@pytest.mark.parametrize(
    ("fields", "skipped"),
    [
        ({"skipped": True}, True),
        ({"was_cancelled": 1}, True),
        ({"was_cancelled": "true"}, True),
        ({"skipped": None}, False),
        ({"was_cancelled": "False"}, False),
        ({"was_cancelled": 0}, False),
    ],
)
def test_old_and_odd_ways_of_saying_that_it_was_skipped(path: Path, fields: dict[str, Any], skipped: bool) -> None:
    assert only(written(path, task(1, annotation(1, choices("llm"), **fields)))).skipped is skipped


@pytest.mark.parametrize(
    "row",
    [
        {"from_name": "topics", "value": {"choices": ["llm"]}},
        {"from_name": "topics", "type": "hypertextlabels", "value": {"hypertextlabels": ["llm"], "start": "/p[1]"}},
        {"from_name": "topics", "type": "paragraphlabels", "value": {"paragraphlabels": ["llm"]}},
    ],
)
def test_labels_of_other_kinds_of_rows_are_read(path: Path, row: dict[str, Any]) -> None:
    assert only(written(path, task(1, annotation(1, row)))).labels == ("llm",)


@pytest.mark.parametrize(
    "change",
    [
        {"prediction": {"result": ["x"]}},
        {"prediction": {"result": True}},
        {"lead_time": float("nan")},
        {"lead_time": 10**400},
        {"id": float("inf")},
        {"id": [1]},
        {"created_at": {"x": 1}},
        {"result": [choices("llm", origin=["x"])]},
    ],
)
def test_odd_values_of_an_annotation_do_no_harm(path: Path, change: dict[str, Any]) -> None:
    found = only(written(path, task(1, annotation(1, choices("llm")) | change)))
    assert (found.labels, found.prefill) == (("llm",), "none")
    assert found.lead_time in (4.5, None)
    assert isinstance(found.number, int | None)


def test_labels_of_several_controls_are_read_together(path: Path) -> None:
    rows = [choices("llm"), choices("vision", "llm", control="more"), choices("x", control="other")]
    (found,) = read_export(written(path, task(1, annotation(1, *rows))), "topics", "more").annotations
    assert (found.labels, found.elsewhere) == (("llm", "vision"), True)
    with pytest.raises(InputError, match="has the control 'none'"):
        read_export(path, "topics", "none")


def test_a_control_that_was_read_before_is_read_again(path: Path) -> None:
    made = annotation(1, choices("llm"), choices("vision", control="more"))
    written(path, task(1, made))
    before = {(1, made["created_at"]): ["more", "gone"], (2, made["created_at"]): ["other"]}
    (export,) = read_exports([Source(str(path))], ["topics"], before)
    assert (export.controls, export.annotations[0].labels) == (("topics", "more"), ("llm", "vision"))


def test_json_lines_of_tasks_are_an_export_and_a_broken_line_is_told(path: Path) -> None:
    tasks = [json.dumps(task(n, annotation(n, choices("llm")))) for n in (1, 2)]
    path.write_text("\n".join(tasks) + ",\n[" + tasks[0] + "]", encoding="utf-8")
    assert len(read_export(path, "topics").annotations) == 3
    path.write_text("\n".join(tasks) + '\n{"id": ', encoding="utf-8")
    with pytest.raises(InputError, match=r"export.json is not JSON \(line 3: "):
        read_export(path, "topics")


@pytest.mark.parametrize(
    ("rows", "predictions", "more", "told"),
    [
        ([choices("llm", "vision", origin="prediction-changed")], [7], {"parent_prediction": 7}, ("changed", ("llm",))),
        ([choices("llm", origin="manual")], [7], {"parent_prediction": 7}, ("kept", ("llm",))),
        ([choices("vision")], [7], {"parent_prediction": 8}, ("none", None)),
        ([choices("vision", origin="prediction-changed")], [7], {"parent_prediction": 8}, ("changed", None)),
        ([choices("vision", origin="prediction-changed")], [7], {}, ("changed", ("llm",))),
        ([choices("vision", origin="prediction-changed")], [7, 8], {}, ("changed", None)),
        ([choices("vision", origin="prediction-changed")], [], {}, ("changed", None)),
        ([choices("vision", origin="prediction")], [7], {}, ("kept", ("vision",))),
        ([choices("vision", origin="manual")], [7], {}, ("none", None)),
        ([choices("vision")], [], {"prediction": {"result": [choices("llm"), 5]}}, ("changed", ("llm",))),
        ([choices("vision")], [], {"prediction": {"result": "llm"}}, ("none", None)),
    ],
)
def test_which_labels_a_suggestion_had_is_told_where_that_is_known(
    path: Path, rows: list[Any], predictions: list[int], more: dict[str, Any], told: tuple[str, Any]
) -> None:
    made = [{"id": n, "result": [choices("llm")], "created_at": "2026-02-01T09:00:00Z"} for n in predictions]
    found = only(written(path, task(1, annotation(1, *rows, **more)) | {"predictions": [*made, 4]}))
    assert (found.prefill, found.suggested) == told


def test_a_prediction_that_was_made_later_was_not_what_the_annotator_saw(path: Path) -> None:
    later = {"id": 7, "result": [choices("llm")], "created_at": "2026-04-01T09:00:00Z"}
    rows = [choices("vision", origin="prediction-changed")]
    assert only(written(path, task(1, annotation(1, *rows)) | {"predictions": [later]})).suggested is None


@pytest.mark.parametrize("kind", ["JSON", "JSON_MIN", "CSV"])
def test_how_a_paper_was_chosen_is_in_every_export(path: Path, kind: str) -> None:
    asked = {"strategy": "random", "audit": True, "model": "mine@1", "fingerprint": "0f"}
    made = new_task(Paper.make("Owls", "They hoot."), ["llm"], "because", None, asked)
    data = made["data"]
    full = written(path, task(1, annotation(1, choices("llm"))) | {"data": data, "meta": {}})
    assert only(full if kind == "JSON" else converted(full, kind)).asked == asked


@pytest.mark.parametrize("asked", ["", "{", "[]", "5", '"x"', None, 7, []])
def test_what_says_nothing_of_how_a_paper_was_chosen_is_passed_over(path: Path, asked: Any) -> None:
    assert only(written(path, task(1, annotation(1, choices("llm")), asked=asked))).asked is None


@pytest.mark.parametrize("kind", ["choices", "labels", "taxonomy"])
def test_one_label_without_a_list_is_read(path: Path, kind: str) -> None:
    row = choices() | {"type": kind, "value": {kind: "Robots"}}
    written(path, task(1, annotation(1, row)))
    assert only(path).labels == ("Robots",)


def test_a_result_that_is_written_as_a_text_is_read(path: Path) -> None:
    written(path, task(1, annotation(1) | {"result": json.dumps([choices("Robots", "Trees")])}))
    assert only(path).labels == ("Robots", "Trees")
