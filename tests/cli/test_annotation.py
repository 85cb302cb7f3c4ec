from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from labeler.sampling.registry import STRATEGIES
from tests.conftest import Labeler
from tests.paths import ROOT, SAMPLES
from tests.studio.factories import annotation, choices, task, written

LOG = Path("annotations", "judgements.jsonl")


def table(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(["title,abstract,topics", *rows]) + "\n", encoding="utf-8")
    return path


def piped(workspace: Path, text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "labeler", "--workspace", str(workspace), *arguments]
    return subprocess.run(command, input=text, capture_output=True, text=True, cwd=ROOT, check=False)


def test_export_writes_a_task_file_that_import_will_fit(workspace: Path, labeler: Labeler, digest: Path) -> None:
    outcome = labeler("export", digest, "-o", "tasks.json")
    assert (outcome.code, outcome.out) == (0, "")
    assert "24 tasks (no model yet, so no suggestions)." in outcome.err
    assert "Import tasks.json in Label Studio" in outcome.err
    tasks = json.loads(Path("tasks.json").read_text(encoding="utf-8"))
    assert len(tasks) == 24
    assert json.loads(labeler("export", digest).out) == tasks


def test_export_leaves_out_what_was_judged(workspace: Path, labeler: Labeler, digest: Path) -> None:
    (first, *_) = json.loads(labeler("export", digest).out)
    done = {"id": 1, "data": first["data"], "annotations": [annotation(1, choices("llm"))]}
    assert labeler("import", written(Path("done.json"), done)).code == 0
    outcome = labeler("export", digest)
    assert len(json.loads(outcome.out)) == 23
    assert "1 judged before were left out" in outcome.err
    assert len(json.loads(labeler("export", digest, "--again").out)) == 24


def test_export_with_a_model_says_whose_suggestions_these_are(trained: Path, labeler: Labeler, digest: Path) -> None:
    assert "24 tasks (suggestions by mine@1)" in labeler("export", digest).err


@pytest.mark.slow
@pytest.mark.parametrize("strategy", STRATEGIES.names)
def test_export_of_the_most_useful_papers_says_how_they_were_chosen(
    trained: Path, labeler: Labeler, digest: Path, strategy: str
) -> None:
    outcome = labeler("export", digest, "--count", "5", "--strategy", strategy)
    assert f"5 tasks of 24 papers, chosen by {strategy} (suggestions by mine@1)." in outcome.err
    tasks = json.loads(outcome.out)
    assert {task["meta"]["asked"]["strategy"] for task in tasks} == {strategy}
    assert len({task["data"]["paper_id"] for task in tasks}) == 5
    assert labeler("export", digest, "--count", "5", "--strategy", strategy).out == outcome.out
    told = json.loads(labeler("export", digest, "--count", "5", "--strategy", strategy, "--json").out)
    assert (told["papers"], told["strategy"], told["left"], told["tasks"]) == (5, strategy, 19, tasks)


def test_what_is_chosen_unless_said_otherwise_is_a_mix(workspace: Path, labeler: Labeler, digest: Path) -> None:
    outcome = labeler("export", digest, "--count", "3")
    assert "3 tasks of 24 papers, chosen by mix (no model yet, so no suggestions)." in outcome.err
    assert labeler("export", digest, "--count", "3", "--strategy", "mix").out == outcome.out


@pytest.mark.parametrize("command", ["export", "push"])
def test_the_strategies_on_offer_are_all_there_are(labeler: Labeler, command: str) -> None:
    offered = " ".join(labeler(command, "--help").out.split())
    assert STRATEGIES.described() in offered
    outcome = labeler(command, "x", "--count", "3", "--strategy", "best")
    assert (outcome.code, outcome.out) == (2, "")
    assert f"there is no strategy 'best'; known are: {', '.join(STRATEGIES.names)}" in outcome.err


def test_how_a_paper_was_chosen_comes_back_with_its_judgement(workspace: Path, labeler: Labeler, digest: Path) -> None:
    (first, *_) = json.loads(labeler("export", digest, "--count", "4", "--strategy", "random").out)
    done = {"id": 1, **first, "annotations": [annotation(1, choices("llm"))]}
    assert labeler("import", written(Path("done.json"), done)).code == 0
    asked = json.loads(LOG.read_text(encoding="utf-8"))["asked"]
    assert (asked["strategy"], asked) == ("random", first["meta"]["asked"])
    assert {"batch", "audit", "model", "fingerprint"} < set(asked)


def test_papers_that_are_looked_for_come_with_what_they_were_looked_for_by(
    workspace: Path, labeler: Labeler, digest: Path
) -> None:
    outcome = labeler("export", digest, "--topic", "Speech and audio", "--search", "whisper siren", "--count", "3")
    assert outcome.code == 0, outcome.err
    assert "3 tasks of 24 papers, chosen by topic+search (no model yet, so no suggestions)." in outcome.err
    tasks = json.loads(outcome.out)
    asked = tasks[0]["meta"]["asked"]
    assert (asked["strategy"], asked["topic"], asked["search"]) == ("topic+search", "speech", "whisper siren")
    assert tasks[0]["data"]["reason"].startswith("picked for Speech and audio, as it ")
    assert any("Siren" in task["data"]["title"] for task in tasks)
    done = {"id": 1, **tasks[0], "annotations": [annotation(1, choices("speech"))]}
    assert labeler("import", written(Path("done.json"), done)).code == 0
    assert json.loads(LOG.read_text(encoding="utf-8"))["asked"] == asked
    told = json.loads(labeler("export", digest, "--topic", "speech", "--json").out)
    assert (told["strategy"], told["papers"] + told["left"]) == ("topic", 23)


@pytest.mark.parametrize("command", ["export", "push"])
@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--topic", "speach"], 4, "there is no topic 'speach'; there is speech"),
        (["--search", "unheardof"], 4, "of 24 new papers none holds a word of “unheardof”"),
        (["--search", "?"], 2, "there is no word of two letters or more"),
        (["--search", "arm", "--strategy", "mix"], 2, "--strategy and --search each say which papers; leave one out"),
        (["--topic", "speech", "--strategy", "mix"], 2, "--strategy and --topic each say which papers"),
        (["--topic", "speech", "--review", "ties"], 2, "--review takes no input"),
    ],
)
def test_what_cannot_be_looked_for_is_told_in_a_line_and_nothing_is_done(
    workspace: Path, labeler: Labeler, digest: Path, command: str, arguments: list[str], code: int, words: str
) -> None:
    before = sorted(workspace.rglob("*"))
    outcome = labeler(command, digest, *arguments)
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (code, "", 1)
    assert words in outcome.err
    assert sorted(workspace.rglob("*")) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--strategy", "margin"], "--strategy is for --count"),
        (["--count", "0"], "--count"),
        (["--count", "many"], "--count"),
        (["--count", "3", "--strategy", "best"], "there is no strategy 'best'; known are: "),
    ],
)
def test_a_choice_that_cannot_be_made_is_wrong_usage(
    workspace: Path, labeler: Labeler, digest: Path, arguments: list[str], words: str
) -> None:
    outcome = labeler("export", digest, *arguments)
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (2, "", 1)
    assert words in outcome.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["missing.txt"], 3), ([], 2), (["--model", "nobody"], 4), (["-o", "no/such/tasks.json"], 3)],
)
def test_export_that_fails_says_why_in_one_line_and_writes_nothing(
    workspace: Path, labeler: Labeler, digest: Path, arguments: list[str], code: int
) -> None:
    outcome = labeler("export", *([digest] if arguments[:1] in (["--model"], ["-o"]) else []), *arguments)
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (code, "", 1)


def test_export_json_is_one_object(workspace: Path, labeler: Labeler, digest: Path) -> None:
    here = json.loads(labeler("export", digest, "--json").out)
    assert (here["papers"], here["model"], here["judged_before"], len(here["tasks"])) == (24, None, 0, 24)
    there = json.loads(labeler("export", digest, "--json", "-o", "tasks.json").out)
    assert there == {
        "papers": 24, "model": None, "judged_before": 0, "strategy": None, "left": 0, "nearly_the_same": 0,
        "file": "tasks.json"
    }  # fmt: skip
    assert json.loads(Path("tasks.json").read_text(encoding="utf-8")) == here["tasks"]


def test_import_says_what_it_found_and_the_second_time_nothing_is_new(workspace: Path, labeler: Labeler) -> None:
    outcome = labeler("import", SAMPLES / "export.json")
    assert outcome.code == 0
    assert outcome.err.startswith("212 annotations of ")
    assert "212 added" in outcome.err
    before = LOG.read_bytes()
    assert "0 added, 212 known before." in labeler("import", SAMPLES / "export.json").err
    assert LOG.read_bytes() == before


def test_import_json_is_one_object_with_the_counts(workspace: Path, labeler: Labeler) -> None:
    found = json.loads(labeler("import", SAMPLES / "export.json", "--json").out)
    keys = "annotations annotators papers added corrections known skipped empty unsure drafts_left_out unknown_labels"
    assert set(found) == {
        *keys.split(),
        "not_judged",
        "ground_truth",
        "verdicts",
        "own_verdicts",
        "unknown_controls",
        "refused",
        "notes",
        "dry_run",
    }
    assert (found["annotations"], found["added"], found["dry_run"]) == (212, 212, False)


def test_import_tells_of_a_log_that_had_to_be_mended(workspace: Path, labeler: Labeler) -> None:
    LOG.write_bytes(b'{"id": "torn')
    outcome = labeler("import", SAMPLES / "export.json")
    assert (outcome.code, outcome.err.count("line 1 was cut short")) == (0, 1)
    assert Path("annotations", "judgements.torn").read_bytes() == b'{"id": "torn\n'


def test_import_dry_run_changes_nothing(workspace: Path, labeler: Labeler) -> None:
    outcome = labeler("import", SAMPLES / "export.json", "--dry-run")
    assert "212 would be added" in outcome.err
    assert not LOG.exists()


def test_import_tells_kinds_corrections_unknown_labels_and_other_controls(workspace: Path, labeler: Labeler) -> None:
    unsure = choices("unsure", control="unsure")
    tasks = [
        task(1, annotation(1, choices("llm")), annotation(2, choices("rl"), was_cancelled=True)),
        task(2, annotation(3, choices("llm"), unsure), annotation(4, choices("None of these"))) | {"drafts": [1]},
        task(3, annotation(5, choices("nlp")), annotation(6, choices("x", control="zzz"))),
    ]
    outcome = labeler("import", written(Path("e.json"), *tasks))
    assert outcome.err.startswith(
        "6 annotations of 1 annotator on 3 papers (1 skipped, 1 of no topic, 1 unsure, 1 draft left out): "
        "6 added, 0 known before.\n"
    )
    assert "no topic of the scheme: 'rl' (1), 'nlp' (1)" in outcome.err
    assert "controls that were not read: 'zzz' (1)" in outcome.err
    tasks[0]["annotations"][0] |= {"result": [choices("vision")], "updated_at": "2026-04-01T00:00:00Z"}
    assert "1 added, 1 of them corrections, 5 known before." in labeler("import", written(Path("e.json"), *tasks)).err


def test_of_many_notes_ten_are_told_and_the_rest_counted(workspace: Path, labeler: Labeler) -> None:
    both = [task(n, annotation(n, choices("llm", "None of these"))) for n in range(1, 14)]
    outcome = labeler("import", written(Path("e.json"), *both))
    assert outcome.err.count("note: e.json, annotation") == 10
    assert "note: 3 more of this kind" in outcome.err
    assert labeler("import", "e.json", "--quiet").err == ""


def test_import_takes_names_of_another_interface_from_flags_or_settings(
    workspace: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = task(1, annotation(1, choices("llm", control="kind"))) | {"data": {"body": "Owls hunt at night."}}
    written(Path("e.json"), other)
    assert labeler("import", "e.json").code == 3
    assert labeler("import", "e.json", "--control", "kind", "--text-field", "body", "--dry-run").code == 0
    monkeypatch.setenv("LABELER_IMPORT_CONTROL", "kind")
    Path("labeler.toml").write_text('[import]\ntext_field = "body"\n', encoding="utf-8")
    assert labeler("import", "e.json").code == 0
    assert json.loads(LOG.read_text(encoding="utf-8"))["abstract"] == "Owls hunt at night."


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["t.csv", "--topics-column", "topics", "--control", "x"], "--topics-column is for tables"),
        (["t.csv", "--topics-column", "topics", "--text-field", "x"], "--topics-column is for tables"),
        (["t.csv", "--complete"], "--complete, --format, --annotator and --separator are for tables"),
        (["t.csv", "--format", "table"], "--complete, --format, --annotator and --separator are for tables"),
        (["t.csv", "--topics-column", "topics", "--format", "poem"], "no format 'poem'"),
        ([], "FILE"),
    ],
)
def test_import_flags_that_do_not_go_together_are_wrong_usage(
    workspace: Path, labeler: Labeler, arguments: list[str], words: str
) -> None:
    table(Path("t.csv"), "Owls,Owls hunt.,llm")
    outcome = labeler("import", *arguments)
    assert (outcome.code, outcome.err.count("\n"), LOG.exists()) == (2, 1, False)
    assert words in outcome.err


@pytest.mark.parametrize("content", ["", "[]", "{", "title,abstract\nT,x\n", '[{"annotations": []}]', "\udc80"])
def test_import_of_what_is_no_export_fails_with_one_line_and_code_3(
    workspace: Path, labeler: Labeler, content: str
) -> None:
    Path("e.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    outcome = labeler("import", "e.json")
    assert (outcome.code, outcome.out, outcome.err.count("\n"), LOG.exists()) == (3, "", 1, False)
    assert outcome.err.startswith("labeler: e.json")


def test_import_of_a_table_without_titles_says_which_columns_it_needs(workspace: Path, labeler: Labeler) -> None:
    Path("t.jsonl").write_text('{"id": 1, "text": "Some words.", "label": ["llm"]}\n', encoding="utf-8")
    outcome = labeler("import", "t.jsonl", "--topics-column", "label")
    assert (outcome.code, outcome.out, outcome.err.count("\n"), LOG.exists()) == (3, "", 1, False)
    assert outcome.err.endswith("neither a title nor an abstract; call its columns title and abstract\n")


@pytest.mark.parametrize(
    "name",
    [
        "LEOKA__README.md",
        "lsconv__data__test_converter_data__data.json",
        "lsconv__data__test_export_csv__csv_test.json",
        "lsconv__data__test_export_csv__csv_test2.json",
        "lsconv__data__test_export_csv__csv_test2_result.csv",
        "lsconv__data__test_export_csv__csv_test_history.json",
        "lsconv__data__test_export_json_min__data.json",
        "lsconv__data__test_export_json_min__data_repeater.json",
        "lsconv__data__test_export_json_min__label_config.xml",
        "lsconv__data__test_export_json_min__label_config_repeater.json",
        "lsconv__fixtures__completions__348.json",
        "ntdat_hotel_ABSA_JSON_MIN.json",
        "katyachemistry_sentiment_CSV_export.csv",
    ],
)
@pytest.mark.parametrize("control", ["topics", "no-such-control"])
def test_exports_of_other_projects_fail_with_one_line_and_code_3(
    workspace: Path, labeler: Labeler, shared: Path, name: str, control: str
) -> None:
    outcome = labeler("import", shared / "labelstudio" / "exports" / name, "--control", control, "--text-field", "text")
    assert (outcome.code, outcome.out, outcome.err.count("\n"), LOG.exists()) == (3, "", 1, False)
    assert name in outcome.err


def test_import_of_a_table(workspace: Path, labeler: Labeler) -> None:
    table(Path("t.csv"), "Owls,Owls hunt.,LLM;vision", "Rails,Trains run.,nlp")
    outcome = labeler("import", "t.csv", "--topics-column", "topics", "--complete")
    assert outcome.code == 0
    assert "2 added" in outcome.err
    assert "'nlp' (1)" in outcome.err
    (owls, rails) = map(json.loads, LOG.read_text(encoding="utf-8").splitlines())
    assert (owls["yes"], len(owls["no"]), owls["annotator"]) == (["llm", "vision"], 6, "table")
    assert (rails["yes"], rails["no"], rails["unknown"]) == ([], [], ["nlp"])


def test_the_sample_table_comes_in(workspace: Path, labeler: Labeler) -> None:
    outcome = labeler("import", SAMPLES / "digest-topics.csv", "--topics-column", "topics")
    assert (outcome.code, "24 added" in outcome.err) == (0, True)


def test_a_table_may_come_through_a_pipe_and_again_is_known(workspace: Path) -> None:
    text = "title,abstract,topics\nOwls,Owls hunt.,llm\n"
    first, second = (piped(workspace, text, "import", "-", "--topics-column", "topics") for _ in range(2))
    assert (first.returncode, second.returncode) == (0, 0)
    assert "1 added" in first.stderr
    assert "0 added, 1 known before." in second.stderr


def test_an_export_may_come_through_a_pipe(workspace: Path) -> None:
    outcome = piped(workspace, json.dumps([task(1, annotation(1, choices("llm")))]), "import", "-")
    assert (outcome.returncode, "1 added" in outcome.stderr) == (0, True)


def test_half_an_emoji_in_a_comment_does_not_stop_an_import(workspace: Path, labeler: Labeler) -> None:
    row = {"from_name": "comment", "type": "textarea", "value": {"text": ["cut \ud83d"]}}
    outcome = labeler("import", written(Path("e.json"), task(1, annotation(1, choices("llm"), row))))
    assert (outcome.code, "1 added" in outcome.err) == (0, True)
    assert "0 added" in labeler("import", "e.json").err


def test_a_very_long_text_in_a_csv_export_comes_in(workspace: Path) -> None:
    head = "abstract,annotation_id,annotator,created_at,id,title,topics,updated_at"
    row = f"{'long ' * 40_000},1,ada,2026-03-01,1,Owls,llm,2026-03-01"
    (workspace / "long.csv").write_text(f"{head}\n{row}\n", encoding="utf-8")
    outcome = piped(workspace, "", "import", str(workspace / "long.csv"))
    assert (outcome.returncode, "1 added" in outcome.stderr) == (0, True)
    assert "1 added" in outcome.stderr


def test_an_export_of_another_project_with_our_interface_is_refused(workspace: Path, labeler: Labeler) -> None:
    scheme = 'mode = "multi"\n[[topic]]\nid = "biology"\n[[topic]]\nid = "law"\n'
    (workspace / "annotations/topics.toml").write_text(scheme)
    outcome = labeler("import", SAMPLES / "export.json")
    assert (outcome.code, outcome.out, LOG.exists()) == (3, "", False)
    assert "none of the labels in export.json is a topic of the scheme" in outcome.err


def test_output_to_a_dash_is_standard_output_and_one_document(workspace: Path, labeler: Labeler, digest: Path) -> None:
    assert json.loads(labeler("export", digest, "--json", "-o", "-").out)["papers"] == 24
    assert labeler("topics", "config", "-o", "-").out.startswith("<View")
    assert not Path("-").exists()


def test_no_suggestions_of_a_model_of_the_other_mode(trained: Path, labeler: Labeler, digest: Path) -> None:
    scheme = trained / "annotations/topics.toml"
    scheme.write_text(scheme.read_text().replace('mode = "multi"', 'mode = "single"'))
    outcome = labeler("export", digest, "-o", "tasks.json")
    assert "mine@1 is a multi-label model, the scheme is single-label: no suggestions" in outcome.err
    assert not any(one["predictions"] for one in json.loads(Path("tasks.json").read_text()))
