"""A model gives the same scores under another scikit-learn than the one it was trained with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import sklearn

from labeler import load_model, read_digest
from tests.paths import ROOT, SAMPLES

PROGRAM = """
import json, sys, sklearn
from labeler import load_model, read_digest
model = load_model(sys.argv[1])
print(json.dumps([sklearn.__version__, model.predict_proba(read_digest(sys.argv[2])).tolist()]))
"""


@pytest.fixture(scope="session")
def other_sklearn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with another scikit-learn, installed beside ours."""
    kept = ROOT / ".venv-sklearn"
    if (kept / "sklearn").is_dir():
        return kept
    folder = tmp_path_factory.mktemp("sklearn")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", folder, "scikit-learn==1.7.*"]
    if subprocess.run(pip, capture_output=True, check=False).returncode:
        pytest.skip("another scikit-learn could not be installed")
    return folder


@pytest.mark.slow
def test_scores_are_the_same_to_six_places(trained_once: Path, other_sklearn: Path) -> None:
    folder, digest = trained_once / "models/mine/1", SAMPLES / "digest.txt"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, folder, digest],
        env=os.environ | {"PYTHONPATH": f"{other_sklearn}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=True,
    )
    version, probabilities = json.loads(done.stdout)
    assert version != sklearn.__version__
    ours = load_model(folder).predict_proba(read_digest(digest))
    np.testing.assert_allclose(np.array(probabilities), ours, atol=1e-6)
