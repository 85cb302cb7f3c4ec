from __future__ import annotations

from typing import Any

import pytest

from labeler.digests.lists import authors_in, parts_of


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("Ada Lovelace, Bo Ek and Cy Dee", ["Ada Lovelace", "Bo Ek", "Cy Dee"]),
        ("Lovelace, Ada; Ek, Bo", ["Lovelace, Ada", "Ek, Bo"]),
        ("Marx, Karl", ["Marx, Karl"]),
        ("Doe, J. and Roe, R.", ["Doe, J.", "Roe, R."]),
        ("['Ada Lovelace', 'Bo Ek']", ["Ada Lovelace", "Bo Ek"]),
        ([{"given": "Ada", "family": "Lovelace"}, {"name": "Bo Ek"}, None], ["Ada Lovelace", "Bo Ek"]),
        ([{"author": {"display_name": "Ada Lovelace"}}, {"name": "Cy", "hidden": True}], ["Ada Lovelace"]),
        ({"authors": [{"name": "Ada Lovelace"}]}, ["Ada Lovelace"]),
        (["nan", "Ada Lovelace"], ["Ada Lovelace"]),
        (5, []),
    ],
)
def test_authors_in_every_spelling(value: Any, names: list[str]) -> None:
    assert list(authors_in(value, str.strip)) == names


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("cs.CL; cs.LG", ["cs.CL", "cs.LG"]),
        ("['cs.CL', 'cs.LG']", ["cs.CL", "cs.LG"]),
        ([{"@term": "cs.CL"}, {"name": "cs.LG"}, " "], ["cs.CL", "cs.LG"]),
        ("[cs.CL", ["[cs.CL"]),
        (None, []),
    ],
)
def test_parts_of_lists_and_texts(value: Any, parts: list[str]) -> None:
    assert list(parts_of(value, r"[;,]\s*")) == parts


def test_a_text_that_only_begins_with_a_bracket_is_divided() -> None:
    assert list(parts_of("[18F]NaF, trismus, surgery", r"\s*,\s*")) == ["[18F]NaF", "trismus", "surgery"]
