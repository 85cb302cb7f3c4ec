"""How far the loop is, from the log and the server."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from labeler.judgements import JudgementLog
from labeler.studio.local import Credentials
from labeler.wording import shortened
from tests.conftest import Labeler
from tests.flows.workspaces import bring, make_scheme
from tests.judgements.factories import judgement
from tests.studio.annotating import choices, colleague, project_of, tasks_of


def test_without_a_server_the_log_is_told(trained: Path, labeler: Labeler) -> None:
    record = json.loads(labeler("status", "--json").out)
    assert (record["project"], record["waiting"], record["model"], record["behind"]) == (None, None, "mine@1", 0)
    assert (record["judgements"], len(record["annotators"])) == (212, 2)
    text = labeler("status").out
    assert "Nothing was pushed to a Label Studio server yet" in text
    assert "Model mine@1" in text
    assert "up to date" in text


def test_an_empty_workspace_is_told_what_comes_first(workspace: Path, labeler: Labeler) -> None:
    text = labeler("status").out
    assert text.startswith(f"Workspace {workspace}\n")
    assert json.loads(labeler("status", "--json").out)["workspace"] == str(workspace)
    assert "labeler push DIGEST" in text
    assert "No model yet: `labeler train --unread DIGEST`." in text


@pytest.mark.parametrize(
    ("file", "text", "why"),
    [
        ("CURRENT", "mine@9", "there is no model mine@9"),
        ("mine/1/manifest.json", "", "damaged"),
        ("mine/1/weights.safetensors", "other weights", "weights"),
    ],
)
def test_a_model_that_cannot_be_used_is_told_to_be_there(
    trained: Path, labeler: Labeler, file: str, text: str, why: str
) -> None:
    (trained / "models" / file).write_text(text)
    record = json.loads(labeler("status", "--json").out)
    assert why in record["unusable"]
    told = labeler("status").out
    assert f"The current model cannot be used: {record['unusable']}.\n" in told
    assert "No model yet" not in told
    assert "up to date" not in told


def suggestions(studio: Any, project: int) -> dict[int, Any]:
    """The predictions that tick topics, by the task."""
    found = {one.task: one for one in studio.predictions.list(project=project) if one.result}
    return {task: one for task, one in found.items() if "None of these" not in one.result[0]["value"]["choices"]}


def answered(studio: Any, prediction: Any, *topics: str, shown: bool = True) -> None:
    """Answer a task as the browser does where a suggestion was there: its rows say where they come from."""
    same = set(topics) == set(prediction.result[0]["value"]["choices"])
    row = choices(*topics or ("None of these",), origin="prediction" if same else "prediction-changed")
    parent = {"parent_prediction": prediction.id} if shown else {}
    studio.annotations.create(id=prediction.task, result=[row], lead_time=4, **parent)


@pytest.mark.slow
def test_topics_chosen_without_the_one_above_are_told(trained: Path, labeler: Labeler) -> None:
    topics = Path("annotations/topics.toml")
    text = topics.read_text(encoding="utf-8").replace('id = "agents"', 'id = "agents"\nparent = "llm"')
    topics.write_text(text, encoding="utf-8")
    (note,) = json.loads(labeler("status", "--json").out)["notes"]
    assert "Agents and tools without Language models (" in note
    assert note in labeler("status").out
    assert "agents is below llm now" in labeler("topics", "migrate").err
    trained_again = labeler("train")
    assert note in trained_again.err
    assert "agents is below" not in labeler("topics", "migrate").err
    parents = json.loads(Path("models/mine/2/manifest.json").read_text())["parents"]
    assert parents == {"agents": "llm"}


@pytest.mark.quick
def test_what_people_did_with_suggestions_is_told(
    studio: Any, trained: Path, digest: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABELER_PUSH_AUDIT", "0")
    number = project_of(labeler("push", digest, "--count", "24").err)
    made = suggestions(studio, number)
    kept, added, taken, exchanged, gone = list(made.values())[:5]
    ticked = {task: one.result[0]["value"]["choices"] for task, one in made.items()}
    answered(studio, kept, *ticked[kept.task])
    others = ("llm", "agents", "vision", "speech", "safety", "science")
    extra = {task: next(topic for topic in others if topic not in topics) for task, topics in ticked.items()}
    answered(studio, added, *ticked[added.task], extra[added.task], shown=False)
    answered(studio, taken)
    answered(studio, exchanged, extra[exchanged.task])
    answered(studio, gone, extra[gone.task])
    skipped = next(task.id for task in tasks_of(studio, number).values() if task.id not in ticked)
    studio.annotations.create(id=skipped, result=[], was_cancelled=True)
    studio.predictions.delete(id=gone.id)
    assert json.loads(labeler("status", "--json").out)["to_pull"] == 6
    assert labeler("pull").code == 0
    record = json.loads(labeler("status", "--json").out)
    me = next(one for name, one in record["annotators"].items() if name.startswith("labeler@"))
    suggested = me.pop("suggestions")
    assert me == {"judged": 5, "skipped": 1, "unsure": 0, "kept": 1, "changed": 4, "seconds": 4.0}
    kinds = ("papers", "kept", "added_to", "taken_from", "to_none", "exchanged")
    assert [suggested[kind] for kind in kinds] == [4, 1, 1, 1, 1, 1]
    assert suggested["topics"][extra[added.task]]["added"] >= 1
    assert sum(topic["taken_away"] for topic in suggested["topics"].values()) == sum(
        len(ticked[one.task]) for one in (taken, exchanged)
    )
    assert (record["tasks"], record["waiting"], record["to_pull"], record["behind"]) == (24, 18, 0, 5)
    text = labeler("status").out
    assert (
        "5 judged, 1 skipped, 0 unsure; 1 of 4 suggestions kept (25%), 1 added to (25%), 1 taken away from (25%), "
        "1 both added to and taken away from (25%); 1 suggestion changed (how was not noted); 4 seconds a paper\n"
    ) in text
    assert "5 labelled papers behind: `labeler train`" in text


def test_what_people_disagree_on_is_told(
    studio: Any, server: Credentials, trained: Path, digest: Path, labeler: Labeler
) -> None:
    (trained / "annotations/judgements.jsonl").unlink()
    number = project_of(labeler("push", digest, "--count", "2").err)
    paper, task = next(iter(tasks_of(studio, number).items()))
    assert json.loads(labeler("status", "--json").out)["tied"] == []
    studio.annotations.create(id=task.id, result=[choices("llm", "vision")])
    colleague(server, "ada").annotations.create(id=task.id, result=[choices("llm", "speech")])
    assert labeler("pull").code == 0
    record = json.loads(labeler("status", "--json").out)
    title = task.data["title"]
    assert record["ties"] == 2
    assert record["tied"] == [
        {"paper": paper, "title": title, "votes": "speech: yes 1, no 1"},
        {"paper": paper, "title": title, "votes": "vision: yes 1, no 1"},
    ]
    text = labeler("status").out
    assert "2 ties on 1 paper to settle" in text
    assert f"  tied: {shortened(title, 70)} ({paper}) — vision: yes 1, no 1\n" in text


def test_ties_on_one_topic_a_paper_are_told_by_what_was_chosen(workspace: Path, labeler: Labeler) -> None:
    path = workspace / "annotations/topics.toml"
    path.write_text(path.read_text().replace('mode = "multi"', 'mode = "single"'))
    offered = ("llm", "vision")
    judgements = [judgement("llm", offered=offered), judgement("", number=2, annotator="bo", offered=offered)]
    JudgementLog(workspace / "annotations/judgements.jsonl").update(lambda _: judgements)
    record = json.loads(labeler("status", "--json").out)
    assert [one["votes"] for one in record["tied"]] == ["llm 1, none of these 1"]


def test_of_many_ties_ten_are_told(workspace: Path, labeler: Labeler) -> None:
    judgements = [
        judgement(yes, number=2 * paper + person, title=f"Paper {paper} of many", annotator=f"p{person}")
        for paper in range(12)
        for person, yes in enumerate(("llm", ""))
    ]
    JudgementLog(workspace / "annotations/judgements.jsonl").update(lambda _: judgements)
    assert len(json.loads(labeler("status", "--json").out)["tied"]) == 12
    text = labeler("status").out
    assert (text.count("  tied: "), "  … and 2 more (--json lists all)" in text) == (10, True)


@pytest.mark.slow
def test_a_model_that_knows_an_older_log_or_scheme_is_not_up_to_date(trained: Path, labeler: Labeler) -> None:
    def state() -> tuple[bool, str]:
        found = json.loads(labeler("status", "--json").out)
        line = next(line for line in labeler("status").out.splitlines() if line.startswith("Model "))
        assert found["behind"] == 0
        return found["changed"], line.rpartition("; ")[2]

    changed = (True, "what it learns from has changed since: `labeler train`.")
    assert state() == (False, "up to date.")
    topics = trained / "annotations/topics.toml"
    text = topics.read_text()
    topics.write_text(text.replace('"Language models"', '"Models of language"'))
    assert state() == changed
    assert labeler("topics", "migrate").code == 0
    assert state() == changed
    topics.write_text(text)
    assert state() == (False, "up to date.")
    log = JudgementLog(trained / "annotations/judgements.jsonl")
    first = log.read().judgements[0]
    skipped = replace(first, yes=(), no=(), status="skipped", supersedes=first.id, id="")
    log.update(lambda _: [skipped])
    assert state() == changed
    assert labeler("train").code == 0
    assert state() == (False, "up to date.")
    (trained / "soft.csv").write_text("title,abstract,llm\nA paper,Nobody read it,0.9\n")
    assert labeler("import", "--soft", "soft.csv", "--from", "other").code == 0
    assert state() == changed


def test_where_a_project_was_that_is_gone_is_told(studio: Any, trained: Path, digest: Path, labeler: Labeler) -> None:
    first = labeler("push", digest, "--count", "2")
    number = project_of(first.err)
    assert labeler("pull").code == 0
    before = json.loads(labeler("status", "--json").out)
    assert (before["gone"], project_of(before["project"])) == (None, number)
    studio.projects.delete(id=number)
    record = json.loads(labeler("status", "--json").out)
    assert (record["project"], record["gone"], record["tasks"]) == (None, before["project"], None)
    text = labeler("status").out
    assert f"The project of this workspace, {before['project']}, is not there (any more)" in text
    assert "Nothing was pushed" not in text


def test_lines_of_the_log_that_cannot_be_read_are_told(trained: Path, labeler: Labeler) -> None:
    path = trained / "annotations" / "judgements.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    conflict = ["<<<<<<< HEAD", *lines[:1], "=======", *lines[1:2], ">>>>>>> other"]
    path.write_text("\n".join([*conflict, *lines[2:]]) + '\n{"id": "cut', encoding="utf-8")
    text = labeler("status").out
    assert "Not read, and not counted: 4 lines of the log; mend or remove them" in text
    assert "judgements.jsonl, line 1: not JSON (Expecting value); skipped" in text
    assert "cut short" in text
    record = json.loads(labeler("status", "--json").out)
    assert (len(record["unreadable"]), record["judgements"]) == (4, 212)


def test_only_some_of_many_lines_that_cannot_be_read_are_listed(workspace: Path, labeler: Labeler) -> None:
    (workspace / "annotations" / "judgements.jsonl").write_text("x\n" * 9, encoding="utf-8")
    text = labeler("status").out
    assert "9 lines" in text
    assert "… and 4 more (--json lists all)" in text


@pytest.mark.parametrize("of", ["settings", "environment", "own"])
def test_no_key_is_not_no_server(trained: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch, of: str) -> None:
    assert "No server was asked, as no Label Studio server is known here." in labeler("status").out
    if of == "settings":
        (trained / "labeler.toml").write_text('[studio]\nurl = "http://127.0.0.1:9"\n')
    elif of == "environment":
        monkeypatch.setenv("LABEL_STUDIO_URL", "http://127.0.0.1:9")
    else:
        (trained / ".labeler/studio").mkdir(parents=True)
        (trained / ".labeler/studio/credentials.json").write_text('{"url": "http://127.0.0.1:9"}')
    outcome = labeler("status")
    assert (outcome.code, outcome.err) == (0, "")
    assert "Label Studio could not be asked: there is no key for " in outcome.out
    assert "In the log: 212 judgements" in outcome.out
    record = json.loads(labeler("status", "--json").out)
    assert (record["project"], record["judgements"], "no key" in record["failure"]) == (None, 212, True)


def test_where_the_server_cannot_be_reached_it_says_why_and_tells_the_log(
    trained: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labeler.studio.server._PAUSE", 0.01)
    monkeypatch.setenv("LABEL_STUDIO_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "0" * 40)
    (trained / "annotations/workspace.id").write_text("0" * 32)
    outcome = labeler("status")
    assert (outcome.code, outcome.err, "cannot be reached" in outcome.out) == (0, "", True)
    assert "Model mine@1" in outcome.out


def test_a_project_of_which_no_server_is_asked_is_not_said_to_be_gone(trained: Path, labeler: Labeler) -> None:
    source = {"server": "http://studio.example.org", "project": 7, "project_made": "2026-03-01T09:00:00+00:00"}
    one = judgement("llm", title="Pulled", source={**source, "task": 1, "annotation": 1, "created_at": "x"})
    JudgementLog(trained / "annotations/judgements.jsonl").update(lambda _: [one])
    record = json.loads(labeler("status", "--json").out)
    assert (record["server"], record["gone"]) == (None, None)
    assert record["project_before"] == "http://studio.example.org/projects/7"
    text = labeler("status").out
    assert "This workspace's project was at http://studio.example.org/projects/7: name its server" in text


def test_the_model_that_comes_with_labeler_has_learned_nothing_of_yours(trained: Path, labeler: Labeler) -> None:
    assert labeler("models", "use", "arxiv").code == 0
    record = json.loads(labeler("status", "--json").out)
    assert (record["shipped"], record["newest"], record["behind"]) == (True, "mine@1", record["labelled"])
    line = (
        "Model arxiv@1 comes with labeler and has learned from none of your 163 labelled papers: "
        "`labeler models use mine@1` goes back to your newest."
    )
    assert line in labeler("status").out
    shutil.rmtree(trained / "models/mine")
    assert "163 labelled papers: `labeler train` makes one that learns from them." in labeler("status").out
    (trained / "annotations/judgements.jsonl").unlink()
    assert "0 labelled papers: judge some papers, then train." in labeler("status").out


def test_which_papers_a_model_lacks_is_counted_one_by_one(trained: Path, labeler: Labeler) -> None:
    log = JudgementLog(trained / "annotations/judgements.jsonl")
    known = [item for item in log.read().judgements if item.status == "judged" and item.yes][:3]
    withdrawn = [replace(one, status="withdrawn", yes=(), no=(), supersedes=one.id, id="") for one in known]
    new = [judgement("llm", number=n, title=f"A new paper {n}", offered=("llm", "agents")) for n in range(2)]
    log.update(lambda _: [*withdrawn, *new])
    assert json.loads(labeler("status", "--json").out)["behind"] == 2


def test_papers_that_are_kept_apart_are_not_behind(trained: Path, labeler: Labeler) -> None:
    log = JudgementLog(trained / "annotations/judgements.jsonl")
    new = [judgement("llm", number=n, title=f"A new paper {n}", offered=("llm", "agents")) for n in range(2)]
    log.update(lambda _: new)
    kept = trained / "annotations/evaluation.jsonl"
    kept.write_text(json.dumps({"paper": new[0].paper, "ids": list(new[0].ids), "drawn": "0.2"}) + "\n", "utf-8")
    assert json.loads(labeler("status", "--json").out)["behind"] == 1
    kept.write_text("torn", "utf-8")
    outcome = labeler("status")
    assert (outcome.code, "line 1 is no paper of an evaluation set" in " ".join(outcome.out.split())) == (0, True)
    assert "2 labelled papers behind" in outcome.out


def suggested(labeler: Labeler, workspace: Path, *answers: tuple[str, str | None, str]) -> tuple[dict[str, Any], str]:
    """What status says of one annotator's answers: each what was suggested (None: not known), and chosen."""
    judgements = [
        judgement(yes, number=n, title=f"Paper {n} of some", prefill=prefill, offered=("llm", "vision"),
                  suggested=None if shown is None else tuple(shown.split()))
        for n, (prefill, shown, yes) in enumerate(answers)
    ]  # fmt: skip
    JudgementLog(workspace / "annotations/judgements.jsonl").update(lambda _: judgements)
    record: dict[str, Any] = json.loads(labeler("status", "--json").out)["annotators"]["ada"]
    return record, labeler("status").out


def test_topics_that_people_only_added_are_told_as_added(workspace: Path, labeler: Labeler) -> None:
    answers = [("changed", "llm", "llm vision")] * 4 + [("changed", "", "vision")]
    record, text = suggested(labeler, workspace, *answers)
    assert (record["suggestions"]["added_to"], record["suggestions"]["taken_from"], record["changed"]) == (5, 0, 5)
    assert "0 of 5 suggestions kept (0%), 5 added to (100%)\n" in text
    assert "taken away from" not in text
    assert "    topic                 kept  taken away  added\n" in text
    assert (
        "    Visual understanding     0           0      5\n    Language models          4           0      0\n" in text
    )


def test_with_one_topic_a_paper_a_suggestion_is_kept_changed_or_set_to_none(workspace: Path, labeler: Labeler) -> None:
    path = workspace / "annotations/topics.toml"
    path.write_text(path.read_text().replace('mode = "multi"', 'mode = "single"'))
    answers = [("kept", "llm", "llm"), ("changed", "llm", "vision"), ("changed", "llm", ""), ("changed", "", "llm")]
    record, text = suggested(labeler, workspace, *answers)
    assert (record["kept"], record["changed"], record["suggestions"]["to_none"]) == (1, 3, 1)
    assert (
        "1 of 4 suggestions kept (25%), 1 changed to another topic (25%), 1 changed from none (25%), "
        "1 changed to none (25%)\n"
    ) in text


def test_a_suggested_topic_is_kept_where_one_below_it_was_chosen(workspace: Path, labeler: Labeler) -> None:
    path = workspace / "annotations/topics.toml"
    before = path.read_text()
    path.write_text(before.replace('id = "llm"', 'id = "llm"\nparent = "vision"'))
    record, _ = suggested(labeler, workspace, ("changed", "llm vision", "llm"), ("changed", "vision", "llm"))
    assert (record["kept"], record["suggestions"]["taken_from"], record["suggestions"]["added_to"]) == (1, 0, 1)
    assert record["suggestions"]["topics"]["vision"] == {"kept": 2, "taken_away": 0, "added": 0}


def test_suggestions_of_topics_that_went_into_others_are_of_these_before_the_log_is_migrated(
    workspace: Path, labeler: Labeler
) -> None:
    path = workspace / "annotations/topics.toml"
    kept = [part for part in path.read_text().split("[[topic]]") if 'id = "vision"' not in part]
    path.write_text("[[topic]]".join(kept).replace('aliases = ["LLM"]', 'aliases = ["LLM", "vision"]'))
    record, text = suggested(labeler, workspace, ("changed", "vision", "llm"), ("kept", "vision", "vision"))
    assert record["suggestions"]["topics"] == {"llm": {"kept": 2, "taken_away": 0, "added": 0}}
    assert "vision" not in text


def test_of_earlier_logs_it_is_told_what_they_say(workspace: Path, labeler: Labeler) -> None:
    record, text = suggested(labeler, workspace, ("kept", None, "llm"), ("changed", None, "llm"), ("none", None, "llm"))
    assert (record["kept"], record["changed"], record["suggestions"]["papers"]) == (1, 1, 1)
    assert "1 of 1 suggestions kept (100%); 1 suggestion changed (how was not noted)\n" in text


def test_where_nobody_was_shown_a_suggestion_none_is_told(workspace: Path, labeler: Labeler) -> None:
    assert "suggestion" not in suggested(labeler, workspace, ("none", None, "llm"))[1]


def test_what_was_labelled_is_told(labeler: Labeler, trained: Path, digest: Path) -> None:
    assert json.loads(labeler("status", "--json").out)["labelling"] is None
    assert "Labelled:" not in labeler("status").out
    for _ in range(2):
        assert labeler("label", digest).code == 0
    found = json.loads(labeler("status", "--json").out)["labelling"]
    assert (found["runs"], found["papers"], found["last"]["papers"], found["last"]["model"]) == (2, 24, 24, "mine@1")
    assert "ids" not in found["last"]
    day = found["since"]
    assert f"Labelled: 24 papers in 2 runs since {day}; last 24 papers by mine@1, {day}." in labeler("status").out
    with Path(".labeler/history.jsonl").open("a") as stream:
        stream.write("<<<<<<<\n")
    assert "history.jsonl, line 3: not JSON" in labeler("status").out


def test_papers_that_are_included_and_excluded_are_counted(workspace: Path, labeler: Labeler) -> None:
    make_scheme(workspace, "multi", "included")
    assert json.loads(labeler("status", "--json").out)["screened"] is None
    texts = [f"Paper {number} of many\nIt is about the matter with the number {number * 7}." for number in range(5)]
    bring(workspace, [(text, "included" if number < 2 else "") for number, text in enumerate(texts)])
    record = json.loads(labeler("status", "--json").out)
    assert record["screened"] == {"topic": "included", "included": 2, "excluded": 3}
    assert "Screened for 'Included': 5 papers, 2 included and 3 excluded." in labeler("status").out
