"""What resembles a name of nothing is told, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.nearby import near_names


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("pile/dya-1.csv", "there is pile/day-1.csv"),
        ("pile/*.cvs", "there are pile/day-1.csv, pile/notes.txt"),
        ("pil/*.csv", "there is pile"),
        ("pil", "there is pile"),
        ("elsewhere/at/all.csv", "check the name"),
        ("pile/" + "x" * 5000, "check the name"),
        ("s3://bucket/pile", "check the name"),
    ],
)
def test_names_that_resemble_a_missing_one_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, near: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pile").mkdir()
    for file in ("day-1.csv", "notes.txt", ".hidden.csv", "_hidden.csv"):
        (tmp_path / "pile" / file).touch()
    assert near_names(name) == near


def test_at_most_three_are_told_the_nearest_first(tmp_path: Path) -> None:
    for name in ("week-1.csv", "week-2.csv", "week-3.csv", "week-44.csv", "budget.xlsx"):
        (tmp_path / name).touch()
    found = near_names(str(tmp_path / "week-4.csv"))
    assert found.startswith("there are ")
    assert len(found.split(", ")) == 3
    assert "budget" not in found


def test_a_file_where_a_folder_is_meant_and_one_that_is_there_are_no_hint(tmp_path: Path) -> None:
    (tmp_path / "a.csv").touch()
    assert near_names(str(tmp_path / "a.csv")) == "check the name"
    assert near_names(str(tmp_path / "a.csv" / "b.csv")) == "check the name"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=20))
def test_any_name_has_a_hint(name: str) -> None:
    assert near_names(name) == "check the name" or near_names(name).startswith(("there is ", "there are "))
