from __future__ import annotations

import json
from pathlib import Path

import pytest

from labeler.config import Workspace
from labeler.errors import InputError
from labeler.flows.import_soft import import_soft
from labeler.judgements import JudgementLog
from labeler.judgements.soft_labels import FILE, read_soft_labels
from tests.conftest import Labeler


def jsonl(path: Path, *records: dict[str, object]) -> str:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return str(path)


@pytest.fixture
def here(workspace: Path) -> Workspace:
    return Workspace(workspace)


ROBOT = {"title": "A walking robot", "abstract": "It walks over stones.", "scores": {"robotics": 0.8, "llm": 0.1}}
VOICE = {"title": "A voice", "id": "arxiv:2503.11731", "scores": {"llm": 0.4}}


def test_soft_labels_go_into_a_file_of_their_own(here: Workspace) -> None:
    result = import_soft(here, [jsonl(here.root / "x.jsonl", ROBOT, VOICE)], " an\nLLM ")
    assert result.counts()["models"] == {"an LLM": 2}
    assert (len(result.added), result.refused, result.notes) == (2, [], [])
    labels = read_soft_labels(here.root / "annotations").labels
    assert {label.paper.title: dict(label.probabilities) for label in labels} == {
        "A walking robot": {"robotics": 0.8, "llm": 0.1},
        "A voice": {"llm": 0.4},
    }
    assert {json.dumps(label.source) for label in labels} == {
        '{"file": "x.jsonl", "row": "line 1"}',
        '{"file": "x.jsonl", "row": "line 2"}',
    }
    assert JudgementLog(here.judgements).read().judgements == []


def test_twice_changes_nothing_and_a_dry_run_writes_nothing(here: Workspace) -> None:
    file = jsonl(here.root / "x.jsonl", ROBOT)
    assert len(import_soft(here, [file], "m", dry_run=True).added) == 1
    assert not (here.root / "annotations" / FILE).exists()
    assert len(import_soft(here, [file], "m").added) == 1
    before = (here.root / "annotations" / FILE).read_bytes()
    assert import_soft(here, [file], "m").counts()["known"] == 1
    assert (here.root / "annotations" / FILE).read_bytes() == before


def test_rows_of_one_paper_are_put_together(here: Workspace) -> None:
    paper = {"title": "A walking robot", "abstract": "It walks."}
    rows = [paper | {"topic": "robotics", "probability": 0.8}, paper | {"topic": "llm", "probability": 0.1}]
    (label,) = import_soft(here, [jsonl(here.root / "x.jsonl", *rows)], "m").labels
    assert dict(label.probabilities) == {"robotics": 0.8, "llm": 0.1}


def test_a_row_with_nothing_but_an_identifier_is_a_paper(here: Workspace) -> None:
    rows = [{"id": "arxiv:2503.11731", "scores": {"llm": 0.4}}, {"scores": {"llm": 0.4}}]
    result = import_soft(here, [jsonl(here.root / "x.jsonl", *rows)], "m")
    assert [label.paper.ids for label in result.labels] == [("arxiv:2503.11731",)]
    assert result.refused == ["x.jsonl, line 2: neither a title nor an abstract nor an identifier"]


def test_the_model_is_the_one_that_rows_name_or_must_be_named(here: Workspace) -> None:
    file = jsonl(here.root / "x.jsonl", ROBOT | {"model": "arxiv@3"}, VOICE)
    with pytest.raises(InputError, match="does not say which model it is of; name the model with --from NAME"):
        import_soft(here, [file])
    assert not (here.root / "annotations" / FILE).exists()
    assert [label.model for label in import_soft(here, [file], "other").labels] == ["other", "other"]
    file = jsonl(here.root / "x.jsonl", ROBOT | {"model": "arxiv@3"})
    assert [label.model for label in import_soft(here, [file]).labels] == ["arxiv@3"]


@pytest.mark.parametrize("record", [{"title": "A paper"}, {"title": "A paper", "scores": {"cooking": 0.5}}])
def test_a_file_without_probabilities_is_refused(here: Workspace, record: dict[str, object]) -> None:
    with pytest.raises(InputError, match=r"no soft label in .*: x\.jsonl, line 1: has no probability of a topic"):
        import_soft(here, [jsonl(here.root / "x.jsonl", record)], "m")


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet", "xlsx"])
def test_what_label_writes_is_read(trained: Path, labeler: Labeler, digest: Path, ending: str) -> None:
    assert labeler("label", digest, "-o", f"labels.{ending}").code == 0
    outcome = labeler("import", "--soft", f"labels.{ending}")
    assert outcome.code == 0, outcome.err
    labels = read_soft_labels(Path("annotations")).labels
    assert {label.model for label in labels} == {"mine@1"}
    if ending in ("jsonl", "parquet"):
        assert len(labels) == 24
        assert {len(label.probabilities) for label in labels} == {len(labels[0].probabilities)}


def test_predictions_in_an_export_of_label_studio_are_read(here: Workspace) -> None:
    row = {"from_name": "topics", "to_name": "text", "type": "choices", "value": {"choices": ["robotics"]}}
    task = {
        "id": 1,
        "data": {"title": "A walking robot", "abstract": "It walks over stones."},
        "annotations": [],
        "predictions": [{"model_version": "backend", "score": 0.2, "result": [row]}],
    }
    (here.root / "export.json").write_text(json.dumps([task]))
    (label,) = import_soft(here, [str(here.root / "export.json")]).labels
    assert (label.model, label.probabilities["robotics"], label.probabilities["llm"]) == ("backend", 1.0, 0.0)
    assert label.paper.title == "A walking robot"
