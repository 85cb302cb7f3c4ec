"""The command that says how far annotators agree."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import Labeler
from tests.paths import SAMPLES


def test_an_export_needs_no_workspace(labeler: Labeler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(SAMPLES / "export.json", "export.json")
    outcome = labeler("agreement", "export.json")
    assert outcome.code == 0, outcome.err
    assert outcome.out.startswith("203 judgements of 2 annotators on 163 papers; 40 were judged by two or more.")
    for part in ("Over all:", "Each topic:", "Each pair:", "ada@example.org, ben@example.org", "0.75 (too few)"):
        assert part in outcome.out
    assert "9 annotations skipped or unsure" in outcome.err


def test_json_has_everything(labeler: Labeler, workspace: Path) -> None:
    assert labeler("import", SAMPLES / "export.json").code == 0
    found = json.loads(labeler("agreement", "--json").out)
    assert found["verdict"] == "too few"
    assert found["sentences"][0].endswith("40 were judged by two or more.")
    assert found["overall"]["multi_valued_alpha"] == {"value": pytest.approx(0.75, abs=0.01), "low": None, "high": None}
    assert found["names"]["llm"] == "Language models"
    assert {pair["papers"] for pair in found["pairs"]} == {40}
    assert set(found["disagreements"]) == {"papers", "topics", "confused"}
    topic = next(one for one in found["topics"] if one["topic"] == "llm")
    assert set(topic) == {"topic", "papers", "given", "disputed", "prevalence", "alpha", "ac1", "pabak"}


def test_people_see_names_and_papers(labeler: Labeler, workspace: Path) -> None:
    titles = [f"Paper {number} about many things" for number in range(60)]
    for who in ("ada", "bo"):
        rows = [
            {
                "title": title,
                "abstract": f"It tells of the matter with the number {number}.",
                "topics": "llm" if number % 3 or (who == "ada" and number < 24) else "vision",
            }
            for number, title in enumerate(titles)
        ]
        Path(f"{who}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        assert (
            labeler("import", f"{who}.jsonl", "--topics-column", "topics", "--complete", "--annotator", who).code == 0
        )
    outcome = labeler("agreement")
    assert outcome.code == 0, outcome.err
    assert (
        "Of 8 disagreements 8 are Visual understanding or not Visual understanding, and 8 Language models or"
        in outcome.out
    )
    assert "Language models or Visual understanding: 8 papers" in outcome.out
    assert "Paper 12 about many things" in outcome.out


def test_rows_fit_a_terminal(labeler: Labeler, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert labeler("import", SAMPLES / "export.json").code == 0
    rows = labeler("agreement").out.partition("Each topic:\n")[2].splitlines()
    assert rows[0].split() == ["topic", "disputed", "yes", "alpha", "AC1"]
    assert rows[1].startswith("  Language models")
    assert len(rows[1].split("  ")) > 4


def test_a_control_is_for_exports(labeler: Labeler, workspace: Path) -> None:
    outcome = labeler("agreement", "--control", "topics")
    assert outcome.code == 2
    assert "--control is for exports" in outcome.err


def test_without_a_workspace_and_an_export_there_is_nothing(
    labeler: Labeler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert labeler("agreement").code == 4
    assert labeler("agreement", "missing.json").code == 3
