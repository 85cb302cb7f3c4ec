"""The byte search for what was forgotten."""

from __future__ import annotations

import json
from pathlib import Path

from labeler.flows.forgotten_traces import files_with, signs_of_names, signs_of_paper
from labeler.papers import Paper

PAPER = Paper.make("Über Greifer, die sich erinnern", "Es geht um dies. " * 9, ids=["arxiv:2503.11731", "doi:10.1/x"])


def test_a_paper_is_found_by_any_sign_in_any_form(tmp_path: Path) -> None:
    texts = {
        "a.txt": f"see https://arxiv.org/abs/2503.11731v2 {'x' * 99}",
        "b.json": json.dumps({"title": PAPER.title}),
        "deep/c.jsonl": json.dumps({"abstract": PAPER.abstract}, ensure_ascii=False),
        "d.bib": "doi = {10.1/X}",
        "e.md": PAPER.title.upper(),
        "f.txt": "arxiv 12503.11731 or 2503.117311",
        ".git/g": PAPER.title,
        ".labeler/studio/h": PAPER.title,
        ".labeler/i": PAPER.ids[-1],
        "empty": "",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "b.bin").write_bytes(b"\x00\xff" + PAPER.title.encode() + b"\x00")
    found = files_with(tmp_path, signs_of_paper([PAPER]))
    assert found == [".labeler/i", "a.txt", "b.bin", "b.json", "d.bib", "deep/c.jsonl", "e.md"]
    assert files_with(tmp_path, []) == []


def test_names_are_words_and_short_ones_are_not_searched_for(tmp_path: Path) -> None:
    assert signs_of_names(["7", "ada", "ada@example.org"]) == ["ada@example.org"]
    (tmp_path / "a").write_text("To: <Ada@Example.org>")
    (tmp_path / "b").write_text("nevada@example.org")
    assert files_with(tmp_path, ["ada@example.org"]) == ["a"]
