"""What other packages add is listed by kind, whole or with what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeler.flows.plugins import REGISTRIES, additions, groups
from labeler.registry import Registry


def test_without_packages_nothing_is_added() -> None:
    assert list(additions()) == []


def test_the_groups_are_those_of_the_registries() -> None:
    assert [*groups()] == [f"labeler.{kind}" for kind in ("digests", "outputs", "strategies", "metrics", "sources")]


def test_what_is_wrong_is_told_of_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = tmp_path / "pkg-2.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: pkg\nVersion: 2\n")
    modules = {
        "whole": 'NAME, ABOUT, NEEDS = "whole", "fine", "labels"\ndef score(truth, guess): return 0.0',
        "short": 'NAME, ABOUT, NEEDS = "short", "takes one", "labels"\ndef score(truth): return 0.0',
        "macro_f1": 'NAME, ABOUT, NEEDS = "macro_f1", "hides", "labels"\ndef score(truth, guess): return 0.0',
        "gone": "import no_such_module",
    }
    for name, text in modules.items():
        (tmp_path / f"pkg_{name}.py").write_text(text)
    lines = [f"{name} = pkg_{name}" for name in modules]
    (facts / "entry_points.txt").write_text("\n".join(["[labeler.metrics]", *lines]) + "\n")
    monkeypatch.syspath_prepend(tmp_path)
    of_metrics = next(one for one in REGISTRIES if one.noun == "metric")
    fresh = Registry[object](of_metrics.noun, "labeler.measure.metrics", of_metrics.group, of_metrics._protocol)  # type: ignore[type-var]
    found = {one.name: one for one in fresh.additions}
    assert {(one.package, one.version, one.kind) for one in found.values()} == {("pkg", "2", "metric")}
    assert found["whole"].fault == ""
    assert found["short"].fault == "its score() does not take truth, guess"
    assert found["macro_f1"].fault == "labeler has a metric of that name itself"
    assert found["gone"].fault == "ModuleNotFoundError: No module named 'no_such_module'"
