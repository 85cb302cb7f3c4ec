from __future__ import annotations

import runpy
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    "command", [[sys.executable, "-m", "labeler"], [str(Path(sys.executable).with_name("labeler"))]]
)
def test_the_command_and_the_module_are_one_program(command: list[str], tmp_path: Path) -> None:
    told = subprocess.run([*command, "--version"], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout, told.stderr) == (0, f"labeler {version('labeler')}\n", "")
    failed = subprocess.run([*command, "label", "x"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (failed.returncode, failed.stdout) == (3, "")
    assert failed.stderr == "labeler: cannot read x: no such file or directory; check the name\n"


def test_the_exit_code_is_the_one_of_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "argv", ["labeler", "--quiet", "label", str(tmp_path / "missing")])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("labeler", run_name="__main__")
    assert ended.value.code == 3
