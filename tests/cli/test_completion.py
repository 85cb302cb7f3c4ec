"""The command completion, in the shells themselves."""

from __future__ import annotations

import json
import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import Labeler

SHELLS = {"bash": ["bash", "--norc", "--noprofile", "-i"], "zsh": ["zsh", "-f", "-i"], "fish": ["fish", "--no-config"]}


def typed(shell: str, script: str, keys: str, wanted: str, folder: Path) -> str:
    """What a shell shows, in a terminal, until that holds ``wanted``, or for half a minute."""
    (folder / "start").write_text(script)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LABELER", "COLUMNS"))}
    environment |= {"PATH": f"{folder}:{os.environ['PATH']}", "HOME": str(folder), "TERM": "xterm", "PS1": "$ "}
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(folder)
        os.execvpe(SHELLS[shell][0], SHELLS[shell], environment)
    shown, end = "", time.monotonic() + 30
    os.write(terminal, f". {folder}/start\necho rea''dy\n".encode())
    is_typed = False
    try:
        while wanted not in shown and time.monotonic() < end:
            if select.select([terminal], [], [], 0.2)[0]:
                shown += os.read(terminal, 65536).decode(errors="replace").replace("\a", "")
            if not is_typed and "ready" in shown:
                os.write(terminal, keys.encode())
                is_typed = True
    finally:
        os.kill(process, 9)
        os.waitpid(process, 0)
        os.close(terminal)
    return shown


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("labeler compl\t", "labeler completion"),
        ("labeler models remove mine@\t", "mine@1"),
        ("labeler models remove mi\t@\t", "mine@1"),
        ("labeler label digest-of-today.txt --to=ht\t", "--to=html"),
        ("labeler label --topic robo\t", "robotics"),
        ("labeler label digest-of\t", "digest-of-today.txt"),
    ],
)
@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_completes(shell: str, line: str, wanted: str, labeler: Labeler, trained: Path) -> None:
    if not shutil.which(shell):
        pytest.skip(f"the shell {shell} is not installed")
    (trained / "digest-of-today.txt").touch()
    program = trained / "labeler"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m labeler "$@"\n')
    program.chmod(0o755)
    script = labeler("completion", shell).out
    assert wanted in typed(shell, script, line, wanted, trained)


def test_the_script_is_told_with_its_place(labeler: Labeler) -> None:
    done = labeler("completion", "bash")
    assert "complete -o bashdefault" in done.out
    assert "~/.bashrc" in done.err
    told = json.loads(labeler("completion", "fish", "--json").out)
    assert told["file"] == "~/.config/fish/config.fish"
    assert "complete --command labeler" in told["script"]


def test_another_shell_is_none(labeler: Labeler) -> None:
    done = labeler("completion", "tcsh")
    assert (done.code, done.out) == (2, "")
    assert "bash, zsh, fish" in done.err


@pytest.mark.parametrize("shell", SHELLS)
def test_the_scripts_are_read_by_their_shells(shell: str, labeler: Labeler, tmp_path: Path) -> None:
    if not shutil.which(shell):
        pytest.skip(f"the shell {shell} is not installed")
    script = tmp_path / "script"
    script.write_text(labeler("completion", shell).out)
    subprocess.run([shell, "-n", script], check=True)
