"""The package of the how-to on plug-ins: installed into a folder of its own, and used by commands."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.cli.process import COMMAND
from tests.paths import ROOT
from tests.sources.replay import Replay

TEMPLATE = ROOT / "tests" / "plugin_template"
PAGE = (ROOT / "docs" / "howto" / "plugins.md").read_text(encoding="utf-8")
LIST = """READING LIST
    an abstract that stands below no title
Robots that walk on ice
    A legged robot learns to walk
    where it is slippery.
Speech of whispering voices
    A codec for whispered speech.
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The variables of processes that have the package installed."""
    if int(version("setuptools").split(".")[0]) < 77:
        pytest.skip(f"setuptools {version('setuptools')} cannot build the package; 77 or newer can (`make setup`)")
    folder = tmp_path_factory.mktemp("plugins")
    shutil.copytree(TEMPLATE, folder / "source", ignore=shutil.ignore_patterns("__pycache__"))
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "--target", folder / "site", folder / "source"], check=True, capture_output=True)
    return {**os.environ, "PYTHONPATH": f"{folder / 'site'}{os.pathsep}{ROOT}", "XDG_CACHE_HOME": str(folder / "cache")}


def run(environment: dict[str, str], folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*COMMAND, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done


@pytest.mark.slow
def test_all_five_are_listed_as_the_page_shows_them(environment: dict[str, str], tmp_path: Path) -> None:
    shown = next(block for block in re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL) if "newsletter" in block)
    wide = environment | {"COLUMNS": "300"}
    assert run(wide, tmp_path, "plugins").stdout == shown
    listed = json.loads(run(environment, tmp_path, "plugins", "--json").stdout)["plugins"]
    assert [one["kind"] for one in listed] == ["format", "output", "strategy", "metric", "source"]
    assert {(one["package"], one["version"], one["fault"]) for one in listed} == {("labeler-template", "1.0", "")}


@pytest.mark.slow
def test_a_digest_is_read_and_labelled_into_the_output(environment: dict[str, str], trained: Path) -> None:
    (trained / "monday.list").write_text(LIST)
    read = run(environment, trained, "read", "monday.list")
    assert "2 papers" in read.stderr
    assert "1 refused (read as reading_list)" in read.stderr
    run(environment, trained, "label", "monday.list", "-o", "monday.org")
    first, second = (trained / "monday.org").read_text().splitlines()
    assert first.startswith("* Robots that walk on ice")
    assert second.startswith("* Speech of whispering voices")
    done = run(environment, trained, "export", "monday.list", "--count", "1", "--strategy", "central")
    assert "1 task of 2 papers, chosen by central" in done.stderr


@pytest.mark.slow
def test_the_metric_stands_in_the_evaluation_with_an_interval(environment: dict[str, str], trained: Path) -> None:
    done = run(environment, trained, "evaluate", "--json", "--report", "report.html")
    assert re.search(r'"exact_match": \{\s*"value": 0\.\d+,\s*"low": 0\.\d+,\s*"high": 0\.\d+', done.stdout)
    assert "exact_match" in (trained / "report.html").read_text()


@pytest.mark.slow
def test_the_source_is_fetched_from(environment: dict[str, str], tmp_path: Path) -> None:
    with Replay() as server:
        server.answers("/issues", {"papers": [{"title": "Robots on ice", "abstract": "A robot that walks on ice."}]})
        asked = environment | {"LABELER_FETCH_NEWSLETTER_URL": server.url}
        done = run(asked, tmp_path, "fetch", "newsletter", "robots")
    assert json.loads(done.stdout)["title"] == "Robots on ice"
    assert server.asked[0].parameters["q"] == "robots"


def test_every_module_of_the_package_stands_on_the_page() -> None:
    shown = set(re.findall(r"\{literalinclude\} \.\./\.\./tests/plugin_template/(\S+)", PAGE))
    modules = {str(path.relative_to(TEMPLATE)) for path in (TEMPLATE / "labeler_template").glob("[a-z]*.py")}
    assert shown == {"pyproject.toml", *modules}
