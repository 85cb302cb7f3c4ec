"""A changed scheme, carried through log and server: both or neither, and the second time nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from labeler.errors import InputError
from labeler.flows.migrate import Change, compare, moved
from labeler.judgements import JudgementLog
from labeler.studio.interface import names_in
from labeler.topics import Scheme, Topic
from tests.conftest import Labeler
from tests.judgements.factories import judgement
from tests.review.factories import said
from tests.studio.annotating import choices, project_of, tasks_of


def scheme(*topics: Topic) -> Scheme:
    return Scheme("multi", topics)


@pytest.mark.parametrize(
    ("now", "names", "topics", "changes"),
    [
        ([Topic("a", "A")], {"a": "A"}, [], []),
        ([Topic("a", "A"), Topic("b", "B")], {"a": "A"}, [], [Change("added", "b")]),
        ([Topic("a", "New")], {"a": "A"}, ["a"], [Change("renamed", "a", "New")]),
        (
            [Topic("a", "A"), Topic("b", "B", hidden=True)],
            {"a": "A", "b": "B"},
            ["b"],
            [Change("hidden", "b", None, 1)],
        ),
        ([Topic("a", "A"), Topic("b", "B")], {"a": "A"}, ["b"], [Change("shown again", "b", None, 1)]),
        ([Topic("a", "A", aliases=("b",))], {"a": "A", "b": "B"}, ["b"], [Change("merged", "b", "a", 1)]),
        ([Topic("a", "A", aliases=("b",))], None, ["b"], [Change("merged", "b", "a", 1)]),
        ([Topic("a", "A")], {"a": "A", "b": "B"}, [], [Change("removed", "b")]),
        ([Topic("a", "A")], None, ["b"], [Change("removed", "b", None, 1)]),
        ([Topic("a", "A")], None, [], []),
    ],
)
def test_what_has_changed(
    now: list[Topic], names: dict[str, str] | None, topics: list[str], changes: list[Change]
) -> None:
    judgements = [judgement(topic, number=number, offered=(topic,)) for number, topic in enumerate(topics)]
    assert compare(scheme(*now), names, judgements) == changes


def test_topics_that_have_another_parent_are_told() -> None:
    before = scheme(Topic("a", "A"), Topic("b", "B", parent="a"), Topic("c", "C", parent="a"), Topic("d", "D"))
    now = scheme(Topic("a", "A"), Topic("b", "B", parent="a"), Topic("c", "C"), Topic("d", "D", parent="b"))
    assert moved(now, before) == [Change("moved", "c"), Change("moved", "d", "b")]
    assert [str(change).partition(";")[0] for change in moved(now, before)] == [
        "c is below no topic now",
        "d is below b now",
    ]
    assert moved(now, None) == []
    assert moved(now, now) == []


def test_judgements_that_say_no_are_not_counted_and_topics_that_nobody_named_are_not_told() -> None:
    says_no = judgement("", offered=("a", "b"))
    both = [says_no, judgement("b", number=2, offered=("a", "b"))]
    merged, gone = scheme(Topic("a", "A", aliases=("b",))), scheme(Topic("a", "A"))
    assert compare(merged, None, [says_no]) == [Change("merged", "b", "a", 0)]
    assert compare(merged, None, both) == [Change("merged", "b", "a", 1)]
    assert str(compare(merged, None, both)[0]) == "b goes into a (1 judgement)"
    assert compare(gone, None, [says_no]) == []
    assert compare(gone, None, both) == [Change("removed", "b", None, 1)]
    hidden = scheme(Topic("a", "A"), Topic("b", "B", hidden=True))
    assert compare(hidden, {"a": "A", "b": "B"}, both) == [Change("hidden", "b", None, 1)]


def edit(workspace: Path, pattern: str, by: str) -> None:
    path = workspace / "annotations/topics.toml"
    text, count = re.subn(pattern, by, path.read_text(), count=1, flags=re.DOTALL)
    assert count == 1
    path.write_text(text)


def merge_agents_into_llm(workspace: Path) -> None:
    """Remove the topic `agents`, and name it an alias of `llm`."""
    edit(workspace, r'\[\[topic\]\]\nid = "agents".*?(?=\[\[topic\]\])', "")
    edit(workspace, r'aliases = \["LLM"\]', 'aliases = ["LLM", "agents"]')


def migrated(labeler: Labeler, *arguments: str) -> dict[str, Any]:
    outcome = labeler("topics", "migrate", "--json", *arguments)
    assert outcome.code == 0, outcome.err
    record: dict[str, Any] = json.loads(outcome.out)
    return record


@pytest.fixture
def project(studio: Any, trained: Path, digest: Path, labeler: Labeler) -> int:
    """A project with three annotations, pulled: llm and agents, agents, vision."""
    number = project_of(labeler("push", digest, "--count", "5").err)
    tasks = [task.id for task in tasks_of(studio, number).values()]
    for task, topics in zip(tasks, (["llm", "agents"], ["agents"], ["vision"]), strict=False):
        studio.annotations.create(id=task, result=[choices(*topics)])
    (trained / "annotations/judgements.jsonl").unlink()
    assert labeler("pull").code == 0
    return number


def log(workspace: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (workspace / "annotations/judgements.jsonl").read_text().splitlines()]


def test_without_a_change_there_is_nothing_to_do(project: int, labeler: Labeler) -> None:
    record = migrated(labeler)
    assert (record["changes"], record["judgements_carried"], record["interface_changed"]) == ([], 0, False)
    assert "There is nothing to do." in labeler("topics", "migrate").err


@pytest.mark.quick
def test_a_topic_is_added_and_one_renamed(
    studio: Any, project: int, trained: Path, digest: Path, labeler: Labeler
) -> None:
    edit(trained, '"Language models"', '"Models of language"')
    with (trained / "annotations/topics.toml").open("a") as stream:
        stream.write('\n[[topic]]\nid = "birds"\nname = "Birds"\n')
    before = studio.projects.get(id=project).label_config
    assert {one["kind"] for one in migrated(labeler, "--dry-run")["changes"]} == {"added", "renamed"}
    assert studio.projects.get(id=project).label_config == before
    assert migrated(labeler)["interface_changed"]
    names = names_in(studio.projects.get(id=project).label_config)
    assert (names["birds"], names["llm"]) == ("Birds", "Models of language")
    assert migrated(labeler)["changes"] == []
    task = list(tasks_of(studio, project).values())[4]
    studio.annotations.create(id=task.id, result=[choices("birds")], lead_time=0)
    assert labeler("pull").code == 0
    *old, new = log(trained)
    assert "birds" in new["offered"]
    assert all("birds" not in line["offered"] for line in old)
    assert labeler("push", digest, "--count", "5").code == 0


def test_a_topic_goes_into_another_in_log_and_server(
    studio: Any, project: int, trained: Path, labeler: Labeler
) -> None:
    merge_agents_into_llm(trained)
    record = migrated(labeler)
    assert record["changes"] == [{"kind": "merged", "topic": "agents", "into": "llm", "judgements": 2}]
    assert record["judgements_carried"] == 3
    lines = log(trained)
    assert [line["yes"] for line in lines[3:]] == [["llm"], ["llm"], ["vision"]]
    assert {line["supersedes"] for line in lines[3:]} == {line["id"] for line in lines[:3]}
    assert "agents" not in names_in(studio.projects.get(id=project).label_config)
    again = migrated(labeler)
    assert (again["changes"], again["judgements_carried"]) == ([], 0)
    pulled = json.loads(labeler("pull", "--json").out)
    assert (pulled["added"], pulled["withdrawn"], len(log(trained))) == (0, 0, 6)


def keys(label_config: str) -> dict[str, str]:
    return dict(re.findall(r'alias="(\w+)" hotkey="(\w)"', label_config))


def test_keys_stay_with_their_topics(studio: Any, project: int, trained: Path, labeler: Labeler) -> None:
    path = trained / "annotations/topics.toml"
    path.write_text(re.sub(r'\nhotkey = "\w"', "", path.read_text()))
    before = keys(studio.projects.get(id=project).label_config)
    assert before == {"llm": "1", "agents": "2", "vision": "3", "generation": "4", "speech": "5", "robotics": "6",
                      "science": "7", "safety": "8"}  # fmt: skip
    assert migrated(labeler)["interface_changed"] is False
    merge_agents_into_llm(trained)
    edit(trained, r"\[\[topic\]\]", '[[topic]]\nid = "birds"\nname = "Birds"\n\n[[topic]]')
    edit(trained, r'id = "speech"\n', 'id = "speech"\nhidden = true\n')
    assert migrated(labeler)["interface_changed"]
    after = keys(studio.projects.get(id=project).label_config)
    stay = {topic: key for topic, key in before.items() if topic not in ("agents", "speech")}
    assert after == stay | {"birds": "2"}
    assert migrated(labeler)["interface_changed"] is False


def test_a_hidden_topic_is_offered_no_more(studio: Any, project: int, trained: Path, labeler: Labeler) -> None:
    edit(trained, r'id = "agents"\n', 'id = "agents"\nhidden = true\n')
    assert [one["kind"] for one in migrated(labeler)["changes"]] == ["hidden"]
    assert "agents" not in names_in(studio.projects.get(id=project).label_config)
    assert len(log(trained)) == 3
    assert migrated(labeler)["changes"] == []


def test_what_people_have_said_is_not_taken_away(studio: Any, project: int, trained: Path, labeler: Labeler) -> None:
    before = studio.projects.get(id=project).label_config
    edit(trained, r'\[\[topic\]\]\nid = "agents".*?(?=\[\[topic\]\])', "")
    outcome = labeler("topics", "migrate")
    assert (outcome.code, "2 judgements of 'agents'" in outcome.err, "hidden = true" in outcome.err) == (
        6,
        True,
        True,
    )
    (trained / "annotations/judgements.jsonl").unlink()
    outcome = labeler("topics", "migrate")
    assert (outcome.code, "still name 'agents'" in outcome.err) == (6, True), outcome.err
    assert studio.projects.get(id=project).label_config == before


def test_one_topic_a_paper_is_refused_where_papers_have_more(project: int, trained: Path, labeler: Labeler) -> None:
    edit(trained, 'mode = "multi"', 'mode = "single"')
    outcome = labeler("topics", "migrate")
    assert (outcome.code, "1 judgement with several topics" in outcome.err) == (6, True)


def test_where_the_log_cannot_be_written_the_server_is_as_before(
    studio: Any, project: int, trained: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch
) -> None:
    merge_agents_into_llm(trained)
    before = studio.projects.get(id=project)

    def full(*_: object) -> None:
        raise InputError("cannot write", "make room")

    monkeypatch.setattr("labeler.flows.migrate.JudgementLog.update", full)
    assert labeler("topics", "migrate").code == 3
    after = studio.projects.get(id=project)
    assert (after.label_config, after.description) == (before.label_config, before.description)


def test_an_annotation_with_another_control_is_told(studio: Any, project: int, trained: Path, labeler: Labeler) -> None:
    task = list(tasks_of(studio, project).values())[4]
    studio.annotations.create(id=task.id, result=[choices("x", control="foreign")])
    edit(trained, '"Language models"', '"Models of language"')
    outcome = labeler("topics", "migrate")
    assert outcome.code == 6
    assert "foreign" in outcome.err
    assert outcome.err.count("\n") == 1


@pytest.mark.slow
def test_without_a_server_the_log_alone_is_carried_over(trained: Path, labeler: Labeler) -> None:
    merge_agents_into_llm(trained)
    record = migrated(labeler)
    assert record["project"] is None
    assert record["judgements_carried"] > 0
    assert all("agents" not in line["yes"] for line in log(trained)[-record["judgements_carried"] :])
    assert migrated(labeler)["judgements_carried"] == 0
    assert labeler("train").code == 0


@pytest.mark.parametrize("of", ["settings", "environment", "own"])
def test_a_server_without_a_key_is_not_passed_over(
    trained: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch, of: str
) -> None:
    if of == "settings":
        (trained / "labeler.toml").write_text('[studio]\nurl = "http://127.0.0.1:9"\n')
    elif of == "environment":
        monkeypatch.setenv("LABEL_STUDIO_URL", "http://127.0.0.1:9")
    else:
        (trained / ".labeler/studio").mkdir(parents=True)
        (trained / ".labeler/studio/credentials.json").write_text('{"url": "http://127.0.0.1:9"}')
    merge_agents_into_llm(trained)
    before = (trained / "annotations/judgements.jsonl").read_bytes()
    for arguments in ((), ("--dry-run",)):
        outcome = labeler("topics", "migrate", *arguments)
        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (4, "", 1)
        assert outcome.err.startswith("labeler: there is no key for ")
    assert (trained / "annotations/judgements.jsonl").read_bytes() == before


def test_a_key_that_the_server_does_not_know_changes_nothing(
    project: int, trained: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch
) -> None:
    merge_agents_into_llm(trained)
    before = log(trained)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "0" * 40)
    outcome = labeler("topics", "migrate")
    assert (outcome.code, outcome.err.count("\n"), "does not accept the key" in outcome.err) == (5, 1, True)
    assert log(trained) == before


def test_without_a_server_it_is_said_that_none_was_asked(
    project: int, studio: Any, trained: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch
) -> None:
    merge_agents_into_llm(trained)
    url = studio._client_wrapper.get_base_url()
    monkeypatch.delenv("LABEL_STUDIO_URL")
    monkeypatch.delenv("LABEL_STUDIO_API_KEY")
    text = labeler("topics", "migrate", "--dry-run").err
    assert "No server was asked, as no Label Studio server is known here" in text
    assert f"The project at {url}/projects/{project} keeps its topics until this is run" in text
    record = migrated(labeler)
    assert (record["server"], record["project"]) == (None, None)
    assert record["project_before"] == f"{url}/projects/{project}"
    assert "agents" in names_in(studio.projects.get(id=project).label_config)
    monkeypatch.setenv("LABEL_STUDIO_URL", url)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "0" * 40)
    assert labeler("topics", "migrate").code == 5
    assert "agents" in names_in(studio.projects.get(id=project).label_config)


def test_a_server_to_which_nothing_was_pushed_is_named(studio: Any, trained: Path, labeler: Labeler) -> None:
    text = labeler("topics", "migrate").err
    assert re.search(r"Nothing was pushed to http://\S+ yet: only the log was looked at.", text)


def test_the_project_of_the_review_follows(studio: Any, project: int, trained: Path, labeler: Labeler) -> None:
    log_file = JudgementLog(trained / "annotations/judgements.jsonl")
    log_file.update(lambda _: [said(1, "ada", "llm"), said(1, "ben", "vision")])
    review = project_of(labeler("push", "--review", "ties").err)
    (task,) = tasks_of(studio, review).values()
    studio.annotations.create(id=task.id, result=[choices("agents")])
    before = studio.projects.get(id=review).label_config
    edit(trained, 'id = "agents"', 'id = "birds"')
    refused = labeler("topics", "migrate")
    assert (refused.code, refused.err.count("\n")) == (6, 1)
    assert studio.projects.get(id=review).label_config == before
    edit(trained, 'id = "birds"', 'id = "agents"')
    merge_agents_into_llm(trained)
    migrated(labeler)
    config = studio.projects.get(id=review).label_config
    assert ("agents" in names_in(config), "llm" in names_in(config), "$said_html" in config) == (False, True, True)
    assert json.loads(labeler("pull", "--json").out)["added"] == 1
    assert (log(trained)[-1]["role"], log(trained)[-1]["yes"]) == ("adjudicator", ["llm"])
    assert labeler("push", "--review", "ties").code == 0
    assert studio.projects.get(id=review).label_config == config
