"""The morning of the documentation: from nothing to a mail that is sent each day, as a person would type it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mail.conftest import MakeServer
from tests.mail.server import PASSWORD
from tests.paths import ROOT
from tests.sources.conftest import web
from tests.sources.invented import hf
from tests.sources.replay import Replay

__all__ = ["web"]

PAGE = (ROOT / "docs/howto/mornings.md").read_text(encoding="utf-8")
CRONTAB = """#!/bin/sh
if [ "$1" = -l ]; then exec cat "$HOME/crontab"; fi
cat > "$HOME/crontab.new"
mv "$HOME/crontab.new" "$HOME/crontab"
"""


def program(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


@pytest.mark.slow
def test_five_lines_make_a_mail_each_day(
    make_server: MakeServer, web: Replay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (morning,) = re.findall(r"^```bash\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert len(morning.splitlines()) == 5
    post = make_server("starttls", users=True)
    at_hand = morning.replace('"mail.example.org"', f"\"localhost\"' 'port = {post.port}").replace(
        "the password", PASSWORD
    )
    web.answers("/api/daily_papers", hf(1, 2))
    tools = tmp_path / "bin"
    tools.mkdir()
    program(tools / "labeler", f'#!/bin/sh\nexec "{sys.executable}" -m labeler "$@"\n')
    program(tools / "crontab", CRONTAB)
    (tmp_path / "crontab").touch()
    environment = {
        **os.environ,
        "HOME": str(tmp_path),
        "PATH": f"{tools}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "LABELER_FETCH_HF_URL": web.url,
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    environment.pop("LABELER_MAIL_PASSWORD", None)
    done = subprocess.run(
        ["bash", "-euc", at_hand], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (line,) = (tmp_path / "crontab").read_text().splitlines()
    if shutil.which("crontab"):
        subprocess.run(["crontab", "-n", tmp_path / "crontab"], check=True, capture_output=True)
    command = line.removeprefix("0 7 * * * ")
    for _ in range(2):  # two mornings with the same papers
        ran = subprocess.run(
            ["/bin/sh", "-c", command], cwd="/", env=environment, capture_output=True, text=True, check=False
        )
        assert (ran.returncode, ran.stderr) == (0, "")
    (letter,) = post.letters
    assert letter.to == "ada@example.org"
    assert (tmp_path / "papers" / "digest.html").exists()
    assert (tmp_path / "papers" / "feed.atom").read_text().count("<entry>") == 2
