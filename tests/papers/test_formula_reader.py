"""Formulas of LaTeX, read or left whole."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.papers.formula_reader import Run, runs_of


@pytest.mark.parametrize(
    ("source", "runs"),
    [
        ("x_{i_j}^2", [Run("x"), Run("i", "_"), Run("j", "__"), Run("2", "^")]),
        (r"\frac{a}{b}", [Run("a/b")]),
        (r"\frac{1}{2}x", [Run("(1/2)x")]),
        (r"2\frac{a}{b}", [Run("2(a/b)")]),
        (r"\frac{a+b}{c}", [Run("(a+b)/c")]),
        (r"\sqrt{x}", [Run("√x")]),
        (r"\binom{n}{k}", [Run("(n choose k)")]),
        (r"a \bmod b", [Run("a mod b")]),
        (r"\mathbb{RQ}", [Run("ℝℚ")]),
        (r"\vec{x}", [Run("x\u20d7")]),
        (r"37^\circ\mathrm{C}", [Run("37°C")]),
        (r"\Aut(G)", [Run("Aut(G)")]),
        (r"\left\{ x \right\}", [Run("{ x }")]),
        (r"\unicode{8212}", [Run("—")]),
        (r"\sin\theta", [Run("sin θ")]),
        (r"a\le b", [Run("a ≤ b")]),
    ],
)
def test_runs_of_one_height(source: str, runs: list[Run]) -> None:
    assert list(runs_of(source) or ()) == runs


@pytest.mark.parametrize(
    "source",
    ["", " ", "}", "{", r"\frac{a}", r"\foo{x}", r"\begin{matrix}a\end{matrix}", r"a \over b", r"\unicode{x202e}",
     r"\sqrt[a+b]{x}", "{" * 40 + "x" + "}" * 40, r"\hat{ab}"],
)  # fmt: skip
def test_what_is_not_understood_is_not_read_by_half(source: str) -> None:
    assert runs_of(source) is None


PARTS = [
    *"{}^_ab1 ()[]&+|",
    "\\frac",
    "\\sqrt",
    "\\hat",
    "\\left",
    "\\alpha",
    "\\not",
    "\\text",
    "\\log",
    "\\le",
    "\\x",
]


@given(st.lists(st.sampled_from(PARTS), max_size=20).map("".join) | st.text(max_size=20))
def test_any_formula_is_read_or_left(source: str) -> None:
    runs = runs_of(source)
    if runs is not None:
        assert all(run.text and not run.shift.strip("^_") for run in runs[1:-1])
        assert all(one.shift != other.shift for one, other in pairwise(runs))
        assert "".join(run.text for run in runs).strip()
        assert not any("  " in run.text for run in runs)
