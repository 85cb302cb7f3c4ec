"""Some mutated files of each format, always the same; an hour of others: ``python -m tests.fuzz --minutes 60``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from labeler.digests import FORMATS
from tests.fuzz.mutations import MOST, mutated
from tests.fuzz.seeds import seeds
from tests.fuzz.trial import FaultError, check, content_of
from tests.paths import ROOT

EACH = 40


def test_every_format_has_a_file_to_start_from() -> None:
    known = seeds(False)
    missing = [reader.NAME for reader in FORMATS.builtin if not known[reader.NAME]]
    assert not missing, "give their tests a sample in a constant, or one to tests/fuzz/seeds.py"


def test_a_trial_can_be_repeated() -> None:
    for name in ("ris", "table", "archive", "parquet"):
        assert content_of(7, name, False) == content_of(7, name, False) != content_of(8, name, False)
        assert len(content_of(7, name, False)[0]) <= MOST


def test_faults_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr("tests.fuzz.trial.read_inputs", broken)
    with pytest.raises(FaultError, match="KeyError"):
        check(b"a", tmp_path, "a.txt", None)
    assert not list(tmp_path.iterdir())


def test_mutations_change_a_file() -> None:
    from random import Random

    changed = [mutated(b"title,abstract\nA,b\n" * 9, Random(number), b"{}" * 50) for number in range(100)]
    assert len(set(changed)) > 80


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, EACH, 10))
def test_mutated_files_are_read_or_refused(first: int) -> None:
    """In a process of its own, whose end by a fault of a library would be seen, and whose memory is bounded."""
    command = [sys.executable, "-m", "tests.fuzz", "--own", "--first", str(1000 + first), "--each", "10"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr[-300:]}"
