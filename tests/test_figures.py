"""Figures that explanations tell stand in a table of ``tests/bench``: who makes one anew is led to the sentences."""

from __future__ import annotations

import re

from labeler.annotators.verdict import SOLID, TENTATIVE
from tests.paths import ROOT

PAGES = [
    ROOT / "docs" / "limits.md",
    *(
        page
        for folder in ("explanation", "coming_from", "development")
        for page in (ROOT / "docs" / folder).rglob("*.md")
    ),
]
_FIGURE = re.compile(r"(?<![\w.])\.(\d{3})(?!\d)")  # as in .672
_BOUNDS = {f"{bound:.3f}"[2:] for bound in (SOLID, TENTATIVE)}  # of alpha, which others have set


def test_every_figure_of_three_digits_is_one_of_a_table() -> None:
    tables = "".join(table.read_text(encoding="utf-8") for table in (ROOT / "tests" / "bench").glob("*.md"))
    known = {*re.findall(r"\.(\d{3})(?!\d)", tables), *_BOUNDS}
    told = [(page, figure) for page in PAGES for figure in _FIGURE.findall(page.read_text(encoding="utf-8"))]
    assert len(told) > 100
    assert [f"{page.relative_to(ROOT)}: .{figure}" for page, figure in told if figure not in known] == []
