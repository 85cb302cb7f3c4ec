"""Texts that need no cleaning have the words of their cleaned form."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from labeler.features.terms import words
from labeler.papers.cleaning import clean
from labeler.papers.needs_cleaning import needs_cleaning, printed_texts, with_clean_words
from tests.papers.test_cleaning import PIECES

TEXTS = st.lists(PIECES | st.sampled_from(["robots", "\x7f", "\t"]), max_size=5).map("".join)


def check_words(text: str) -> None:
    """A text that needs no cleaning has the words of its cleaned form, and so has the result of the faster cleaning."""
    if not needs_cleaning(text):
        assert words(clean(text)) == words(text)
    assert words(with_clean_words(text)) == words(clean(text))


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@example("a- b")
@example("large- scale pre- training")
@example("`` robots ''")
@example("$a$ \\emph{b} $c$")
@example("$a \\ $ b")
@example("a\\$b $c\\d$")
@example("$$\\a$$")
@example("$a\\$ b\\%c $")
@example("it''s  robots ~ x~y")
@given(st.lists(PIECES | st.sampled_from(["$x$", "$\\a b$", "robots", "''", "x_y", "~"]), max_size=9).map("".join))
def test_texts_that_need_no_cleaning_have_clean_words(text: str) -> None:
    check_words(text)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(max_codepoint=0x17F), max_size=20) | st.text(max_size=20))
def test_any_text_that_needs_no_cleaning_has_clean_words(text: str) -> None:
    check_words(text)


@pytest.mark.slow
def test_real_papers_that_need_no_cleaning_have_clean_words(shared: Path) -> None:
    table = pq.read_table(shared / "data" / "arxiv_until_2025.parquet", columns=["title", "abstract"])
    texts = [text for name in table.column_names for text in table[name].slice(30_000, 6_000).to_pylist()]
    for text in texts:
        check_words(text)
    assert sum(not needs_cleaning(text) for text in texts) > 0.8 * len(texts)


@pytest.mark.parametrize(
    ("text", "clean_already"),
    [
        ("Plain words, numbers 3-4 (and signs).", True), ("a $\\alpha$ b", True), ("pre- training", True),
        ("Schr\\\"odinger", False), ("R&amp;D", False), ("a <i>b</i>", False), ("caf\u00e9", True),
        ("cafe\u0301", False), ("soft\u00adware", False), ("o\ufb03ce", False), ("\uff11\uff12", False),
        ("\ue000", False),
        ("caf\u00e9-\nbar", False), ("caf\u00e9 \\'e", False), ("caf\u00e9 $\\'e$", True), ("a\u00a0b", False),
        ("two\nlines", True), ("broken-\nup", False), ("broken- \r\nup", False), ("a\x00b", False),
        ("$a$ \\emph{b}", False), ("5\\% of a\\,b \\alpha", True), ("a\\_b", False), ("\\$5 $a$", False),
        ("a < b & c", True), ("\\\"{o}", False), ("$a \\ b", False), ("", True),
    ],
)  # fmt: skip
def test_which_texts_need_no_cleaning_to_be_scored(text: str, clean_already: bool) -> None:
    assert needs_cleaning(text) is not clean_already


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.lists(PIECES | st.sampled_from(["robots", "\x7f", "\t"]), max_size=5).map("".join), min_size=1, max_size=5
    )
)
def test_printed_texts_are_found_in_the_bytes_of_all_together(texts: list[str]) -> None:
    encoded = [text.encode() for text in texts]
    bounds = np.cumsum([0, *map(len, encoded)])
    printed = printed_texts(np.frombuffer(b"".join(encoded), np.uint8), bounds).tolist()
    for text, is_printed in zip(texts, printed, strict=True):
        assert not is_printed or needs_cleaning(text, True) == needs_cleaning(text)
        assert is_printed or not text.isascii() or not text.isprintable()
