from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from labeler.config import find_workspace
from labeler.errors import InputError
from labeler.evaluation.judged import JudgedSet
from labeler.flows.curve import FEWEST, _answers, curve
from labeler.flows.kept_curve import FILE, kept_curve
from labeler.flows.training_input import training_input
from labeler.learning_curve.measured import TRAININGS
from labeler.terminal import progress_to
from tests.flows.workspaces import bring, make_scheme
from tests.learn.factories import multi_papers, single_papers


def judged_papers(workspace: Path, mode: str, each: int) -> None:
    """A workspace with ``each`` judged papers of three topics."""
    make_scheme(workspace, mode, "robots", "speech", "vision")
    if mode == "single":
        texts, topics = single_papers(each=each)
        bring(workspace, [(text, str(topic)) for text, topic in zip(texts, topics, strict=True)])
    else:
        texts, lists = multi_papers(each=each)
        bring(workspace, [(text, ";".join(row)) for text, row in zip(texts, lists, strict=True)])


@pytest.mark.parametrize("mode", ["single", "multi"])
def test_of_a_few_papers_with_one_answer_that_answer_is_the_guess(workspace: Path, mode: str) -> None:
    make_scheme(workspace, mode, "robots")
    texts, topics = single_papers(each=5)
    bring(
        workspace,
        [(text, "none" if topic == "vision" else "robots") for text, topic in zip(texts, topics, strict=True)],
    )
    data, _ = training_input(find_workspace(str(workspace)), [], None, "")
    judged = JudgedSet.of_papers(data.labels.papers, data.scheme)
    robots = np.flatnonzero(judged.truth[:, 0] == 1)
    others = np.flatnonzero(judged.truth[:, 0] == 0)
    assert _answers(data, judged, robots[:4], others).given.tolist() == [[True]] * len(others)
    with pytest.raises(InputError, match="nothing can be learned"):
        _answers(data, judged, robots, others)  # and so would `train`


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["single", "multi"])
def test_a_curve_is_measured_carried_on_and_kept_for_the_report(workspace: Path, mode: str) -> None:
    judged_papers(workspace, mode, 25)
    before = {path: path.stat().st_mtime_ns for path in workspace.rglob("*") if path.is_file()}
    messages: list[str] = []
    progress: list[str] = []
    with progress_to(progress.append):
        found = curve(find_workspace(str(workspace)), 0.9, 50, say=messages.append)
    assert len([message for message in progress if message.startswith("training ")]) == TRAININGS
    assert messages[0] == f"16 models are trained on parts of {found.curve.papers} judged papers …"
    assert messages[1].startswith("The first 4 took 0:")
    after = {path: path.stat().st_mtime_ns for path in workspace.rglob("*") if path.is_file()}
    assert {path.name for path in after.keys() - before.keys()} == {FILE, "forget.lock"}
    assert {path: after[path] for path in before} == before
    record = json.loads(json.dumps(found.to_dict()))
    assert record["papers"] == found.curve.papers >= FEWEST
    sizes = [one["papers"] for one in record["projected"]]
    assert sizes == sorted(sizes)
    assert sizes[0] == record["papers"]
    assert record["papers"] + 50 in sizes
    assert all(0 <= one["low"] <= one["value"] <= one["high"] <= 1 for one in record["projected"])
    assert [one["papers"] for one in record["measured"]] == sorted(one["papers"] for one in record["measured"])
    assert {one["topic"] for one in record["topics"]} == {"robots", "speech", "vision"}
    assert kept_curve(find_workspace(str(workspace))) == record


@pytest.mark.slow
def test_few_judged_papers_have_no_curve(workspace: Path) -> None:
    judged_papers(workspace, "single", 10)
    with pytest.raises(InputError, match=f"needs {FEWEST} judged papers to learn from; there are 30"):
        curve(find_workspace(str(workspace)))
