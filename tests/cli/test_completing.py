"""What a shell may complete a command line with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from labeler.cli.completing import completed


def found(line: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert completed(line) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return [one.split("\t")[0] for one in out.splitlines()]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("labeler la", "label"),
        ("labeler topics ch", "check"),
        ("labeler label --prec", None),
        ("labeler label --form", "--format"),
        ("labeler label x.txt --format bib", "bibtex"),
        ("labeler label x.txt --to html", "html"),
        ("labeler label x.txt --to=html", "--to=html"),
        ("labeler label x.txt --only re", "review"),
        ("labeler label --topic cs.C", "cs.CL"),
        ("labeler push --strategy di", "diverse"),
        ("labeler fetch pub", "pubmed"),
        ("labeler models use ar", "arxiv@1"),
        ("labeler completion f", "fish"),
        ("labeler label 'x", None),
        ("labeler label", "label"),
        ("", "label"),
    ],
)
def test_commands_options_and_names_are_completed(
    line: str, value: str | None, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert value in found(line, capsys) if value else not found(line, capsys)


def test_names_are_those_of_the_workspace(trained_once: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = f"labeler --workspace {trained_once} label --model mi"
    assert found(line, capsys) == ["mine", "mine@1"]
    assert found(f"labeler label --workspace {trained_once} --topic rob", capsys) == ["robotics"]


def test_topics_are_those_of_the_model_in_use(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert found("labeler label --topic cs.C", capsys) == []


def test_watches_are_completed(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (workspace / "labeler.toml").open("a") as settings:
        settings.write('\n[[watch]]\nname = "daily"\ninputs = ["in/*.txt"]\noutputs = ["out.md"]\n')
    assert found("labeler watch --once da", capsys) == ["daily"]


@pytest.mark.parametrize("name", ["labeler.toml", "annotations/topics.toml"])
@pytest.mark.parametrize("content", [b"[", b"\xff\xfe", b"topic = 1\n", None])
def test_a_damaged_workspace_completes_no_names_and_says_nothing(
    name: str, content: bytes | None, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (workspace / name).unlink()
    if content is None:
        (workspace / name).mkdir()
    else:
        (workspace / name).write_bytes(content)
    for line in ("labeler label --topic ro", "labeler label --model mi", "labeler watch da"):
        assert found(line, capsys) == []
    assert found("labeler la", capsys) == ["label"]


def test_a_shell_that_asks_gets_an_answer_and_loads_nothing_heavy(trained_once: Path) -> None:
    program = (
        "import sys; from labeler.cli import main; code = main(); "
        "print([name for name in ('numpy', 'scipy', 'pandas', 'sklearn', 'jinja2') if name in sys.modules])"
    )
    for line in ("labeler ", "labeler label --topic ", "labeler label --model ", "labeler push --strategy "):
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=trained_once,
            env=os.environ | {"_LABELER_COMPLETE": line},
            capture_output=True,
            text=True,
            check=True,
        )
        *names, heavy = done.stdout.splitlines()
        assert names
        assert heavy == "[]", line
