"""Cells of tables: labels in any notation, missing values, 0 and 1."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.judgements.cells import Flags, flags_note, flags_of, is_missing, labels_in
from labeler.topics import Mode, Scheme, Topic
from tests.judgements.factories import scheme

NAMED = Scheme(Mode.MULTI, (Topic("na", "NaN"), Topic("x", "Rock, paper, scissors"), Topic("brackets", "[draft]")))


@pytest.mark.parametrize("cell", [None, float("nan"), "nan", " NaN ", "<NA>", "#N/A", "NULL", "None", "NaT"])
def test_a_missing_value_is_no_answer(cell: Any) -> None:
    assert is_missing(cell, scheme())
    assert labels_in(cell, scheme()) is None
    assert labels_in([cell], scheme()) is None
    assert labels_in([cell, "llm"], scheme()) == ["llm"]


@pytest.mark.parametrize("cell", ["", "  ", [], (), "[]", "{}", "()", ";;", ",", "[ ]"])
def test_an_empty_cell_is_an_answer_without_labels(cell: Any) -> None:
    assert labels_in(cell, scheme()) == []


@pytest.mark.parametrize("cell", ["none", "NONE", "nap", "0", 0, False])
def test_other_words_are_labels(cell: Any) -> None:
    assert labels_in(cell, scheme()) == [str(cell)]


@pytest.mark.parametrize(
    ("cell", "labels"),
    [
        ("NaN", ["NaN"]),
        ("[draft]", ["[draft]"]),
        ("[Rock, paper, scissors]", ["Rock, paper, scissors"]),
        ("[Rock, paper, scissors, NaN]", ["Rock, paper, scissors", "NaN"]),
        ("Rock, paper, scissors; na", ["Rock, paper, scissors", "na"]),
    ],
)
def test_what_the_scheme_knows_goes_before_what_it_looks_like(cell: str, labels: list[str]) -> None:
    assert labels_in(cell, NAMED) == labels


@pytest.mark.parametrize(
    ("cell", "labels"),
    [
        ("[nlp, rl]", ["nlp", "rl"]),
        ("[nlp]", ["[nlp]"]),
        ("(nlp) and more", ["(nlp) and more"]),
        ("nlp, rl", ["nlp, rl"]),
        ("nlp; rl", ["nlp", "rl"]),
        ("{'nlp': 1}", ["{'nlp': 1}"]),
        ([1.0, 2], ["1", "2"]),
        ([["ML", "llm"]], ["ML", "llm"]),
        ([{"id": 7, "name": "llm"}, {"label": "nlp"}, {"x": 1}], ["llm", "nlp", "{'x': 1}"]),
        ("['llm'", ["['llm'"]),
        ("'nlp'", ["nlp"]),
    ],
)
def test_labels_that_are_no_topics_are_told_as_they_are_spelled(cell: Any, labels: list[str]) -> None:
    assert labels_in(cell, scheme()) == labels


def test_a_long_cell_of_commas_is_split_in_time() -> None:
    cell = ",".join(f"word{number}" for number in range(20_000)) + ",llm"
    assert (labels_in(cell, scheme()) or [])[-1] == "llm"


@pytest.mark.parametrize(
    ("cell", "labels"),
    [
        ("Speech; audio", ["Speech; audio"]),
        ("Agents, tools; Speech; audio", ["Agents, tools", "Speech; audio"]),
        ("speech; AUDIO;llm", ["speech; AUDIO", "llm"]),
        ("Speech; llm", ["Speech", "llm"]),
        ("a|b|Agents, tools, llm", ["a|b", "Agents, tools", "llm"]),
    ],
)
def test_a_topic_whose_name_has_a_separator_is_one_label(cell: str, labels: list[str]) -> None:
    topics = (Topic("s", "Speech; audio"), Topic("t", "Agents, tools"), Topic("llm", "LLM"), Topic("ab", "a|b"))
    assert labels_in(cell, Scheme(Mode.MULTI, topics)) == labels


PARTS = st.lists(st.sampled_from(["llm", "vision", "Language models", "Speech"]), min_size=1, max_size=4)
WRITTEN = [
    lambda parts: parts,
    str,
    lambda parts: str(tuple(parts)),
    lambda parts: "[" + ", ".join(parts) + "]",
    lambda parts: "{" + "; ".join(parts) + "}",
    lambda parts: "[" + " ".join(map(repr, parts)) + "]",
    " | ".join,
    lambda parts: ",".join(f'"{part}"' for part in parts),
    "；".join,
]


@settings(max_examples=100, deadline=None)
@given(PARTS, st.sampled_from(WRITTEN))
def test_topics_are_the_same_in_every_notation(parts: list[str], write: Any) -> None:
    assert labels_in(write(parts), scheme()) == parts


@pytest.mark.parametrize(
    ("column", "cells", "topic"),
    [
        ("vision", ["1", "0", ""], "vision"),
        ("Vision", [1, 0, None], "vision"),
        ("speech", [True, False], "speech"),
        ("speech", ["x", "", "X "], "speech"),
        ("speech", [1.0, 0.0, float("nan")], "speech"),
        ("speech", ["yes", "no", "?"], "speech"),
        ("speech", ["0", "-1"], "speech"),
        ("speech", ["", None], None),
        ("speech", [], None),
        ("speech", ["1", "0", "2"], None),
        ("speech", ["1", "llm"], None),
        ("topics", ["1", "0"], None),
    ],
)
def test_a_column_is_one_of_flags_by_its_cells_and_has_the_topic_it_is_called_like(
    column: str, cells: list[Any], topic: str | None
) -> None:
    found = flags_of(column, cells, scheme())
    assert (found.topic if found else None) == topic


@pytest.mark.parametrize(
    ("topics", "cells", "topic"),
    [
        ([Topic("a", "A", aliases=("1",)), Topic("b", "B")], ["1", "0"], "a"),
        ([Topic("a", "A", aliases=("1",)), Topic("b", "B")], ["0", "0"], "a"),
        ([Topic("a", "A", aliases=("1",)), Topic("b", "B")], ["yes", "no"], "a"),
        ([Topic("a", "A", aliases=("yes",)), Topic("b", "B")], ["yes", "no"], "a"),
        ([Topic("a", "A", aliases=("1",)), Topic("b", "B", aliases=("0",))], ["1", "0"], None),
        ([Topic("a", "A", aliases=("1",)), Topic("b", "B", aliases=("2",))], ["1", "2"], None),
        ([Topic("a", "A")], ["1", "0"], "a"),
        ([Topic("a", "A")], ["Included", "Excluded", "Maybe"], "a"),
        ([Topic("a", "A", aliases=("included",)), Topic("b", "B")], ["Included", "Excluded"], "a"),
        ([Topic("a", "A"), Topic("b", "B", aliases=("excluded",))], ["included", "excluded"], None),
    ],
)
def test_a_column_called_otherwise_has_the_topic_with_the_alias_1_or_the_only_one(
    topics: list[Topic], cells: list[str], topic: str | None
) -> None:
    found = flags_of("included", cells, Scheme(Mode.MULTI, tuple(topics)))
    assert (found.topic if found else None) == topic


def test_an_empty_cell_is_open_beside_noes_and_not_named_beside_marks_alone() -> None:
    beside_noes, beside_marks = Flags("a", True), Flags("a", False)
    assert [beside_noes.answer(cell) for cell in ("1", 0, "", "-1")] == [
        (True, False),
        (False, False),
        (None, True),
        (None, True),
    ]
    assert [beside_marks.answer(cell) for cell in ("x", "", None)] == [(True, False), (None, False), (None, True)]
    with pytest.raises(ValueError, match="neither 0 nor 1: 'perhaps'"):
        beside_noes.answer("perhaps")


@pytest.mark.parametrize(
    ("cell", "separator", "labels"),
    [
        ("llm/vision", "/", ["llm", "vision"]),
        ("llm - vision - other", " - ", ["llm", "vision", "other"]),
        ("llm, other; more", "/", ["llm, other; more"]),
        ("Language/Text/vision", "/", ["Language/Text", "vision"]),
        (" / llm / ", "/", ["llm"]),
        ("a.b", ".", ["a", "b"]),
        (["llm", "vision"], "/", ["llm", "vision"]),
        ("", "/", []),
        (None, "/", None),
    ],
)
def test_a_separator_that_is_named_divides_alone(cell: Any, separator: str, labels: list[str] | None) -> None:
    known = Scheme(Mode.MULTI, (Topic("llm", "LLM"), Topic("vision", "Vision"), Topic("lt", "Language/Text")))
    assert labels_in(cell, known, separator) == labels


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["1", "0", ""], "1: yes; 0: no; an empty cell: unknown"),
        (["x", ""], "x: yes; an empty cell: not named"),
        (["included", "Excluded", "maybe"], "included: yes; Excluded: no; maybe: unknown"),
        ([1.0, 0.0, None], "1.0: yes; 0.0: no; an empty cell: unknown"),
        ([True, False], "True: yes; False: no"),
    ],
)
def test_how_cells_of_0_and_1_are_read_is_told(cells: list[Any], said: str) -> None:
    known = Scheme(Mode.MULTI, (Topic("rct", "Trial"),))
    found = flags_of("rct", cells, known)
    assert found is not None
    assert flags_note("rct", found, cells, known) == f"column 'rct' answers for 'Trial' ({said})"
