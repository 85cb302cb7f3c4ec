"""Exports of Label Studio."""

from __future__ import annotations

import bz2
import csv
import gzip
import json
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from labeler.judgements import JudgementLog, labels_of
from labeler.topics import load_scheme
from tests.cases.conftest import import_twice, log_records
from tests.conftest import Labeler

LANGUAGE, VISION, ROBOTICS = "language", "vision", "robotics"
PROMPTS, CARS, FRUIT = "Short prompts that steer", "Counting cars at night", "Picking soft fruit"


def yes(records: list[dict[str, Any]]) -> list[list[str]]:
    return [record["yes"] for record in records]


def labels(workspace: Path) -> dict[str, set[str]]:
    """The topics of each paper, by the beginning of its title or abstract."""
    log = JudgementLog(workspace / "annotations/judgements.jsonl").read().judgements
    found = labels_of(log, load_scheme(workspace / "annotations/topics.toml")).papers
    names = (PROMPTS, CARS, FRUIT)
    return {next(name for name in names if name in item.paper.text): set(item.yes) for item in found}


def test_topics_of_a_labels_control(cases: Path, case_workspace: Path) -> None:
    import_twice(cases / "ls01_labels_control_multi.json")
    assert yes(log_records()) == [[LANGUAGE, ROBOTICS]]


def test_three_people(cases: Path, case_workspace: Path) -> None:
    counts = import_twice(cases / "ls02_three_people.json")
    assert (counts["annotations"], counts["annotators"], counts["papers"]) == (5, 3, 2)


@pytest.mark.parametrize("dated", [True, False])
@pytest.mark.parametrize(
    "way",
    [
        lambda who: {"completed_by": {"id": who, "email": f"p{who}@example.org"}},
        lambda who: {"created_username": f" p{who}@example.org, {who}"},
        lambda who: {"completed_by": None, "created_username": f"Person {who}, {who}"},
        lambda who: {"annotator": f"person {who}"},
        lambda who: {"created_by": who},
    ],
)
def test_three_people_however_they_are_named(cases: Path, case_workspace: Path, way: Any, dated: bool) -> None:
    tasks = json.loads((cases / "ls02_three_people.json").read_text())
    for entry in (one for given in tasks for one in given["annotations"]):
        entry |= way(entry.pop("completed_by"))
        for key in () if dated else ("id", "created_at", "updated_at"):
            entry.pop(key)
    Path("named.json").write_text(json.dumps(tasks))
    counts = import_twice(Path("named.json"))
    assert (counts["added"], counts["annotators"], counts["papers"]) == (5, 3, 2)
    assert len({record["annotator"] for record in log_records()}) == 3


def test_people_without_names_are_one_and_that_is_told(cases: Path, case_workspace: Path, labeler: Labeler) -> None:
    tasks = json.loads((cases / "ls02_three_people.json").read_text())
    for entry in (one for given in tasks for one in given["annotations"]):
        for key in ("completed_by", "id", "created_at", "updated_at"):
            entry.pop(key)
    Path("nobody.json").write_text(json.dumps(tasks))
    outcome = labeler("import", "nobody.json")
    assert "2 added, 3 known before" in outcome.err
    assert "nothing to tell which is later: 2, such as that of 'unknown' on 'Short prompts" in outcome.err
    assert "0 added" in labeler("import", "nobody.json").err


def test_a_control_called_like_the_text_in_json(cases: Path, case_workspace: Path) -> None:
    import_twice(cases / "ls03a_collide_json.json", "--control", "text", "--text-field", "text")
    records = log_records()
    assert yes(records) == [[LANGUAGE], [VISION], [ROBOTICS]]
    assert all(len(record["abstract"]) > 100 for record in records)


def test_a_control_called_like_the_text_in_csv(cases: Path, case_workspace: Path, labeler: Labeler) -> None:
    outcome = labeler("import", cases / "ls03b_collide_old.csv", "--control", "text", "--text-field", "text")
    assert (outcome.code, outcome.err.count("\n"), log_records()) == (3, 1, [])
    assert "the text and the labels of ls03b_collide_old.csv are the same column, 'text'" in outcome.err


def test_annotations_without_ids(cases: Path, case_workspace: Path) -> None:
    counts = import_twice(cases / "ls04_imported_without_ids.json")
    assert (counts["papers"], counts["added"], counts["corrections"]) == (3, 3, 0)
    assert labels(case_workspace) == {PROMPTS: {LANGUAGE}, CARS: {VISION}, FRUIT: {ROBOTICS}}


def test_exports_that_give_one_number_and_time_to_several_annotations(cases: Path, case_workspace: Path) -> None:
    """Programs that convert annotations number them anew, and give all one time."""
    import_twice(cases / "ls02_three_people.json")
    import_twice(cases / "ls17_json_min_shapes.json")
    tasks = json.loads((cases / "ls04_imported_without_ids.json").read_text())
    for entry in tasks:
        entry["annotations"][0] |= {"id": 1, "created_at": "2025-05-01T10:00:00Z"}
    Path("converted.json").write_text(json.dumps(tasks))
    assert import_twice(Path("converted.json"))["added"] == 3


def test_a_cancelled_annotation_with_a_choice(cases: Path, case_workspace: Path) -> None:
    import_twice(cases / "ls05_cancelled_with_choice.json")
    assert [(record["status"], record["yes"]) for record in log_records()] == [("skipped", []), ("judged", [VISION])]


def test_every_task_twice(cases: Path, case_workspace: Path) -> None:
    counts = import_twice(cases / "ls06_task_twice.json")
    assert (counts["added"], counts["known"]) == (2, 2)


def test_one_person_twice_the_older_last(cases: Path, case_workspace: Path) -> None:
    import_twice(cases / "ls07_same_person_twice.json")
    assert labels(case_workspace) == {PROMPTS: {ROBOTICS}}


def test_csv_with_escapes(cases: Path, case_workspace: Path) -> None:
    counts = import_twice(cases / "ls08_csv_escapes.csv")
    assert yes(log_records()) == [[LANGUAGE, ROBOTICS], [VISION], []]
    assert counts["empty"] == 1


def test_paths_of_a_taxonomy(cases: Path, case_workspace: Path) -> None:
    counts = import_twice(cases / "ls09a_taxonomy_paths.json")
    assert yes(log_records()) == [[LANGUAGE], [VISION, ROBOTICS]]
    assert counts["unknown_labels"] == {"AI": 1}


@pytest.mark.parametrize("together", [True, False])
def test_subtopics_in_controls_of_their_own(cases: Path, case_workspace: Path, together: bool) -> None:
    file = cases / "ls09b_two_level_controls.json"
    one, other = ("--control", "AI_subtheme"), ("--control", "Machines_subtheme")
    for controls in [(*one, *other)] if together else [one, other, one]:
        import_twice(file, *controls)
    assert labels(case_workspace) == {PROMPTS: {LANGUAGE}, FRUIT: {ROBOTICS}}
    assert len(log_records()) == (2 if together else 3)


def test_predictions_alone(cases: Path, case_workspace: Path, labeler: Labeler) -> None:
    outcome = labeler("import", cases / "ls10_predictions_only.json")
    assert (outcome.code, outcome.err.count("\n"), log_records()) == (3, 1, [])


def test_a_prediction_beside_an_annotation(cases: Path, case_workspace: Path) -> None:
    counts = import_twice(cases / "ls10b_predictions_and_annotation.json")
    assert (counts["annotations"], yes(log_records())) == (1, [[LANGUAGE]])


def test_choices_with_entities(cases: Path, case_workspace: Path) -> None:
    counts = import_twice(cases / "ls11_entities_in_choice.json")
    assert counts["unknown_labels"].keys() == {"Language &amp; models", "Images &amp; video "}
    assert not any(record["no"] for record in log_records())


def test_labels_in_another_case_and_with_spaces(cases: Path, case_workspace: Path) -> None:
    counts = import_twice(cases / "ls12_case_and_spaces.json")
    assert yes(log_records()) == [[LANGUAGE], [VISION], [ROBOTICS], []]
    assert counts["unknown_labels"] == {"ro botics": 1}


def test_a_second_control_and_a_rating(cases: Path, case_workspace: Path) -> None:
    counts = import_twice(cases / "ls13_two_controls.json")
    assert (yes(log_records()), counts["unknown_controls"]) == ([[LANGUAGE]], {"quality": 1})


def test_hypertext(cases: Path, case_workspace: Path) -> None:
    import_twice(cases / "ls14_hypertext.json", "--text-field", "html")
    (record,) = log_records()
    assert record["abstract"].startswith("Short prompts that steer small language models We study how short prompts")
    assert record["abstract"].endswith("We compare A<B & C.")


def test_old_completions_that_were_skipped(cases: Path, case_workspace: Path) -> None:
    counts = import_twice(cases / "ls15a_completions_skipped.json")
    assert next((record["status"], record["no"]) for record in log_records()) == ("skipped", [])
    assert (counts["skipped"], counts["empty"]) == (1, 0)


@pytest.mark.parametrize("shape", ["file", "folder", "lines", "list", "webhook"])
def test_one_annotation_with_its_task_inside(cases: Path, case_workspace: Path, tmp_path: Path, shape: str) -> None:
    name = "ls16_storage_one_annotation.json"
    one = json.loads((cases / name).read_text())
    two = one | {"id": 12, "created_at": "2025-05-02T10:00:00Z", "updated_at": "2025-05-02T10:00:00Z"}
    two["task"] = {"id": 2, "data": {"title": "Owls", "abstract": "Owls hunt at night."}, "project": 7}
    given = tmp_path / "storage"
    given.mkdir()
    for number, entry in enumerate([one, two]):
        (given / f"{number}").write_text(json.dumps(entry))
    file = tmp_path / "one.json"
    hooks = [{"action": "ANNOTATION_CREATED", "annotation": {**e, "task": 1}, "task": e["task"]} for e in (one, two)]
    texts = {
        "file": (cases / name).read_text(),
        "lines": json.dumps(one) + "\n" + json.dumps(two) + "\n",
        "list": json.dumps([one, two]),
        "webhook": json.dumps(hooks),
    }
    if shape != "folder":
        file.write_text(texts[shape])
    counts = import_twice(given if shape == "folder" else file)
    assert counts["added"] == (1 if shape == "file" else 2)
    assert yes(log_records())[0] == [LANGUAGE]


def test_of_a_folder_of_annotations_some_may_lack_the_control(
    cases: Path, case_workspace: Path, tmp_path: Path, labeler: Labeler
) -> None:
    one = json.loads((cases / "ls16_storage_one_annotation.json").read_text())
    row = {"from_name": "quality", "to_name": "text", "type": "rating", "value": {"rating": 4}}
    (tmp_path / "1").write_text(json.dumps(one))
    (tmp_path / "2").write_text(json.dumps(one | {"id": 12, "result": [row], "task": one["task"] | {"id": 2}}))
    assert "2 added" in labeler("import", tmp_path / "1", tmp_path / "2").err
    assert (yes(log_records()), log_records()[1]["no"]) == ([[LANGUAGE], []], [])
    outcome = labeler("import", tmp_path / "2")
    assert (outcome.code, outcome.err.count("\n")) == (3, 1)


def test_a_folder_of_annotations_of_another_project_is_refused(
    cases: Path, case_workspace: Path, tmp_path: Path, labeler: Labeler
) -> None:
    text = (cases / "ls16_storage_one_annotation.json").read_text().replace("Language models", "Owls")
    for number in range(5):
        (tmp_path / f"{number}.json").write_text(text.replace('"id": 11', f'"id": {number}'))
    outcome = labeler("import", str(tmp_path / "*.json"))
    assert (outcome.code, outcome.err.count("\n"), log_records()) == (3, 1, [])
    assert "none of the labels in 0.json, 1.json, 2.json is a topic" in outcome.err


def test_annotations_without_their_tasks_are_told(cases: Path, case_workspace: Path, labeler: Labeler) -> None:
    entry = json.loads((cases / "ls16_storage_one_annotation.json").read_text()) | {"task": 5}
    Path("one.json").write_text(json.dumps([entry]))
    outcome = labeler("import", "one.json")
    assert (outcome.code, outcome.err.count("\n")) == (3, 1)
    assert "its annotations come without their tasks" in outcome.err


def test_the_shapes_of_json_min(cases: Path, case_workspace: Path) -> None:
    import_twice(cases / "ls17_json_min_shapes.json")
    assert yes(log_records()) == [[LANGUAGE], [VISION, ROBOTICS], [], [LANGUAGE, ROBOTICS], [ROBOTICS]]


@pytest.mark.parametrize("name", ["ls18_excel_semicolon.csv", "ls19a_cp1252.csv", "ls19c_bom.csv"])
def test_csv_saved_again(cases: Path, case_workspace: Path, name: str) -> None:
    import_twice(cases / name)
    records = log_records()
    assert yes(records) == [[LANGUAGE], [VISION], [ROBOTICS]]
    assert {record["annotator"] for record in records} == {"ä.müller@example.org"}
    assert records[1]["title"].endswith("– naïve")


@pytest.mark.parametrize(
    ("delimiter", "head", "encoding"),
    [
        ("\t", "", "utf-16"),
        (";", "", "cp1252"),
        (";", "sep=;\n", "utf-8-sig"),
        ("|", "", "utf-8"),
        (",", "\n\n", "utf-8"),
        (",", "", "utf-16-be"),
    ],
)
def test_csv_saved_again_in_other_ways(
    cases: Path, case_workspace: Path, delimiter: str, head: str, encoding: str
) -> None:
    with (cases / "ls19c_bom.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    with Path("again.txt").open("w", encoding=encoding, newline="") as stream:
        stream.write(("\ufeff" if encoding == "utf-16-be" else "") + head)
        csv.writer(stream, delimiter=delimiter).writerows(rows)
    import_twice(Path("again.txt"))
    assert yes(log_records()) == [[LANGUAGE], [VISION], [ROBOTICS]]
    assert {record["annotator"] for record in log_records()} == {"ä.müller@example.org"}


def test_a_quote_that_is_never_closed(cases: Path, case_workspace: Path, labeler: Labeler) -> None:
    text = (cases / "ls19c_bom.csv").read_text(encoding="utf-8-sig")
    Path("open.csv").write_text(text.replace(",Picking", ',"Picking'), encoding="utf-8")
    outcome = labeler("import", "open.csv")
    assert (outcome.code, outcome.err.count("\n"), log_records()) == (3, 1, [])
    assert "a quote that is never closed" in outcome.err


def test_a_gzipped_export(cases: Path, case_workspace: Path, tmp_path: Path) -> None:
    import_twice(cases / "ls20_gz.json.gz")
    assert yes(log_records()) == [[LANGUAGE]]
    (tmp_path / "x.csv.gz").write_bytes(gzip.compress((cases / "ls18_excel_semicolon.csv").read_bytes()))
    assert import_twice(tmp_path / "x.csv.gz")["added"] == 3


@pytest.mark.parametrize(("ending", "compress"), [("bz2", bz2.compress), ("xz", lzma.compress)])
def test_a_compressed_export(
    cases: Path, case_workspace: Path, ending: str, compress: Callable[[bytes], bytes]
) -> None:
    file = Path(f"x.csv.{ending}")
    file.write_bytes(compress((cases / "ls18_excel_semicolon.csv").read_bytes()))
    assert import_twice(file)["added"] == 3


def test_an_export_in_an_archive(cases: Path, case_workspace: Path) -> None:
    with zipfile.ZipFile("x.zip", "w") as archive:
        archive.write(cases / "ls18_excel_semicolon.csv", "x.csv")
    assert import_twice(Path("x.zip"))["added"] == 3


def test_cells_as_a_spreadsheet_writes_them(case_workspace: Path) -> None:
    head = "annotation_id;annotator;id;title;abstract;topics;was_cancelled;created_at;updated_at;lead_time\n"
    text = "Robots;They walk far.;Robotics"
    rows = [
        f"1;ann;1;{text};FALSCH;26.11.2026 14:03;3.12.2026 9:05;12,5",
        f"2;bob;1;{text};WAHR;26.11.2026 14:03;26.11.2026 14:03;1,25",
    ]
    Path("x.csv").write_text(head + "\n".join(rows), encoding="utf-8")
    import_twice(Path("x.csv"))
    judged, skipped = log_records()
    assert (judged["status"], skipped["status"]) == ("judged", "skipped")
    assert (judged["at"], judged["lead_time"], skipped["lead_time"]) == ("2026-12-03T09:05:00Z", 12.5, 1.25)


def test_an_object_around_the_tasks(cases: Path, case_workspace: Path) -> None:
    assert import_twice(cases / "ls24_project_object.json")["annotations"] == 1


def test_a_ground_truth_is_one_vote_and_that_is_said(cases: Path, case_workspace: Path, labeler: Labeler) -> None:
    outcome = labeler("import", cases / "ls25_ground_truth.json")
    assert "marked as ground truth in Label Studio: 1 annotation; the mark does not count here" in outcome.err
    assert labels(case_workspace) == {PROMPTS: {LANGUAGE}}


HOSTILE = ("lead_inf", "lead_nan", "origin_list", "pred_result_str", "pred_result_true", "who_ansi")


@pytest.mark.parametrize("name", HOSTILE)
def test_odd_values_of_an_export_never_reach_the_log(cases: Path, workspace: Path, labeler: Labeler, name: str) -> None:
    import_twice(cases / "hostile" / f"imp_{name}.json")
    (line,) = Path("annotations/judgements.jsonl").read_text(encoding="utf-8").splitlines()
    record = json.loads(line, parse_constant=lambda text: pytest.fail(f"{text} is no JSON"))
    assert (record["yes"], record["lead_time"]) == (["llm"], None)
    assert record["annotator"].isprintable()
    status = labeler("status")
    assert (status.code, "1 judgement on 1 paper" in status.out, "\x1b" in status.out) == (0, True, False)


@pytest.mark.parametrize("name", ["amp2.json", "ansi.jsonl", "hyph2000.json"])
def test_digests_are_told_from_exports_in_one_line(cases: Path, workspace: Path, labeler: Labeler, name: str) -> None:
    outcome = labeler("import", cases / "hostile" / name)
    assert (outcome.code, outcome.err.count("\n")) == (3, 1)
    assert "is no export of Label Studio" in outcome.err
