"""What is told of an installation, and what is left of one that fails or is interrupted."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from labeler.errors import ServerError
from labeler.studio import install as module

PIP = (
    "import time\nfor name in ('django', 'numpy', 'pandas'):\n print('Collecting', name, '(from x)', flush=True); "
    "time.sleep(.2)\n"
)


def test_what_pip_does_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_TOLD_EVERY", 0.1)
    said: list[str] = []
    module._run([sys.executable, "-c", PIP], said.append)
    assert said[-1] == "  … 3 packages so far: Collecting pandas"


def test_the_fault_is_told() -> None:
    program = "print('ERROR: no matching distribution'); print('notice: update pip'); raise SystemExit(1)"
    with pytest.raises(ServerError, match="cannot be installed: ERROR: no matching distribution"):
        module._run([sys.executable, "-c", program], print)


def test_an_interrupt_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_TOLD_EVERY", 0.0)
    done = tmp_path / "done"

    def interrupt(_: str) -> None:
        raise KeyboardInterrupt

    program = f"{PIP}time.sleep(5); open({str(done)!r}, 'w')"
    with pytest.raises(KeyboardInterrupt):
        module._run([sys.executable, "-c", program], interrupt)
    assert not done.exists()
