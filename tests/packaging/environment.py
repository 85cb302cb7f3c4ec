"""The wheel and environments of their own to install it in; uv does the work, as it resolves oldest versions, too."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.paths import ROOT, SAMPLES

EXTRAS = ("dask", "parquet", "report", "serve", "zstd")  # what users may ask for beside what is always installed


def find_uv() -> str | None:
    """The program uv, of this environment or of the machine."""
    return shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")


def run(*command: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a program with nothing of this checkout on its path, and return how it ended and what it printed.

    A user has none of the variables that set Python or labeler up here.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LABEL", "VIRTUAL_"))}
    return subprocess.run(command, cwd=cwd, env=kept, capture_output=True, text=True, check=False)


def find_python(version: str) -> str | None:
    """An interpreter of a version such as ``3.12`` that starts: on the path, or among those that pyenv installed."""
    places = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
    found = filter(None, [shutil.which(f"python{version}"), *map(str, reversed(places))])
    return next((python for python in found if run(python, "-c", "import venv").returncode == 0), None)


def uv(*command: str | Path) -> str:
    """Run uv, and return what it printed.

    Raises:
        RuntimeError: it failed, with what it said.
    """
    done = run(find_uv() or "uv", *command)
    if done.returncode:
        raise RuntimeError(f"uv {command[0]} failed: {done.stderr.strip()[-2000:]}")
    return done.stdout


def copy_source(folder: Path) -> Path:
    """Copy what packages are made of from the checkout to ``folder``."""
    for name in ("labeler", "models/arxiv", "annotations/samples"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for name in ("pyproject.toml", "MANIFEST.in", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    return folder


def build(source: Path, folder: Path, *kinds: str) -> list[Path]:
    """Build packages of ``source``: with ``--wheel`` the wheel; else the source archive, and the wheel of that one."""
    uv("build", *kinds, "--quiet", "--no-build-isolation", "--python", sys.executable, "-o", folder, source)
    return sorted(folder.glob("labeler-*"))


@dataclass(frozen=True)
class Environment:
    """A virtual environment in a folder."""

    folder: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    @property
    def packages(self) -> Path:
        """The folder of its packages."""
        return next((self.folder / "lib").glob("python3*")) / "site-packages"

    def install(self, wheel: Path, requirements: Path | None = None, constraints: Path | None = None) -> None:
        """Install the wheel with its extras: its requirements pinned in a file, or held to a file of constraints."""
        if requirements is not None:
            uv("pip", "install", "-q", "-p", self.python, "-r", requirements)
            uv("pip", "install", "-q", "-p", self.python, "--no-deps", wheel)
            return
        held = [] if constraints is None else ["-c", constraints]
        uv("pip", "install", "-q", "-p", self.python, *held, wheel)

    def versions(self) -> dict[str, str]:
        """What is installed, with the versions."""
        listed = uv("pip", "freeze", "-q", "-p", self.python).splitlines()
        return dict(line.split("==") for line in listed if "==" in line)

    def check(self, folder: Path, *wanted: str) -> list[str]:
        """Do the main things (``all``: what takes longer, too) in a new workspace, and return the faults."""
        script = Path(__file__).with_name("inside.py")
        done = run(self.python, "-I", script, SAMPLES, *wanted, cwd=folder)
        faults = done.stdout.splitlines()
        return faults if done.returncode == 0 else [*faults, *done.stderr.strip().splitlines()[-1:]]


def make(folder: Path, python: str = sys.executable) -> Environment:
    """Make an empty environment of an interpreter."""
    uv("venv", "-q", "-p", python, folder)
    return Environment(folder)


def pinned(python: str, resolution: str, out: Path, extras: Sequence[str] = EXTRAS) -> Path:
    """Write the versions that ``resolution`` takes: ``lowest-direct`` the oldest of our ranges, ``highest`` the newest.

    What our dependencies need themselves is as new as they allow in both.
    """
    chosen = [word for extra in extras for word in ("--extra", extra)]
    options = ["--no-header", "--no-annotate", "--only-binary", ":all:", "--python-version", python]
    uv("pip", "compile", "-q", ROOT / "pyproject.toml", *options, "--resolution", resolution, *chosen, "-o", out)
    return out
