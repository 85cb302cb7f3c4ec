"""The pictures of the documentation, from the samples: ``python docs/pictures.py [FOLDER]`` (`make pictures`).

It needs chromium and what `labeler studio start` needs. The workspace that it makes is gone at its end.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "annotations/samples"
PICTURES = ROOT / "docs/_static/pictures"
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser")
WIDTH, HEIGHT = 1280, 800


def main(folder: Path = PICTURES, prepare: Callable[[Path], object] = lambda _: None) -> None:
    """Write all pictures into a folder. ``prepare`` is given the workspace before anything is done in it."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        workspace = Path(stack.enter_context(TemporaryDirectory())) / "papers"
        _labeler("init", str(workspace))
        os.chdir(workspace)
        stack.callback(os.chdir, ROOT)
        prepare(workspace)
        (workspace / "annotations/topics.toml").write_bytes((SAMPLES / "topics.toml").read_bytes())
        _labeler("import", str(SAMPLES / "export.json"))
        _labeler("train")
        _labeler("evaluate", "--report", "report.html")
        _labeler("label", str(SAMPLES / "digest.txt"), "-o", "digest.html")
        _labeler("studio", "start")
        stack.callback(_labeler, "studio", "stop")
        _labeler("push", str(SAMPLES / "digest.txt"), "--count", "10")
        player = stack.enter_context(sync_playwright())
        program = next(path for path in CHROMIUM if Path(path).exists())
        browser = player.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        stack.callback(browser.close)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for name in ("digest", "report"):
            page.goto((workspace / f"{name}.html").as_uri())
            page.screenshot(path=folder / f"{name}.png")
        _annotating(page)
        page.screenshot(path=folder / "annotating.png")


def _annotating(page: Any) -> None:
    """Log in, and open a paper with a suggestion, as *Label All Tasks* does."""
    from label_studio_sdk import LabelStudio

    from labeler.studio.local import LocalStudio

    known = LocalStudio(Path(".labeler/studio")).credentials()
    assert known is not None, "the server has just been started"
    page.goto(f"{known.url}/user/login/")
    page.fill("input[name=email]", known.email)
    page.fill("input[name=password]", known.password)
    page.click("button[type=submit]")
    page.wait_for_url(f"{known.url}/**", wait_until="load")
    (project,) = LabelStudio(base_url=known.url, api_key=known.token).projects.list()
    page.goto(f"{known.url}/projects/{project.id}/data?labeling=1")
    page.wait_for_selector(".paper-topics input:checked")


def _labeler(*words: str) -> None:
    """Run a command, which tells what it does."""
    print("labeler", *words, file=sys.stderr, flush=True)
    subprocess.run([sys.executable, "-m", "labeler", "--quiet", *words], check=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
