"""LaTeX: signs, formulas, capitals, and how the time grows."""

from __future__ import annotations

import pytest

from labeler.publish.latex import latex_text, latex_title
from tests.growth import LARGEST_RATIO, doubling


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("plain words, ünïcode 漢字", "plain words, ünïcode 漢字"),
        ("50% of R&D #1 a_b", r"50\% of R\&D \#1 a\_b"),
        (r"a\b ~ ^", r"a\textbackslash{}b \textasciitilde{} \textasciicircum{}"),
        ("{x}", r"\{x\}"),
        ("x}{", r"x\textbraceright{}\textbraceleft{}"),
        ("we show $x_{1}^2 < 3$ and \\(n\\)", "we show $x_{1}^2 < 3$ and \\(n\\)"),
        ("$\\sim$310 of $n$", "$\\sim$310 of $n$"),
        ("$\\sim$$15\\,000$", "$\\sim${}$15\\,000$"),
        ("$$\\frac{a}{b}$$", "$$\\frac{a}{b}$$"),
        ("costs $5 and $10", r"costs \$5 and \$10"),
        ("a lone $ sign", r"a lone \$ sign"),
        ("$a{b$ x", r"\$a\textbraceleft{}b\$ x"),
        ("$\\{x}$ y", r"\$\textbackslash{}\{x\}\$ y"),
        ("$5% of$ x", r"\$5\% of\$ x"),
        ("@x{", r"{@}x\textbraceleft{}"),
        ("``q''", "{`}{`}q{'}{'}"),
        ("", ""),
    ],
)
def test_text_is_set_as_it_is(text: str, latex: str) -> None:
    assert latex_text(text) == latex


@pytest.mark.parametrize(
    ("title", "latex"),
    [
        ("Sorting papers with BERT", "Sorting papers with {BERT}"),
        ("mRNA in Ünïcode", "{mRNA} in {Ünïcode}"),
        ("Words", "Words"),
        ("GPT-4o: A view", "{GPT-4o}: {A} view"),
        ("$X_A$ Sorting", "$X_A$ Sorting"),
        ("R&D", r"R\&{D}"),
    ],
)
def test_capitals_of_titles_stay(title: str, latex: str) -> None:
    assert latex_title(title) == latex


@pytest.mark.parametrize("part", ["$a_", "\\(", "a{", "}", "$$", "=$", "\\[x", "'' "])
def test_time_grows_with_the_length(part: str) -> None:
    assert doubling(lambda size: part * size, latex_text, 2000) <= LARGEST_RATIO
