"""The steps of the command that says how good a model is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from labeler.config import Workspace, find_workspace
from labeler.errors import InputError, NotFoundError, UsageError
from labeler.flows.evaluate import Evaluated, Judged, evaluate, judged_set, scheme_for
from labeler.judgements import JudgementLog
from labeler.modelstore import ModelStore, shipped_versions
from labeler.score.persistence import load_model
from labeler.topics import load_scheme
from tests.conftest import renew_model


def measured(*inputs: str, label: str | None = None, columns: tuple[str, ...] = (), compare: bool = False) -> Evaluated:
    workspace = find_workspace()
    return evaluate(workspace, ModelStore(workspace.models), label, Judged(inputs, columns), compare=compare)


def table_of(workspace: Workspace, path: Path, count: int) -> str:
    """A judged table of the first papers of the log, with the topics by their names."""
    scheme = load_scheme(workspace.topics)
    log = JudgementLog(workspace.judgements).read().judgements
    rows = [
        {"title": one.title, "abstract": one.abstract, "topics": "; ".join(map(scheme.name, one.yes)) or "none"}
        for one in log
        if one.status == "judged" and not one.unsure
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows[:count]))
    return str(path)


def test_without_inputs_it_is_measured_on_the_log_and_has_its_order_of_time(trained: Path) -> None:
    outcome = measured()
    figures = outcome.version.manifest.training.figures
    for name in ("macro_f1", "micro_f1"):
        assert outcome.found.unseen.figures.averages[name].value == pytest.approx(
            figures.measured[name].value, abs=1e-4
        )
    assert outcome.found.time_ordered == figures.time_ordered
    assert (outcome.version.label, outcome.notes, outcome.found.compared) == ("mine@1", [], ())
    assert outcome.names["robotics"] == "Robotics and control"


def test_a_log_elsewhere_and_a_workspace_measure_as_the_own_log_does(trained: Path, tmp_path: Path) -> None:
    own = measured().found.unseen.to_dict()
    for name in (str(trained), str(trained / "annotations" / "judgements.jsonl")):
        assert measured(name).found.unseen.to_dict() == own
    assert measured(str(trained)).found.time_ordered is None


def test_a_table_measures_on_papers_that_were_held_out(trained: Path, tmp_path: Path) -> None:
    table = table_of(find_workspace(), tmp_path / "judged.jsonl", 40)
    outcome = measured(table, columns=("topics",))
    assert outcome.found.counts["held_out"] == outcome.found.unseen.figures.papers
    assert 20 < outcome.found.unseen.figures.papers <= 40
    assert outcome.found.counts["new"] == 0
    assert len(outcome.found.known.papers) == len(judged_set(find_workspace(), Judged(), outcome.scheme)[0].papers)


@pytest.mark.parametrize(
    ("inputs", "columns", "error", "said"),
    [
        (("-",), (), UsageError, "standard input"),
        (("no-such.jsonl",), (), InputError, "there is no no-such.jsonl"),
        (("labeler.toml",), (), InputError, "is no log of judgements"),
    ],
)
def test_inputs_that_are_no_judged_papers_are_told(
    trained: Path, inputs: tuple[str, ...], columns: tuple[str, ...], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        measured(*inputs, columns=columns)


def test_without_a_workspace_the_shipped_model_is_measured_on_inputs_alone(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = str(trained / "annotations" / "judgements.jsonl")
    monkeypatch.chdir(tmp_path)
    store = ModelStore(tmp_path / "models")
    with pytest.raises(NotFoundError, match="there is no workspace here"):
        evaluate(None, store, None, Judged())
    found = evaluate(None, store, None, Judged((log,)), compare=False)
    assert found.version.shipped
    assert found.found.counts["held_out"] == found.found.counts["seen"] == 0
    assert found.found.unseen.figures.papers > 0


def test_a_model_of_an_earlier_program_that_does_not_say_what_it_learned_from_is_refused(
    trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgetful(folder: Path) -> object:
        return replace(load_model(folder), held_out_papers=None)

    monkeypatch.setattr("labeler.flows.evaluate.load_model", forgetful)
    with pytest.raises(InputError, match="mine@1 learned from all of these papers"):
        measured()


@pytest.mark.slow
def test_the_version_before_stands_in_the_comparison(trained: Path, trained_twice: Path) -> None:
    renew_model(trained, trained_twice)
    compared = measured(label="mine@2", compare=True).found.compared
    assert compared[-1].name == "mine@1"
    assert compared[-1].differences["macro_f1"].value == 0


def test_the_scheme_is_the_one_of_today_or_that_of_the_model(trained: Path) -> None:
    workspace = find_workspace()
    version = ModelStore(workspace.models).find(None)
    model = load_model(version.folder)
    scheme, notes = scheme_for(version, model, workspace)
    assert (scheme, list(notes)) == (load_scheme(workspace.topics), [])
    assert scheme_for(version, model, None)[0] == version.manifest.training.scheme
    (shipped, *_) = shipped_versions()
    of_shipped, _ = scheme_for(shipped, load_model(shipped.folder), None)
    assert set(of_shipped.offered) >= set(load_model(shipped.folder).linear.topics)


def test_judged_papers_of_the_log_have_what_people_said(trained: Path) -> None:
    workspace = find_workspace()
    scheme = load_scheme(workspace.topics)
    judged, notes = judged_set(workspace, Judged(), scheme)
    assert (judged.topics, notes) == (scheme.offered, [])
    row, one = next((n, paper) for n, paper in enumerate(judged.papers) if (judged.truth[n] == 1).sum() == 1)
    said = next(entry for entry in JudgementLog(workspace.judgements).read().judgements if entry.paper in one.ids)
    assert said.yes == (scheme.offered[int(np.flatnonzero(judged.truth[row] == 1)[0])],)
    assert len(judged_set(None, Judged(), scheme)[0].papers) == 0
