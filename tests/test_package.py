"""What is installed: a wheel in an environment of its own, which has everything that the checkout has."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import venv
from importlib.metadata import version
from pathlib import Path
from zipfile import ZipFile

import numpy
import pytest

from labeler.modelstore import shipped_versions
from tests.paths import ROOT, SAMPLES

LABEL = shipped_versions()[-1].label


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a checkout in which a model of one's own was trained."""
    if int(version("setuptools").split(".")[0]) < 77:
        pytest.skip(f"setuptools {version('setuptools')} cannot build the wheel; 77 or newer can (`make setup`)")
    folder = tmp_path_factory.mktemp("wheel")
    for name in ("labeler", "models/arxiv", "annotations/samples"):
        shutil.copytree(ROOT / name, folder / "source" / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / "source")
    (folder / "source" / "models" / "mine" / "1").mkdir(parents=True)
    (folder / "source" / "models" / "mine" / "1" / "manifest.json").write_text("{}")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", folder]
    subprocess.run([*pip, folder / "source"], check=True)
    return next(folder.glob("labeler-*.whl"))


@pytest.mark.slow
def test_the_wheel_holds_every_module_and_what_comes_with_labeler(wheel: Path) -> None:
    names = set(ZipFile(wheel).namelist())
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "labeler").rglob("*.py")}
    assert {name for name in names if name.endswith(".py")} == modules
    data = {f"labeler/{name}" for name in ("py.typed", "shipped/background.npz", "shipped/arxiv.toml")}
    starter = {str(path.relative_to(ROOT)) for path in (ROOT / "labeler" / "starter").iterdir()}
    assert data | starter <= names
    folder = f"labeler/shipped/models/{LABEL.replace('@', '/')}"
    models = {name for name in names if name.startswith("labeler/shipped/models/")}
    assert models == {f"{folder}/{name}" for name in ("manifest.json", "report.md", "weights.safetensors")}
    assert wheel.stat().st_size < 16e6


@pytest.mark.slow
def test_an_installed_labeler_labels_before_anyone_has_judged(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=False)
    python = tmp_path / "venv" / "bin" / "python"
    places = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    packages = Path(places.stdout.strip())
    with ZipFile(wheel) as archive:
        archive.extractall(packages)  # a wheel of pure Python is installed when it is unpacked
    libraries = str(Path(numpy.__file__).parent.parent)  # what labeler needs; .pth files in there do not count
    (packages / "libraries.pth").write_text(f"import sys; sys.path.append({libraries!r})\n")
    done = subprocess.run(
        [python, "-I", "-m", "labeler", "label", SAMPLES / "digest.txt"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert {json.loads(line)["model"] for line in done.stdout.splitlines()} == {LABEL}
    assert f"No model of your own yet: {LABEL}" in done.stderr
    where = "import labeler.modelstore as store; print(store.__file__, store.shipped_versions()[0].folder)"
    told = subprocess.run([python, "-I", "-c", where], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert all(str(packages) in place for place in told.stdout.split())
