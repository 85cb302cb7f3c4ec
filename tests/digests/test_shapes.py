from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pandas as pd
import pytest

from labeler.digests.shapes import identified, rows_of_lists, rows_of_object

LONG = "We study how birds find their way home over the sea when the night is clear and no star is hidden by clouds."
FRAME = pd.DataFrame({"title": ["Owls at night", "Rails by day"], "abstract": [LONG, LONG[::-1]]})
PAPERS = FRAME.to_dict("records")


def titles(rows: Any) -> list[str]:
    return [row["title"] for row in rows]


@pytest.mark.parametrize("form", ["columns", "split"])
def test_tables_as_pandas_writes_them(form: Any) -> None:
    rows = rows_of_object(json.load(StringIO(FRAME.to_json(orient=form))))
    assert rows is not None
    assert titles(rows) == titles(PAPERS)


def test_columns_as_lists_are_rows() -> None:
    assert rows_of_object(FRAME.to_dict("list")) == PAPERS


@pytest.mark.parametrize(
    "paper", [PAPERS[0], {"title": {"en": "Owls", "de": "Eulen"}, "abstract": {"en": LONG, "de": LONG}}, {"papers": []}]
)
def test_what_is_no_table_has_no_rows(paper: dict[str, Any]) -> None:
    assert rows_of_object(paper) is None


def test_rows_with_and_without_the_names_of_columns() -> None:
    cells = FRAME.to_numpy().tolist()
    assert rows_of_lists([["title", "abstract"], *cells]) == PAPERS
    assert rows_of_lists(cells) == PAPERS
    assert rows_of_lists([[1, 2], [3, 4]]) is None
    assert rows_of_lists([]) is None


@pytest.mark.parametrize(("key", "known"), [("2503.11731", True), ("10.1000/x", True), ("first", False)])
def test_a_key_that_is_an_identifier_is_kept(key: str, known: bool) -> None:
    assert ("paperid" in identified(key, {"title": "Owls"})) is known
