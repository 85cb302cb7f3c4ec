"""Normal forms of Unicode, with a bounded number of combining marks on a letter."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.papers.normal_forms import normalized


@given(st.text(max_size=30))
def test_text_as_people_write_it_is_normalized_as_unicode_says(text: str) -> None:
    for form in ("NFC", "NFKC", "NFKD"):
        assert normalized(form, text) == unicodedata.normalize(form, text)


@pytest.mark.parametrize("marks", ["\u0301", "\u0301\u0327", "\u05b0\u05bc"])
def test_a_letter_of_a_long_text_has_thirty_marks_at_most(marks: str) -> None:
    found = normalized("NFKD", "a" + marks * 4000 + "b")
    assert found[0] == "a"
    assert found[-1] == "b"
    assert len(found) == 32


def test_long_runs_of_signs_that_are_no_marks_stay() -> None:
    text = "\U0001f600" * 100 + "…" * 4000 + "e\u0301"
    assert normalized("NFC", text) == text[:-2] + "é"
