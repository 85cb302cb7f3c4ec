"""The documentation builds without a warning, is whole, asks for nothing from elsewhere, and reads well on a phone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from labeler.cli.app import app_for
from labeler.digests.registry import FORMATS
from labeler.measure.registry import METRICS
from labeler.publish.registry import OUTPUTS
from labeler.sampling.registry import STRATEGIES
from labeler.sources.registry import SOURCES
from tests.made_once import made_once
from tests.pages.browser import open_browser, show
from tests.paths import ROOT

pytestmark = pytest.mark.slow
PAGES = (
    "index",
    "tutorial/index",
    "howto/label",
    "explanation/promises",
    "reference/commands/label",
    "reference/python/classifier",
)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documentation as `make docs` builds it."""
    return made_once(tmp_path_factory, "docs", build) / "html"


def build(folder: Path) -> None:
    options = ("-q", "-n", "-W", "--keep-going", "-d", str(folder / "doctrees"))
    words = [sys.executable, "-m", "sphinx", *options, str(ROOT / "docs"), str(folder / "html")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser that is started once."""
    with open_browser() as opened:
        yield opened


def commands(command: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """All commands by their full names."""
    for short, one in getattr(command, "commands", {}).items():
        full = f"{name} {short}".strip()
        yield full, one
        yield from commands(one, full)


def test_every_command_has_a_page_with_all_its_options(built: Path) -> None:
    known = dict(commands(typer.main.get_command(app_for(()))))
    assert len(known) > 30
    for name, command in known.items():
        page = (built / f"reference/commands/{name.replace(' ', '_')}.html").read_text(encoding="utf-8")
        for option in command.params:
            assert option.opts[0] in page or option.make_metavar(typer.Context(command)) in page, (
                f"{name}: {option.name}"
            )


def test_every_member_of_a_registry_is_in_a_table(built: Path) -> None:
    for registry, page in (
        (FORMATS, "digests"),
        (OUTPUTS, "label"),
        (METRICS, "label"),
        (STRATEGIES, "studio"),
        (SOURCES, "sources"),
    ):
        text = (built / f"howto/{page}.html").read_text(encoding="utf-8")
        for member in registry.builtin:
            assert f">{member.NAME}</span>" in text, member.NAME


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_break_no_rule_of_accessibility(built: Path, browser: Any, name: str, scheme: str) -> None:
    with show(browser, built / f"{name}.html", color_scheme=scheme) as shown:
        assert shown.violations() == []
        assert [address for address in shown.asked if not address.startswith("file:")] == []


@pytest.mark.parametrize("name", PAGES)
def test_pages_fit_a_phone(built: Path, browser: Any, name: str) -> None:
    with show(browser, built / f"{name}.html", width=390) as shown:
        assert shown.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_search_works_from_disk(built: Path, browser: Any) -> None:
    with show(browser, f"{(built / 'search.html').as_uri()}?q=krippendorff") as shown:
        shown.page.wait_for_selector("ul.search li a")
        assert "annotators" in "".join(
            one.inner_text().lower() for one in shown.page.query_selector_all("ul.search li")
        )
