"""What is installed: the wheel in an environment of its own, which has everything that the checkout has."""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import distributions
from pathlib import Path
from zipfile import ZipFile

import pytest

from labeler.modelstore import shipped_versions
from tests.made_once import made_once
from tests.packaging import environment
from tests.packaging.environment import Environment
from tests.packaging.licences import refused
from tests.paths import ROOT, SAMPLES

LABEL = shipped_versions()[-1].label
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(environment.find_uv() is None, reason="uv is missing (`make setup` installs it)"),
]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout in which a model of one's own was trained."""
    folder = environment.copy_source(tmp_path_factory.mktemp("source"))
    (folder / "models" / "mine" / "1").mkdir(parents=True)
    (folder / "models" / "mine" / "1" / "manifest.json").write_text("{}")
    return folder


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = made_once(tmp_path_factory, "wheel", lambda folder: environment.build(source, folder, "--wheel"))
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An environment with nothing in it but the wheel and what it needs."""

    def install(folder: Path) -> None:
        environment.make(folder / "venv").install(wheel, constraints=ROOT / "constraints.txt")

    try:
        return Environment(made_once(tmp_path_factory, "installed", install) / "venv")
    except RuntimeError as error:
        pytest.skip(f"there is no network to install from: {error}")


def contents(path: Path) -> dict[str, int]:
    """The checksums of a wheel's files."""
    with ZipFile(path) as archive:
        return {member.filename: member.CRC for member in archive.infolist()}


def test_the_wheel_holds_every_module_and_what_comes_with_labeler(wheel: Path) -> None:
    names = set(contents(wheel))
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "labeler").rglob("*.py")}
    assert {name for name in names if name.endswith(".py")} == modules
    kept = ("labeler/shipped", "labeler/starter", "labeler/pages/templates")
    data = {str(path.relative_to(ROOT)) for folder in kept for path in (ROOT / folder).iterdir() if path.is_file()}
    folder = f"labeler/shipped/models/{LABEL.replace('@', '/')}"
    model = {f"{folder}/{name}" for name in ("manifest.json", "report.md", "weights.safetensors")}
    samples = {f"labeler/shipped/samples/{path.name}" for path in SAMPLES.iterdir()}
    others = {name for name in names - modules - data - model - samples if ".dist-info/" not in name}
    assert data | model | samples <= names
    assert others == {"labeler/py.typed"}
    assert wheel.stat().st_size < 16e6


def test_the_source_archive_makes_the_same_wheel(source: Path, wheel: Path, tmp_path: Path) -> None:
    again, archive = environment.build(source, tmp_path)
    assert archive.name.endswith(".tar.gz")
    assert contents(again) == contents(wheel)
    assert archive.stat().st_size < 16e6


def test_an_installed_labeler_labels_before_anyone_has_judged(installed: Environment, tmp_path: Path) -> None:
    done = environment.run(installed.python, "-I", "-m", "labeler", "label", SAMPLES / "digest.txt", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert {json.loads(line)["model"] for line in done.stdout.splitlines()} == {LABEL}
    assert f"No model of your own yet: {LABEL}" in done.stderr


def test_in_an_empty_environment_all_main_things_are_done_without_warnings(
    installed: Environment, tmp_path: Path
) -> None:
    assert not {"pytest", "pyarrow", "uvicorn"} & set(installed.versions())
    assert installed.check(tmp_path) == []


def test_the_oldest_versions_of_the_ranges_do(wheel: Path, tmp_path: Path) -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    made = environment.make(tmp_path / "venv")
    made.install(wheel, requirements=environment.pinned(version, "lowest-direct", tmp_path / "pins.txt", extras=()))
    known = made.versions()
    (floor,) = re.findall(r'"typer>=([\d.]+),', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert known["typer"] == floor
    (tmp_path / "work").mkdir()
    assert made.check(tmp_path / "work") == []


def test_what_comes_along_has_licences_that_allow_as_much_as_ours(installed: Environment) -> None:
    packages = list(distributions(path=[str(installed.packages)]))
    assert len(packages) > 30
    assert refused(packages) == {}
