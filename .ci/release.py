"""A release in one step: ``make release VERSION=0.2.0`` checks, writes the version, builds and tags; nothing is sent.

docs/development/release.md tells the steps. What goes wrong before the commit leaves the files as they were.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

PROJECT, CHANGES, UNRELEASED = Path("pyproject.toml"), Path("CHANGELOG.md"), "## Unreleased"
_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")
_IN_PROJECT = re.compile(r'^version = "([^"]+)"$', re.MULTILINE)
# setuptools changes sys.argv.
_BUILD = """
import sys
from setuptools import build_meta
dist = sys.argv[1]
print(build_meta.build_sdist(dist), build_meta.build_wheel(dist))
"""


def run(*command: str, at: Path | None = None) -> bytes:
    """What a command prints; its errors are shown.

    Raises:
        SystemExit: it failed.
    """
    done = subprocess.run(command, cwd=at, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        sys.exit(f"release: `{' '.join(command)[:80]}` failed; nothing was released")
    return done.stdout


def entries_of(changes: str) -> str:
    """What stands under ``Unreleased``.

    Raises:
        SystemExit: there is no such heading, or nothing below it.
    """
    entries = changes.partition(f"{UNRELEASED}\n")[2].partition("\n## ")[0].strip()
    return entries or sys.exit(f"release: {CHANGES} has nothing under '{UNRELEASED}': say what users get")


def check(version: str) -> None:
    """Look whether the version and the checkout are fit for a release.

    Raises:
        SystemExit: they are not.
    """
    found = _IN_PROJECT.search(PROJECT.read_text(encoding="utf-8"))
    present = found[1] if found else sys.exit(f"release: {PROJECT} has no version")
    if not _VERSION.fullmatch(version):
        sys.exit(f"release: VERSION={version} is no version such as 0.2.0")
    if [*map(int, version.split("."))] <= [*map(int, present.split("."))]:
        sys.exit(f"release: {version} is not later than {present}, the present version")
    if (branch := run("git", "branch", "--show-current").decode().strip()) != "main":
        sys.exit(f"release: this is the branch {branch or '(none)'}; releases are made of main")
    if run("git", "status", "--porcelain"):
        sys.exit("release: files have changed that are not committed (`git status`)")
    if run("git", "tag", "--list", f"v{version}"):
        sys.exit(f"release: there is a tag v{version} already")


@contextmanager
def written(version: str, entries: str) -> Iterator[None]:
    """The two files with the new version; as they were, where the block ends with an error."""
    before = {path: path.read_text(encoding="utf-8") for path in (PROJECT, CHANGES)}
    heading = f"{UNRELEASED}\n\n## {version} ({datetime.now(UTC).date()})\n\n{entries}"
    text = before[CHANGES]
    head, _, rest = text.partition(f"{UNRELEASED}\n")
    older = rest.partition("\n## ")
    PROJECT.write_text(_IN_PROJECT.sub(f'version = "{version}"', before[PROJECT], count=1), encoding="utf-8")
    CHANGES.write_text(f"{head}{heading}\n{''.join(('', *older[1:]))}", encoding="utf-8")
    try:
        yield
    except BaseException:
        for path, content in before.items():
            path.write_text(content, encoding="utf-8")
        run("git", "reset", "--quiet", "--", str(PROJECT), str(CHANGES))
        raise


def build(version: str) -> list[str]:
    """Build sdist and wheel of what git knows into ``dist/``, and return their names."""
    run("git", "add", "--", str(PROJECT), str(CHANGES))
    tree = run("git", "write-tree").decode().strip()
    dist = Path("dist").resolve()
    dist.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="labeler-release-") as folder:
        with tarfile.open(fileobj=BytesIO(run("git", "archive", tree))) as archive:
            archive.extractall(folder, filter="data")
        names = run(sys.executable, "-c", _BUILD, str(dist), at=Path(folder)).decode().splitlines()[-1].split()
    if not all(f"-{version}" in name and (dist / name).stat().st_size for name in names):
        sys.exit(f"release: {' and '.join(names)} were built, which is not {version}")
    return names


def main() -> None:
    """Release a version."""
    parser = argparse.ArgumentParser(prog="make release VERSION=", description=__doc__)
    parser.add_argument("version")
    version = parser.parse_args().version
    check(version)
    entries = entries_of(CHANGES.read_text(encoding="utf-8"))
    with written(version, entries):
        for target in ("lint", "test"):
            print(f"release: make {target} …", flush=True)
            run("make", target)
        names = build(version)
        run("git", "commit", "--quiet", "-m", f"Version {version}")
    run("git", "tag", "--annotate", f"v{version}", "--cleanup=verbatim", "-m", f"labeler {version}\n\n{entries}")
    print(f"Version {version} is committed and tagged; dist/ has {' and '.join(names)}. Nothing was sent. Look, then:")
    print(f"  git push origin main v{version}\n  python -m twine upload dist/labeler-{version}*")


if __name__ == "__main__":
    main()
