"""A Label Studio server that has run before: ``python -m tests.ready_studio`` makes it, where it is not there yet.

A server makes its database when it is first started, which takes half a minute. So this is done once a version of
Label Studio, and the folder stays for later sessions. CI does it while other checks are at work, as all tests with a
server wait for it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from labeler.studio.local import LocalStudio
from tests.paths import ROOT

STUDIO_PROGRAM = Path(os.environ.get("LABELER_TEST_STUDIO", ROOT / ".venv-studio/bin/label-studio"))


def make_ready() -> Path:
    """The folder of the server; of several processes at once, one makes it and the others wait."""
    packages = STUDIO_PROGRAM.parent.parent.glob("lib/python*/site-packages/label_studio-*.dist-info")
    ready = ROOT / ".venv-studio-ready" / ("-".join(sorted(path.stem for path in packages)) or "unknown")
    ready.parent.mkdir(exist_ok=True)
    with ready.with_name("lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            with TemporaryDirectory() as folder:
                local = LocalStudio(Path(folder) / "studio", str(STUDIO_PROGRAM))
                local.start(print)
                local.stop()
                shutil.copytree(local.folder, ready.with_name("part"), dirs_exist_ok=True).rename(ready)
    return ready


if __name__ == "__main__":
    make_ready()
