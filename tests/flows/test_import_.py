from __future__ import annotations

import json
import os
from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest

from labeler.config import find_workspace
from labeler.errors import InputError, LabelerError, RefusedError
from labeler.flows.import_ import ImportResult, import_exports, import_tables
from labeler.judgements import JudgementLog, labels_of
from labeler.topics import load_scheme
from tests.conftest import Labeler
from tests.paths import SAMPLES
from tests.studio.factories import annotation, choices, task, written

PAYLOADS = "export_json.json", "export_json_min.json", "export_csv.csv", "export_tsv.tsv", "export_snapshot_full.json"
EARLY, LATE = "2026-03-01T10:00:00.000001Z", "2026-03-02T10:00:00.000001Z"


def exports(*files: Path, control: str = "topics", text_field: str = "abstract", dry_run: bool = False) -> ImportResult:
    return import_exports(find_workspace(), [str(file) for file in files], control, text_field, dry_run)


def tables(*files: Path, column: str = "topics", complete: bool = False) -> ImportResult:
    return import_tables(find_workspace(), [str(file) for file in files], column, complete)


def log_lines(workspace: Path) -> int:
    return len(JudgementLog(workspace / "annotations" / "judgements.jsonl").read().judgements)


def learned(workspace: Path) -> dict[str, tuple[set[str], set[str]]]:
    log = JudgementLog(workspace / "annotations" / "judgements.jsonl").read().judgements
    labels = labels_of(log, load_scheme(workspace / "annotations" / "topics.toml"))
    return {item.paper.title: (set(item.yes), set(item.no)) for item in labels.papers}


def table(path: Path, *rows: str, header: str = "title,abstract,topics", at: int = 1_700_000_000) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    os.utime(path, (at, at))
    return path


def test_a_real_project_of_three_annotators_is_read_whole_and_twice_is_once(workspace: Path, shared: Path) -> None:
    file = shared / "labelstudio" / "exports" / "LEOKA_team_1.json"
    counts = exports(file, control="Category", text_field="text").counts()
    assert (counts["annotations"], counts["annotators"], counts["added"], counts["known"]) == (389, 3, 389, 0)
    assert (counts["empty"], counts["drafts_left_out"], counts["refused"]) == (4, 5, [])
    second = exports(file, control="Category", text_field="text").counts()
    assert (second["added"], second["known"]) == (0, 389)
    assert log_lines(workspace) == 389


def test_a_full_snapshot_is_counted_exactly_and_twice_is_once(workspace: Path, shared: Path) -> None:
    file = shared / "labelstudio" / "payloads" / "export_snapshot_full.json"
    counts = exports(file).counts()
    wanted = {"annotations": 8, "annotators": 2, "papers": 5, "added": 8, "corrections": 0, "known": 0, "skipped": 1}
    wanted |= {"empty": 1, "unsure": 0, "drafts_left_out": 1, "unknown_controls": {"zzz": 1}, "refused": []}
    assert {key: counts[key] for key in wanted} == wanted
    assert counts["unknown_labels"]["not-a-label"] == 1
    assert exports(file).counts()["added"] == 0
    assert log_lines(workspace) == 8


@pytest.mark.parametrize("order", list(permutations(range(5)))[::17])
def test_one_project_in_five_formats_is_imported_once_whatever_comes_first(
    workspace: Path, shared: Path, order: tuple[int, ...]
) -> None:
    files = [shared / "labelstudio" / "payloads" / PAYLOADS[position] for position in order]
    added = [exports(file).counts()["added"] for file in files]
    whole = next(n for n, position in enumerate(order) if position in (0, 4))
    assert sum(added) == log_lines(workspace) == 8
    assert [count for n, count in enumerate(added) if n not in (0, whole)] == [0] * (len(added) - len({0, whole}))
    assert not any(exports(file).counts()["added"] for file in files)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "control", "text_field", "wanted"),
    [
        ("exports/LEOKA_team_2.json", "Category", "text", 390),
        ("exports/LEOKA_team_7.json", "Category", "text", 380),
        ("exports/LEOKA_team_8.json", "Category", "text", 313),
        ("exports/katyachemistry_sentiment_CSV_export.csv", "sentiment", "text", 199),
        ("exports/lsconv__data__test_export_csv__csv_test_history.json", "sentiment", "text", 1),
        ("exports/lsconv__data__test_export_csv__csv_test2.json", "uri_selection", "uri", 1),
        ("exports/lsconv__fixtures__completions__348.json", "ner", "text", 1),
        ("exports/ntdat_hotel_ABSA_JSON_MIN.json", "General", "cleaned_comment", 1009),
        ("payloads/export_json_all_tasks.json", "topics", "abstract", 8),
        ("payloads/export_taxonomy.json", "topics", "abstract", 1),
        ("payloads/task_get_with_annotations.json", "topics", "abstract", 3),
        ("payloads/ui_task_42482.json", "topics", "abstract", 1),
        ("payloads/ui_task_42483.json", "topics", "abstract", 1),
    ],
)
def test_a_real_export_comes_in_whole(
    workspace: Path, shared: Path, file: str, control: str, text_field: str, wanted: int
) -> None:
    dry = "LEOKA" in file
    counts = exports(shared / "labelstudio" / file, control=control, text_field=text_field, dry_run=dry).counts()
    assert counts["added"] == wanted
    assert log_lines(workspace) == (0 if dry else wanted)


@pytest.mark.parametrize(
    ("name", "control", "text_field"),
    [
        ("lsconv__data__test_converter_data__data.json", "label", "image"),
        ("lsconv__data__test_export_json_min__data.json", "label", "image"),
        ("lsconv__data__test_export_csv__csv_test2_result.csv", "uri_selection", "uri"),
    ],
)
def test_a_real_export_that_does_not_fit_leaves_nothing(
    workspace: Path, shared: Path, name: str, control: str, text_field: str
) -> None:
    with pytest.raises(InputError, match=name):
        exports(shared / "labelstudio" / "exports" / name, control=control, text_field=text_field)
    assert not (workspace / "annotations" / "judgements.jsonl").exists()


def test_a_wrong_control_never_says_none_of_these(workspace: Path, shared: Path) -> None:
    file = shared / "labelstudio" / "exports" / "lsconv__data__test_export_csv__csv_test.json"
    with pytest.raises(InputError, match="Category"):
        exports(file, control="Category", text_field="text")


def test_a_correction_supersedes_and_an_older_export_after_it_changes_nothing(workspace: Path, tmp_path: Path) -> None:
    old = written(tmp_path / "old.json", task(1, annotation(1, choices("llm"), at=EARLY)))
    new = written(tmp_path / "new.json", task(1, annotation(1, choices("vision"), at=LATE)))
    exports(old)
    counts = exports(new).counts()
    assert (counts["added"], counts["corrections"], log_lines(workspace)) == (1, 1, 2)
    assert exports(old).counts()["added"] == 0
    assert learned(workspace)["Paper 1 of the zoo"][0] == {"vision"}


@pytest.mark.parametrize("more", [{"was_cancelled": True}, {}])
def test_a_newer_export_that_took_it_back_holds_though_the_older_comes_last(
    workspace: Path, tmp_path: Path, more: dict[str, bool]
) -> None:
    rows = [choices("llm")] if more else [choices("llm"), choices("unsure", control="unsure")]
    exports(written(tmp_path / "new.json", task(1, annotation(1, *rows, at=LATE, **more))))
    exports(written(tmp_path / "old.json", task(1, annotation(1, choices("llm"), at=EARLY))))
    assert learned(workspace) == {}


def test_a_label_that_became_an_alias_is_learned_when_the_export_comes_again(workspace: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "export.json", task(1, annotation(1, choices("nlp"))))
    assert exports(file).counts()["unknown_labels"] == {"nlp": 1}
    assert learned(workspace) == {}
    topics = workspace / "annotations" / "topics.toml"
    topics.write_text(topics.read_text(encoding="utf-8").replace('["LLM"]', '["LLM", "NLP"]'), encoding="utf-8")
    assert exports(file).counts()["corrections"] == 1
    assert learned(workspace)["Paper 1 of the zoo"][0] == {"llm"}


@pytest.mark.parametrize("bad", ["missing.json", "broken.json", "other.json"])
def test_when_one_file_is_bad_nothing_of_the_others_is_written(workspace: Path, tmp_path: Path, bad: str) -> None:
    good = written(tmp_path / "good.json", task(1, annotation(1, choices("llm"))))
    (tmp_path / "broken.json").write_text('[{"annotations": ', encoding="utf-8")
    written(tmp_path / "other.json", task(1, annotation(1, choices("x", control="other"))))
    with pytest.raises(InputError, match=bad.removesuffix(".json")):
        exports(good, tmp_path / bad)
    assert not (workspace / "annotations" / "judgements.jsonl").exists()


def test_several_files_are_counted_together(workspace: Path, tmp_path: Path) -> None:
    first = written(tmp_path / "1.json", task(1, annotation(1, choices("llm"))))
    second = written(tmp_path / "2.json", task(1, annotation(1, choices("llm"))), task(2, annotation(2, choices("rl"))))
    counts = exports(first, second).counts()
    assert (counts["annotations"], counts["added"], counts["papers"], counts["unknown_labels"]) == (3, 2, 2, {"rl": 1})


def test_a_dry_run_counts_the_same_and_writes_nothing(workspace: Path) -> None:
    dry = exports(SAMPLES / "export.json", dry_run=True).counts()
    assert not (workspace / "annotations" / "judgements.jsonl").exists()
    assert exports(SAMPLES / "export.json").counts() == dry
    assert exports(SAMPLES / "export.json", dry_run=True).counts()["added"] == 0


def test_a_torn_log_is_told_in_the_notes(workspace: Path) -> None:
    log = workspace / "annotations" / "judgements.jsonl"
    log.write_bytes(b'{"id": "torn')
    (note,) = exports(SAMPLES / "export.json").notes
    assert "line 1 was cut short" in note
    assert b"torn" not in log.read_bytes()


@pytest.mark.parametrize("bring", [lambda: exports(SAMPLES / "export.json"), lambda: tables(SAMPLES / "x.csv")])
def test_a_faulty_scheme_is_refused_before_anything_is_read(workspace: Path, bring: Callable[[], ImportResult]) -> None:
    (workspace / "annotations" / "topics.toml").write_text('[[topic]]\nid = "a b"\n', encoding="utf-8")
    with pytest.raises(RefusedError):
        bring()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.csv", "title,abstract,topics\nOwls,Owls hunt.,llm;vision\n"),
        ("t.tsv", "title\tabstract\ttopics\nOwls\tOwls hunt.\tllm, vision\n"),
        ("t.csv", "title;abstract;topics\nOwls;Owls hunt.;llm|vision\n"),
        ("t.json", '[{"title": "Owls", "abstract": "Owls hunt.", "topics": ["llm", "vision"]}]'),
        ("t.jsonl", '{"title": "Owls", "abstract": "Owls hunt.", "topics": ["LLM", "vision"]}\n'),
        ("t.csv", "\ufefftitle,abstract,topics\r\nOwls,Owls hunt.,\"['llm', 'vision']\"\r\n"),
    ],
)
def test_tables_of_any_kind_come_in(workspace: Path, tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8", newline="")
    assert tables(tmp_path / name).counts()["added"] == 1
    assert learned(workspace) == {"Owls": ({"llm", "vision"}, set())}


def test_a_parquet_table_comes_in(workspace: Path, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    rows = {"title": ["Owls", "Rails"], "abstract": ["Owls hunt.", "Trains run."], "topics": [["llm", "vision"], None]}
    pandas.DataFrame(rows).to_parquet(tmp_path / "t.parquet")
    assert tables(tmp_path / "t.parquet").counts()["added"] == 1
    assert learned(workspace) == {"Owls": ({"llm", "vision"}, set())}


def test_a_complete_table_says_no_and_a_changed_one_corrects(workspace: Path, tmp_path: Path) -> None:
    file = table(tmp_path / "t.csv", "Owls,Owls hunt.,llm", "Rails,Trains run.,")
    assert tables(file, complete=True).counts()["added"] == 2
    assert learned(workspace)["Rails"][0] == set()
    assert len(learned(workspace)["Rails"][1]) == 8
    assert tables(file, complete=True).counts()["added"] == 0
    changed = table(file, "Owls,Owls hunt.,speech", "Rails,Trains run.,", at=1_700_000_100)
    assert tables(changed, complete=True).counts()["corrections"] == 1
    assert learned(workspace)["Owls"][0] == {"speech"}


def test_complete_by_mistake_can_be_taken_back(workspace: Path, tmp_path: Path) -> None:
    file = table(tmp_path / "t.csv", "Owls,Owls hunt.,llm")
    for complete in (False, True, False):
        tables(file, complete=complete)
    assert learned(workspace) == {"Owls": ({"llm"}, set())}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("title,abstract,kind\nOwls,Owls hunt.,llm\n", "no column 'topics', only: title, abstract, kind"),
        ("title,abstract,topics\nOwls,Owls hunt.,nlp;rl\n", "none of the labels in column 'topics'"),
        ("title,abstract,topics\n", "t.csv"),
        ("title,abstract,topics\n,,llm\n", "t.csv"),
        ("", "t.csv is empty"),
        ("nothing of use", "has no column title or abstract"),
    ],
)
def test_a_table_of_no_use_is_an_error_and_nothing_is_written(
    workspace: Path, tmp_path: Path, content: str, words: str
) -> None:
    (tmp_path / "t.csv").write_text(content, encoding="utf-8")
    with pytest.raises(LabelerError, match=words) as caught:
        tables(tmp_path / "t.csv")
    assert caught.value.exit_code == 3
    assert not (workspace / "annotations" / "judgements.jsonl").exists()


def test_the_time_of_a_table_is_when_it_was_last_changed(workspace: Path, tmp_path: Path) -> None:
    (added,) = tables(table(tmp_path / "t.csv", "Owls,Owls hunt.,llm", at=1_700_000_000)).added
    assert added.at == "2023-11-14T22:13:20.000000Z"


@pytest.mark.parametrize(("sign", "option"), [("/", "/"), ("\t", "\\t"), ("\t", "tab"), (" and ", " and ")])
def test_a_separator_can_be_named(workspace: Path, labeler: Labeler, sign: str, option: str) -> None:
    Path("t.jsonl").write_text(json.dumps({"title": "Words", "abstract": "of birds", "area": f"llm{sign}vision"}))
    arguments = ("t.jsonl", "--topics-column", "area", "--separator", option)
    outcome = labeler("import", *arguments)
    assert outcome.code == 0, outcome.err
    (judgement,) = JudgementLog(workspace / "annotations/judgements.jsonl").read().judgements
    assert judgement.yes == ("llm", "vision")
    refused = labeler("import", "t.jsonl", "--separator", "/")
    assert (refused.code, "--separator are for tables" in refused.err) == (2, True)


def test_an_empty_file_among_others_is_told_and_passed_over(workspace: Path) -> None:
    empty = workspace / "empty.csv"
    empty.write_text("\ufeff\n", encoding="utf-8")
    told = ["empty.csv is empty and was passed over"]
    assert exports(empty, SAMPLES / "export.json").notes == told
    assert tables(table(workspace / "a.csv", "A,a,llm"), empty).notes == told
    for read in (exports, tables):
        with pytest.raises(InputError, match=r"empty\.csv is empty"):
            read(empty)
