"""Journals that are written as macros."""

from __future__ import annotations

import pytest

from labeler.digests.journal_macros import journal_of


@pytest.mark.parametrize(
    ("macro", "journal"),
    [
        (r"\apj", "Astrophysical Journal"),
        (r"{\mnras}", "Monthly Notices of the RAS"),
        (r" \PRD ", "Physical Review D"),
        (r"\unknown", r"\unknown"),
        ("apj", "apj"),
        ("Nature", "Nature"),
        ("", ""),
        ("\\", "\\"),
    ],
)
def test_macros_are_journals_and_other_texts_stay(macro: str, journal: str) -> None:
    assert journal_of(macro) == journal
