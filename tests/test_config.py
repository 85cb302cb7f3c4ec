"""The workspace: how it is found, and settings from defaults, file and environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from labeler.config import Settings, Workspace, find_workspace, is_precision, parse_toml, read_settings
from labeler.errors import InputError, NotFoundError


def make_workspace(folder: Path, text: str = "", name: str = "labeler.toml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def error_message(text: str, folder: Path) -> str:
    with pytest.raises(InputError) as caught:
        find_workspace(str(make_workspace(folder, text)))
    return str(caught.value)


def test_the_parts_of_a_workspace_lie_where_the_contract_says(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    assert workspace.topics == tmp_path / "annotations" / "topics.toml"
    assert workspace.judgements == tmp_path / "annotations" / "judgements.jsonl"
    assert workspace.models == tmp_path / "models"
    assert workspace.settings == Settings("mine", 0.9, (), "arxiv", "topics", "abstract")


@pytest.mark.parametrize("below", [".", "notes", "notes/2025/march"])
def test_a_workspace_is_found_from_any_folder_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, below: str
) -> None:
    root = make_workspace(tmp_path / "ws")
    (root / below).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(root / below)
    assert find_workspace().root == root


def test_the_nearest_workspace_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_workspace(tmp_path)
    monkeypatch.chdir(make_workspace(tmp_path / "inner"))
    assert find_workspace().root == tmp_path / "inner"


def test_a_project_file_with_a_labeler_table_makes_a_workspace(tmp_path: Path) -> None:
    make_workspace(tmp_path, '[tool.labeler.train]\nname = "ours"\n', "pyproject.toml")
    assert find_workspace(str(tmp_path)).settings.train_name == "ours"


@pytest.mark.parametrize(
    "text", ["", "[tool.ruff]\n", "[tool]\nlabeler = 3\n", "tool = 3\n", "[project]\nname = 'x'\n"]
)
def test_a_project_file_of_others_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    make_workspace(tmp_path)
    monkeypatch.chdir(make_workspace(tmp_path / "inner", text, "pyproject.toml"))
    assert find_workspace().root == tmp_path


def test_labeler_toml_counts_before_a_project_file(tmp_path: Path) -> None:
    make_workspace(tmp_path, '[tool.labeler.train]\nname = "project"\n', "pyproject.toml")
    make_workspace(tmp_path, '[train]\nname = "own"\n')
    assert find_workspace(str(tmp_path)).settings.train_name == "own"


def test_a_flag_counts_before_the_environment_and_that_before_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, three = (make_workspace(tmp_path / name) for name in ("one", "two", "three"))
    monkeypatch.chdir(three)
    assert find_workspace().root == three
    monkeypatch.setenv("LABELER_WORKSPACE", str(two))
    assert find_workspace().root == two
    assert find_workspace(str(one)).root == one
    monkeypatch.setenv("LABELER_WORKSPACE", "")
    assert find_workspace().root == three


def test_a_relative_name_becomes_a_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_workspace(tmp_path / "ws")
    monkeypatch.chdir(tmp_path)
    assert find_workspace("ws").root == tmp_path / "ws"


def test_a_folder_with_spaces_and_accents_can_be_a_workspace(tmp_path: Path) -> None:
    assert find_workspace(str(make_workspace(tmp_path / "my Schrödinger ws"))).root.name == "my Schrödinger ws"


def test_without_a_workspace_the_message_says_how_to_create_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotFoundError) as caught:
        find_workspace()
    assert f"no workspace in {tmp_path} or above it" in str(caught.value)
    assert "labeler init" in str(caught.value)


def test_a_named_folder_that_is_missing_or_no_workspace_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="there is no folder"):
        find_workspace(str(tmp_path / "missing"))
    with pytest.raises(NotFoundError, match=r"is no workspace \(it has no labeler.toml\)"):
        find_workspace(str(tmp_path))


def test_a_workspace_above_does_not_excuse_a_wrong_name(tmp_path: Path) -> None:
    inner = make_workspace(tmp_path) / "inner"
    inner.mkdir()
    with pytest.raises(NotFoundError):
        find_workspace(str(inner))


def test_the_environment_counts_before_the_file_and_the_file_before_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_workspace(tmp_path, '[train]\nname = "file"\nprecision = 0.8\n')
    monkeypatch.setenv("LABELER_TRAIN_NAME", "environment")
    monkeypatch.setenv("LABELER_TRAIN_PRECISION", "")
    monkeypatch.setenv("LABELER_IMPORT_TEXT_FIELD", "summary")
    assert find_workspace(str(tmp_path)).settings == Settings("environment", 0.8, (), "arxiv", "topics", "summary")


@pytest.mark.parametrize(("written", "read"), [(0.5, 0.5), ("0.95", 0.95), (0.999, 0.999)])
def test_a_precision_is_read_as_a_number(tmp_path: Path, written: Any, read: float) -> None:
    assert read_settings({"train": {"precision": written}}, tmp_path, {}).train_precision == read


@pytest.mark.parametrize("value", ["true", "'high'", "[0.9]", "{at = 0.9}", "2025-03-14"])
def test_a_setting_of_the_wrong_kind_is_named_with_what_to_give(tmp_path: Path, value: str) -> None:
    message = error_message(f"[train]\nprecision = {value}\n", tmp_path)
    assert message.startswith("[train] precision is ")
    assert message.endswith("; give a number")


@pytest.mark.parametrize("value", ["3", "true", "['a']", "{a = 1}"])
def test_a_name_must_be_a_text(tmp_path: Path, value: str) -> None:
    message = error_message(f"[train]\nname = {value}\n", tmp_path)
    assert message.startswith("[train] name is ")
    assert message.endswith("; give a text")


def test_a_wrong_value_in_the_environment_is_named_by_its_variable() -> None:
    with pytest.raises(InputError) as caught:
        read_settings({}, Path("ws"), {"LABELER_TRAIN_PRECISION": "high"})
    assert str(caught.value) == "LABELER_TRAIN_PRECISION is 'high' in the environment; give a number"


def test_a_share_out_of_bounds_in_the_environment_is_named_by_its_variable() -> None:
    with pytest.raises(InputError, match=r"LABELER_PUSH_AUDIT is 2\.0 in the environment"):
        read_settings({"push": {"audit": 0.5}}, Path("ws"), {"LABELER_PUSH_AUDIT": "2"})
    with pytest.raises(InputError, match=r"\[push\] audit is 3\.0 in ws"):
        read_settings({"push": {"audit": 3}}, Path("ws"), {})


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("LABELER_TRAIN_PRECISON", "LABELER_TRAIN_PRECISION"),
        ("LABELER_PRECISION", "LABELER_TRAIN_PRECISION"),
        ("LABELER_STUDIO_URI", "LABELER_STUDIO_URL"),
    ],
)
def test_a_variable_that_is_misspelt_is_told_with_what_is_meant(name: str, meant: str) -> None:
    with pytest.raises(InputError) as caught:
        read_settings({}, Path("ws"), {name: "0.8"})
    assert str(caught.value) == f"there is no variable {name}; did you mean {meant}?"


@pytest.mark.parametrize(
    "name",
    [
        "LABELER_WORKSPACE",
        "LABELER_FETCH_HF_URL",
        "LABELER_API_TOKEN",
        "LABELER_SERVE_USER",
        "LABELER_MAIL_HOST",
        "OTHER",
    ],
)
def test_variables_that_resemble_no_setting_are_left_alone(name: str) -> None:
    assert read_settings({}, Path("ws"), {name: "x"}) == Settings()


def test_an_unknown_setting_is_told_with_the_one_it_resembles(tmp_path: Path) -> None:
    message = error_message("[train]\nprecison = 0.9\n", tmp_path)
    assert message.endswith("labeler.toml; did you mean [train] precision?")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[studio]\ncolour = 'red'\n", "[studio] colour"),
        ("precision = 0.9\n", "'precision' is outside any section"),
        ("[[wacth]]\ninputs = ['inbox/']\n", "there are no tables [[wacth]]"),
    ],
)
def test_an_unknown_setting_is_named_with_the_file_and_those_known(tmp_path: Path, text: str, word: str) -> None:
    message = error_message(text, tmp_path)
    assert word in message
    assert str(tmp_path / "labeler.toml") in message
    assert "[train] name, [train] precision, [train] unread, [train] background, [import] control" in message


@pytest.mark.parametrize("share", [0.5, 0.9, 0.999999])
def test_a_share_in_bounds_is_taken(share: float) -> None:
    assert is_precision(share)


@pytest.mark.parametrize("share", [-0.1, 0, 0.4999, 1, 90, float("nan"), float("inf")])
def test_a_share_out_of_bounds_is_refused(share: float) -> None:
    assert not is_precision(share)


def test_settings_cannot_ask_for_a_precision_out_of_bounds(tmp_path: Path) -> None:
    assert error_message("[train]\nprecision = 1\n", tmp_path).startswith("[train] precision is 1.0")


def test_broken_toml_is_reported_with_file_and_line(tmp_path: Path) -> None:
    message = error_message("[train]\nname = \n", tmp_path)
    assert message.startswith(f"{tmp_path / 'labeler.toml'} is not TOML")
    assert "line 2" in message
    assert "\n" not in message


@pytest.mark.parametrize("share", ["-0.1", "1.5", "nan"])
def test_a_share_of_audits_is_a_share(tmp_path: Path, share: str) -> None:
    assert error_message(f"[push]\naudit = {share}\n", tmp_path).startswith("[push] audit is ")


def test_settings_in_another_encoding_are_refused(tmp_path: Path) -> None:
    (tmp_path / "labeler.toml").write_bytes("[train]\nname = 'é'\n".encode("latin-1"))
    with pytest.raises(InputError, match="not UTF-8"):
        find_workspace(str(tmp_path))


def test_toml_saved_with_a_byte_order_mark_and_dos_lines_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b'\xef\xbb\xbf[train]\r\nname = "x"\r\n')
    assert parse_toml(tmp_path / "a.toml") == {"train": {"name": "x"}}


def test_unlabeled_papers_are_named_from_the_root_on(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "[a] b", '[train]\nunread = ["a.csv", "pile/*.csv", "s3://b/*.csv", "", "/c"]\n')
    assert find_workspace(str(root)).unread == [
        str(root / "a.csv"), str(tmp_path / "[[]a] b" / "pile" / "*.csv"), "s3://b/*.csv", "/c"
    ]  # fmt: skip


def test_a_folder_whose_name_looks_like_a_pattern_is_none(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "[a] b", '[train]\nunread = ["pile [1]/", "pile [2]/"]\n')
    (root / "pile [1]").mkdir()
    assert find_workspace(str(root)).unread == [str(root / "pile [1]"), str(tmp_path / "[[]a] b" / "pile [2]")]


def test_unlabeled_papers_of_public_sources_are_named_as_they_are(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "a", '[train]\nunread = ["hf:@2d", "arxiv:cs.CL", "c:d", "a b:c", "is:here"]\n')
    (root / "is:here").write_text("")
    assert find_workspace(str(root)).unread == [
        "hf:@2d", "arxiv:cs.CL", str(root / "c:d"), str(root / "a b:c"), str(root / "is:here")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("pipe", "it is a pipe or a device"), ("endless", "it is a pipe or a device"), ("loop", "too many levels"),
     ("dangling", "no such file")],
)  # fmt: skip
def test_settings_that_are_no_file_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, reason: str
) -> None:
    path = tmp_path / "labeler.toml"
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to({"endless": "/dev/zero", "loop": path, "dangling": tmp_path / "nowhere"}[kind])
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=rf"labeler\.toml: {reason}"):
        find_workspace()


def test_a_table_that_stands_twice_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("[studio]\nurl = 'x'\n[push]\n[studio]\nprogram = 'y'\n")
    with pytest.raises(InputError, match=r"a\.toml has \[studio\] twice \(at line 4, column 8\); write all its lines"):
        parse_toml(tmp_path / "a.toml")


def test_sections_that_rooms_read_themselves_are_passed_on_whole(tmp_path: Path) -> None:
    text = '[train]\nname = "ours"\n[mail]\nhost = "mail.example.org"\n[[watch]]\nname = "a"\n[[watch]]\nname = "b"\n'
    found = find_workspace(str(make_workspace(tmp_path, text)))
    assert found.settings.train_name == "ours"
    assert found.sections == {"mail": {"host": "mail.example.org"}, "watch": [{"name": "a"}, {"name": "b"}]}
    assert found.settings_file == tmp_path / "labeler.toml"
    assert find_workspace(str(make_workspace(tmp_path / "none"))).sections == {}


def test_a_section_that_is_misspelt_is_unknown_and_all_are_named(tmp_path: Path) -> None:
    assert "[mail] …, [[watch]] …" in error_message('[mial]\nhost = "mail.example.org"\n', tmp_path)
