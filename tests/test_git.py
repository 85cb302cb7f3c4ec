from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from labeler.git import commit_of

AUTHOR = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *AUTHOR, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    (tmp_path / "annotations").mkdir()
    (tmp_path / "annotations" / "topics.toml").write_text("one")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "first")
    return tmp_path


def test_the_commit_of_a_folder_is_that_of_its_repository(repository: Path) -> None:
    (repository / "elsewhere").write_text("not asked about")
    assert commit_of(repository, "annotations") == (git(repository, "rev-parse", "HEAD"), False)


@pytest.mark.parametrize("name", ["topics.toml", "new.jsonl", "ignored.jsonl"])
def test_files_that_are_changed_new_or_ignored_are_not_in_the_commit(repository: Path, name: str) -> None:
    (repository / ".gitignore").write_text("ignored.jsonl\n")
    (repository / "annotations" / name).write_text("two")
    commit = commit_of(repository, "annotations")
    assert commit
    assert commit.changed


def test_a_work_tree_beside_the_repository_has_its_own_commit(repository: Path, tmp_path: Path) -> None:
    beside = tmp_path / "beside"
    git(repository, "worktree", "add", "-q", "--detach", str(beside))
    (beside / "annotations" / "topics.toml").write_text("two")
    git(beside, "commit", "-q", "-a", "-m", "second")
    assert commit_of(beside, "annotations") == (git(beside, "rev-parse", "HEAD"), False)
    assert commit_of(repository, "annotations") == (git(repository, "rev-parse", "HEAD"), False)


@pytest.mark.parametrize("made", [True, False])
def test_without_a_commit_or_a_repository_there_is_none(tmp_path: Path, made: bool) -> None:
    if made and shutil.which("git"):
        git(tmp_path, "init", "-q")
    assert commit_of(tmp_path, "annotations") is None


@pytest.mark.parametrize("head", ["", "ref: refs/heads/gone", "\x00", "ref: " + "x" * 9000])
def test_a_damaged_repository_has_no_commit(repository: Path, head: str) -> None:
    (repository / ".git" / "HEAD").write_text(head)
    assert commit_of(repository, "annotations") is None


def test_without_git_there_is_no_commit(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert commit_of(repository, "annotations") is None


def test_a_hook_of_another_repository_is_not_meant(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    assert commit_of(repository, "annotations")
