"""What a training came to: each sentence where it holds, and none where it does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from labeler.annotators.choice import Choice
from labeler.cli.trained import MACRO_F1, figures_of, training_text
from labeler.flows.train import Training
from labeler.judgements import labels_of
from labeler.measure.estimates import Estimate
from labeler.measure.figures import Bands, Figures, Outcome, PaperCounts
from labeler.measure.keywords import KeywordCount
from labeler.modelstore import ModelStore, Version
from labeler.score.manifest import Background, Manifest
from tests.judgements.factories import scheme

BANDS = Bands(0.9, 0.0, 1.0, Outcome(20, 0, 0, 0))


@pytest.fixture
def version(trained_once: Path) -> Version:
    """A version of a model, of which tests change the figures."""
    return ModelStore(trained_once / "models").find()


def with_figures(version: Version, bands: Bands | None = None, **figures: Any) -> Version:
    """The version with these figures alone."""
    manifest: Manifest = version.manifest
    parameters = manifest.training.parameters._replace(consensus=Choice())
    training = manifest.training._replace(figures=Figures(**figures), parameters=parameters)
    return version._replace(manifest=manifest._replace(training=training, bands=bands, unlearned={}))


def text_of(version: Version, fresh: bool = True) -> str:
    return training_text(Training(version, fresh, labels_of([], scheme()), scheme(), ()))


def test_nothing_new_is_told_in_a_line(version: Version) -> None:
    assert text_of(version, fresh=False) == "Nothing has changed since mine@1; no new version was made."


def test_metrics_are_told_with_their_intervals_and_what_they_mean(version: Version) -> None:
    measured = {"macro_f1": Estimate(0.5, 0.25, 0.75), "average_precision": Estimate(0.6, 0.5, 0.7)}
    found = with_figures(version, BANDS, measured=measured, papers=PaperCounts(20, 0, 0))
    assert figures_of(found) == "macro-F1 0.50 [0.25, 0.75], average-precision 0.60 [0.50, 0.70]"
    lines = text_of(found).splitlines()
    assert lines[:3] == [
        "Trained mine@1 on 20 judged papers.",
        f"On papers held out: {figures_of(found)} (95 % intervals).",
        MACRO_F1,
    ]


def test_without_figures_nothing_is_said_of_them(version: Version) -> None:
    found = with_figures(version, papers=PaperCounts(0, 0, 30))
    assert figures_of(found) == ""
    text = text_of(found)
    assert text.startswith("Trained mine@1 on the names and definitions of the topics and 30 papers")
    assert "held out" not in text
    assert "\n" not in text


def test_topics_that_were_learned_otherwise_or_not_at_all_are_named(version: Version) -> None:
    counts = {"llm": 9, "vision": 0, "speech": 0}
    found = with_figures(version, papers=PaperCounts(9, 0, 0), counts=counts, weak=("llm",))
    found = found._replace(manifest=found.manifest._replace(unlearned={"speech": "no paper judged to be of it"}))
    assert text_of(found).splitlines()[1:] == [
        "Not learned: Speech (no paper judged to be of it).",
        "Learned from name and definition alone: Vision.",
        "No paper of another topic, or too few, was judged not to be of: Language models; papers not judged for these "
        "count as negative examples, with less weight.",
    ]


def test_topics_that_were_learned_from_keywords_too_are_named_apart(version: Version) -> None:
    keywords = {"vision": (KeywordCount("image", False, 0, 0),), "speech": (KeywordCount("image", True, 0, 0),)}
    counts = {"llm": 9, "vision": 0, "speech": 0}
    found = with_figures(version, papers=PaperCounts(9, 0, 0), counts=counts, keywords=keywords)
    assert text_of(found).splitlines()[1:] == [
        "Learned from name and definition alone: Speech.",
        "Learned from name, definition and keywords alone: Vision.",
    ]


def test_papers_without_a_topic_are_told_where_they_are_known(version: Version) -> None:
    found = with_figures(version, papers=PaperCounts(9, 0, 40), no_topic=Estimate(0.1, 0.05, 0.2))
    assert "About 10% [5%, 20%] of the unread papers fit no topic of the scheme." in text_of(found)


def test_a_background_of_ones_own_and_one_that_does_not_know_the_language_are_told(version: Version) -> None:
    found = with_figures(version, papers=PaperCounts(9, 0, 40, languages={"zh": 1.0}))
    training = found.manifest.training
    assert training.state is not None

    def told(used: str, known: str) -> str:
        state = training.state._replace(background=Background(known, 400, "")) if training.state else None
        other = training._replace(state=state, parameters=training.parameters._replace(background=used))
        return text_of(found._replace(manifest=found.manifest._replace(training=other)))

    assert "the background arxiv hardly knows their words and was left out" in told("none", "arxiv")
    assert "`labeler background build PAPERS -o FILE.npz`" in told("none", "arxiv")
    assert "What it knew of words beforehand: the background zh, learned from 400 papers." in told("zh", "zh")
    assert "background" not in told("arxiv", "arxiv") + told("none", "none")


def test_whose_answer_counted_is_told(version: Version) -> None:
    parameters = version.manifest.training.parameters
    assert parameters.consensus.papers == 40
    assert f"\n{parameters.consensus.sentence}\n" in text_of(version)
