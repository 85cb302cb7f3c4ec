"""The registries: members found by listing a folder, and members that other packages add."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from labeler.digests.registry import FORMATS
from labeler.errors import UsageError
from labeler.measure.registry import METRICS
from labeler.publish.registry import OUTPUTS
from labeler.registry import BrokenPluginError, Member, Registry
from labeler.sampling.registry import STRATEGIES
from tests.cli.process import COMMAND
from tests.paths import ROOT, SAMPLES

REGISTRIES: list[Registry[Any]] = [FORMATS, OUTPUTS, STRATEGIES, METRICS]
BUILT_IN = [
    pytest.param(registry, name, id=f"{registry.noun}-{name}") for registry in REGISTRIES for name in registry.names
]
HEAVY = ("numpy", "scipy", "sklearn", "pandas", "joblib", "pyarrow", "label_studio_sdk")

# One member of each kind, as another package would write it.
READER = """
from labeler.digests.source import Record

NAME = "lines"
ABOUT = "titles, one a line, after a line of stars"
RANK = 5


def looks_like(source):
    return source.head.startswith("***")


def records(source):
    with source.text() as stream:
        next(stream)
        for number, line in enumerate(stream, start=2):
            yield Record(f"line {number}", {"title": line.strip()})
"""
OUTPUT = """
NAME = "titles"
ABOUT = "titles with their topics"
SUFFIXES = (".titles",)
STREAMS = True


def write(papers, out, names):
    for item in papers:
        out.write(item.paper.title + ": " + item.decision + "\\n")
"""
STRATEGY = """
NAME = "first"
ABOUT = "the first papers"
NEEDS = "none"


def select(candidates, count, rng):
    return list(range(min(count, len(candidates))))
"""
METRIC = """
NAME = "exact"
ABOUT = "share of papers with all topics right"
NEEDS = "labels"


def score(truth, guess):
    return float(((truth == 1) == guess).all(axis=1).mean())
"""
WHOLE = {"digests": ("lines", READER), "outputs": ("titles", OUTPUT)} | {
    "strategies": ("first", STRATEGY),
    "metrics": ("exact", METRIC),
}
BROKEN = {
    "raises": "raise RuntimeError('the module is for another version')",
    "leaves": "import sys; sys.exit(3)",
    "empty": "",
    "renamed": "\n".join([READER, OUTPUT, STRATEGY, METRIC]),
}


def installed(folder: Path, members: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """An environment with a distribution that adds ``members``: kind → name → text of the module."""
    package, facts = folder / "plugin_package", folder / "plugin_package-1.dist-info"
    package.mkdir(parents=True)
    facts.mkdir()
    (package / "__init__.py").touch()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: plugin-package\nVersion: 1\n")
    lines = []
    for kind, modules in members.items():
        lines.append(f"[labeler.{kind}]")
        for name, text in modules.items():
            (package / f"{kind}_{name}.py").write_text(text)
            lines.append(f"{name} = plugin_package.{kind}_{name}")
    (facts / "entry_points.txt").write_text("\n".join(lines) + "\n")
    return {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}


def run(environment: Mapping[str, str], cwd: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def whole(tmp_path: Path) -> dict[str, str]:
    """An environment with a package that adds one member of each kind."""
    return installed(tmp_path / "site", {kind: {name: text} for kind, (name, text) in WHOLE.items()})


@pytest.fixture
def broken(tmp_path: Path) -> dict[str, str]:
    """An environment with a package whose members are all broken, each in another way."""
    return installed(tmp_path / "site", dict.fromkeys(WHOLE, BROKEN))


def titles(folder: Path) -> Path:
    """A digest of the format that the package adds."""
    path = folder / "digest.lines"
    path.write_text("***\nOne\nTwo\n")
    return path


@pytest.mark.parametrize(("registry", "name"), BUILT_IN)
def test_every_member_offers_what_its_kind_needs(registry: Registry[Any], name: str) -> None:
    member = registry.named(name)
    assert registry.fault(member, name) == ""
    assert member.ABOUT
    assert "\n" not in member.ABOUT


@pytest.mark.parametrize(("registry", "name"), BUILT_IN)
def test_no_member_imports_what_is_heavy_before_it_is_needed(registry: Registry[Any], name: str) -> None:
    path = registry.named(name).__file__
    statements = ast.parse(Path(path).read_text(encoding="utf-8")).body
    names = [alias.name for one in statements if isinstance(one, ast.Import) for alias in one.names]
    names += [one.module or "" for one in statements if isinstance(one, ast.ImportFrom)]
    assert not {name.partition(".")[0] for name in names} & {*HEAVY}


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda registry: registry.noun)
def test_every_module_of_the_folder_is_a_member(registry: Registry[Any]) -> None:
    folder = Path(registry.builtin[0].__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert files == set(registry.names) == {member.NAME for member in registry.builtin}


@pytest.mark.parametrize(
    "arguments", [("--help",), ("push", "--help"), ("export", "--help"), ("label", "--help"), ("read", "--formats")]
)
def test_choices_are_told_without_loading_what_is_heavy(arguments: tuple[str, ...]) -> None:
    program = (
        "import sys; from labeler.cli import main; code = main(sys.argv[1:]); "
        f"print('HEAVY', [name for name in {HEAVY!r} if name in sys.modules]); sys.exit(code)"
    )
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines()[-1] == "HEAVY []"


@pytest.mark.parametrize("arguments", [(SAMPLES / "digest.txt",), (SAMPLES / "digest.txt", "--to", "md")])
def test_what_labeler_has_itself_is_found_without_asking_other_packages(
    trained_once: Path, arguments: tuple[str | Path, ...]
) -> None:
    program = (
        "import sys; from labeler.cli import main; code = main(sys.argv[1:]); "
        "print('importlib.metadata' in sys.modules, file=sys.stderr); sys.exit(code)"
    )
    command = [sys.executable, "-c", program, "label", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=trained_once)
    assert done.stderr.splitlines()[-1] == "False"


def test_formats_of_other_packages_are_listed_named_and_tried_last(whole: dict[str, str], tmp_path: Path) -> None:
    listed = run(whole, tmp_path, "read", "--formats", "--json")
    assert list(json.loads(listed.stdout).items())[-1] == ("lines", "titles, one a line, after a line of stars")
    for arguments in ([titles(tmp_path)], [titles(tmp_path), "--format", "lines"]):
        done = run(whole, tmp_path, "read", *arguments)
        assert "2 records = 2 papers + 0 merged + 0 refused (read as lines)" in done.stderr
    unknown = run(whole, tmp_path, "read", titles(tmp_path), "--format", "nothing")
    assert unknown.returncode == 2
    assert "page, lines; did you mean" in unknown.stderr


@pytest.mark.slow
def test_outputs_of_other_packages_are_found_by_name_and_by_ending(
    whole: dict[str, str], tmp_path: Path, trained_once: Path, digest: Path
) -> None:
    named = run(whole, trained_once, "label", digest, "--to", "titles")
    assert (named.returncode, named.stdout.count("\n")) == (0, 24)
    for place in ("out.titles", "out.TITLES"):
        done = run(whole, trained_once, "label", digest, "-o", tmp_path / place)
        assert done.returncode == 0, done.stderr
        assert (tmp_path / place).read_text() == named.stdout
    (tmp_path / "pile").mkdir()
    (tmp_path / "pile" / "digest.txt").write_bytes(digest.read_bytes())
    for output, file in (("many.titles", "many.titles"), ("many/", "many/part-00000-00000.titles")):
        to = ["--to", "titles"] if output == "many/" else []
        done = run(whole, trained_once, "label", tmp_path / "pile", "-o", f"{tmp_path}/{output}", *to)
        assert done.returncode == 0, done.stderr
        assert (tmp_path / file).read_text() == named.stdout
    unknown = run(whole, trained_once, "label", digest, "-o", "out.none")
    assert unknown.returncode == 2
    assert ".xlsx, .titles; or name an output with --to" in unknown.stderr


@pytest.mark.slow
def test_strategies_of_other_packages_choose(whole: dict[str, str], trained_once: Path, digest: Path) -> None:
    done = run(whole, trained_once, "export", digest, "--count", "3", "--strategy", "first")
    assert "3 tasks of 24 papers, chosen by first (suggestions by mine@1)." in done.stderr
    program = "import labeler; print(labeler.choose(None, ['b', 'a', 'c'], 3, 'first'))"
    python = subprocess.run(
        [sys.executable, "-c", program], env=whole, capture_output=True, text=True, check=True, cwd=trained_once
    )
    assert python.stdout.strip() == "[1, 0, 2]"
    unknown = run(whole, trained_once, "push", digest, "--strategy", "best")
    assert unknown.returncode == 2
    assert "random, first; did you mean" in unknown.stderr


def test_metrics_of_other_packages_are_measured(whole: dict[str, str], tmp_path: Path) -> None:
    program = (
        "import numpy as np; from labeler.measure.measured import measured_estimates; "
        "from labeler.measure.resampling import Draws; draws = Draws.of(np.arange(4)); "
        "truth = np.eye(4); print(list(measured_estimates(truth, truth == 1, draws))[-1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=whole, capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.strip() == "exact"


REASONS = {"raises": "RuntimeError: the module is for another version", "leaves": "SystemExit: 3", "empty": "it has no"}


@pytest.mark.slow
@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize(
    ("noun", "arguments"),
    [
        ("format", ["read", "digest.txt", "--format"]),
        ("output", ["label", "digest.txt", "--to"]),
        ("strategy", ["export", "digest.txt", "--count", "3", "--strategy"]),
    ],
)
def test_a_broken_member_that_is_asked_for_is_told_in_one_line(
    broken: dict[str, str], tmp_path: Path, digest: Path, noun: str, arguments: list[str], name: str
) -> None:
    (tmp_path / "digest.txt").write_bytes(digest.read_bytes())
    done = run(broken, tmp_path, *arguments, name)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert f"the {noun} '{name}', which is plugin_package." in done.stderr
    assert f"of plugin-package 1, cannot be used: {REASONS.get(name, 'its ')}" in done.stderr
    assert done.stderr.endswith("; mend or uninstall that package\n")


@pytest.mark.slow
def test_broken_members_are_passed_over_otherwise(
    broken: dict[str, str], tmp_path: Path, trained_once: Path, digest: Path
) -> None:
    assert "page " in run(broken, tmp_path, "read", "--formats").stdout
    unknown = run(broken, tmp_path, "read", titles(tmp_path))
    assert (unknown.returncode, unknown.stderr.count("\n")) == (3, len(BROKEN) + 1), "each is named once"
    assert all(f"labeler: the format '{name}', which is " in unknown.stderr for name in BROKEN)
    assert run(broken, tmp_path, "read", titles(tmp_path), "--quiet").stderr.count("\n") == 1
    assert "cannot tell what kind of digest" in unknown.stderr
    assert run(broken, trained_once, "label", digest).returncode == 0
    assert "no output has the ending" in run(broken, trained_once, "label", digest, "-o", "x.none").stderr
    assert run(broken, trained_once, "export", digest, "--count", "3").returncode == 0


FAILS = {
    "digests": READER.replace('return source.head.startswith("***")', "raise RuntimeError"),
    "metrics": METRIC.replace("return float", "raise RuntimeError"),
}


def test_a_member_that_fails_when_it_is_tried_is_passed_over(tmp_path: Path) -> None:
    environment = installed(tmp_path / "site", {kind: {WHOLE[kind][0]: text} for kind, text in FAILS.items()})
    done = run(environment, tmp_path, "read", titles(tmp_path))
    assert (done.returncode, done.stderr.count("\n")) == (3, 2)
    assert "the format 'lines', which is plugin_package.digests_lines of plugin-package 1, has failed" in done.stderr
    assert "cannot tell what kind of digest" in done.stderr
    program = (
        "import numpy as np; from labeler.measure.measured import measured_estimates; "
        "from labeler.measure.resampling import Draws; draws = Draws.of(np.arange(4)); "
        "truth = np.eye(4); print(list(measured_estimates(truth, truth == 1, draws)))"
    )
    python = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert "'macro_f1'" in python.stdout
    assert "exact" not in python.stdout


@pytest.mark.slow
def test_a_member_that_comes_with_labeler_wins(tmp_path: Path, trained_once: Path, digest: Path) -> None:
    environment = installed(
        tmp_path / "site",
        {
            "digests": {"page": READER.replace('"lines"', '"page"')},
            "outputs": {"csv": OUTPUT.replace('"titles"', '"csv"'), "other": OUTPUT.replace("titles", "other")},
        },
    )
    assert "saved page" in json.loads(run(environment, tmp_path, "read", "--formats", "--json").stdout)["page"]
    assert run(environment, tmp_path, "read", titles(tmp_path)).returncode == 3
    assert run(environment, trained_once, "label", digest, "--to", "csv").stdout.startswith("id,title,")
    assert run(environment, trained_once, "label", digest, "--to", "other").stdout.count("\n") == 24


def member(**attributes: Any) -> Any:
    whole: dict[str, Any] = {"NAME": "one", "ABOUT": "one of them", "SUFFIXES": (".one",), "write": print}
    return SimpleNamespace(**{key: value for key, value in (whole | attributes).items() if value is not None})


@pytest.mark.parametrize(
    ("attributes", "fault"),
    [
        ({}, ""),
        ({"ABOUT": None}, "it has no ABOUT"),
        ({"ABOUT": 1}, "its ABOUT is 1"),
        ({"SUFFIXES": None}, "it has no SUFFIXES"),
        ({"SUFFIXES": ".one"}, "its SUFFIXES is '.one'"),
        ({"SUFFIXES": (1,)}, "its SUFFIXES is (1,)"),
        ({"write": None}, "it has no write()"),
        ({"write": "x"}, "it has no write()"),
        ({"NAME": "two"}, "its NAME is 'two'"),
    ],
)
def test_what_a_member_lacks_is_said(attributes: dict[str, Any], fault: str) -> None:
    assert OUTPUTS.fault(member(**attributes), "one") == fault


@pytest.mark.parametrize(("needs", "fault"), [("none", ""), ("luck", "its NEEDS is 'luck'")])
def test_a_need_is_one_that_is_known(needs: str, fault: str) -> None:
    assert STRATEGIES.fault(SimpleNamespace(NAME="one", ABOUT="x", NEEDS=needs, select=print), "one") == fault


def test_any_folder_of_modules_makes_a_registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "some_folder").mkdir()
    for name, about in (
        ("__init__", ""),
        ("late", "NAME, ABOUT, RANK = 'late', 'x', 9"),
        ("early", "NAME, ABOUT = 'early', 'y'"),
    ):
        (tmp_path / "some_folder" / f"{name}.py").write_text(about)
    monkeypatch.syspath_prepend(tmp_path)
    registry: Registry[Member] = Registry("thing", "some_folder", "labeler.things", Member)
    assert registry.names == ["early", "late"]
    assert not [name for name in sys.modules if name.startswith("some_folder.")]
    assert registry.named("late").ABOUT == "x"
    assert "some_folder.early" not in sys.modules
    assert [one.NAME for one in registry.builtin] == ["early", "late"]
    assert registry.described() == "early: y; late: x"
    assert list(registry.added) == []
    with pytest.raises(UsageError, match="there is no thing 'other'; known are: early, late") as refused:
        registry.named("other")
    assert not isinstance(refused.value, BrokenPluginError)
