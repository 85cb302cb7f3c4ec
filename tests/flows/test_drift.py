"""A stream that leaves what a model knows, told by `label` and `status`."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from labeler.config import find_workspace
from labeler.flows.drift import drift, drift_notes, field_names
from labeler.history import History
from labeler.modelstore import ModelStore
from tests.conftest import Labeler

SPEECH = "language model text translation words speech sentences tokens grammar dialogue corpus question answer".split()
STARS = "stars galaxy telescope dust emission planets orbit redshift dark matter spectra luminosity disc gas".split()


def digest_of(name: str, seed: int, speech: int, stars: int) -> str:
    """A file of invented papers on language, and on stars."""
    rng, papers = random.Random(seed), []
    for number in range(speech + stars):
        words = SPEECH if number < speech else STARS
        abstract = " ".join(rng.choices(words, k=40))
        title = " ".join(rng.choices(words, k=4))
        papers.append({"id": f"arxiv:26{seed:02}.{number:05}", "title": title, "abstract": abstract})
    Path(name).write_text("\n".join(map(json.dumps, papers)))
    return name


@pytest.mark.slow
def test_label_and_status_say_that_the_papers_have_changed(labeler: Labeler, trained: Path) -> None:
    for day in range(8):
        told = labeler("label", digest_of(f"day-{day}.jsonl", day, 25, 0), "-o", "out.jsonl")
        assert (told.code, "have changed" in told.err) == (0, False)
    told = labeler("label", digest_of("day-8.jsonl", 8, 20, 30), "--topic", "robotics", "-o", "out.jsonl")
    sentence = next(line for line in " ".join(told.err.split()).split(". ") if "The papers have changed" in line)
    assert "before it were" in sentence
    state = labeler("status").out
    assert "The papers have changed: since " in " ".join(state.split())
    found = json.loads(labeler("status", "--json").out)["drift"]
    assert any(one["field"].startswith("astro-ph") for one in found)
    assert all(name.startswith("arxiv:2608") for one in found for name in one["ids"])


def test_a_history_that_is_damaged_tells_nothing(trained: Path) -> None:
    workspace = find_workspace()
    version = ModelStore(workspace.models).find()
    assert drift(workspace, version) == []
    workspace.make_private().joinpath("history.jsonl").write_text('{"at": 3}\nnot json\n{"at": "2026-01-01", "papers')
    assert drift_notes(workspace, version) == []
    assert History(workspace.private / "history.jsonl").recent(10) == []


def test_fields_have_the_names_of_categories() -> None:
    assert field_names()["cs.RO"] == "Robotics"


def test_a_model_knows_the_fields_of_what_it_learned_from(trained: Path) -> None:
    figures = ModelStore(find_workspace().models).find().manifest.training.figures
    assert figures.fields is not None
    assert figures.fields.papers == figures.labelled
    assert 0 < sum(figures.fields.of("cs.RO", level) for level in (0.1, 0.3, 0.6)) <= 3 * figures.fields.papers
