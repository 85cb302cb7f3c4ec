from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Labeler

ROWS = "title,abstract,llm,Robotics\nA walking robot,It walks.,0.1,0.9\nA voice,It speaks.,80%,much\n"


@pytest.fixture
def table(workspace: Path) -> Path:
    path = workspace / "predictions.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def test_soft_labels_are_imported_and_told(table: Path, labeler: Labeler) -> None:
    dry = labeler("import", "--soft", table, "--from", "llm-7b", "--dry-run")
    assert dry.err.startswith("Soft labels of llm-7b (1 paper): 1 would be added, 0 known before.\n")
    outcome = labeler("import", "--soft", table, "--from", "llm-7b")
    assert outcome.code == 0
    assert "Soft labels of llm-7b (1 paper): 1 added, 0 known before." in outcome.err
    assert "note: predictions.csv, row ending on line 3: 'much' is no probability" in outcome.err
    assert "Soft labels of other models: llm-7b, 1 paper." in labeler("status").out
    assert json.loads(labeler("status", "--json").out)["soft_labels"] == {"llm-7b": 1}
    told = json.loads(labeler("import", "--soft", table, "--from", "llm-7b", "--json").out)
    assert (told["soft_labels"], told["models"], told["added"], told["known"]) == (1, {"llm-7b": 1}, 0, 1)


def test_many_rows_that_cannot_be_used_are_counted(workspace: Path, labeler: Labeler) -> None:
    rows = "".join(f"Paper {number},2,\n" for number in range(20))
    (workspace / "x.csv").write_text(f"title,llm,cooking\n{rows}Good,0.5,\n")
    outcome = labeler("import", "--soft", "x.csv", "--from", "m")
    assert "10 more of this kind" in outcome.err


def test_labels_that_are_no_topics_are_told(workspace: Path, labeler: Labeler) -> None:
    (workspace / "x.csv").write_text("title,topic,probability\nA,llm,0.5\nB,cooking,0.5\n")
    assert (
        "labels that are no topic of the scheme: 'cooking' (1)"
        in labeler("import", "--soft", "x.csv", "--from", "m").err
    )


@pytest.mark.parametrize("option", [["--topics-column", "llm"], ["--annotator", "ada"], ["--complete"]])
def test_options_for_judgements_are_refused(table: Path, labeler: Labeler, option: list[str]) -> None:
    outcome = labeler("import", "--soft", table, "--from", "m", *option)
    assert outcome.code == 2
    assert "--soft takes --from, --format and --dry-run alone" in outcome.err


def test_from_is_for_soft_labels(table: Path, labeler: Labeler) -> None:
    outcome = labeler("import", table, "--from", "m")
    assert outcome.code == 2
    assert "--from names the model of soft labels" in outcome.err


def test_the_command_that_was_meant_is_not_label(workspace: Path, labeler: Labeler) -> None:
    (workspace / "x.jsonl").write_text('{"title": "A paper"}\n')
    outcome = labeler("import", "--soft", "x.jsonl", "--from", "m")
    assert outcome.code == 3
    assert "did you mean" not in outcome.err
