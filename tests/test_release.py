"""A release, in a temporary clone: what is checked, written, built and tagged, and what is left where it fails."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.paths import ROOT

PROJECT = """[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "labeler"
version = "0.1.0"

[tool.setuptools]
packages = ["labeler"]
"""
CHANGES = (
    "# Changelog\n\n## Unreleased\n\n- Papers are read.\n- They are labelled, too.\n\n## 0.1.0\n\nThe first one.\n"
)
MAKEFILE = "lint:\n\t@echo lint >> ../ran\ntest:\n\t@echo test >> ../ran; test ! -e ../broken\n"


def git(clone: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=clone, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone of a small project with the same script, whose checks only note that they ran."""
    source = tmp_path / "source"
    shutil.copytree(ROOT / ".ci", source / ".ci")
    (source / "labeler").mkdir()
    files = {"pyproject.toml": PROJECT, "CHANGELOG.md": CHANGES, "Makefile": MAKEFILE, ".gitignore": "dist/\nnotes\n"}
    for name, text in (files | {"labeler/__init__.py": ""}).items():
        (source / name).write_text(text, encoding="utf-8")
    git(source, "init", "--quiet", "--initial-branch", "main")
    git(source, "config", "user.name", "A tester")
    git(source, "config", "user.email", "tester@example.org")
    git(source, "add", ".")
    git(source, "commit", "--quiet", "-m", "All")
    git(tmp_path, "clone", "--quiet", str(source), "clone")
    git(tmp_path / "clone", "config", "user.name", "A tester")
    git(tmp_path / "clone", "config", "user.email", "tester@example.org")
    return tmp_path / "clone"


def release(clone: Path, number: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ".ci/release.py", number]
    return subprocess.run(command, cwd=clone, capture_output=True, text=True, check=False)


def test_a_release_is_checked_built_and_tagged_and_sent_nowhere(clone: Path) -> None:
    if int(version("setuptools").split(".")[0]) < 77:
        pytest.skip(f"setuptools {version('setuptools')} cannot build; 77 or newer can (`make setup`)")
    before = git(clone, "rev-parse", "origin/main")
    (clone / "notes").write_text("git passes this over")
    done = release(clone, "0.2.0")
    assert done.returncode == 0, done.stderr
    assert (clone.parent / "ran").read_text().split() == ["lint", "test"]
    assert 'version = "0.2.0"' in (clone / "pyproject.toml").read_text()
    today = datetime.now(UTC).date()
    wanted = CHANGES.replace("## Unreleased\n", f"## Unreleased\n\n## 0.2.0 ({today})\n")
    assert (clone / "CHANGELOG.md").read_text() == wanted
    assert git(clone, "status", "--porcelain") == ""
    assert "They are labelled, too." in git(clone, "tag", "-n9", "--list", "v0.2.0")
    assert git(clone, "rev-parse", "v0.2.0^{commit}") == git(clone, "rev-parse", "HEAD")
    assert sorted(path.name for path in (clone / "dist").iterdir()) == [
        "labeler-0.2.0-py3-none-any.whl",
        "labeler-0.2.0.tar.gz",
    ]
    assert "labeler/__init__.py" in ZipFile(clone / "dist" / "labeler-0.2.0-py3-none-any.whl").namelist()
    with tarfile.open(clone / "dist" / "labeler-0.2.0.tar.gz") as sdist:
        assert not any(name.endswith("notes") for name in sdist.getnames())
    remote = git(clone, "ls-remote", "origin")
    assert before.strip() in remote
    assert "v0.2.0" not in remote


def test_a_failed_check_leaves_everything_as_it_was(clone: Path) -> None:
    (clone.parent / "broken").touch()
    done = release(clone, "0.2.0")
    assert done.returncode == 1
    assert "`make test` failed; nothing was released" in done.stderr
    assert (clone / "CHANGELOG.md").read_text() == CHANGES
    assert git(clone, "status", "--porcelain") == git(clone, "tag") == ""
    assert not (clone / "dist").exists()


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("0.1.0", "0.1.0 is not later than 0.1.0"),
        ("0.0.9", "is not later"),
        ("2", "is no version such as"),
        ("0.2.0rc1", "is no version such as"),
    ],
)
def test_a_version_that_is_none_or_not_later_is_refused(clone: Path, number: str, told: str) -> None:
    done = release(clone, number)
    assert (done.returncode, told in done.stderr) == (1, True), done.stderr


def test_a_checkout_that_is_not_fit_is_refused(clone: Path) -> None:
    (clone / "labeler" / "new.py").touch()
    assert "files have changed" in release(clone, "0.2.0").stderr
    (clone / "labeler" / "new.py").unlink()
    git(clone, "tag", "v0.2.0")
    assert "there is a tag v0.2.0" in release(clone, "0.2.0").stderr
    git(clone, "switch", "--quiet", "-c", "other")
    assert "this is the branch other" in release(clone, "0.3.0").stderr


def test_a_release_of_nothing_is_refused(clone: Path) -> None:
    (clone / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\n## 0.1.0\n\nThe first one.\n")
    git(clone, "commit", "--quiet", "-am", "Nothing")
    assert "nothing under '## Unreleased'" in release(clone, "0.2.0").stderr
    assert not (clone.parent / "ran").exists()
