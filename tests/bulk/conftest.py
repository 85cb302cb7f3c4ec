from __future__ import annotations

from pathlib import Path

import pytest

from labeler.bulk.job import Job
from labeler.modelstore import ModelStore, shipped_versions
from labeler.score.persistence import load_model
from labeler.topics import Mode
from tests.bulk.factories import job_of


@pytest.fixture(params=[Mode.MULTI, Mode.SINGLE])
def job(request: pytest.FixtureRequest, trained_once: Path) -> Job:
    """The work of a model of each mode."""
    mine = ModelStore(trained_once / "models").find()
    version = mine if request.param == Mode.MULTI else shipped_versions()[0]
    assert load_model(version.folder).mode == request.param
    return job_of(version)
