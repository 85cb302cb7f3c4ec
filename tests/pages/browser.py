"""A browser for tests of pages: what it asks for and says while a page is shown is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.studio.test_browser import CHROMIUM


@dataclass
class Shown:
    """A page in the browser, with the addresses that were asked for and what the console says."""

    page: Any
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def visible(self) -> list[str]:
        """The titles of the papers that are shown, in their order."""
        script = "[...document.querySelectorAll('article')].filter(one => one.checkVisibility()).map(one => "
        return list(self.page.evaluate(script + "one.querySelector('h3').textContent)"))

    def focused(self) -> str:
        """The text of what has the focus."""
        return str(self.page.evaluate("document.activeElement.textContent"))

    def violations(self) -> list[str]:
        """What axe-core finds against the rules of WCAG 2.2 AA and good practice."""
        axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")
        rules = {"target-size": {"enabled": True}}  # of WCAG 2.2, which axe-core leaves out unless it is asked for
        found = axe.Axe().run(self.page, options={"rules": rules}).response["violations"]
        return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found]


@contextmanager
def open_browser() -> Iterator[Any]:
    """A browser that is started once; tests are skipped where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with playwright.sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@contextmanager
def show(browser: Any, address: str | Path, width: int = 1280, **options: Any) -> Iterator[Shown]:
    """A page of its own; ``options`` are those of the browser's page, such as the colour scheme."""
    page = browser.new_page(viewport={"width": width, "height": 900}, **options)
    shown = Shown(page)
    page.on("request", lambda request: shown.asked.append(request.url))
    page.on("console", lambda message: shown.said.append(message.text))
    page.on("pageerror", lambda error: shown.said.append(str(error)))
    page.on("dialog", lambda dialog: shown.said.append(dialog.message))
    page.goto(address.as_uri() if isinstance(address, Path) else address)
    yield shown
    page.close()
