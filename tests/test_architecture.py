"""The house rules that can be checked: imports go one way, nothing heavy on the way to help."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.paths import ROOT

PACKAGE = ROOT / "labeler"
# From the bottom of the house to the top: a module may import from its own floor and from floors before it.
FLOORS = [
    "errors patterns wording nearby notebook terminal dry_runs hosts temporary files json_parsing appending arrays git "
    "config",
    "registry processes compression archives storage folder_lock papers sources history",
    "digests topics judgements features measure annotators score learn sampling modelstore evaluation suspects review",
    "drift learning_curve simulation studio suggest pages publish mail bulk watching flows api cli",
]
ORDER = [floor for line in FLOORS for floor in line.split()]
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if not path.stem.startswith("__"))
HEAVY = (
    "sklearn",
    "scipy",
    "pandas",
    "numpy",
    "label_studio_sdk",
    "joblib",
    "pyarrow",
    "jinja2",
    "pydantic",
    "uvicorn",
)


def floor_of(module: str) -> str:
    return module.split(".")[1]


def imports_of(path: Path) -> set[str]:
    """Modules of the project that are imported when ``path`` is (imports inside functions count as well)."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: imports are absolute here"
            module = node.module or ""
            found |= {f"labeler.{name.name}" for name in node.names} if module == "labeler" else {module}
    return {module for module in found if module.startswith("labeler.")}


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_one_way(path: Path) -> None:
    place = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if place not in ORDER:
        assert place in ("__init__", "__main__"), f"{place} has no floor in the house"
        return
    for module in imports_of(path):
        assert ORDER.index(floor_of(module)) <= ORDER.index(place), f"{path.name} imports {module}"


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_function_fits_on_a_page(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 45, node.name


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_module_has_a_test_file(path: Path) -> None:
    """``room/name.py`` has ``tests/room/test_name.py``, as have members of a folder in a room (``digests/readers``)."""
    room, *_ = (*path.relative_to(PACKAGE).parent.parts, "")
    test = Path("tests") / room / f"test_{path.stem}.py"
    assert (ROOT / test).exists(), f"write {test}"


@pytest.mark.parametrize("command", [["--help"], ["label", "--help"], ["topics", "check"], ["read", "--formats"]])
def test_nothing_heavy_is_imported_on_the_way_to(command: list[str], trained_once: Path) -> None:
    program = (
        "import sys; from labeler.cli import main; code = main(sys.argv[1:]); "
        f"print('HEAVY', [name for name in {HEAVY!r} if name in sys.modules]); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *command], cwd=trained_once, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "HEAVY []"


def test_help_imports_commands_and_hardly_a_room() -> None:
    program = "import sys; from labeler.cli import main; main(['--help']); print('FOUND', *sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    found = [name for name in done.stdout.splitlines()[-1].split() if name.startswith("labeler.")]
    rooms = {name.split(".")[1] for name in found if (PACKAGE / name.split(".")[1]).is_dir()}
    assert rooms == {"cli", "publish", "sampling"}, "the names of outputs and strategies stand in help texts"


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [["label"], ["label", "--model", "arxiv"], ["explain"], *(["label", "--to", to] for to in ("csv", "md", "html"))],
    ids=" ".join,
)
def test_nothing_heavier_than_numpy_is_imported_when_a_page_is_labelled(
    command: list[str], trained_once: Path, digest: Path
) -> None:
    program = (
        "import sys; from labeler.cli import main; code = main(sys.argv[1:]); loaded = {name.split('.')[0] for name in "
        f"sys.modules}}; print('HEAVY', sorted(loaded & {{*{HEAVY!r}}}), file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *command, digest], cwd=trained_once, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout
    templates = ["jinja2"] if "html" in command else []
    assert done.stderr.splitlines()[-1] == f"HEAVY {[*templates, 'numpy']}"


def test_importing_the_package_imports_nothing_of_it() -> None:
    program = "import sys, labeler; print([name for name in sys.modules if name.startswith('labeler.')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_importing_changes_nothing_of_the_host_program() -> None:
    program = """
import csv, gc, importlib, locale, pkgutil, signal, sys, types, warnings
def state():
    return (
        csv.field_size_limit(), gc.get_threshold(), locale.setlocale(locale.LC_ALL), list(warnings.filters),
        sys.getrecursionlimit(), signal.getsignal(signal.SIGINT),
    )
import numpy, scipy.linalg, sklearn.base, joblib, pandas, typer, pyarrow  # which may change things themselves
before = state()
import labeler
for module in pkgutil.walk_packages(labeler.__path__, "labeler."):
    if module.name != "labeler.__main__":
        importlib.import_module(module.name)
assert state() == before, (before, state())
assert all(type(module) is types.ModuleType for name, module in sys.modules.items() if name.startswith("labeler"))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_starter_scheme_is_the_checkouts_own() -> None:
    assert (PACKAGE / "starter/topics.toml").read_text() == (ROOT / "annotations/topics.toml").read_text()


def test_parquet_is_labelled_without_what_is_slow_to_load(trained_once: Path, tmp_path: Path) -> None:
    papers = tmp_path / "papers.parquet"
    pq.write_table(pa.table({"title": ["Robots", "Two"], "abstract": ["They speak.", None]}), papers)
    program = (
        "import sys; from labeler.cli import main; code = main(sys.argv[1:]); "
        "print('SLOW', [name for name in ('pandas', 'pyarrow.compute', 'sklearn') if name in sys.modules]); "
        "sys.exit(code)"
    )
    command = [sys.executable, "-c", program, "label", str(papers), "-o", str(tmp_path / "labels.parquet")]
    done = subprocess.run(command, cwd=trained_once, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "SLOW []"
    assert pq.read_table(tmp_path / "labels.parquet").num_rows == 2
