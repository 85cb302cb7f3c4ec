from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labeler.config import find_workspace
from labeler.errors import InputError, NotFoundError
from labeler.evaluation.unseen import Origin, Unseen, unseen
from labeler.flows.suspects import suspects
from labeler.judgements import JudgementLog
from labeler.modelstore import ModelStore
from tests.flows.workspaces import bring, judged, make_scheme, trained
from tests.judgements.factories import judgement
from tests.learn.factories import multi_papers, single_papers


def with_slips(workspace: Path, mode: str) -> list[str]:
    """A model of judged papers of which three have wrong topics: their titles."""
    make_scheme(workspace, mode, "robots", "speech", "vision")
    if mode == "single":
        texts, topics = single_papers(each=15)
        rows = [(text, str(topic)) for text, topic in zip(texts, topics, strict=True)]
    else:
        texts, lists = multi_papers(each=12)
        rows = [(text, ";".join(row)) for text, row in zip(texts, lists, strict=True)]
    slips = [(2, "vision"), (20, "robots"), (31, "speech" if mode == "single" else "robots")]
    for row, topic in slips:
        rows[row] = (rows[row][0], topic)
    bring(workspace, rows)
    trained(workspace)
    return [rows[row][0].split("\n")[0] for row, _ in slips]


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["single", "multi"])
def test_planted_slips_come_first(workspace: Path, mode: str) -> None:
    titles = with_slips(workspace, mode)
    found = suspects(find_workspace(str(workspace)), 10)
    assert {one.paper.title for one in found.shown[:3]} == set(titles)
    assert all(one.guesses[0].words for one in found.shown[:3])
    assert found.shown == suspects(find_workspace(str(workspace)), 10).shown
    record = json.loads(json.dumps(found.to_dict()))
    assert (record["model"], record["suspects"][0]["kinds"]) == ("mine@1", ["model"])
    assert not found.notes
    first = found.shown[0].paper
    said = judgement(
        found.shown[0].given[0],
        annotator="eve",
        role="adjudicator",
        offered=("robots", "speech", "vision"),
        title=first.title,
        abstract=first.abstract,
        ids=first.ids,
    )
    JudgementLog(workspace / "annotations/judgements.jsonl").update(lambda _: [said])
    rest = suspects(find_workspace(str(workspace)), 1000)
    assert first.ids not in [one.paper.ids for one in rest.shown]
    assert rest.found == found.found - 1


@pytest.mark.slow
def test_where_the_model_in_use_is_of_another_mode_the_newest_of_this_one_doubts(workspace: Path) -> None:
    with_slips(workspace, "multi")
    make_scheme(workspace, "single", "robots", "speech", "vision")
    trained(workspace)
    store = ModelStore(workspace / "models")
    store.use(store.find("mine@1"))
    assert suspects(find_workspace(str(workspace)), 10).version.label == "mine@2"
    store.use(store.find("mine@2"))
    make_scheme(workspace, "multi", "robots", "speech", "vision")
    assert suspects(find_workspace(str(workspace)), 10).version.label == "mine@1"


@pytest.mark.slow
def test_papers_judged_since_the_training_count_and_are_told(workspace: Path) -> None:
    with_slips(workspace, "single")
    bring(
        workspace, [("A robot gripper\nThe arm and the leg of a robot walking, with torque.", "speech")], name="b.jsonl"
    )
    found = suspects(find_workspace(str(workspace)), 10)
    assert any(one.paper.title == "A robot gripper" for one in found.shown)
    assert found.notes[0].startswith("1 paper judged since mine@1 was trained count")


@pytest.mark.slow
def test_papers_that_a_large_model_learned_from_are_doubted_by_halves(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles = with_slips(workspace, "single")

    def seen(*arguments: Any) -> Unseen:
        said = unseen(*arguments)
        return replace(said, origins=np.full(len(said.origins), Origin.SEEN))

    monkeypatch.setattr("labeler.flows.suspects.unseen", seen)
    found = suspects(find_workspace(str(workspace)), 10)
    assert {one.paper.title for one in found.shown[:3]} == set(titles)
    assert found.looked_at == 45
    assert "regressions on the other half" in found.notes[0]


def test_without_a_model_it_says_what_to_do(workspace: Path) -> None:
    judged(workspace, "single")
    with pytest.raises(NotFoundError, match="no model of these topics"):
        suspects(find_workspace(str(workspace)), 10)


def test_from_few_papers_nothing_follows(workspace: Path) -> None:
    judged(workspace, "single", each=2)
    trained(workspace)
    with pytest.raises(InputError, match="of fewer than 10 nothing follows"):
        suspects(find_workspace(str(workspace)), 10)
