"""A background is learned from the papers of all inputs, and its file is whole or not there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labeler.errors import InputError
from labeler.features.background import load_background
from labeler.flows.background import build_background
from tests.features.factories import corpus


def files(folder: Path) -> list[str]:
    """The papers of an invented field, in two files."""
    texts = corpus(150, 2)
    halves = texts[::2], texts[1::2]
    for number, half in enumerate(halves):
        rows = ({"title": text.split("\n")[0], "abstract": text.split("\n")[1]} for text in half)
        (folder / f"{number}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return [str(folder / "0.jsonl"), str(folder / "1.jsonl")]


@pytest.mark.slow
def test_the_file_holds_what_is_learned_of_all_papers_and_is_the_same_each_time(tmp_path: Path) -> None:
    said: list[str] = []
    inputs = files(tmp_path)
    result = build_background(inputs, tmp_path / "field.npz", said.append)
    found = load_background(tmp_path / "field.npz")
    assert (found.name, found.papers, len(found.words)) == ("field", result.papers, result.words)
    assert result.papers == len(set(corpus(150, 2)))
    assert {"rock07", "thing11"} <= set(found.words)
    assert result.bytes == (tmp_path / "field.npz").stat().st_size
    assert said
    (tmp_path / "again").mkdir()
    build_background(inputs[::-1], tmp_path / "again" / "field.npz", said.append)
    assert (tmp_path / "again" / "field.npz").read_bytes() == (tmp_path / "field.npz").read_bytes()


def test_too_few_papers_leave_no_file(tmp_path: Path) -> None:
    (tmp_path / "one.jsonl").write_text('{"title": "Robots with arms"}\n')
    for name in ("one.jsonl", "missing.jsonl"):
        with pytest.raises(InputError):
            build_background([str(tmp_path / name)], tmp_path / "field.npz", lambda _: None)
    assert [path.name for path in tmp_path.iterdir()] == ["one.jsonl"]


def test_a_folder_that_is_not_there_is_told_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot write .*field\.npz: there is no folder .*none"):
        build_background([str(tmp_path / "missing.jsonl")], tmp_path / "none" / "field.npz", pytest.fail)
