from __future__ import annotations

import json
import random
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from labeler import TopicClassifier
from labeler.features.background import Background, load_background
from labeler.features.cooccurrence import unit_rows
from models.background import __main__ as program
from models.background import build, encoder
from models.background.build import background_of, rows_of, with_language
from tests.features.factories import THEMES, corpus

CHARACTERS = {"rock": "岩石层土", "moon": "月亮星空", "gene": "基因细胞", "coin": "货币金融"}


def theme_of(text: str) -> str:
    return max(THEMES, key=text.count)


def vectors_of(texts: list[str]) -> encoder.Vectors:
    """What an encoder might say: rock and gene are alike, moon and coin are."""
    rng = np.random.default_rng(0)
    sides = np.array([[1.0, 0.2] if theme_of(text) in ("rock", "gene") else [0.2, 1.0] for text in texts])
    return np.asarray(np.hstack([sides, rng.normal(0, 0.1, (len(texts), 6))]), dtype=np.float32)


def told_in_chinese(text: str, number: int) -> str:
    rng = random.Random(number)
    own, all_characters = CHARACTERS[theme_of(text)], "".join(CHARACTERS.values())
    return "".join(rng.choice(own if rng.random() < 0.8 else all_characters) for _ in range(40))


@cache
def learned() -> Background:
    return background_of(corpus(), vectors_of(corpus()), "tiny")


@cache
def bilingual() -> Background:
    texts = corpus(300)
    return with_language(learned(), texts, [told_in_chinese(text, number) for number, text in enumerate(texts)])


def means(background: Background, texts: list[str]) -> dict[str, encoder.Vectors]:
    """The mean point of the papers of each theme, from the mean paper on."""
    weights = np.sqrt(background.idf)[:, None]
    points = np.asarray(rows_of(background, texts) @ (background.vectors * weights))
    points -= points.mean(axis=0)
    themes = [theme_of(text) for text in texts]
    return {theme: unit_rows(points[[one == theme for one in themes]].mean(axis=0)[None])[0] for theme in THEMES}


def test_papers_lie_as_the_encoder_says(monkeypatch: pytest.MonkeyPatch) -> None:
    point = means(learned(), corpus(seed=1))
    assert point["rock"] @ point["gene"] > point["rock"] @ point["moon"] + 0.3
    monkeypatch.setattr(build, "_DISTILLED", 0.0)
    alone = means(background_of(corpus(), vectors_of(corpus()), "tiny"), corpus(seed=1))
    assert point["rock"] @ point["gene"] > alone["rock"] @ alone["gene"] + 0.3


def test_papers_have_the_squared_length_one_on_average() -> None:
    points = rows_of(learned(), corpus()) @ (learned().vectors * np.sqrt(learned().idf)[:, None])
    assert ((points - points.mean(axis=0)) ** 2).sum(axis=1).mean() == pytest.approx(1, rel=1e-3)


def test_there_are_no_more_columns_than_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "_WIDTH", 3)
    assert background_of(corpus(), vectors_of(corpus()), "tiny").vectors.shape == (len(learned().words), 3)


def test_words_of_another_language_point_where_the_same_papers_do() -> None:
    background = bilingual()
    assert background.words[: len(learned().words)] == learned().words
    assert "岩 石" in background.words
    units = unit_rows(background.vectors)
    at = {word: units[number] for number, word in enumerate(background.words)}
    english = {theme: np.mean([at[word] for word in words], axis=0) for theme, words in THEMES.items()}
    for theme, characters in CHARACTERS.items():
        point = np.mean([at[character] for character in characters], axis=0)
        assert max(english, key=lambda other: float(point @ english[other])) == theme


def test_names_in_english_are_found_among_papers_in_chinese() -> None:
    texts = [text for text in corpus(200, seed=5) if theme_of(text) in ("rock", "moon")]
    chinese = [told_in_chinese(text, number) for number, text in enumerate(texts)]
    names = {"stones": " ".join(THEMES["rock"][:9]), "sky": " ".join(THEMES["moon"][:9])}
    classifier = TopicClassifier(definitions=names, background=bilingual())
    predicted = classifier.fit([], [], unlabeled=chinese).predict(chinese)
    themes = {"stones": "rock", "sky": "moon"}
    right = [themes.get(name) == theme_of(text) for name, text in zip(predicted, texts, strict=True)]
    assert np.mean(right) > 0.9


def test_the_program_writes_the_background(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def write(name: str, texts: list[str]) -> str:
        rows = (
            {"id": f"2501.{number:05}", "title": text[:20], "abstract": text[20:]} for number, text in enumerate(texts)
        )
        (tmp_path / name).write_text("".join(json.dumps(row) + "\n" for row in rows))
        return str(tmp_path / name)

    english = corpus(300)
    papers = write("papers.jsonl", [text.replace("\n", " ") for text in english])
    told = write("chinese.jsonl", [told_in_chinese(text, number) for number, text in enumerate(english)])
    monkeypatch.setattr(program, "missing", lambda: None)
    monkeypatch.setattr(program, "embedded", lambda texts, *_: vectors_of(texts))
    out = tmp_path / "background.npz"
    monkeypatch.setattr(sys, "argv", ["models.background", papers, "--chinese", told, "-o", str(out)])
    assert program.main() == 0
    assert "岩" in load_background(out).words
    assert f"{out}: " in capsys.readouterr().out
    monkeypatch.setattr(sys, "argv", ["models.background", str(tmp_path / "no.jsonl"), "-o", str(out)])
    assert program.main() > 0
    monkeypatch.setattr(program, "missing", lambda: "not installed: onnxruntime")
    assert program.main() == 2
    assert "pip install" in capsys.readouterr().err
