"""JSON lines of labelled papers, which are also a digest."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from labeler import read_digest
from tests.publish.factories import labelled, paper, written


def test_one_record_a_line_in_plain_utf_8() -> None:
    text = written("jsonl", [labelled(paper("Schrödinger’s Größe")), labelled()])
    assert text.count("\n") == 2
    assert text.endswith("}\n")
    assert "Schrödinger’s Größe" in text
    assert [json.loads(line) for line in text.splitlines()][1] == labelled().to_dict()


def test_labelled_papers_read_back_as_papers(tmp_path: Path) -> None:
    one = paper(
        ids=["arxiv:2601.88001", "doi:10.5555/a"],
        authors=("Lee, Ann", "Bo Ek"),
        date="--03-14",
        url="https://example.org/a b",
        categories=("cs.LG",),
        source="page.txt",
        flags=("odd_characters",),
    )
    path = tmp_path / "labelled.jsonl"
    path.write_text(written("jsonl", [labelled(one), labelled(paper("Other", "Words.", source="b"))]), encoding="utf-8")
    assert read_digest(path) == [one, paper("Other", "Words.", source="b")]


@settings(max_examples=60, deadline=None)
@given(title=st.text(min_size=1), words=st.lists(st.text(), max_size=3))
def test_any_text_stays_on_one_line_and_is_utf_8(title: str, words: list[str]) -> None:
    item = labelled(paper(f"T{title}\ud800"), (("lang", 0.5, tuple(words)),))
    text = written("jsonl", [item])
    assert text.count("\n") == 1
    record = json.loads(text.encode("utf-8"))
    assert record["title"].startswith(f"T{title}")
    assert record["topics"][0]["because"] == words
