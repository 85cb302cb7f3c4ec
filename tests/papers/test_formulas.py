"""Formulas as text that reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.papers.formula_reader import runs_of
from labeler.papers.formulas import formulas


def read(source: str) -> str | None:
    """The runs of a formula, those that stand higher or lower in braces."""
    runs = runs_of(source)
    return None if runs is None else "".join(f"{run.shift}{{{run.text}}}" if run.shift else run.text for run in runs)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("O(n^2)", "O(n^{2})"),
        ("x_{i_j}^2", "x_{i}__{j}^{2}"),
        (r"\alpha \le \frac{1}{2}", "α ≤ 1/2"),
        (r"\frac{a+b}{c_i}", "(a+b)/(c_{i})"),
        (r"2\frac{1}{3}", "2(1/3)"),
        (r"\frac12\zeta + \frac12", "(1/2)ζ + 1/2"),
        (r"(x)\frac{1}{2}", "(x)(1/2)"),
        (r"f\colon X\to Y", "f: X → Y"),
        (r"2^{\prime\prime}", "2′′"),
        (r"(a)\log n", "(a) log n"),
        (r"n\log n", "n log n"),
        (r"\log_2 n", "log_{2} n"),
        (r"\mathbb{R}^{d\times k}", "ℝ^{d×k}"),
        (r"\R^n", "ℝ^{n}"),
        (r"\mathbb{F}", "𝔽"),
        (r"\sqrt[3]{x+1}", "^{3}√(x+1)"),
        (r"\mathcal{O}(\sqrt{n})", "O(√n)"),
        (r"\hat{x}", "x\u0302"),
        (r"\overline{AB}", "A\u0305B\u0305"),
        (r"90^\circ", "90°"),
        (r"f'", "f′"),
        (r"p \not\in S", "p ∉ S".replace("∉", "∈\u0338")),
        (r"5\,\mathrm{GeV}/c^2", "5\u2009GeV/c^{2}"),
        (r"\text{if } x>0", "if x>0"),
        (r"\left( \frac{1}{2} \right.", "( 1/2"),
        (r"70\ {\rm km}", "70 km"),
        (r"\sim", "∼"),
        (r"a \equiv b \pmod{p}", "a ≡ b (mod p)"),
        (r"\binom{N}{k}", "(N choose k)"),
        (r"a\unicode{x2014}b", "a—b"),
        (r"\{1,\ldots,n\}", "{1,…,n}"),
        (r"50\%", "50%"),
        (r"\Aut(\Gamma) > \eps", "Aut(Γ) > ε"),
        (r"\x_1 \KL p", "x_{1} KL p"),
    ],
)
def test_formulas_read_as_text(source: str, text: str) -> None:
    assert read(source) == text


@pytest.mark.parametrize(
    "source",
    [
        r"\foo{x}", r"\foo[x]", r"1 \over 2", r"\@",
        "a}b", "{a", "^", "_", "_{}", r"\frac{1}", r"\begin{array}a\end{array}", r"a & b", r"\\", "",
        r"\widehat{AB}", r"\sqrt[", r"\unicode{x0}", r"\unicode{xFFFFFFFF}", "{" * 60 + "}" * 60, "\\",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_left_as_it_is(source: str) -> None:
    assert read(source) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It costs $5 and $10 a day.", []),
        ("from $5 to $10", []),
        ("We gain US$ 5 and lose US$ 3.", []),
        (r"from $5 to $\alpha$ more", [r"$\alpha$"]),
        (r"at \$5 and $x$", ["$x$"]),
        ("$a$ $b$", ["$a$", "$b$"]),
        ("$ x_1 $ with blanks", ["$ x_1 $"]),
        (r"\(x^2\), \[y\] and $$E=mc^2$$", [r"\(x^2\)", r"\[y\]", "$$E=mc^2$$"]),
        ("H$_2$O and CO_{2}", ["$_2$", "_{2}"]),
        (r"the \alpha-stable \foo", [r"\alpha"]),
        ("one $ alone", []),
        ("$" + "x" * 1000 + "$", []),
        ("snake_case and a^b", []),
    ],
)
def test_formulas_are_found_and_money_is_none(text: str, found: list[str]) -> None:
    assert [text[one.start : one.end] for one in formulas(text)] == found


PARTS = [*"$\\{}^_ab1 ()[]&|", "\\frac", "\\sqrt", "\\hat", "\\left", "\\alpha", "\\not", "\\text", "\\log"]


@given(st.lists(st.sampled_from(PARTS)).map("".join) | st.text())
def test_any_text_is_divided_and_nothing_overlaps(text: str) -> None:
    end = 0
    for one in formulas(text):
        assert end <= one.start < one.end <= len(text)
        end = one.end
