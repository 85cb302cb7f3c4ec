"""JSON lines: broken lines, files cut in the middle, long lines."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from labeler.errors import InputError
from tests.digests.factories import ABSTRACT, lines, messages, read, titles

_THREE = [{"title": title, "abstract": ABSTRACT} for title in ("One", "Two", "Three")]


def test_file_cut_in_the_middle_keeps_the_whole_lines(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.jsonl", lines(*_THREE)[:-60])
    assert titles(reading) == ["One", "Two"]
    (refusal,) = reading.refused
    assert refusal.where == "line 3"
    assert refusal.why.startswith("broken JSON: Unterminated string")


@pytest.mark.parametrize(
    ("broken", "position"),
    [
        *product(['{"title": "Lost", "abs', '{"title": "Lost", "authors": ["x"'], range(4)),
        *product(["oops"], range(1, 4)),
    ],
)
def test_broken_line_costs_that_line_alone_wherever_it_stands(tmp_path: Path, broken: str, position: int) -> None:
    records: list[dict[str, str] | str] = [*_THREE]
    records.insert(position, broken)
    reading = read(tmp_path, "a.jsonl", lines(*records))
    assert titles(reading) == ["One", "Two", "Three"]
    assert [refusal.where for refusal in reading.refused] == [f"line {position + 1}"]


def test_broken_first_line_is_told_when_the_format_is_named(tmp_path: Path) -> None:
    reading = read(tmp_path, "a", lines("oops", *_THREE), "jsonl")
    assert messages(reading) == ["a, line 1: broken JSON: Expecting value at column 1"]


def test_line_that_is_no_object_is_refused(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.jsonl", lines(*_THREE, "null", "[1]", '"text"'))
    assert [refusal.why for refusal in reading.refused] == [
        "not an object but NoneType",
        "not an object but list",
        "not an object but str",
    ]


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a"])
def test_first_line_longer_than_the_head_is_read(tmp_path: Path, name: str) -> None:
    long = {"title": "Long", "abstract": "word " * 20_000}
    reading = read(tmp_path, name, lines(long, *_THREE))
    assert titles(reading) == ["Long", "One", "Two", "Three"]
    assert len(reading.papers[0].abstract) == 99_999


def test_empty_lines_and_a_missing_last_line_end_do_not_matter(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.jsonl", "\n" + lines(*_THREE).replace("\n", "\r\n\r\n").rstrip())
    assert titles(reading) == ["One", "Two", "Three"]
    assert not reading.refused


def test_line_separators_inside_a_text_do_not_end_the_line(tmp_path: Path) -> None:
    assert titles(read(tmp_path, "a.jsonl", '{"title": "One\u2028Two\u0085Three"}\n{"title": "B"}\n')) == [
        "One Two Three",
        "B",
    ]


@pytest.mark.parametrize(
    "odd", ['{"title": ' + "[" * 100_000 + "]" * 100_000 + "}", '{"title": "Long", "year": ' + "9" * 5000 + "}"]
)
def test_line_that_is_too_deep_or_long_for_the_parser_costs_that_line_alone(tmp_path: Path, odd: str) -> None:
    reading = read(tmp_path, "a.jsonl", lines(_THREE[0], odd, _THREE[2]))
    assert [title for title in titles(reading) if title != "Long"] == ["One", "Three"]


def test_file_of_broken_lines_alone_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no papers in a\.jsonl \(read as jsonl\): line 1: broken JSON"):
        read(tmp_path, "a.jsonl", '{"a\n{"b\n', "jsonl")
