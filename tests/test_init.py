from __future__ import annotations

import subprocess
import sys

import pytest

import labeler

HEAVY = ("numpy", "scipy", "sklearn", "pandas", "joblib", "typer", "label_studio_sdk", "pyarrow")


def loaded_by(code: str) -> set[str]:
    """The heavy modules that a fresh interpreter has after this code."""
    told = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return set(told.stdout.split()) & set(HEAVY)


def test_importing_loads_nothing_heavy() -> None:
    assert loaded_by("import labeler; dir(labeler)") == set()


def test_reading_a_digest_needs_no_learning() -> None:
    assert loaded_by("import labeler; labeler.read_digest; labeler.Paper") == set()


def test_a_loaded_model_needs_no_scikit_learn() -> None:
    assert "sklearn" not in loaded_by("import labeler; labeler.load_model; import labeler.score.model")


@pytest.mark.parametrize("name", labeler.__all__)
def test_every_name_promised_is_there(name: str) -> None:
    assert getattr(labeler, name).__name__.rpartition(".")[2] == name
    assert name in dir(labeler)


def test_other_names_are_no_attributes() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nosuch'"):
        _ = labeler.nosuch
    assert not hasattr(labeler, "numpy")
