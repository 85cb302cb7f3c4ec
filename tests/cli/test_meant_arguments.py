"""Files and options of a command as people type them, and those that it takes."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeler.cli.app import _options_of_all
from labeler.cli.meant_arguments import arguments_meant

TREE = _options_of_all()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a digest, a digest whose name has a blank, a table, an export and a pile."""
    for name in ("digest.txt", "my digest.txt", "table.csv"):
        (tmp_path / name).touch()
    (tmp_path / "export.json").write_text('[{"id": 1, "annotations": []}]')
    (tmp_path / "pile").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("label digest.txt", "label digest.txt"),
        ("label digset.txt", "label digest.txt"),
        ("label digest", "label digest.txt"),
        ("label my digest.txt", "label 'my digest.txt'"),
        ("label digest.txt labels.csv", "label digest.txt -o labels.csv"),
        ("label digest.txt to labels.xlsx", "label digest.txt -o labels.xlsx"),
        ("label digest.txt page.html", "label digest.txt -o page.html"),
        ("label digest.txt table.csv", "label digest.txt table.csv"),
        ("label digest.txt other.csv -o labels.csv", "label digest.txt other.csv -o labels.csv"),
        ("label file://digest.txt", "label digest.txt"),
        (r"label 'C:\papers\digest.txt'", "label digest.txt"),
        ("label https://example.org/a.xml", "label https://example.org/a.xml"),
        ("label *.txt", "label *.txt"),
        ("label", "label digest.txt"),
        ("label --help", "label --help"),
        ("label pile", "label pile -o labels/"),
        ("label export.json", "import export.json"),
        ("label digest.txt --whatever", "label digest.txt"),
        ("label digest.txt --count 3", "push digest.txt --count 3"),
        ("read --formats", "read --formats"),
        ("import table.csv topics", "import table.csv --topics-column topics"),
        ("import digest.txt", "label digest.txt"),
        ("import --topics-column topics", "import table.csv --topics-column topics"),
        ("push digest.txt 20", "push digest.txt --count 20"),
        ("train digest.txt", "train --unread digest.txt"),
        ("train mine", "train --name mine"),
        ("explain digest.txt next patch", "explain digest.txt --paper 'next patch'"),
        ("models show mine 2", "models show mine@2"),
        ("serve 9090", "serve --port 9090"),
        ("status", "status"),
        ("status digest.txt", "label digest.txt"),
        ("topics check all", "topics check"),
    ],
)
def test_arguments_are_those_that_a_command_takes(typed: str, meant: str) -> None:
    words = shlex.split(typed)
    place = 2 if words[0] in ("models", "topics") else 1
    command, rest = arguments_meant(" ".join(words[:place]), words[place:], TREE)
    assert shlex.join([*command.split(), *rest]).replace("'*.txt'", "*.txt") == meant


WORDS = st.sampled_from(["digest.txt", "my", "labels.xlsx", "pile", "20", "-", "--to", "md", "-o", "*", "\0"])


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(TREE)), st.lists(WORDS | st.text(max_size=4), max_size=4))
def test_any_words_give_a_command_that_there_is(command: str, words: list[str]) -> None:
    found, rest = arguments_meant(command, words, TREE)
    assert found in TREE
    assert all(isinstance(word, str) for word in rest)
