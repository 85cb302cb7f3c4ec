"""The card of a model in Markdown."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from labeler.modelstore import shipped_versions
from tests.conftest import Labeler

SHIPPED = shipped_versions()[-1].label


def test_the_card_of_ones_own_model_has_its_figures_and_words(trained_once: Path, labeler: Labeler) -> None:
    outcome = labeler("--workspace", trained_once, "models", "show", "mine", "--card")
    assert outcome.code == 0, outcome.err
    for part in (
        "# mine@1\n",
        "any number of its 8 topics",
        "Trained on 163 judged papers.",
        "| Robotics and control |",
    ):
        assert part in outcome.out
    assert "On 163 judged papers held out in its training, mine@1 gives" in outcome.out
    html = MarkdownIt("commonmark").enable("table").render(outcome.out)
    assert html.count("<table>") == 2
    assert html.count("<h1>") == 1


def test_the_card_of_the_model_that_comes_along_says_what_its_makers_say(
    labeler: Labeler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = labeler("models", "show", "arxiv", "--card")
    assert outcome.code == 0, outcome.err
    assert f"# {SHIPPED} (comes with labeler)" in outcome.out
    assert "Its limits" in outcome.out
    assert "one of its 69 topics, by title" in outcome.out


def test_a_card_without_judged_papers_has_the_figures_of_the_training(
    trained_once: Path, labeler: Labeler, tmp_path: Path
) -> None:
    shutil.copytree(trained_once, tmp_path / "w")
    (tmp_path / "w" / "annotations" / "judgements.jsonl").unlink()
    outcome = labeler("--workspace", tmp_path / "w", "models", "show", "--card", "--json")
    assert outcome.code == 0, outcome.err
    assert "macro-F1 on papers held out: 0." in json.loads(outcome.out)["card"]


def test_names_of_topics_are_no_markup_in_a_card(trained_once: Path, labeler: Labeler, tmp_path: Path) -> None:
    shutil.copytree(trained_once, tmp_path / "w")
    scheme = tmp_path / "w" / "annotations" / "topics.toml"
    scheme.write_text(scheme.read_text().replace('"Robotics and control"', '"Robots | <b>arms</b>"'))
    outcome = labeler("--workspace", tmp_path / "w", "models", "show", "--card")
    assert r"| Robots \| \<b\>arms\</b\> |" in outcome.out
    assert labeler("--workspace", tmp_path / "w", "models", "show", "other", "--card").code == 4
