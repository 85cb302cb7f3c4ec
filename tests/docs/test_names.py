"""Every public Python name is documented: what it takes, what it raises, and an example that runs."""

from __future__ import annotations

import doctest
import inspect
import shutil
from pathlib import Path
from typing import Any

import pytest

import labeler
from labeler.score.model import TopicModel
from tests.paths import SAMPLES

CLASSES = [one for name in labeler.__all__ if inspect.isclass(one := getattr(labeler, name))]
FUNCTIONS = [one for name in labeler.__all__ if inspect.isfunction(one := getattr(labeler, name))]
LOADED = ("predict", "predict_proba", "decide", "explain")  # methods of a loaded model


def public_methods(of: type) -> list[Any]:
    return [one for name, one in vars(of).items() if not name.startswith("_") and inspect.isfunction(one)]


METHODS = [method for one in CLASSES for method in public_methods(one)] + [getattr(TopicModel, name) for name in LOADED]


@pytest.mark.parametrize("name", labeler.__all__)
def test_each_name_has_an_example_that_runs(name: str, trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(SAMPLES / "digest.txt", trained)
    monkeypatch.chdir(trained)
    one = getattr(labeler, name)
    of = doctest.DocTestFinder(exclude_empty=True, recurse=inspect.isclass(one))
    examples = of.find(one, name, globs={})
    assert sum(len(found.examples) for found in examples) > 0, f"{name} has no example"
    for found in examples:
        assert not any(example.options.get(doctest.SKIP) for example in found.examples), found.name
        told: list[str] = []
        doctest.DocTestRunner().run(found, out=told.append)
        assert told == [], "".join(told)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda one: one.__name__)
def test_functions_say_what_each_argument_is(function: Any) -> None:
    told = inspect.getdoc(function) or ""
    for name in inspect.signature(function).parameters:
        assert f"\n    {name}: " in told, f"{function.__name__}: {name}"
    assert "\nRaises:\n" in told


@pytest.mark.parametrize("one", CLASSES, ids=lambda one: one.__name__)
def test_classes_say_what_each_field_or_parameter_is(one: Any) -> None:
    told = inspect.getdoc(one) or ""
    for name in inspect.signature(one).parameters:
        assert name in told, f"{one.__name__}: {name}"


@pytest.mark.parametrize("method", METHODS, ids=lambda one: one.__qualname__)
def test_methods_have_docstrings_of_their_own(method: Any) -> None:
    assert len((method.__doc__ or "").split()) > 3, method.__qualname__
