from __future__ import annotations

import json
from pathlib import Path

import pytest

from labeler.config import find_workspace
from labeler.errors import InputError
from labeler.flows.curve import model_of
from labeler.flows.kept_simulation import FILE
from labeler.flows.simulate import FEWEST, simulate
from labeler.flows.training_input import TrainingInput
from labeler.sampling.registry import STRATEGIES
from labeler.score.model import TopicModel
from labeler.simulation.replay import Rows
from tests.flows.test_curve import judged_papers
from tests.flows.workspaces import pile


def quick_papers(workspace: Path, mode: str, each: int) -> None:
    """Judged papers that are learned from without a background, which is quick."""
    judged_papers(workspace, mode, each)
    (workspace / "labeler.toml").write_text('[train]\nbackground = "none"\n', encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["single", "multi"])
def test_strategies_are_replayed_and_what_is_done_is_kept(
    workspace: Path, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick_papers(workspace, mode, 25 if mode == "single" else 15)
    unread = [pile(workspace)] if mode == "single" else []
    before = {path: path.stat().st_mtime_ns for path in workspace.rglob("*") if path.is_file()}
    space, messages = find_workspace(str(workspace)), list[str]()

    def end_in_second_fold(text: str) -> None:
        if "fold 2" in text:
            raise KeyboardInterrupt

    def counting(data: TrainingInput, rows: Rows) -> TopicModel:
        texts.add(len(data.unlabeled) + len(rows) if unread else len(data.unlabeled))
        return model_of(data, rows)

    texts = set[int]()
    monkeypatch.setattr("labeler.flows.simulate.model_of", counting)
    with pytest.raises(KeyboardInterrupt):
        simulate(space, 0.5, unread, end_in_second_fold, orders=2)
    found = simulate(space, 0.5, unread, messages.append, orders=2)
    assert texts == ({60 + 50} if unread else {0})  # who learns from unread papers does so from those not yet asked
    assert messages[0] == "order 1 of 2, fold 2 of 3 …"  # it goes on there
    after = {path: path.stat().st_mtime_ns for path in workspace.rglob("*") if path.is_file()}
    assert {path.name for path in after.keys() - before.keys()} == {FILE, "forget.lock"}
    assert {path: after[path] for path in before} == before
    record = json.loads(json.dumps(found.to_dict()))
    assert record["papers"] >= FEWEST
    assert {one["strategy"] for one in record["strategies"]} == set(STRATEGIES.names)
    assert record["labels"] == sorted(record["labels"])
    for one in record["strategies"]:
        assert one["values"][0] == record["strategies"][0]["values"][0]  # all start from the same papers
        assert one["values"][-1] == record["full"]  # and end with all
        assert one["mean"]["low"] <= one["mean"]["value"] <= one["mean"]["high"]
        assert [needed["value"] for needed in one["needed"]] == [0.5]
    assert any(note.endswith("than among many unread papers") for note in record["notes"])
    assert json.loads((space.private / FILE).read_text())["simulation"] == record
    monkeypatch.setattr("labeler.flows.simulate.model_of", None)  # nothing is trained again
    again = simulate(space, unlabeled=unread, orders=2)
    assert again.found.figures.keys() == found.found.figures.keys()
    assert [round(target / found.found.full, 2) for target, _ in again.needed] == [0.9, 0.95, 0.98]


@pytest.mark.slow
def test_few_judged_papers_have_no_simulation(workspace: Path) -> None:
    judged_papers(workspace, "single", 10)
    with pytest.raises(InputError, match=f"needs {FEWEST} judged papers; there are 30"):
        simulate(find_workspace(str(workspace)))
