"""What all tests share: running commands, a sample workspace, and skipping what is not on this machine."""

from __future__ import annotations

import json
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
from labeler.modelstore import ModelStore
from labeler.score.manifest import TrainingRecord
from labeler.studio import local as local_module
from labeler.studio.local import Credentials, LocalStudio
from tests.paths import SAMPLES, SHARED
from tests.ready_studio import STUDIO_PROGRAM, make_ready

_PRIVATE = shutil.ignore_patterns(".labeler")  # who only reads a workspace leaves the history of labelling there


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
        if name.startswith(
            (
                "LABELER_API",
                "LABELER_WORKSPACE",
                "LABELER_TRAIN",
                "LABELER_IMPORT",
                "LABELER_STUDIO",
                "LABELER_MAIL",
                "LABELER_PAGE",
                "LABELER_FETCH",
                "LABEL_STUDIO_",
            )
        ):
            monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "1000")  # what people read is not wrapped, but where a test says how wide it is


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What is remembered of files in the user's cache folder is remembered for these tests alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


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
    shutil.copytree(trained_once, folder, ignore=_PRIVATE)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(scope="session")
def trained_twice(trained_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same workspace with a second model, mine@2, made once: only read it."""
    folder = tmp_path_factory.mktemp("trained-twice") / "workspace"
    shutil.copytree(trained_once, folder, ignore=_PRIVATE)
    outcome = run_labeler("--workspace", folder, "train", "--precision", "0.8")
    assert outcome.code == 0, outcome.err
    return folder


def renew_model(workspace: Path, trained_twice: Path) -> None:
    """As if one trained again in a trained workspace: it has mine@2, too, which is the current model."""
    shutil.copytree(trained_twice / "models", workspace / "models", dirs_exist_ok=True)


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


def worker_number() -> int | None:
    """Which of the processes that test at once this is, None where it is the only one."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    return int(worker.removeprefix("gw")) if worker else None


@pytest.fixture(scope="session", autouse=True)
def _own_ports() -> None:
    """Servers that are started in processes that test at once do not compete for an address."""
    first = 8080 + 40 * (worker_number() or 0)
    local_module._PORTS = range(first, first + 40)


@pytest.fixture(scope="session")
def ready_studio(_own_ports: None) -> Path:
    """The folder of a server that has run before; skipped where none is installed."""
    if not STUDIO_PROGRAM.exists():
        pytest.skip("the Label Studio server is not installed in .venv-studio")
    return make_ready()


def copy_studio(ready: Path, folder: Path) -> LocalStudio:
    """A server like one that has run before, with data of its own, at an address of this process."""
    shutil.copytree(ready, folder)
    rewrite_credentials(folder, url=f"http://127.0.0.1:{local_module._PORTS[0]}")
    return LocalStudio(folder, str(STUDIO_PROGRAM))


def rewrite_credentials(folder: Path, **changed: str) -> None:
    """Change what is kept of how to get into a server."""
    path = folder / "credentials.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changed))


def prompt_program(folder: Path) -> Path:
    """The server's program, which sends every answer without delay.

    Django's server sends the head and the body of an answer one after the other, and the body waits until the client
    has acknowledged the head (Nagle's algorithm), which takes it 40 ms (a delayed acknowledgement): longer than the
    server needs for most of the requests of tests.
    """
    first, *rest = STUDIO_PROGRAM.read_text(encoding="utf-8").splitlines(keepends=True)
    if "python" not in first:  # pip begins the program otherwise where its path is long
        return STUDIO_PROGRAM
    setting = "from socketserver import StreamRequestHandler\nStreamRequestHandler.disable_nagle_algorithm = True\n"
    program = folder / STUDIO_PROGRAM.name
    program.write_text("".join([first, setting, *rest]), encoding="utf-8")
    program.chmod(0o700)
    return program


@pytest.fixture(scope="session")
def local_studio(ready_studio: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStudio]:
    """A real Label Studio server for the whole session; skipped where it is not installed in `.venv-studio`."""
    folder = tmp_path_factory.mktemp("server")
    local = LocalStudio(copy_studio(ready_studio, folder / "studio").folder, str(prompt_program(folder)))
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


def needs_server(item: pytest.Item) -> bool:
    """Whether a test uses a Label Studio server that has run before."""
    return "ready_studio" in getattr(item, "fixturenames", ())


def is_property_test(item: pytest.Item) -> bool:
    """Whether hypothesis makes up what a test is about: a hundred examples that go the ways of others again."""
    return bool(getattr(getattr(item, "obj", None), "is_hypothesis_test", False))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Set the order of the tests, and say which are slow and which are not traced for coverage.

    Where processes test at once, what takes long must not begin last: files that need a server come first, and of their
    tests those that are marked slow. All tests that need a server count as slow unless they are marked quick. The other
    slow tests and property tests are not traced, which would take a third of their time: they do more of what others
    do.
    """
    if worker_number() is not None:
        first = {item.path for item in items if needs_server(item)}
        long = {item for item in items if item.path in first and item.get_closest_marker("slow")}
        items.sort(key=lambda item: (item.path not in first, item not in long))
    for item in items:
        if not needs_server(item) and (item.get_closest_marker("slow") or is_property_test(item)):
            item.add_marker("no_cover")
        elif needs_server(item) and not item.get_closest_marker("quick"):
            item.add_marker("slow")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """On CI nothing may be skipped."""
    if os.environ.get("LABELER_NO_SKIPS") and terminalreporter.stats.get("skipped"):
        terminalreporter.write_line("a test was skipped, which CI does not allow", red=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """On CI a skip is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("LABELER_NO_SKIPS") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    """A store with two versions of one model and one of another."""
    from tests.learn.factories import sample

    store = ModelStore(tmp_path / "models")
    for name in ("mine", "mine", "other"):
        store.add(name, sample(), TrainingRecord(), f"# {name}\n")
    return store
