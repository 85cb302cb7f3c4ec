from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.errors import InputError
from labeler.judgements.soft_labels import (
    FILE,
    SoftLabel,
    add_soft_labels,
    current_labels,
    new_labels,
    read_soft_labels,
    under_scheme,
)
from labeler.papers import Paper
from tests.judgements.factories import scheme
from tests.paths import ROOT

PAPER = Paper.make("A walking robot", "It walks.", ids=["arxiv:2501.00001"], date="2025-01-02")
START = """
import sys
from pathlib import Path
from labeler.judgements.soft_labels import add_soft_labels
from tests.judgements.test_soft_labels import many
"""


def label(probability: float = 0.7, model: str = "llm", at: str = "2026-01-01T00:00:00Z") -> SoftLabel:
    return SoftLabel(PAPER, model, {"llm": probability}, at, {"file": "a.csv", "row": "line 2"})


def many(first: int, count: int) -> list[SoftLabel]:
    return [
        SoftLabel(Paper.make(f"Invented paper {number}", "x" * 500), "m", {"llm": 0.5}, "2026-01-01T00:00:00Z", {})
        for number in range(first, first + count)
    ]


def test_soft_labels_come_back_as_they_were_written(tmp_path: Path) -> None:
    assert read_soft_labels(tmp_path) == ([], [])
    assert add_soft_labels(tmp_path / "annotations", [label()]) == ([label()], [])
    reading = read_soft_labels(tmp_path / "annotations")
    assert reading == ([label()], [])
    assert reading.counts == {"llm": 1}


def test_twice_changes_nothing_and_other_probabilities_count(tmp_path: Path) -> None:
    add_soft_labels(tmp_path, [label()])
    before = (tmp_path / FILE).read_bytes()
    assert add_soft_labels(tmp_path, [label(at="2026-02-01T00:00:00Z")]) == ([], [])
    assert (tmp_path / FILE).read_bytes() == before
    later = label(0.2, at="2026-03-01T00:00:00Z")
    assert add_soft_labels(tmp_path, [later])[0] == [later]
    again = label(0.7, at="2026-04-01T00:00:00Z")
    assert add_soft_labels(tmp_path, [again])[0] == [again]
    assert read_soft_labels(tmp_path).labels == [again]
    assert len((tmp_path / FILE).read_text().splitlines()) == 3


def test_models_do_not_replace_each_other() -> None:
    both = [label(model="one"), label(model="two")]
    assert list(current_labels(both).values()) == both
    assert new_labels(both, [label(0.1, "one")]) == [label(0.1, "one")]


@given(st.permutations([label(n / 10, at=f"2026-01-0{n}T00:00:00Z") for n in range(1, 6)]))
def test_the_latest_line_counts_in_whatever_order_branches_are_merged(lines: list[SoftLabel]) -> None:
    assert [one.probabilities["llm"] for one in current_labels(lines).values()] == [0.5]


@pytest.mark.parametrize(
    "line",
    [
        "3",
        '{"paper": "a", "ids": ["a"]}',
        '{"paper": "a", "ids": [], "model": "m", "probabilities": {}, "at": "2026-01-01T00:00:00Z"}',
        '{"paper": "a", "ids": ["a"], "model": "m", "probabilities": {"x": 2}, "at": "2026-01-01T00:00:00Z"}',
        '{"paper": "a", "ids": ["a"], "model": "m", "probabilities": [1], "at": "2026-01-01T00:00:00Z"}',
        '{"paper": "a", "ids": ["a"], "model": "m", "probabilities": {"x": "y"}, "at": "2026-01-01T00:00:00Z"}',
    ],
)
def test_a_line_that_cannot_be_used_is_told(tmp_path: Path, line: str) -> None:
    add_soft_labels(tmp_path, [label()])
    with (tmp_path / FILE).open("a") as stream:
        stream.write(line + "\n")
    reading = read_soft_labels(tmp_path)
    assert reading.labels == [label()]
    assert len(reading.faults) == 1
    assert "soft_labels.jsonl, line 2: " in reading.faults[0]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(InputError, match="cannot read"):
        read_soft_labels(tmp_path)


def test_of_topics_that_went_into_one_the_largest_probability_counts() -> None:
    assert under_scheme({"llm": 0.2, "Language models": 0.3, "gone": 0.9}, scheme()) == {"llm": 0.3}


@pytest.mark.slow
def test_two_at_once_lose_nothing_and_what_is_killed_is_done_again(tmp_path: Path) -> None:
    code = START + "for n in range(40): add_soft_labels(Path(sys.argv[1]), many(int(sys.argv[2]) + 10 * n, 10))"
    both = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path), str(first)], cwd=ROOT) for first in (0, 10_000)
    ]
    assert [process.wait() for process in both] == [0, 0]
    assert len(read_soft_labels(tmp_path).labels) == 800
    assert not read_soft_labels(tmp_path).faults
    data = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(data[:-100])  # as a killed process leaves it
    added, messages = add_soft_labels(tmp_path, many(0, 400) + many(10_000, 400))
    assert len(added) == 1
    assert "repeat the import that was interrupted" in messages[0]
    assert len(read_soft_labels(tmp_path).labels) == 800
