"""The table of the terminal: widths, wide characters, and what could steer the terminal."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.publish.labelled import LabelledPaper
from labeler.terminal import display_width, wrapped
from tests.publish.factories import NAMES, Topics, labelled, paper, written

_LONG: Topics = (("vision", 0.9, tuple(f"word{number}" for number in range(30))), ("lang", 0.6, ("x" * 300,)))


@pytest.fixture(autouse=True)
def _columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")


def _rows(*papers: LabelledPaper, names: dict[str, str] = NAMES) -> list[str]:
    return written("table", papers, names).splitlines()


def test_table_has_a_head_and_a_block_a_paper() -> None:
    rows = _rows(labelled(), labelled(paper("Nothing"), (), "none"))
    assert [row.split() for row in rows] == [
        ["PAPER", "DECISION", "TOPIC", "PROB", "WORDS"],
        ["Sorting", "Papers", "auto", "Vision", "&", "Images", "0.91", "image,", "pixel"],
        ["Language", "0.70"],
        ["Nothing", "none", "-"],
    ]
    assert len({rows[0].index("DECISION"), rows[1].index("auto"), rows[3].index("none")}) == 1
    assert len({rows[0].index("TOPIC"), rows[1].index("Vision"), rows[2].index("Language"), rows[3].index("-")}) == 1
    assert len({rows[0].index("PROB"), rows[1].index("0.91"), rows[2].index("0.70")}) == 1


@pytest.mark.parametrize("title", ["Sorting " * 30, "日本語の題名" * 20, "y" * 200, "e\u0301" * 150])
@pytest.mark.parametrize("columns", [60, 80, 90, 100, 120, 160])
def test_no_row_is_wider_than_the_terminal(monkeypatch: pytest.MonkeyPatch, title: str, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    rows = _rows(labelled(paper(title), _LONG))
    assert max(map(display_width, rows)) <= columns
    shown = "".join("".join(row.split()) for row in rows)
    assert "x" * 10 in shown
    assert all(f"word{number}" in shown for number in range(30))


def test_wide_characters_keep_the_columns_in_line() -> None:
    rows = _rows(
        labelled(paper("日本語 の 題名"), (("lang", 0.5, ()),)), labelled(paper("Plain"), (("lang", 0.5, ()),))
    )
    assert display_width(rows[1].partition("auto")[0]) == display_width(rows[2].partition("auto")[0])
    assert display_width(rows[1].partition("0.50")[0]) == display_width(rows[2].partition("0.50")[0])


def test_short_names_of_topics_do_not_cut_the_head() -> None:
    assert _rows(labelled(topics=(("a", 0.5, ()),)), names={"a": "AI"})[0].split() == [
        "PAPER", "DECISION", "TOPIC", "PROB", "WORDS",
    ]  # fmt: skip


def test_long_names_of_topics_are_cut_to_their_column() -> None:
    rows = _rows(labelled(topics=(("a", 0.5, ("word",)),)), names={"a": "N" * 50})
    assert f"  {'N' * 30}  0.50  word" in rows[1]


def test_paper_without_a_title_shows_its_abstract() -> None:
    assert _rows(labelled(paper("", "Only words.")))[1].startswith("Only words.")


def test_the_reason_stands_below_the_decision() -> None:
    rows = _rows(labelled(paper("Short"), (), "none", "unfamiliar"), labelled())
    assert [row.split() for row in rows[1:3]] == [["Short", "none", "-"], ["unfamiliar"]]
    assert rows[0].index("DECISION") == rows[2].index("unfamiliar")
    assert rows[3].startswith("Sorting Papers")


@pytest.mark.parametrize("control", ["\x1b[31m", "\x07", "\x9b2J", "\r", "\x08", "\u202e", "\u200b", "\ud800"])
def test_nothing_steers_the_terminal(control: str) -> None:
    item = LabelledPaper(paper(f"a{control}b"), ((f"t{control}", 0.5, (f"w{control}x",)),), {}, f"d{control}", "m@1")
    for names in ({}, {f"t{control}": f"n{control}ame"}):
        assert all(row.isprintable() for row in _rows(item, names=names))


@pytest.mark.parametrize(
    ("text", "width"),
    [("abc", 3), ("日本", 4), ("e\u0301", 1), ("", 0), ("Ａ", 2), ("ｱ", 1)],
)
def test_width_is_counted_in_columns(text: str, width: int) -> None:
    assert display_width(text) == width


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 5, [""]),
        ("   ", 5, [""]),
        ("one two", 7, ["one two"]),
        ("one two", 6, ["one", "two"]),
        ("abcdefghij", 5, ["abcde", "fghij"]),
        ("日本語", 4, ["日本", "語"]),
    ],
)
def test_text_is_broken_between_words_where_that_is_possible(text: str, width: int, lines: list[str]) -> None:
    assert wrapped(text, width) == lines


@settings(max_examples=100, deadline=None)
@given(text=st.text(st.sampled_from("ab日本 \u0301"), max_size=60), width=st.integers(2, 12))
def test_no_line_is_wider_than_asked_and_no_letter_is_lost(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert all(display_width(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
