"""A file's hash is worked out where it is used first, and again when it has changed or moved."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from labeler.score.verified import has_hash


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "labeler" / "verified.json"


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files whose hashes were worked out."""
    names: list[str] = []
    digest = hashlib.file_digest

    def noted(stream: object, name: str) -> object:
        names.append(Path(stream.name).name)  # type: ignore[attr-defined]
        return digest(stream, name)  # type: ignore[arg-type]

    monkeypatch.setattr("labeler.score.verified.hashlib.file_digest", noted)
    return names


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_file_is_hashed_once_and_again_when_it_changed(tmp_path: Path, cache: Path, hashed: list[str]) -> None:
    path = tmp_path / "weights"
    path.write_bytes(b"one")
    assert has_hash(path, sha256(path))
    assert has_hash(path, sha256(path))
    assert hashed == ["weights"]
    assert has_hash(path, sha256(path), verify=True)
    path.write_bytes(b"another")
    assert has_hash(path, sha256(path))
    assert len(hashed) == 3
    path = path.rename(tmp_path / "moved")
    assert has_hash(path, sha256(path))
    assert hashed[3:] == ["moved"]


def test_another_hash_is_told_though_the_file_was_checked(tmp_path: Path, cache: Path) -> None:
    path = tmp_path / "weights"
    path.write_bytes(b"one")
    assert has_hash(path, sha256(path))
    assert not has_hash(path, "0" * 64)


@pytest.mark.parametrize("content", [b"", b"[1]", b"{", b"\xff", b'{"x": 3}'])
def test_a_note_that_is_harmed_is_written_anew(tmp_path: Path, cache: Path, content: bytes, hashed: list[str]) -> None:
    cache.parent.mkdir(parents=True)
    cache.write_bytes(content)
    path = tmp_path / "weights"
    path.write_bytes(b"one")
    assert has_hash(path, sha256(path))
    assert has_hash(path, sha256(path))
    assert hashed == ["weights"]
    assert str(path) in json.loads(cache.read_bytes())


def test_without_a_place_for_the_note_files_are_always_checked(tmp_path: Path, cache: Path, hashed: list[str]) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    path = tmp_path / "weights"
    path.write_bytes(b"one")
    assert has_hash(path, sha256(path))
    assert has_hash(path, sha256(path))
    assert hashed == ["weights", "weights"]


def test_only_so_many_files_are_remembered(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labeler.score.verified._MAX_FILES", 3)
    for number in range(5):
        path = tmp_path / str(number)
        path.write_bytes(b"x")
        assert has_hash(path, sha256(path))
    assert [Path(name).name for name in json.loads(cache.read_bytes())] == ["2", "3", "4"]
