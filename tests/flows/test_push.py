"""Papers to a real Label Studio server: nothing doubled, nothing lost, the most useful first."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest

from labeler.files import try_lock
from labeler.modelstore import ModelStore
from labeler.score.persistence import load_model
from labeler.studio.description import model_in
from labeler.studio.local import Credentials
from labeler.studio.predictions import ORDER_ALONE
from labeler.studio.project import Project
from labeler.studio.projects import create_project, create_single_project
from labeler.studio.server import Server
from labeler.suggest.queue import AUDIT
from tests.conftest import Labeler, Outcome
from tests.studio.annotating import choices, colleague, draft, elsewhere, project_of, tasks_of
from tests.studio.faulty import Fault, faulty


def pushed(labeler: Labeler, *arguments: str | Path) -> dict[str, Any]:
    outcome = labeler("push", *arguments, "--json")
    assert outcome.code == 0, outcome.err
    record: dict[str, Any] = json.loads(outcome.out)
    return record


def versions(studio: Any, project: int) -> dict[int, list[str]]:
    """The model versions of the predictions of each task."""
    found: dict[int, list[str]] = {}
    for prediction in studio.predictions.list(project=project):
        found.setdefault(prediction.task, []).append(prediction.model_version)
    return found


def papers(path: Path, *texts: tuple[str, str]) -> Path:
    lines = [json.dumps({"id": f"arxiv:2503.{n:05}", "title": t, "abstract": a}) for n, (t, a) in enumerate(texts)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.quick
def test_a_push_makes_the_project_and_a_second_one_changes_nothing(
    studio: Any, workspace: Path, digest: Path, labeler: Labeler
) -> None:
    first = pushed(labeler, digest)
    number = project_of(first["project"])
    before = tasks_of(studio, number)
    assert (first["sent"], first["made_project"], len(before)) == (24, True, 24)
    second = pushed(labeler, digest)
    assert (second["sent"], second["held_before"], second["predictions"]) == (0, 24, 0)
    assert {task.id for task in tasks_of(studio, number).values()} == {task.id for task in before.values()}
    assert all(made == [ORDER_ALONE] for made in versions(studio, number).values())


def test_count_fills_the_queue_up(studio: Any, workspace: Path, digest: Path, labeler: Labeler) -> None:
    number = project_of(pushed(labeler, digest, "--count", "10")["project"])
    assert pushed(labeler, digest, "--count", "10")["sent"] == 0
    one, other, *_ = tasks_of(studio, number).values()
    studio.annotations.create(id=one.id, result=[choices("llm")])
    studio.annotations.create(id=other.id, result=[], was_cancelled=True)
    more = pushed(labeler, digest, "--count", "10")
    assert (more["sent"], more["waiting"], len(tasks_of(studio, number))) == (2, 10, 12)


def test_a_dry_run_tells_all_and_changes_nothing(studio: Any, workspace: Path, digest: Path, labeler: Labeler) -> None:
    before = [project.id for project in studio.projects.list()]
    dry = labeler("push", digest, "--count", "6", "--dry-run")
    assert "6 papers of 24 would be sent (18 left for later)." in dry.err
    assert "A new project would be made." in dry.err
    assert [project.id for project in studio.projects.list()] == before
    assert not (workspace / "annotations/workspace.id").exists()
    sent = {pick["paper"] for pick in pushed(labeler, digest, "--count", "6")["picks"]}
    assert all(paper in dry.err for paper in sent)


def test_a_new_models_suggestions_replace_the_old_ones_and_the_queue_follows_them(
    studio: Any, server: Credentials, trained: Path, digest: Path, labeler: Labeler
) -> None:
    first = pushed(labeler, digest, "--count", "8")
    number = project_of(first["project"])
    assert {tuple(prediction) for prediction in versions(studio, number).values()} == {("mine@1",)}
    task = tasks_of(studio, number)[first["picks"][-1]["paper"]]
    foreign = studio.predictions.create(task=task.id, result=[choices("llm")], model_version="another model")
    assert labeler("train", "--precision", "0.8").code == 0
    again = pushed(labeler, digest, "--count", "8")
    assert (again["sent"], again["predictions"], again["model"]) == (0, 8, "mine@2")
    found = versions(studio, number)
    assert sorted(found.pop(task.id)) == ["another model", "mine@2"]
    assert {tuple(prediction) for prediction in found.values()} == {("mine@2",)}
    assert studio.predictions.get(id=foreign.id).model_version == "another model"
    assert studio.projects.get(id=number).model_version == "mine@2"
    served = next_papers(server, studio, number, 3)
    scores = {
        prediction.task: prediction.score
        for prediction in studio.predictions.list(project=number)
        if prediction.model_version == "mine@2"
    }
    ids = {task.data["paper_id"]: task.id for task in tasks_of(studio, number).values()}
    assert [ids[paper] for paper in served] == sorted(scores, key=lambda task: scores[task])[:3]


def test_suggestions_of_another_model_of_the_same_name_are_replaced(
    studio: Any, trained: Path, digest: Path, labeler: Labeler
) -> None:
    first = pushed(labeler, digest, "--count", "6")
    number = project_of(first["project"])
    before = {one.id for one in studio.predictions.list(project=number)}
    old = ModelStore(trained / "models").find()
    assert model_in(studio.projects.get(id=number).description) == old.identity
    assert pushed(labeler, digest, "--count", "6")["predictions"] == 0
    shutil.rmtree(trained / "models")
    assert labeler("train", "--precision", "0.8").code == 0
    new = ModelStore(trained / "models").find()
    assert (new.label, new.identity == old.identity) == (old.label, False)
    again = pushed(labeler, digest, "--count", "6")
    assert (again["sent"], again["predictions"], again["model"]) == (0, 6, "mine@1")
    after = studio.predictions.list(project=number)
    assert ({one.model_version for one in after}, len(after)) == ({"mine@1"}, 6)
    assert before.isdisjoint({one.id for one in after})
    project = studio.projects.get(id=number)
    assert (project.model_version, model_in(project.description)) == ("mine@1", new.identity)
    assert pushed(labeler, digest, "--count", "6")["predictions"] == 0
    asked = [task.meta["asked"] for task in studio.tasks.list(project=number)]
    assert {(request["model"], request["fingerprint"]) for request in asked} == {("mine@1", old.fingerprint)}


def test_what_people_wrote_in_the_description_stays(studio: Any, trained: Path, digest: Path, labeler: Labeler) -> None:
    number = project_of(pushed(labeler, digest, "--count", "2")["project"])
    studio.projects.update(id=number, description=f"Ours.\n{studio.projects.get(id=number).description}\nBye.")
    assert labeler("train", "--precision", "0.8").code == 0
    assert pushed(labeler, digest, "--count", "2")["predictions"] == 2
    text = studio.projects.get(id=number).description
    assert (text.startswith("Ours.\n"), text.endswith("\nBye.")) == (True, True)
    assert model_in(text) == ModelStore(trained / "models").find().identity


def test_where_nobody_waits_there_is_nothing_to_renew(
    studio: Any, trained: Path, digest: Path, labeler: Labeler
) -> None:
    number = project_of(pushed(labeler, digest, "--count", "2")["project"])
    for task in tasks_of(studio, number).values():
        studio.annotations.create(id=task.id, result=[choices("llm")])
    assert labeler("pull").code == 0
    assert labeler("train").code == 0
    again = pushed(labeler, digest, "--count", "0")
    assert (again["sent"], again["waiting"], again["predictions"], again["model"]) == (0, 0, 0, "mine@2")


def next_papers(server: Credentials, studio: Any, project: int, count: int) -> list[str]:
    """The papers that an annotator is given, one after the other."""
    served = []
    for _ in range(count):
        headers = {"Authorization": f"Token {server.token}"}
        task = httpx.get(f"{server.url}/api/projects/{project}/next", headers=headers).json()
        served.append(task["data"]["paper_id"])
        studio.annotations.create(id=task["id"], result=[choices("llm")])
    return served


def test_before_there_is_a_model_the_queue_is_in_the_order_that_was_told(
    studio: Any, server: Credentials, workspace: Path, digest: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABELER_PUSH_AUDIT", "0")
    first = pushed(labeler, digest, "--count", "5", "--strategy", "diverse")
    served = next_papers(server, studio, project_of(first["project"]), 5)
    assert set(served) == {pick["paper"] for pick in first["picks"]}
    assert all("stands for many" in pick["reason"] for pick in first["picks"])


def test_a_random_slice_is_asked_blind_and_marked_in_the_log(
    studio: Any, trained: Path, digest: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABELER_PUSH_AUDIT", "0.5")
    first = pushed(labeler, digest, "--count", "12")
    number = project_of(first["project"])
    audits = {pick["paper"] for pick in first["picks"] if pick["audit"]}
    assert len(audits) == 6
    tasks = tasks_of(studio, number)
    paper_of = {task.id: paper for paper, task in tasks.items()}
    model = load_model(trained / "models/mine/1")
    precision = ModelStore(trained / "models").find("mine@1").precision
    chosen: dict[str, list[str]] = {}
    for prediction in studio.predictions.list(project=number):
        assert 0 < prediction.score < 1
        chosen[paper_of[prediction.task]] = [label for row in prediction.result for label in row["value"]["choices"]]
    for paper, task in tasks.items():
        (decision,) = model.decide([f"{task.data['title']}\n{task.data['abstract']}"], precision)
        decided = list(decision.topics) or ["None of these"] * (decision.decision == "none")
        assert sorted(chosen[paper]) == ([] if paper in audits else sorted(decided))
    assert any(chosen.values())
    for paper, task in tasks.items():
        assert (task.data["reason"] == AUDIT) == (paper in audits)
        studio.annotations.create(id=task.id, result=[choices("llm")])
    assert labeler("pull").code == 0
    log = [json.loads(line) for line in (trained / "annotations/judgements.jsonl").read_text().splitlines()[-12:]]
    assert {line["paper"] for line in log if line["asked"]["audit"]} == audits
    assert {line["asked"]["strategy"] for line in log if line["asked"]["audit"]} == {"random"}
    assert {line["asked"]["strategy"] for line in log if not line["asked"]["audit"]} == {"mix"}
    record = json.loads(labeler("status", "--json").out)
    assert [(audit["model"], audit["papers"]) for audit in record["audits"]] == [("mine@1", 6)]


def test_a_text_that_changed_is_brought_up_to_date_where_nobody_has_begun(
    studio: Any, server: Credentials, workspace: Path, tmp_path: Path, labeler: Labeler
) -> None:
    names = ["A title of one paper", "Owls of the north", "Trains and their wheels", "Waves on a beach", "Another"]
    file = papers(tmp_path / "d.jsonl", *((name, f"The old abstract of {name}.") for name in names))
    number = project_of(pushed(labeler, file)["project"])
    tasks = list(tasks_of(studio, number).values())
    by_title = {task.data["title"]: task for task in tasks}
    studio.annotations.create(id=by_title[names[0]].id, result=[choices("llm")])
    studio.annotations.create(id=by_title[names[1]].id, result=[], was_cancelled=True)
    draft(server, by_title[names[2]].id, choices("llm"))
    papers(file, *((name, f"A new abstract, revised, of {name}.") for name in names[:4]), ("Another", "The old"))
    assert pushed(labeler, file)["updated"] == 1
    after = {task.id: task for task in studio.tasks.list(project=number)}
    for name in names:
        task = by_title[name]
        wanted = f"A new abstract, revised, of {name}." if name == names[3] else task.data["abstract"]
        assert after[task.id].data == task.data | {"abstract": wanted}
    assert len(studio.tasks.get(id=str(by_title[names[0]].id)).annotations) == 1
    assert pushed(labeler, file)["updated"] == 0


def test_a_paper_that_is_titled_no_title_changes_nothing_the_second_time(
    studio: Any, workspace: Path, tmp_path: Path, labeler: Labeler
) -> None:
    file = tmp_path / "d.jsonl"
    file.write_text(json.dumps({"title": "(no title)", "abstract": "An abstract that says a little."}) + "\n")
    first = pushed(labeler, file)
    before = tasks_of(studio, project_of(first["project"]))
    second = pushed(labeler, file)
    assert (first["sent"], second["sent"], second["held_before"], second["updated"]) == (1, 0, 1, 0)
    after = tasks_of(studio, project_of(first["project"]))
    assert {paper: task.data for paper, task in after.items()} == {paper: task.data for paper, task in before.items()}


BARE = [
    {"title": "Editorial"},
    {"title": "News", "authors": ["Doe, Jane", "Roe, Richard"]},
    {"title": "A title that is long enough to stand for a paper of its own"},
    {"title": "Half a character \ud83d in it", "abstract": "Cut \udc00 here, too."},
    {"abstract": "An abstract alone."},
]


def test_papers_of_which_little_is_known_are_asked_once(
    studio: Any, workspace: Path, tmp_path: Path, labeler: Labeler
) -> None:
    file = tmp_path / "d.jsonl"
    file.write_text("".join(json.dumps(paper) + "\n" for paper in BARE))
    first = pushed(labeler, file)
    number = project_of(first["project"])
    assert first["sent"] == len(BARE)
    titles = {task.data["title"]: task.data for task in tasks_of(studio, number).values()}
    assert titles["Half a character \ufffd in it"]["abstract"] == "Cut \ufffd here, too."
    second = pushed(labeler, file)
    assert (second["sent"], second["held_before"], second["updated"]) == (0, len(BARE), 0)
    for task in tasks_of(studio, number).values():
        studio.annotations.create(id=task.id, result=[choices("llm")])
    assert labeler("pull").code == 0
    third = pushed(labeler, file)
    assert (third["sent"], third["judged_before"], third["left"]) == (0, len(BARE), 0)
    with file.open("a") as more:
        more.write(json.dumps({"title": "Editorial", "abstract": "Another one, of another issue."}) + "\n")
    assert pushed(labeler, file)["sent"] == 1, "of the same title, but not the same"


def test_near_duplicates_are_asked_once(studio: Any, workspace: Path, tmp_path: Path, labeler: Labeler) -> None:
    words = "We train small networks on the songs of forty birds and find that their calls differ by valley".split()
    text = " ".join(f"{word} {number}" for number, word in enumerate(words * 3))
    one, near_duplicate = ("Birds", text), ("Birds, revisited", f"{text} and by season.")
    number = project_of(pushed(labeler, papers(tmp_path / "1.jsonl", one, near_duplicate))["project"])
    assert list(tasks_of(studio, number)) == ["arxiv:2503.00000"]
    assert (
        pushed(labeler, papers(tmp_path / "2.jsonl", ("Other", "Not the same."), near_duplicate))["nearly_the_same"]
        == 1
    )


def test_papers_that_several_should_judge_wait_for_as_many(
    studio: Any, server: Credentials, workspace: Path, digest: Path, labeler: Labeler
) -> None:
    number = project_of(pushed(labeler, digest, "--count", "3", "--overlap", "2")["project"])
    task = next(iter(tasks_of(studio, number).values()))
    studio.annotations.create(id=task.id, result=[choices("llm")])
    assert pushed(labeler, digest, "--count", "3")["sent"] == 0
    colleague(server, "ada").annotations.create(id=task.id, result=[choices("agents")])
    assert pushed(labeler, digest, "--count", "3")["sent"] == 1


def test_doubles_go_but_never_what_people_have_touched(
    studio: Any, workspace: Path, digest: Path, labeler: Labeler
) -> None:
    number = project_of(pushed(labeler, digest, "--count", "4")["project"])
    tasks = list(tasks_of(studio, number).values())
    duplicates = studio.projects.import_tasks(
        id=number, request=[{"data": task.data} for task in tasks], return_task_ids=True
    ).task_ids
    studio.annotations.create(id=duplicates[0], result=[choices("llm")])
    studio.annotations.create(id=duplicates[1], result=[choices("llm")])
    studio.annotations.create(id=tasks[1].id, result=[choices("agents")])
    again = pushed(labeler, digest, "--count", "4")
    left = [(task.data["paper_id"], task.total_annotations) for task in studio.tasks.list(project=number)]
    papers = [task.data["paper_id"] for task in tasks]
    assert (again["doubles_removed"], again["sent"]) == (3, 2)
    assert [[count for paper, count in left if paper == one] for one in papers] == [[1], [1, 1], [0], [0]]


def test_a_fresh_clone_finds_the_project(
    studio: Any, workspace: Path, digest: Path, labeler: Labeler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = pushed(labeler, digest, "--count", "4")
    clone = tmp_path / "clone"
    shutil.copytree(workspace, clone, ignore=shutil.ignore_patterns(".labeler"))
    monkeypatch.chdir(clone)
    again = pushed(labeler, digest, "--count", "4")
    assert (again["project"], again["sent"]) == (first["project"], 0)


def test_a_project_that_is_gone_is_not_made_again_unasked(
    studio: Any, workspace: Path, digest: Path, labeler: Labeler
) -> None:
    number = project_of(pushed(labeler, digest, "--count", "4")["project"])
    assert labeler("pull").code == 0
    studio.projects.delete(id=number)
    refused = labeler("push", digest)
    assert (refused.code, refused.err.count("\n")) == (6, 1)
    message = f"the project {number} of this workspace, at {studio._client_wrapper._base_url} before, is not at "
    assert message in refused.err
    assert "labeler push --new-project" in refused.err
    assert pushed(labeler, digest, "--count", "4", "--new-project")["made_project"]


def test_two_pushes_at_once_are_refused(studio: Any, workspace: Path, digest: Path, labeler: Labeler) -> None:
    (workspace / ".labeler").mkdir()
    with (workspace / ".labeler/push.lock").open("a+b") as lock:
        assert try_lock(lock)
        refused = labeler("push", digest)
    assert (refused.code, "another push is at work" in refused.err) == (6, True)


def test_topics_that_the_project_does_not_have_are_refused(
    studio: Any, workspace: Path, digest: Path, labeler: Labeler
) -> None:
    pushed(labeler, digest, "--count", "2")
    with (workspace / "annotations/topics.toml").open("a") as scheme:
        scheme.write('\n[[topic]]\nid = "birds"\nname = "Birds"\n')
    refused = labeler("push", digest)
    assert (refused.code, "run `labeler topics migrate`" in refused.err) == (6, True)


@pytest.mark.parametrize("names", [(), ("LABEL_STUDIO_URL",)])
def test_without_a_server_or_a_key_it_is_told_what_to_do(
    workspace: Path, digest: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...]
) -> None:
    for name in names:
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    outcome: Outcome = labeler("push", digest)
    assert (outcome.code, outcome.err.count("\n")) == (4, 1)
    assert "LABEL_STUDIO_API_KEY" in outcome.err


@pytest.mark.parametrize("variables", [(), ("LABEL_STUDIO_URL",), ("LABEL_STUDIO_URL", "LABEL_STUDIO_API_KEY")])
def test_a_dry_run_needs_no_server(
    workspace: Path, digest: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch, variables: tuple[str, ...]
) -> None:
    monkeypatch.setattr("labeler.studio.server._PAUSE", 0.01)
    for name in variables:
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    (workspace / "annotations/workspace.id").write_text("0" * 32)  # it was pushed before
    outcome = labeler("push", digest, "--count", "6", "--dry-run")
    assert outcome.code == 0, outcome.err
    assert "6 papers of 24 would be sent (18 left for later)." in outcome.err
    assert "Label Studio was not asked: " in outcome.err
    record = json.loads(labeler("push", digest, "--count", "6", "--dry-run", "--json").out)
    assert (len(record["picks"]), record["project"], record["made_project"]) == (6, None, False)
    assert record["failure"]
    assert not (workspace / ".labeler").exists()


def test_the_same_server_at_another_address_has_the_same_project(
    studio: Any, server: Credentials, workspace: Path, digest: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = project_of(pushed(labeler, digest, "--count", "4")["project"])
    before = {project.id for project in studio.projects.list()}
    monkeypatch.setenv("LABEL_STUDIO_URL", elsewhere(server))
    again = pushed(labeler, digest, "--count", "4")
    assert (again["project"], again["made_project"]) == (f"{elsewhere(server)}/projects/{number}", False)
    assert (again["sent"], again["held_before"], again["predictions"]) == (0, 4, 0)
    assert {project.id for project in studio.projects.list()} == before


@pytest.mark.parametrize("memory", ["state", "log"])
def test_a_project_whose_description_was_edited_is_found_by_number_and_age(
    studio: Any, workspace: Path, digest: Path, labeler: Labeler, memory: str
) -> None:
    first = pushed(labeler, digest, "--count", "4")
    number = project_of(first["project"])
    task = next(iter(tasks_of(studio, number).values()))
    studio.annotations.create(id=task.id, result=[choices("llm")])
    assert labeler("pull").code == 0
    studio.projects.update(id=number, description="Our papers.")
    if memory == "log":
        (workspace / ".labeler/pull.json").unlink()
    again = pushed(labeler, digest, "--count", "3")
    assert (again["project"], again["made_project"], again["sent"]) == (first["project"], False, 0)
    assert json.loads(labeler("pull", "--json").out)["project"] == first["project"]
    studio.projects.delete(id=number)
    refused = labeler("push", digest)
    assert (refused.code, f"the project {number} of this workspace, at" in refused.err) == (6, True)


def test_papers_whose_judgements_were_withdrawn_are_asked_again(
    studio: Any, workspace: Path, digest: Path, labeler: Labeler
) -> None:
    number = project_of(pushed(labeler, digest, "--count", "3")["project"])
    tasks = tasks_of(studio, number)
    for task in tasks.values():
        studio.annotations.create(id=task.id, result=[choices("llm")])
    assert labeler("pull").code == 0
    gone, *stay = tasks
    studio.tasks.delete(id=str(tasks[gone].id))
    everything = pushed(labeler, digest, "--dry-run")
    assert gone not in {pick["paper"] for pick in everything["picks"]}, "its judgement stands still"
    assert json.loads(labeler("pull", "--confirm", "--json").out)["withdrawn"] == 1
    again = pushed(labeler, digest)
    sent = {pick["paper"] for pick in again["picks"]}
    assert (again["sent"], gone in sent, sent & set(stay)) == (22, True, set())


def test_another_project_goes_on_where_one_was_deleted_and_judgements_stay(
    studio: Any, workspace: Path, digest: Path, labeler: Labeler
) -> None:
    number = project_of(pushed(labeler, digest, "--count", "4")["project"])
    judged, *_ = tasks_of(studio, number).values()
    studio.annotations.create(id=judged.id, result=[choices("llm")])
    assert labeler("pull").code == 0
    studio.projects.delete(id=number)
    again = pushed(labeler, digest, "--new-project")
    assert (again["made_project"], again["sent"], again["judged_before"]) == (True, 23, 1)
    other = project_of(again["project"])
    pulled = json.loads(labeler("pull", "--json").out)
    assert (pulled["added"], pulled["withdrawn"], pulled["project"]) == (0, 0, again["project"])
    studio.annotations.create(id=next(iter(tasks_of(studio, other).values())).id, result=[choices("vision")])
    pulled = json.loads(labeler("pull", "--json").out)
    assert (pulled["added"], pulled["withdrawn"]) == (1, 0)
    lines = [json.loads(line) for line in (workspace / "annotations/judgements.jsonl").read_text().splitlines()]
    assert [(line["yes"], line["status"]) for line in lines] == [(["llm"], "judged"), (["vision"], "judged")]
    assert pushed(labeler, digest)["project"] == again["project"]


def test_two_clones_that_begin_at_once_have_one_project(
    studio: Any, workspace: Path, digest: Path, labeler: Labeler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workspace / "annotations/workspace.id").write_text("c0ffee" * 5 + "\n")
    clone = tmp_path / "clone"
    shutil.copytree(workspace, clone)
    created: list[int] = []

    def meanwhile(server: Server, own: str, *more: Any) -> Project:
        created.append(create_project(server, own, *more).id)
        return create_single_project(server, own, *more)

    monkeypatch.setattr("labeler.flows.push.create_single_project", meanwhile)
    first = pushed(labeler, digest, "--count", "4")
    assert project_of(first["project"]) == created[0]
    monkeypatch.chdir(clone)
    again = pushed(labeler, digest, "--count", "4")
    assert (again["project"], again["made_project"], again["sent"]) == (first["project"], False, 0)
    ours = [one.id for one in studio.projects.list(include="id,description") if "c0ffee" * 5 in one.description]
    assert ours == created


def test_what_one_person_skipped_is_still_given_to_others_and_does_not_wait(
    studio: Any, server: Credentials, trained: Path, digest: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABELER_PUSH_AUDIT", "0")
    number = project_of(pushed(labeler, digest, "--count", "4")["project"])
    skipped, answered, *_ = tasks_of(studio, number).values()
    studio.annotations.create(id=skipped.id, result=[], was_cancelled=True)
    studio.annotations.create(id=answered.id, result=[choices("llm")])
    assert labeler("train", "--precision", "0.8").code == 0
    again = pushed(labeler, digest, "--count", "2")
    assert (again["sent"], again["waiting"], again["predictions"]) == (0, 2, 3)
    found = versions(studio, number)
    assert found.pop(answered.id, []) in ([], ["mine@1"])
    assert (len(found), set(map(tuple, found.values()))) == (3, {("mine@2",)})
    scores = {one.task: one.score for one in studio.predictions.list(project=number) if one.model_version == "mine@2"}
    others = colleague(server, "ada")
    given_ = []
    for _ in range(3):
        response = others._client_wrapper.httpx_client.request(f"api/projects/{number}/next", method="GET")
        task = response.json()
        given_.append(task["id"])
        others.annotations.create(id=task["id"], result=[choices("llm")])
    assert given_ == sorted(scores, key=lambda task: scores[task])
    assert skipped.id in given_


def test_an_idle_push_changes_no_task(
    studio: Any, server: Credentials, workspace: Path, digest: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = pushed(labeler, digest, "--count", "3", "--overlap", "2")
    number = project_of(first["project"])
    assert {studio.tasks.get(id=str(task.id)).overlap for task in tasks_of(studio, number).values()} == {2}
    reads, changes = Fault("GET /api/tasks", 500, after=10**6), Fault("^(PATCH|POST|PUT|DELETE) ", 500, after=10**6)
    with faulty(server.url, reads, changes) as url:
        monkeypatch.setenv("LABEL_STUDIO_URL", url)
        again = pushed(labeler, digest, "--count", "3", "--overlap", "2")
    assert (again["sent"], reads.seen > 0, changes.seen) == (0, True, 0)


def test_a_dry_run_makes_no_folder(studio: Any, workspace: Path, digest: Path, labeler: Labeler) -> None:
    assert labeler("push", digest, "--dry-run").code == 0
    assert not (workspace / ".labeler").exists()


@pytest.mark.parametrize("command", ["push", "migrate"])
def test_where_nothing_can_be_kept_nothing_is_sent(
    studio: Any, workspace: Path, digest: Path, labeler: Labeler, command: str
) -> None:
    (workspace / ".labeler").write_text("a file stands in the way")
    before = {project.id for project in studio.projects.list()}
    outcome = labeler("push", digest) if command == "push" else labeler("topics", "migrate")
    assert (outcome.code, outcome.err.count("\n")) == (3, 1), outcome.err
    assert f"cannot write {workspace / '.labeler'}" in outcome.err
    assert {project.id for project in studio.projects.list()} == before


def test_a_share_of_the_papers_goes_to_two_people_and_they_are_told(
    studio: Any, workspace: Path, digest: Path, labeler: Labeler
) -> None:
    outcome = labeler("push", digest, "--count", "10", "--overlap", "2", "--share", ".2")
    assert outcome.code == 0, outcome.err
    assert "2 of the new ones for several people." in outcome.err
    told = {line.split()[0] for line in outcome.err.splitlines() if line.endswith("(by 2 people)")}
    number = project_of(outcome.err)
    tasks = tasks_of(studio, number)
    overlaps = {paper: studio.tasks.get(id=str(task.id)).overlap for paper, task in tasks.items()}
    assert {paper for paper, overlap in overlaps.items() if overlap == 2} == told
    assert sorted(overlaps.values()) == [1] * 8 + [2] * 2
    for task in tasks.values():
        studio.annotations.create(id=task.id, result=[choices("llm")])
    still_open = {paper for paper, task in tasks_of(studio, number).items() if not task.is_labeled}
    assert still_open == told
    assert pushed(labeler, digest, "--count", "10", "--overlap", "2", "--share", ".2")["waiting"] == 10


def test_papers_that_are_looked_for_are_sent_beside_a_full_queue_and_marked_in_the_log(
    studio: Any, workspace: Path, digest: Path, labeler: Labeler
) -> None:
    number = project_of(pushed(labeler, digest, "--count", "5")["project"])
    before = set(tasks_of(studio, number))
    first = pushed(labeler, digest, "--topic", "speech", "--count", "3")
    assert (first["sent"], first["waiting"], first["strategy"]) == (3, 8, "topic")
    assert {pick["strategy"] for pick in first["picks"]} == {"topic"}
    assert pushed(labeler, digest, "--topic", "speech", "--count", "3")["sent"] == 0
    words = pushed(labeler, digest, "--search", "legged robots", "--count", "1")
    assert (words["sent"], words["waiting"]) == (1, 9)
    failed = labeler("push", digest, "--search", "unheardof")
    assert (failed.code, len(tasks_of(studio, number))) == (4, 9)
    for paper, task in tasks_of(studio, number).items():
        if paper not in before:
            studio.annotations.create(id=task.id, result=[choices("speech")])
    assert labeler("pull").code == 0
    log = [json.loads(line)["asked"] for line in (workspace / "annotations/judgements.jsonl").read_text().splitlines()]
    assert sorted((one["strategy"], one.get("topic"), one.get("search"), one["audit"]) for one in log) == [
        ("search", None, "legged robots", False),
        *[("topic", "speech", None, False)] * 3,
    ]
