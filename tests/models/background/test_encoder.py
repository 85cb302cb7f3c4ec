from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.background import encoder

TEXTS = [f"Title {number}\nAbstract {number}" for number in range(5)]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were embedded, here by their numbers: the model itself is no part of the tests."""
    texts: list[str] = []

    def embed(text: str) -> encoder.Vectors:
        texts.append(text)
        return np.full(encoder.WIDTH, TEXTS.index(text), np.float32)

    monkeypatch.setattr(encoder, "embed", embed)
    monkeypatch.setattr(encoder, "_KEPT_AT_ONCE", 2)
    return texts


def test_vectors_are_kept_and_what_is_kept_is_read(tmp_path: Path, asked: list[str]) -> None:
    said: list[str] = []
    first = encoder.embedded(TEXTS, tmp_path / "kept", said.append)
    assert first[:, 0].tolist() == [0, 1, 2, 3, 4]
    assert said[0] == "embedding papers 1 to 2 of 5 …"
    again = encoder.embedded(TEXTS, tmp_path / "kept")
    assert asked == TEXTS
    assert again.tobytes() == first.tobytes()


def test_a_run_that_was_ended_goes_on(tmp_path: Path, asked: list[str]) -> None:
    encoder.embedded(TEXTS[:2], tmp_path)
    (tmp_path / "torn.part").write_bytes(b"half")
    assert encoder.embedded(TEXTS, tmp_path).shape == (5, encoder.WIDTH)
    assert asked == TEXTS


def test_no_texts_have_no_vectors(tmp_path: Path) -> None:
    assert encoder.embedded([], tmp_path).shape == (0, encoder.WIDTH)


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "_PACKAGES", {"json": "json", "no_such_module": "no-such-package"})
    assert encoder.missing() == "not installed: no-such-package"
    monkeypatch.setattr(encoder, "_PACKAGES", {"json": "json"})
    assert encoder.missing() is None
