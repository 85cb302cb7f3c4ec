"""A real Label Studio server for the tests of this folder, with a data folder of its own, on a free port."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.places import ROOT

_PATIENCE = 120  # seconds for the server's first start, which makes its database


@dataclass(frozen=True)
class Server:
    """Where the server answers and how to get in."""

    url: str
    token: str
    email: str
    password: str


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Runs for the whole session; skipped where Label Studio is not installed in `.venv-studio`."""
    program = Path(os.environ.get("LABELER_TEST_STUDIO", ROOT / ".venv-studio/bin/label-studio"))
    if not program.exists():
        pytest.skip("the Label Studio server is not installed in .venv-studio")
    folder = tmp_path_factory.mktemp("studio")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    found = Server(f"http://127.0.0.1:{port}", secrets.token_hex(20), "tester@example.org", secrets.token_hex(8))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                program,
                "start",
                "--no-browser",
                "--data-dir",
                folder,
                "--internal-host",
                "127.0.0.1",
                "--port",
                str(port),
            ],
            env=_environment(found, folder),
            stdout=log,
            stderr=log,
        )
    try:
        _wait_for(found.url, process, folder / "log")
        yield found
    finally:
        process.terminate()
        process.wait(30)


def _environment(server: Server, folder: Path) -> dict[str, str]:
    """No look-ups outside this machine, and a user to come in as."""
    return os.environ | {
        "HOME": str(folder),
        "LABEL_STUDIO_USERNAME": server.email,
        "LABEL_STUDIO_PASSWORD": server.password,
        "LABEL_STUDIO_USER_TOKEN": server.token,
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
        "COLLECT_ANALYTICS": "false",
        "LATEST_VERSION_CHECK": "false",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
        "LOG_LEVEL": "WARNING",
    }


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=5):
                return
        except OSError:
            assert process.poll() is None, log.read_text(errors="replace")[-2000:]
            time.sleep(0.5)
    raise TimeoutError(f"the server did not start: {log.read_text(errors='replace')[-2000:]}")
