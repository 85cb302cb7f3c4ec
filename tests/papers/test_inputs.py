"""Texts and dates of papers from all forms of input."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from labeler.papers import Paper
from labeler.papers.inputs import as_dates, as_texts

FRAME = pd.DataFrame({"title": ["A", None, "C"], "abstract": ["x", "y", float("nan")], "year": [1, 2, 3]})


@pytest.mark.parametrize(
    "texts",
    [
        ["A\nx", "B"],
        ("A\nx", "B"),
        iter(["A\nx", "B"]),
        np.array(["A\nx", "B"]),
        np.array(["A\nx", "B"], dtype=object),
        pd.Series(["A\nx", "B"], index=[7, 3]),
        [Paper.make("A", "x"), Paper.make("B")],
        [{"title": "A", "abstract": "x"}, {"title": "B", "abstract": None}],
        [MappingProxyType({"title": "A", "abstract": "x", "year": 3}), {"title": "B"}],
        [{"title": "A", "abstract": "x"}, {"title": float("nan"), "abstract": "B"}],
        ["A\nx", Paper.make("B")],
        pd.DataFrame({"title": ["A", "B"], "abstract": ["x", ""]}),
    ],
    ids=lambda texts: type(texts).__name__,
)
def test_every_form_gives_title_line_break_abstract(texts: Any) -> None:
    assert as_texts(texts) == ["A\nx", "B"]


@pytest.mark.parametrize(
    "frame", [FRAME, FRAME.convert_dtypes(), FRAME.astype(object), FRAME.astype({"title": "string"})]
)
def test_missing_cells_of_a_frame_are_left_out(frame: pd.DataFrame) -> None:
    assert as_texts(frame) == ["A\nx", "y", "C"]


def test_one_column_is_enough() -> None:
    assert as_texts(FRAME[["title"]].dropna()) == ["A", "C"]
    assert as_texts(FRAME[["abstract"]].dropna()) == ["x", "y"]


def test_an_entry_that_says_nothing_is_an_empty_text() -> None:
    assert as_texts([{"title": None, "abstract": ""}, {}, ""]) == ["", "", ""]


@pytest.mark.parametrize("texts", [[], (), np.array([]), pd.Series([], dtype=str), FRAME[:0]])
def test_nothing_gives_nothing(texts: Any) -> None:
    assert as_texts(texts) == []


@pytest.mark.parametrize("single", ["one text", {"title": "A", "abstract": "x"}, Paper.make("A", "x")])
def test_a_single_paper_is_refused_and_not_taken_apart(single: Any) -> None:
    with pytest.raises(ValueError, match="give a sequence of texts"):
        as_texts(single)


@pytest.mark.parametrize(
    ("texts", "kind"), [([3], "int"), (["a", None], "NoneType"), ([b"a"], "bytes"), ([["a"]], "list"), ([0.5], "float")]
)
def test_an_entry_of_another_kind_is_named(texts: Any, kind: str) -> None:
    with pytest.raises(ValueError, match=f"not {kind}$"):
        as_texts(texts)


def test_a_frame_without_text_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="neither a column 'title' nor 'abstract'"):
        as_texts(FRAME[["year"]])


def test_dates_are_of_the_arxiv_identifier_or_else_as_the_paper_says() -> None:
    papers = [
        Paper.make("A", "b", ids=["arxiv:2503.11731"], date="2026-01-12"),
        Paper.make("A", "b", ids=["arxiv:hep-th/9901001"]),
        Paper.make("A", "b", date="2026-01-12"),
        Paper.make("A", "b"),
    ]
    assert as_dates(papers) == ["2025-03", "1999-01", "2026-01-12", None]
    assert as_dates([paper.to_dict() for paper in papers]) == as_dates(papers)
    assert as_dates(["a text", {"title": "A"}, {"title": "A", "date": float("nan")}]) == [None, None, None]
    frame = pd.DataFrame({"title": ["A", "B"], "id": ["arxiv:0704.0001", None], "date": [None, "2020-05-06"]})
    assert as_dates(frame) == ["2007-04", "2020-05-06"]
    assert as_dates(frame[["title"]]) == [None, None]
