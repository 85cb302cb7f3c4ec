from __future__ import annotations

import json
import random
import sys
from pathlib import Path

import pytest

from labeler.drift.fields import read_field_map
from labeler.errors import InputError
from labeler.features.background import shipped
from models.fields import __main__ as program
from models.fields.build import field_map_of

WORDS = {
    "cs.RO": "robot arm gripper motion controller walking grasping planning torque sensor".split(),
    "astro-ph.EP": "planet orbit disc star telescope transit dust atmosphere moon spectrum".split(),
}


def papers(count: int = 60) -> list[tuple[str, str]]:
    """Invented texts, each with its category."""
    rng = random.Random(0)
    return [(" ".join(rng.choices(words, k=30)), name) for name, words in WORDS.items() for _ in range(count)]


@pytest.mark.slow
def test_categories_are_told_by_words_of_the_background() -> None:
    texts, categories = zip(*papers(), strict=True)
    data = field_map_of(shipped(), texts, categories)
    assert data == field_map_of(shipped(), texts, categories)
    found = read_field_map(data)
    assert set(found.names) == set(WORDS)
    fields = found.fields_of([" ".join(words) for words in WORDS.values()])
    assert [max(each, key=lambda name: each[name]) for each in fields] == list(WORDS)


def test_too_few_papers_make_no_map() -> None:
    texts, categories = zip(*papers(3), strict=True)
    with pytest.raises(InputError, match="fewer than two categories have 50 papers"):
        field_map_of(shipped(), texts, categories)


@pytest.mark.slow
def test_the_program_writes_the_map(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    records = [
        {"id": f"arxiv:2601.{number:05}", "title": f"Paper {number}", "abstract": text, "categories": [category]}
        for number, (text, category) in enumerate(papers())
    ]
    corpus, out = tmp_path / "corpus.jsonl", tmp_path / "fields.npz"
    corpus.write_text("\n".join(map(json.dumps, records)))
    monkeypatch.setattr(sys, "argv", ["models.fields", str(corpus), "-o", str(out)])
    assert program.main() == 0
    assert capsys.readouterr().out.startswith(f"{out}: ")
    assert read_field_map(out.read_bytes()).names == tuple(sorted(WORDS))
    monkeypatch.setattr(sys, "argv", ["models.fields", str(tmp_path / "no.jsonl"), "-o", str(out)])
    assert program.main() != 0
