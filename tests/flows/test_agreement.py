"""Agreement in logs and in exports: the figures of a real study are those of other implementations."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nltk.metrics.agreement import AnnotationTask
from sklearn.metrics import confusion_matrix

from labeler.annotators.alpha import multi_valued_alpha
from labeler.annotators.consensus import Consensus
from labeler.annotators.of_rows import Row, ratings_of_rows
from labeler.config import find_workspace
from labeler.errors import InputError, NotFoundError
from labeler.flows.agreement import Agreed, agreement_in_exports, agreement_in_log
from labeler.studio.exports import read_export
from labeler.topics import Mode
from tests.annotators.test_alpha import masi_of_sets, multi_valued_by_brute_force
from tests.flows.workspaces import bring, judged, make_scheme, trained
from tests.paths import SAMPLES, SHARED, STUDIO

TEAMS = ("1", "2", "7", "8")
needs_shared = pytest.mark.usefixtures("shared")
Answers = dict[str, dict[str, frozenset[str]]]


@cache
def team(name: str) -> tuple[Agreed, Answers]:
    """The agreement of the annotators of a real project, and what they said: by task and annotator, read plainly."""
    file = STUDIO / "exports" / f"LEOKA_team_{name}.json"
    said: Answers = defaultdict(dict)
    annotations = [one for one in read_export(file, "Category").annotations if not one.skipped]
    for one in sorted(annotations, key=lambda one: one.updated_at):
        if one.labels or one.controls.isdisjoint({"label"}):
            said[f"{one.project}:{one.task}"][one.annotator] = frozenset(one.labels)
    shared = {task: answers for task, answers in said.items() if len(answers) > 1}
    return agreement_in_exports([os.fspath(file)], ["Category"]), shared


@needs_shared
@pytest.mark.parametrize("name", TEAMS)
def test_alpha_with_masi_is_that_of_nltk(name: str) -> None:
    agreed, said = team(name)
    triples = [(who, task, labels) for task, answers in said.items() for who, labels in answers.items()]
    expected = AnnotationTask(triples, distance=masi_of_sets).alpha()
    assert agreed.found.overall["masi_alpha"].value == pytest.approx(expected, abs=1e-9)
    assert agreed.found.papers == len(said)


@needs_shared
@pytest.mark.parametrize("name", TEAMS)
def test_alpha_of_each_topic_is_that_of_other_implementations(name: str) -> None:
    agreed, said = team(name)
    people = sorted({who for answers in said.values() for who in answers})
    for topic in agreed.found.topics:
        triples = [
            (who, task, topic.topic in labels) for task, answers in said.items() for who, labels in answers.items()
        ]
        assert topic.alpha.value == pytest.approx(AnnotationTask(triples).alpha(), abs=1e-9)
        ratings = [[answers.get(who) for answers in said.values()] for who in people]
        numbers = [[np.nan if one is None else float(topic.topic in one) for one in row] for row in ratings]
        krippendorff = pytest.importorskip("krippendorff")
        expected = krippendorff.alpha(reliability_data=numbers, level_of_measurement="nominal")
        assert topic.alpha.value == pytest.approx(expected, abs=1e-9)


@needs_shared
@pytest.mark.parametrize("name", TEAMS)
def test_kappa_of_each_pair_is_that_of_the_tables_of_topics(name: str) -> None:
    agreed, said = team(name)
    topics = [topic.topic for topic in agreed.found.topics]
    for pair in agreed.found.pairs:
        both = [
            (answers[pair.one], answers[pair.other])
            for answers in said.values()
            if {pair.one, pair.other} <= answers.keys()
        ]
        tables = [
            confusion_matrix([t in one for one, _ in both], [t in other for _, other in both], labels=[True, False])
            for t in topics
        ]
        agreed_on = np.mean([np.trace(table) / table.sum() for table in tables])
        by_chance = np.mean([table.sum(axis=0) @ table.sum(axis=1) / table.sum() ** 2 for table in tables])
        assert pair.papers == len(both)
        assert pair.kappa.value == pytest.approx((agreed_on - by_chance) / (1 - by_chance), abs=1e-9)
        assert pair.agreement.value == pytest.approx(np.mean([one == other for one, other in both]))


@needs_shared
@pytest.mark.slow
@pytest.mark.parametrize("name", TEAMS)
def test_multi_valued_alpha_is_that_of_all_sets_one_by_one(name: str) -> None:
    """Of the six most frequent topics, as there are too many sets of all."""
    agreed, said = team(name)
    topics = sorted(agreed.found.topics, key=lambda topic: -topic.prevalence)[:6]
    people = sorted({who for answers in said.values() for who in answers})
    present = np.array([[who in answers for who in people] for answers in said.values()])
    sets = np.array(
        [[[t.topic in answers.get(who, ()) for t in topics] for who in people] for answers in said.values()]
    )
    found = multi_valued_alpha(sets, present, np.ones((1, len(sets)))).values[0]
    assert found == pytest.approx(multi_valued_by_brute_force(sets, present), abs=1e-9)


@needs_shared
def test_several_controls_need_a_name() -> None:
    with pytest.raises(InputError, match="several controls: Category, label; name the one with the topics"):
        agreement_in_exports([os.fspath(STUDIO / "exports" / "LEOKA_team_1.json")])


@needs_shared
def test_the_last_parts_of_taxonomies_are_names() -> None:
    agreed, _ = team("1")
    assert agreed.names["Situation / Pursuit"] == "Pursuit"
    assert agreed.names["Suspect / Injured"] == "Suspect / Injured"  # Assaulted / Injured is another one


@needs_shared
@pytest.mark.parametrize(
    ("case", "judgements", "papers"),
    [("ls02_three_people.json", 5, 2), ("ls06_task_twice.json", 2, 1), ("ls25_ground_truth.json", 3, 1)],
)
def test_exports_as_people_bring_them(case: str, judgements: int, papers: int) -> None:
    found = agreement_in_exports([os.fspath(SHARED / "cases" / case)]).found
    assert (found.judgements, found.papers) == (judgements, papers)


def task(number: int, *answers: list[str] | None, kind: str = "choices", **data: Any) -> dict[str, Any]:
    """A task of a foreign project: what each person chose, None where the person skipped it."""
    return {
        "id": number,
        "project": 7,
        "data": data or {"image": f"https://example.org/{number}.png"},
        "annotations": [
            {
                "id": 10 * number + person,
                "completed_by": {"email": f"p{person}@example.org"},
                "was_cancelled": labels is None,
                "created_at": f"2026-03-01T10:00:00.{number:06}Z",
                "result": [{"from_name": "kind", "to_name": "image", "type": kind, "value": {kind: labels}}]
                if labels
                else [],
            }
            for person, labels in enumerate(answers)
        ],
    }


def export(tmp_path: Path, *tasks: dict[str, Any]) -> str:
    file = tmp_path / "foreign.json"
    file.write_text(json.dumps(tasks))
    return os.fspath(file)


def test_any_project_will_do_without_a_workspace(tmp_path: Path) -> None:
    tasks = [task(1, ["cat"], ["dog"], None), task(2, ["cat"], ["cat"]), task(3, [], ["dog"])]
    agreed = agreement_in_exports([export(tmp_path, *tasks)])
    assert (agreed.found.mode, agreed.found.papers, agreed.found.judgements) == (Mode.SINGLE, 3, 6)
    assert agreed.notes == ["1 annotation skipped or unsure, which do not count"]
    assert [topic.disputed for topic in agreed.found.topics] == [1, 2]
    several = agreement_in_exports([export(tmp_path, *tasks, task(4, ["cat", "dog"], ["cat"]))])
    assert several.found.mode == Mode.MULTI


def test_addresses_of_images_are_no_texts_that_repeat_each_other(tmp_path: Path) -> None:
    place = "https://example.org/data/local-files/a/very/long/path/to/images/of/animals/in/may"
    tasks = [task(number, ["cat"], ["dog"], image=f"{place}/{number}.png") for number in range(20)]
    assert agreement_in_exports([export(tmp_path, *tasks)]).found.distinct == 20


def test_tasks_without_numbers_are_known_by_their_data(tmp_path: Path) -> None:
    tasks = [task(number % 3, ["cat"] if number < 3 else ["dog"]) for number in range(6)]
    for number, one in enumerate(tasks):
        del one["id"]
        one["annotations"][0]["completed_by"] = number // 3 + 1
    found = agreement_in_exports([export(tmp_path, *tasks)]).found
    assert (found.papers, found.judgements) == (3, 6)


def test_an_export_without_labels_of_the_control_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no annotation in foreign\.json has"):
        agreement_in_exports([export(tmp_path, task(1, ["cat"]))], ["other"])
    with pytest.raises(InputError):
        agreement_in_exports([export(tmp_path, task(1, None, None))])


def test_the_sample_has_the_same_figures_as_export_and_as_log(workspace: Path) -> None:
    from labeler.flows.import_ import import_exports

    own = find_workspace(str(workspace))
    import_exports(own, [os.fspath(SAMPLES / "export.json")], "topics", "abstract")
    one, other = agreement_in_log(own).found, agreement_in_exports([os.fspath(SAMPLES / "export.json")]).found
    assert (one.papers, one.judgements) == (other.papers, other.judgements) == (40, 203)
    for name, figure in one.overall.items():
        assert figure.value == pytest.approx(other.overall[name].value, abs=1e-9)
    for pair, same in zip(one.pairs, other.pairs, strict=True):
        assert pair.kappa.value == pytest.approx(same.kappa.value, abs=1e-9)


def test_a_log_without_judgements_is_refused(workspace: Path) -> None:
    with pytest.raises(InputError, match="has no judgement of a topic"):
        agreement_in_log(find_workspace(str(workspace)))


def test_two_people_in_a_log(workspace: Path) -> None:
    make_scheme(workspace, "single", "robots", "speech")
    texts = [f"Paper {number} of many\nIt is about the matter with the number {number}." for number in range(8)]
    bring(workspace, [(text, "robots") for text in texts], name="ada.jsonl", annotator="ada")
    answers = ["robots"] * 5 + ["speech"] * 2 + ["none"]
    bring(workspace, list(zip(texts, answers, strict=True)), name="bo.jsonl", annotator="bo")
    agreed = agreement_in_log(find_workspace(str(workspace)))
    (pair,) = agreed.found.pairs
    assert (pair.one, pair.other, pair.papers, pair.agreement.value) == ("ada", "bo", 8, 5 / 8)
    (confused,) = agreed.found.disagreements.confused
    assert len(confused.papers) == 2
    assert set(agreed.found.titles.values()) == {"Paper 5 of many", "Paper 6 of many", "Paper 7 of many"}


@pytest.mark.slow
def test_models_know_that_a_definition_changed(workspace: Path) -> None:
    judged(workspace, "multi")
    scheme = workspace / "annotations" / "topics.toml"
    own = find_workspace(str(workspace))
    trained(workspace)
    before = scheme.read_text()
    scheme.write_text(before.replace('name = "Speech"', 'name = "Speech"\ndefinition = "Spoken words alone."'))
    (note,) = [note for note in agreement_in_log(own).notes if "changed" in note]
    assert note.startswith("the definitions of Speech changed since mine@1 was trained")
    assert trained(workspace).version.label == "mine@2"
    agreed = agreement_in_log(own)
    (found,) = agreed.found.redefined
    assert (found.topic, found.last.label, found.first.label) == ("speech", "mine@1", "mine@2")
    assert not any("changed" in note for note in agreed.notes)


def test_without_a_scheme_there_is_no_log(tmp_path: Path) -> None:
    (tmp_path / "labeler.toml").write_text("")
    with pytest.raises(NotFoundError):
        agreement_in_log(find_workspace(str(tmp_path)))


@needs_shared
@pytest.mark.parametrize("name", TEAMS)
def test_the_consensus_of_a_real_team_keeps_what_nobody_disputes(name: str) -> None:
    agreed, said = team(name)
    rows = [Row(task, who, sorted(labels)) for task, answers in said.items() for who, labels in answers.items()]
    consensus = Consensus(ratings_of_rows(rows))
    choice = consensus.choice
    assert choice.papers == agreed.found.papers
    assert bool(choice.agreement) == (choice.annotators >= 3)
    assert all(0 < share <= 1 for share in choice.agreement.values())
    assert set(consensus.settled()) <= set(agreed.found.disagreements.papers)
