"""The cells of a row, which all spreadsheets have in common."""

from __future__ import annotations

from math import nan

from hypothesis import given
from hypothesis import strategies as st

from labeler.publish.sheet import COLUMNS, cells_of
from tests.publish.factories import NAMES, labelled, paper


def row(item: object) -> dict[str, str]:
    return dict(zip(COLUMNS, cells_of(item, NAMES), strict=True))  # type: ignore[arg-type]


def test_a_row_has_a_cell_for_each_column() -> None:
    one = paper(ids=["arxiv:2601.88001"], authors=("Ann Lee", "Bo Ek"), date="2026-01-12", url="https://x.org/a")
    item = labelled(one, decision="judged", reason="tied")._replace(by={"vision": ("ada", "bo")})
    assert row(item) == {
        "id": "arxiv:2601.88001", "title": "Sorting Papers", "topics": "Vision & Images; Language", "corrected": "",
        "probability": "0.912", "probabilities": "0.912; 0.700", "because": "image, pixel; ", "also": "",
        "decision": "judged", "reason": "tied", "date": "2026-01-12", "authors": "Ann Lee; Bo Ek", "url": "https://x.org/a",
        "abstract": "We sort.", "model": "default@3", "by": "ada, bo; ", "ids": " ".join(one.ids),
    }  # fmt: skip


def test_what_is_not_known_is_empty() -> None:
    found = row(labelled(topics=(("gone", nan, ()),)))
    assert (found["topics"], found["probability"], found["probabilities"]) == ("gone", "", "")
    assert (found["by"], found["date"], found["url"]) == ("", "", "")
    empty = row(labelled(topics=()))
    likely = row(labelled()._replace(also=(("vision", 0.4567), ("gone", 0.4))))
    assert likely["also"] == "Vision & Images (0.457); gone (0.400)"
    assert (empty["topics"], empty["probability"], empty["because"]) == ("", "", "")


@given(st.text("a\x1b\u202e\x00\x9b\n é"))
def test_nothing_in_a_cell_steers_a_terminal(text: str) -> None:
    cells = cells_of(labelled(paper(f"Title {text}", text or "x"), topics=((text, 0.5, (text,)),)), {text: text})
    assert not set("\x1b\u202e\x00\x9b") & set("".join(cells))
