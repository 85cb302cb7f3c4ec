"""What all tests share: running commands, a sample workspace, and skipping what is not on this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from labeler.cli import main
from labeler.studio.local import Credentials, LocalStudio
from tests.places import ROOT, SAMPLES, SHARED

STUDIO_PROGRAM = Path(os.environ.get("LABELER_TEST_STUDIO", ROOT / ".venv-studio/bin/label-studio"))


@dataclass(frozen=True)
class Outcome:
    """What a command did: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


Labeler = Callable[..., Outcome]


def run_labeler(*arguments: str | Path) -> Outcome:
    """One command, in this process."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main([str(argument) for argument in arguments])
    return Outcome(code, out.getvalue(), err.getvalue())


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("LABELER_WORKSPACE", "LABELER_TRAIN", "LABELER_IMPORT", "LABELER_STUDIO", "LABEL_STUDIO_")):
            monkeypatch.delenv(name)


@pytest.fixture
def labeler() -> Labeler:
    """Runs a command in this process: ``labeler("read", "page.txt").out``."""
    return run_labeler


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh workspace with the samples' topic scheme, which is the current folder."""
    folder = tmp_path / "workspace"
    assert run_labeler("--quiet", "init", folder).code == 0
    shutil.copy(SAMPLES / "topics.toml", folder / "annotations")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(scope="session")
def trained_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace trained on the samples, made once; take ``trained`` unless you only read."""
    folder = tmp_path_factory.mktemp("trained") / "workspace"
    run_labeler("--quiet", "init", folder)
    shutil.copy(SAMPLES / "topics.toml", folder / "annotations")
    for command in (("import", SAMPLES / "export.json"), ("train",)):
        outcome = run_labeler("--workspace", folder, *command)
        assert outcome.code == 0, outcome.err
    return folder


@pytest.fixture
def trained(trained_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the trained workspace, which is the current folder."""
    folder = tmp_path / "trained"
    shutil.copytree(trained_once, folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def digest() -> Path:
    """The sample digest: 24 invented papers in the page format."""
    return SAMPLES / "digest.txt"


@pytest.fixture
def shared() -> Path:
    """The folder of real digests, exports and data; the test is skipped where it is missing."""
    if not SHARED.is_dir():
        pytest.skip(f"the folder of real data, {SHARED.name}/, is not beside the project")
    return SHARED


@pytest.fixture(scope="session")
def local_studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStudio]:
    """A real Label Studio server for the whole session; skipped where it is not installed in `.venv-studio`."""
    if not STUDIO_PROGRAM.exists():
        pytest.skip("the Label Studio server is not installed in .venv-studio")
    local = LocalStudio(tmp_path_factory.mktemp("server") / "studio", str(STUDIO_PROGRAM))
    local.start(print)
    yield local
    local.stop()


@pytest.fixture(scope="session")
def server(local_studio: LocalStudio) -> Credentials:
    """How to get into the server."""
    known = local_studio.credentials()
    assert known is not None
    return known


@pytest.fixture
def studio(server: Credentials, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The server through Label Studio's SDK; commands of this test work with it, too."""
    from label_studio_sdk import LabelStudio

    monkeypatch.setenv("LABEL_STUDIO_URL", server.url)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", server.token)
    return LabelStudio(base_url=server.url, api_key=server.token, timeout=300)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """On CI nothing may be skipped."""
    if os.environ.get("LABELER_NO_SKIPS") and terminalreporter.stats.get("skipped"):
        terminalreporter.write_line("a test was skipped, which CI does not allow", red=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """On CI a skip is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("LABELER_NO_SKIPS") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
