"""Formulas in plain text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.papers.formula_text import readable


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("An $O(n^2)$ method", "An O(n²) method"),
        ("$\\alpha_{1}$ and $x_i$", "α₁ and x_i"),
        ("$2^{n-1}$ steps", "2ⁿ⁻¹ steps"),
        ("$\\mathbb{R}^{d}$", "ℝ^d"),
        ("$e^{ab}$", "e^(ab)"),
        ("It costs $5 and $10", "It costs $5 and $10"),
        ("No formula", "No formula"),
        ("Not $\\unknowncommand{x}$ here", "Not $\\unknowncommand{x}$ here"),
    ],
)
def test_formulas_read_as_text(text: str, told: str) -> None:
    assert readable(text) == told


@given(st.text(max_size=80))
def test_any_text_is_taken(text: str) -> None:
    assert isinstance(readable(text), str)
