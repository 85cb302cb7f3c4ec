"""The settings of watches, and their faults."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeler.config import find_workspace
from labeler.errors import InputError, NotFoundError
from labeler.watching.settings import Watch, chosen, watches_of


def watches(folder: Path, text: str) -> list[Watch]:
    (folder / "labeler.toml").write_text(text, encoding="utf-8")
    return watches_of(find_workspace(str(folder)))


def test_all_settings_are_read(tmp_path: Path) -> None:
    [watch] = watches(
        tmp_path,
        '[[watch]]\nname = "morning"\ninputs = ["inbox/", "hf:today"]\noutputs = ["a.md", "b/{date}.csv"]\n'
        'every = "30m"\n'
        'only = ["auto"]\ntopics = ["vision"]\nmail = true\npush = 20\npull = true\ntrain = 25\nmodel = "mine"\n'
        'format = "page"\n',
    )
    assert watch == Watch(
        "morning", ("inbox/", "hf:today"), "page", ("a.md", "b/{date}.csv"), 1800, "mine", ("auto",), ("vision",),
        mail=True, push=20, pull=True, train=25,
    )  # fmt: skip


def test_one_that_is_alone_needs_no_name(tmp_path: Path) -> None:
    [watch] = watches(tmp_path, '[[watch]]\ninputs = ["inbox/"]\n')
    assert (watch.name, watch.every) == ("daily", 86400)


def test_settings_of_a_project_file_work_too(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[[tool.labeler.watch]]\ninputs = ["inbox/"]\n', encoding="utf-8")
    assert watches_of(find_workspace(str(tmp_path)))[0].inputs == ("inbox/",)


@pytest.mark.parametrize("text", ["", "[train]\n"])
def test_without_any_there_is_nothing_to_watch(tmp_path: Path, text: str) -> None:
    with pytest.raises(NotFoundError, match="nothing to watch"):
        watches(tmp_path, text)


TWO = '[[watch]]\nname = "a"\ninputs = ["x"]\n[[watch]]\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[watch]\ninputs = ["inbox/"]\n', "two brackets"),
        ("watch = 3\n", "is no table"),
        ("watch = [3]\n", "is no table"),
        ("[[watch]]\n", "has no inputs"),
        ('[[watch]]\ninputs = "inbox/"\n', "give a list"),
        ('[[watch]]\ninputs = [""]\n', "give a list"),
        ('[[watch]]\ninput = ["inbox/"]\n', "did you mean 'inputs'?"),
        ('[[watch]]\ninputs = ["-"]\n', "standard input cannot be watched"),
        ('[[watch]]\ninputs = ["x"]\noutputs = ["x.docx"]\n', "no output has the ending .docx"),
        ('[[watch]]\ninputs = ["x"]\noutputs = ["x"]\n', "no output has the ending"),
        ('[[watch]]\ninputs = ["x"]\noutputs = ["x.parquet"]\n', "cannot be written here"),
        ('[[watch]]\ninputs = ["x"]\noutputs = ["{topic}.md"]\n', "only {date} stands for something"),
        ('[[watch]]\ninputs = ["x"]\nevery = "2s"\n', "from 10s on"),
        ('[[watch]]\ninputs = ["x"]\nevery = 30\n', "from 10s on"),
        ('[[watch]]\ninputs = ["x"]\nevery = "soon"\n', "from 10s on"),
        ('[[watch]]\ninputs = ["x"]\nmail = "yes"\n', "true or false"),
        ('[[watch]]\ninputs = ["x"]\npush = 0\n', "a whole number from 1 on"),
        ('[[watch]]\ninputs = ["x"]\npush = true\n', "a whole number from 1 on"),
        ('[[watch]]\ninputs = ["x"]\nonly = ["sure"]\n', "known are: auto, review"),
        ('[[watch]]\ninputs = ["x"]\nname = "../x"\n', "cannot be a folder's"),
        ('[[watch]]\ninputs = ["x"]\nname = ""\n', "has no name"),
        (TWO + 'inputs = ["y"]\n', "has no name"),
        (TWO + 'name = "A"\ninputs = ["y"]\n', "a name of its own"),
        ('[[watch]]\ninputs = ["x"]\noutputs = ["a.md", "./A.md"]\n', "is an output twice"),
    ],
)
def test_faults_are_told_in_one_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        watches(tmp_path, text)
    assert told in str(caught.value)
    assert "labeler.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_some_are_chosen_by_name() -> None:
    one, two = Watch("one"), Watch("two")
    assert chosen([one, two], []) == [one, two]
    assert chosen([one, two], ["two", "two"]) == [two]
    with pytest.raises(NotFoundError, match="known are: one, two"):
        chosen([one, two], ["three"])


@pytest.mark.parametrize("output", ["annotations/judgements.jsonl", "x/../models/a.csv", ".labeler/history.jsonl"])
def test_no_output_takes_the_place_of_what_the_workspace_keeps(tmp_path: Path, output: str) -> None:
    with pytest.raises(InputError, match="labeler keeps its own files there"):
        watches(tmp_path, f'[[watch]]\ninputs = ["inbox/"]\noutputs = ["{output}"]\n')


def test_no_output_takes_the_place_of_an_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"b/\.\./a\.jsonl is an input and an output"):
        watches(tmp_path, '[[watch]]\ninputs = ["a.jsonl"]\noutputs = ["b/../a.jsonl"]\n')
