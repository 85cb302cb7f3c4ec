from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from labeler.features.background import Background
from labeler.learn import background_regression as module
from labeler.learn.background_regression import BackgroundRegression
from labeler.learn.stored_papers import StoredPapers
from labeler.topics import Mode
from tests.learn.factories import TINY, single_papers

TOPICS = ("robots", "speech", "vision")


def stored(folder: Path, background: Background = TINY) -> StoredPapers:
    texts, _ = single_papers(30)
    rows = np.eye(3)[np.arange(90) // 30]
    return StoredPapers.read(Mode.SINGLE, zip(texts, rows, strict=True), TOPICS, {}, background, folder, lambda _: None)


def test_it_folds_into_one_weight_a_term(tmp_path: Path) -> None:
    papers, every = stored(tmp_path), np.arange(90)
    regression = BackgroundRegression(papers)
    regression.fit(every)
    weights, intercepts = np.zeros((papers.rows.width, 3), np.float32), np.zeros(3, np.float32)
    regression.add_to(weights, intercepts, 0.5)
    scores = regression.scores(every)
    np.testing.assert_allclose(papers.rows.times(weights, every) + intercepts, 0.5 * scores, atol=1e-4)
    assert (scores.argmax(axis=1) == every // 30).all()


def test_what_was_added_to_stays(tmp_path: Path) -> None:
    papers = stored(tmp_path)
    regression = BackgroundRegression(papers)
    regression.fit(np.arange(90))
    weights, intercepts = np.ones((papers.rows.width, 3), np.float32), np.ones(3, np.float32)
    regression.add_to(weights, intercepts, 0.0)
    np.testing.assert_array_equal(weights, 1)
    np.testing.assert_array_equal(intercepts, 1)


def test_of_very_many_papers_a_sample_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    papers, every = stored(tmp_path), np.arange(90)
    monkeypatch.setattr(module, "_MAX_LEARNED", 45)
    regression = BackgroundRegression(papers)
    regression.fit(every)
    assert (regression.scores(every).argmax(axis=1) == every // 30).all()


def test_nothing_learned_is_a_fault_of_the_program(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="nothing was learned"):
        BackgroundRegression(stored(tmp_path)).scores(np.arange(3))
