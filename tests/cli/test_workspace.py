from __future__ import annotations

import json
from pathlib import Path

import pytest
from label_studio_sdk.label_interface import LabelInterface

from tests.conftest import Labeler

TOPICS = Path("annotations", "topics.toml")
FAULTY = 'mode = "multi"\n[[topic]]\nid = "a b"\n[[topic]]\nid = "c"\nhotkey = "0"\n'


def test_init_makes_a_workspace_and_says_what_next(
    tmp_path: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = labeler("init", "mine")
    assert outcome.code == 0
    assert f"Made a workspace in {tmp_path / 'mine'}. Now edit mine/annotations/topics.toml" in outcome.err
    second = labeler("init", "mine")
    assert (second.code, second.err) == (0, f"{tmp_path / 'mine'} is a workspace already; nothing was changed.\n")
    assert labeler("--workspace", "mine", "topics", "check").code == 0


def test_init_without_a_name_is_here(tmp_path: Path, labeler: Labeler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = json.loads(labeler("init", "--json").out)
    assert (found["workspace"], len(found["written"])) == (".", 4)
    assert json.loads(labeler("init", "--json").out) == {"workspace": ".", "written": [], "dry_run": False}


def test_init_where_a_file_stands_fails_with_one_line(tmp_path: Path, labeler: Labeler) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    outcome = labeler("init", tmp_path / "file")
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (3, "", 1)


@pytest.mark.parametrize("command", ["show", "check", "config"])
def test_without_a_workspace_or_a_scheme_topics_commands_say_what_is_missing(
    workspace: Path, labeler: Labeler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    TOPICS.unlink()
    outcome = labeler("topics", command)
    assert (outcome.code, outcome.out, "no topic scheme" in outcome.err) == (4, "", True)
    monkeypatch.chdir(tmp_path)
    assert labeler("topics", command).code == 4


def test_show_prints_the_topics(workspace: Path, labeler: Labeler) -> None:
    TOPICS.write_text(
        'mode = "single"\n[[topic]]\nid = "a"\nname = "Alpha"\ndefinition = "The first"\nhotkey = "x"\n'
        '[[topic]]\nid = "b"\nparent = "a"\nhidden = true\n',
        encoding="utf-8",
    )
    assert labeler("topics", "show").out.splitlines() == [
        "2 topics, mode single",
        "  a: Alpha [x]",
        "      The first",
        "  b: b (below Alpha) (hidden)",
    ]
    found = json.loads(labeler("topics", "show", "--json").out)
    assert found["mode"] == "single"
    assert found["topics"][1] == {"id": "b", "name": "b", "parent": "a", "hidden": True}


def test_show_tells_how_judged_papers_agree_with_keywords(workspace: Path, labeler: Labeler) -> None:
    TOPICS.write_text(
        'mode = "single"\n[[topic]]\nid = "a"\nname = "Alpha"\nkeywords = ["gripper"]\nnot = ["robotic surgery"]\n'
        '[[topic]]\nid = "b"\n',
        encoding="utf-8",
    )
    table = 'title,topics\n"A gripper",a\n"A gripper of others",b\n"Something else",b\n'
    Path("judged.csv").write_text(table, encoding="utf-8")
    assert labeler("import", "judged.csv", "--topics-column", "topics").code == 0
    outcome = labeler("topics", "show")
    assert outcome.out.splitlines()[1:4] == [
        "  a: Alpha",
        "      keyword 'gripper' in 2 judged papers, 1 of the topic",
        "      not 'robotic surgery' in no judged paper",
    ]
    found = json.loads(labeler("topics", "show", "--json").out)
    assert found["topics"][0]["not"] == ["robotic surgery"]
    assert [one["of_topic"] for one in found["keywords"]["a"]] == [1, 0]


def test_check_of_a_sound_scheme(workspace: Path, labeler: Labeler) -> None:
    assert labeler("topics", "check").err == "The scheme is sound: 8 topics, mode multi.\n"
    assert json.loads(labeler("topics", "check", "--json").out) == {"topics": 8, "mode": "multi", "faults": []}


def test_check_of_a_faulty_scheme_tells_every_fault_and_fails(workspace: Path, labeler: Labeler) -> None:
    TOPICS.write_text(FAULTY, encoding="utf-8")
    outcome = labeler("topics", "check")
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (6, "", 2)
    assert all("topics.toml" in line for line in outcome.err.splitlines())
    assert "'a b'" in outcome.err
    assert "None of these" in outcome.err
    as_json = labeler("topics", "check", "--json")
    assert as_json.code == 6
    assert [fault["topic"] for fault in json.loads(as_json.out)["faults"]] == ["a b", "c"]


@pytest.mark.parametrize("content", ["mode = ", 'mode = "many"', "topic = 5", "[[topic]]\n", "\x00"])
def test_a_scheme_that_cannot_be_read_is_bad_input(workspace: Path, labeler: Labeler, content: str) -> None:
    TOPICS.write_text(content, encoding="utf-8")
    for command in ("show", "check", "config"):
        outcome = labeler("topics", command)
        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (3, "", 1)
        assert "topics.toml" in outcome.err


def test_config_makes_the_interface(workspace: Path, labeler: Labeler) -> None:
    xml = labeler("topics", "config").out
    LabelInterface(xml).validate()
    outcome = labeler("topics", "config", "-o", "interface.xml")
    assert (outcome.code, outcome.out, "Wrote interface.xml" in outcome.err) == (0, "", True)
    assert Path("interface.xml").read_text(encoding="utf-8") == xml
    assert json.loads(labeler("topics", "config", "--json").out)["label_config"] == xml


def test_config_of_a_faulty_scheme_is_refused_and_writes_nothing(workspace: Path, labeler: Labeler) -> None:
    TOPICS.write_text(FAULTY, encoding="utf-8")
    outcome = labeler("topics", "config", "-o", "interface.xml")
    assert (outcome.code, outcome.err.count("\n"), Path("interface.xml").exists()) == (6, 1, False)
    assert "(and 1 more)" in outcome.err


def test_config_json_with_a_file_still_prints_an_object(workspace: Path, labeler: Labeler) -> None:
    outcome = labeler("topics", "config", "--json", "-o", "interface.xml")
    assert json.loads(outcome.out)["file"] == "interface.xml"
    assert json.loads(outcome.out)["label_config"] == Path("interface.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_config_that_cannot_be_written_prints_nothing_but_why(
    workspace: Path, labeler: Labeler, flags: list[str]
) -> None:
    outcome = labeler("topics", "config", *flags, "-o", "no/such/interface.xml")
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (3, "", 1)


def test_a_scheme_without_a_mode_is_refused_by_all_that_need_one(
    workspace: Path, labeler: Labeler, digest: Path
) -> None:
    TOPICS.write_text('[[topic]]\nid = "a"\n[[topic]]\nid = "b"\n', encoding="utf-8")
    assert labeler("topics", "show").out.startswith("2 topics, mode missing\n")
    for command in (["topics", "check"], ["topics", "config"], ["train"], ["status"], ["export", digest]):
        outcome = labeler(*command)
        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (6, "", 1)
        assert 'write mode = "multi"' in outcome.err
