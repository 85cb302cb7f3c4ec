"""Try the oldest and the newest versions that ``pyproject.toml`` allows: ``python -m tests.packaging.versions``.

For each Python that is at hand, the wheel is built and installed in an empty environment with these versions, and the
main things are done there (``inside.py``). The environments are removed again.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.packaging.environment import build, copy_source, find_python, find_uv, make, pinned

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
RESOLUTIONS = {"oldest": "lowest-direct", "newest": "highest"}
_TOLD = ("numpy", "scipy", "scikit-learn", "pandas", "label-studio-sdk", "typer", "pyarrow")


def attempt(version: str, interpreter: str, which: str, wheel: Path, folder: Path) -> list[str]:
    """Install the wheel with the oldest or newest versions, do the main things, and return what was wrong."""
    try:
        environment = make(folder / "venv", interpreter)
        environment.install(wheel, requirements=pinned(version, RESOLUTIONS[which], folder / "pins.txt"))
    except RuntimeError as error:
        return [str(error)]
    known = environment.versions()
    print("  " + ", ".join(f"{name} {known[name]}" for name in _TOLD if name in known), flush=True)
    (folder / "work").mkdir()
    return environment.check(folder / "work", "all")


def main() -> int:
    """Try what was asked for, print each result, and return 1 where anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.packaging.versions", description=__doc__)
    parser.add_argument("--python", action="append", metavar="X.Y", help=f"one version (default: {', '.join(PYTHONS)})")
    parser.add_argument("--only", choices=RESOLUTIONS, help="the oldest or the newest versions alone")
    options = parser.parse_args()
    if find_uv() is None:
        print("uv is missing; `make setup` installs it", file=sys.stderr)
        return 1
    faulty = 0
    with TemporaryDirectory() as name:
        folder = Path(name)
        (wheel,) = build(copy_source(folder / "source"), folder / "dist", "--wheel")
        for version in options.python or PYTHONS:
            if (interpreter := find_python(version)) is None:
                print(f"Python {version}: not on this machine", flush=True)
                continue
            for which in [options.only] if options.only else RESOLUTIONS:
                print(f"Python {version}, {which}:", flush=True)
                since = time.monotonic()
                with TemporaryDirectory() as place:
                    faults = attempt(version, interpreter, which, wheel, Path(place))
                faulty += bool(faults)
                print(
                    "".join(f"  {line}\n" for line in faults or [f"fine ({time.monotonic() - since:.0f} s)"]),
                    flush=True,
                )
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
