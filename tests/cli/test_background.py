"""A background that is built from papers of one's own is known, and trained with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labeler.features.background import load_background
from tests.conftest import Labeler
from tests.paths import SAMPLES


@pytest.mark.slow
def test_a_background_is_built_told_and_named_in_the_settings(labeler: Labeler, trained: Path) -> None:
    name = 'my "field".npz'
    outcome = labeler("background", "build", SAMPLES / "export.json", "-o", trained / name)
    assert (outcome.code, outcome.out) == (0, ""), outcome.err
    found = load_background(Path(name))
    last = outcome.err.splitlines()[-1]
    assert last.startswith(
        f"{trained / name} knows {len(found.words)} words of {found.papers} papers. To train with it, "
    )
    Path("labeler.toml").write_text(f"[train]\n{last.split('`')[1]}\n")
    record = json.loads(labeler("train", "--json").out)
    manifest = json.loads(Path(f"models/mine/{record['version']}/manifest.json").read_text())
    assert (record["version"], manifest["background"]["papers"]) == (2, found.papers)
    before = Path(name).read_bytes()
    record = json.loads(labeler("background", "build", SAMPLES / "export.json", "-o", "field.npz", "--json").out)
    assert record == {"file": "field.npz", "papers": found.papers, "words": len(found.words), "bytes": len(before)}
    assert Path("field.npz").read_bytes() == before, "the same papers give the same file"


def test_too_few_papers_are_bad_input_and_leave_no_file(labeler: Labeler, workspace: Path) -> None:
    Path("one.jsonl").write_text('{"title": "Robots with arms"}\n')
    for inputs in ("one.jsonl", "missing.jsonl"):
        outcome = labeler("background", "build", inputs, "-o", "field.npz")
        assert (outcome.code, outcome.err.count("\n")) == (3, 1), outcome.err
    assert not Path("field.npz").exists()


@pytest.mark.slow
def test_the_language_of_its_papers_is_told(labeler: Labeler, workspace: Path) -> None:
    words = [chr(0x5000 + 2 * number) + chr(0x5001 + 2 * number) for number in range(60)]
    texts = ["".join(words[(paper * place + place // 7) % 60] for place in range(1, 21)) for paper in range(120)]
    rows = ({"title": f"{number} {text[:6]}", "abstract": f"{text[6:]}。"} for number, text in enumerate(texts))
    Path("pile.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    outcome = labeler("background", "build", "pile.jsonl", "-o", "zh.npz")
    assert "papers in Chinese. To train with it, " in " ".join(outcome.err.split()), outcome.err
    record = json.loads(labeler("background", "build", "pile.jsonl", "-o", "zh.npz", "--json").out)
    assert record["languages"] == {"zh": 1.0}
