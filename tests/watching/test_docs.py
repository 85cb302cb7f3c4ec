"""The examples for cron, systemd and GitHub Actions, each read by a checker of its own."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT

DOCS = ROOT / "docs" / "watch"


def run(*command: str | Path) -> str:
    """What a program prints, which must be content."""
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def needs(program: str, package: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed (package {package})")


def test_cron_takes_the_crontab() -> None:
    needs("crontab", "cron")
    assert "bad" not in run("crontab", "-n", DOCS / "crontab")


@pytest.mark.slow
def test_systemd_takes_the_units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needs("systemd-analyze", "systemd")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    for name in ("labeler-watch.service", "labeler-watch.timer"):
        shutil.copy(DOCS / name, tmp_path)
        assert run("systemd-analyze", "verify", "--user", "--man=no", tmp_path / name) == ""


def test_systemd_takes_the_time() -> None:
    needs("systemd-analyze", "systemd")
    text = (DOCS / "labeler-watch.timer").read_text(encoding="utf-8")
    (when,) = re.findall(r"^OnCalendar=(.*)$", text, re.MULTILINE)
    assert "07:00:00" in run("systemd-analyze", "calendar", when)


@pytest.mark.slow
def test_the_action_is_one() -> None:
    pytest.importorskip("check_jsonschema", reason="check-jsonschema is not installed")
    checker = (sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows")
    assert "ok" in run(*checker, DOCS / "github-action.yml")


def test_all_examples_are_checked_and_run_what_there_is() -> None:
    names = sorted(path.name for path in DOCS.iterdir())
    assert names == ["crontab", "github-action.yml", "labeler-watch.service", "labeler-watch.timer"]
    for name in names[:3]:
        assert "watch --once" in (DOCS / name).read_text(encoding="utf-8")
