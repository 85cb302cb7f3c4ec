"""The pictures of the documentation can be made anew, and show what the pages say of them."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from labeler.studio.local import LocalStudio
from tests.conftest import STUDIO_PROGRAM, copy_studio
from tests.pages.browser import CHROMIUM
from tests.paths import ROOT

PICTURES = ROOT / "docs/_static/pictures"


@pytest.mark.slow
def test_the_pictures_can_be_made_anew(ready_studio: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    monkeypatch.setenv("LABELER_STUDIO_PROGRAM", str(STUDIO_PROGRAM))
    monkeypatch.chdir(tmp_path)

    def prepare(workspace: Path) -> LocalStudio:
        return copy_studio(ready_studio, workspace / ".labeler/studio")

    runpy.run_path(str(ROOT / "docs/pictures.py"))["main"](tmp_path / "made", prepare)
    for picture in PICTURES.glob("*.png"):
        made = (tmp_path / "made" / picture.name).read_bytes()
        assert made[16:24] == picture.read_bytes()[16:24], f"{picture.name}: another size"  # width and height
        assert len(made) > 20_000, f"{picture.name}: hardly anything on it"


def test_every_picture_is_shown_and_there() -> None:
    texts = [page.read_text(encoding="utf-8") for page in (*(ROOT / "docs").rglob("*.md"), ROOT / "README.md")]
    for picture in PICTURES.glob("*.png"):
        assert any(f"pictures/{picture.name})" in text for text in texts), picture.name
