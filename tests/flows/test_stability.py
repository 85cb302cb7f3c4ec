from __future__ import annotations

from pathlib import Path

import pytest

from labeler.config import find_workspace
from labeler.evaluation.judged import JudgedSet
from labeler.flows.stability import stability_on
from labeler.judgements import read_log
from labeler.modelstore import ModelStore
from labeler.topics import load_scheme


@pytest.mark.slow
def test_a_version_is_asked_about_the_judged_papers(trained: Path) -> None:
    workspace = find_workspace()
    judged = JudgedSet.of_log(read_log(workspace).judgements, load_scheme(workspace.topics))
    found = stability_on(ModelStore(workspace.models).find(), judged)
    assert found.faithful.papers > 20
    assert found.faithful.part > 0.8 * found.faithful.papers
    assert found.changed["order of sentences"].papers > 20
