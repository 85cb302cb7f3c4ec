"""Every command in the README runs, in order, as a new user would type it; every Python example too."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.conftest import Labeler
from tests.places import ROOT, SAMPLES

README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return [block.strip() for block in re.findall(rf"^ *```{language}\n(.*?)^ *```", README, re.DOTALL | re.MULTILINE)]


def commands() -> list[list[str]]:
    lines = [line.strip() for block in blocks("sh") for line in block.splitlines()]
    return [shlex.split(line, comments=True) for line in lines if not line.startswith("make ")]


def test_the_readme_runs_from_top_to_bottom(labeler: Labeler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(SAMPLES / "digest.txt", "digest.txt")
    ran = []
    for words in commands():
        if words[0] == "cd":
            monkeypatch.chdir(words[1])
            for name in ("digest.txt", "export.json"):
                shutil.copy(SAMPLES / name, name)
            shutil.copy(SAMPLES / "digest-topics.csv", "table.csv")
            assert labeler("read", str(SAMPLES / "export.json"), "-o", "pile.jsonl").code == 0
            shutil.copy(SAMPLES / "topics.toml", "annotations")
        else:
            assert words[0] == "labeler"
            outcome = labeler(*words[1:])
            assert outcome.code == 0, f"{shlex.join(words)}: {outcome.err}"
            ran.append(words[1])
    told = "label init topics read train topics export export import import train label explain models background"
    assert ran == told.split()
    for block in blocks("python"):
        exec(compile(block, "README.md", "exec"), {})


def test_every_make_target_is_explained() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert targets is not None
    explained = re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE)
    assert sorted(explained) == sorted(targets[1].split())


def test_commands_named_in_the_text_exist(labeler: Labeler) -> None:
    named = set(re.findall(r"`labeler ([a-z]+(?: (?:check|show|config|list|use|export))?)", README))
    assert {"read", "train", "models export"} <= named
    for name in named:
        assert labeler(*name.split(), "--help").code == 0, name


def test_files_named_in_the_documents_exist() -> None:
    for document in ("README.md", "CONTRIBUTING.md", "SECURITY.md"):
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", (ROOT / document).read_text(encoding="utf-8")):
            assert (ROOT / target).exists(), target
