"""The models found out of core are those that scikit-learn finds, and those of the solver for few papers."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.svm import LinearSVC

from labeler.errors import ServerError
from labeler.features.background import NO_BACKGROUND
from labeler.features.corpus import Corpus
from labeler.features.rows import Rows
from labeler.features.stored import StoredRows
from labeler.features.weighting import tfidf_of
from labeler.learn import dual_coordinate_descent as module
from labeler.learn.dual_coordinate_descent import DualCoordinateDescent
from labeler.learn.solver import Loss, fit_dual
from tests.features.factories import corpus

THEMES = ("rock", "moon", "gene", "coin")
TIGHT = 1e-7


def stored(points: np.ndarray, folder: Path) -> StoredRows:
    columns = [np.flatnonzero(point) for point in points]
    ends = np.cumsum([0, *map(len, columns)])
    values = np.concatenate([point[some_rows] for point, some_rows in zip(points, columns, strict=True)])
    all_rows = Rows(values, np.concatenate(columns).astype(np.int32), ends, points.shape[1], ends[1:])
    return StoredRows.write([all_rows], points.shape[1], folder)


def drawn(papers: int, width: int, topics: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Sparse points, some of them empty, and sides: some unknown."""
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(papers, width)) * (rng.random((papers, width)) < 0.4)
    points /= np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-9)
    noisy = points @ rng.normal(size=(width, topics)) + rng.normal(size=topics) * 0.3
    signs = np.where(rng.random(noisy.shape) < 0.1, 0, np.where(noisy > 0, 1, -1)).astype(np.int8)
    signs[0], signs[1] = 1, -1
    return points, signs


def searched(
    points: np.ndarray, signs: np.ndarray, folder: Path, *steps: tuple[np.ndarray, float], negative_weight: float = 1.0
) -> np.ndarray:
    """Scores at all points after some steps of a search."""
    search = DualCoordinateDescent(
        stored(points, folder), signs, np.full(signs.shape[1], negative_weight, np.float32), folder
    )
    for indices, C in steps:
        search.fit(indices, C)
    weights, intercepts = search.model()
    return np.asarray(points @ weights + intercepts)


def expected(
    points: np.ndarray, signs: np.ndarray, indices: np.ndarray, C: float, negative_weight: float = 1.0
) -> np.ndarray:
    """The same of scikit-learn, topic by topic."""
    scores = []
    for side in signs.T:
        known = indices[side[indices] != 0]
        weights = np.where(side[known] > 0, 1.0, negative_weight)
        model = LinearSVC(C=C, tol=1e-8, max_iter=100_000, intercept_scaling=1, dual=True)
        model.fit(points[known], side[known], sample_weight=weights)
        scores.append(points @ model.coef_[0] + model.intercept_[0])
    return np.column_stack(scores)


@given(seed=st.integers(0, 10_000), C=st.sampled_from([0.1, 1.0, 5.0]), negative_weight=st.sampled_from([1.0, 0.3]))
@settings(max_examples=25, deadline=None)
def test_the_optimum_is_that_of_scikit_learn(
    tmp_path_factory: pytest.TempPathFactory, seed: int, C: float, negative_weight: float
) -> None:
    points, signs = drawn(60, 12, 3, seed)
    all_rows = np.arange(len(points))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_TOLERANCE", TIGHT)
        patch.setattr(module, "_MAX_ITERATIONS", 3000)
        found = searched(
            points, signs, tmp_path_factory.mktemp("search"), (all_rows, C), negative_weight=negative_weight
        )
    np.testing.assert_allclose(found, expected(points, signs, all_rows, C, negative_weight), atol=5e-3)


def test_a_search_that_goes_on_ends_where_a_new_one_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a larger C, and with papers that were left out at first."""
    monkeypatch.setattr(module, "_TOLERANCE", TIGHT)
    monkeypatch.setattr(module, "_MAX_ITERATIONS", 3000)
    points, signs = drawn(80, 12, 3, 1)
    some_rows, all_rows = np.arange(0, 80, 2), np.arange(80)
    folders = [tmp_path / name for name in ("warm", "cold")]
    for folder in folders:
        folder.mkdir()
    warm = searched(points, signs, folders[0], (some_rows, 0.25), (some_rows, 1.0), (all_rows, 0.5))
    cold = searched(points, signs, folders[1], (all_rows, 0.5))
    np.testing.assert_allclose(warm, cold, atol=2e-3)


def test_papers_that_are_left_out_teach_nothing(tmp_path: Path) -> None:
    points, signs = drawn(40, 12, 3, 2)
    some_rows = np.arange(30)
    folders = [tmp_path / name for name in ("one", "other")]
    for folder in folders:
        folder.mkdir()
    turned = signs.copy()
    turned[30:] *= -1
    one, other = (searched(points, s, f, (some_rows, 1.0)) for s, f in zip((signs, turned), folders, strict=True))
    np.testing.assert_array_equal(one, other)


@pytest.mark.slow
@pytest.mark.parametrize("near", [1, 7, 1000])
def test_topics_are_solved_alike_in_parts_and_papers_in_any_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, near: int
) -> None:
    monkeypatch.setattr(module, "cpu_count", lambda: 1)  # in this process, where the next lines count
    monkeypatch.setattr(module, "_BLOCK_ROWS", near)
    monkeypatch.setattr(module, "_TOLERANCE", 1e-6)
    monkeypatch.setattr(module, "_MAX_ITERATIONS", 1000)
    points, signs = drawn(50, 12, 5, 3)
    all_rows = np.arange(50)
    for width in (1, 2, 64):
        monkeypatch.setattr(module, "_MIN_COLUMNS", width)
        monkeypatch.setattr(module, "_MAX_COLUMNS", width)
        folder = tmp_path / str(width)
        folder.mkdir()
        found = searched(points, signs, folder, (all_rows, 1.0))
        assert len(list(folder.glob("weights-*.bin"))) == -(-5 // width)
        np.testing.assert_allclose(found, expected(points, signs, all_rows, 1.0), atol=1e-2)


def test_processes_share_the_rows_and_find_what_one_does(tmp_path: Path) -> None:
    """The same bytes, however the topics are divided."""
    texts = corpus(400)
    signs = np.array([[theme in text for theme in THEMES * 5] for text in texts]).astype(np.int8) * 2 - 1
    found = Corpus.of(texts)
    tfidf = tfidf_of(found, 1, NO_BACKGROUND)
    rows = StoredRows.write(found.rows(tfidf), len(tfidf.idf), tmp_path)
    search = DualCoordinateDescent(rows, signs, np.ones(20, np.float32), tmp_path)
    search.fit(np.arange(300), 1.0)
    weights, intercepts = search.model()
    assert weights.shape == (len(tfidf.idf), 20)
    for again in range(4, 20, 4):
        np.testing.assert_allclose(weights[:, again : again + 4], weights[:, :4], atol=1e-5)
    said = (rows.times(weights, np.arange(300, 400)) + intercepts)[:, :4].argmax(axis=1)
    assert (said == signs[300:, :4].argmax(axis=1)).mean() > 0.9


@pytest.mark.slow
def test_few_and_many_papers_are_solved_alike(tmp_path: Path, shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """2,000 real papers: the scores of the solver for few, and those of this one."""
    monkeypatch.setattr(module, "_TOLERANCE", 1e-5)
    table = shared / "data" / "arxiv_until_2025.parquet"
    papers = pd.read_parquet(table, columns=["title", "abstract", "categories"]).iloc[:2500]
    categories = [str(entry).split() for entry in papers.categories]
    topics = pd.Series([one for entry in categories for one in entry]).value_counts().index[:8]
    signs = np.array([[topic in entry for topic in topics] for entry in categories]).astype(np.int8) * 2 - 1
    found = Corpus.of(f"{title}\n{abstract}" for title, abstract in zip(papers.title, papers.abstract, strict=True))
    tfidf = tfidf_of(found, 2, NO_BACKGROUND)
    rows = found.matrix(tfidf)
    known = rows[:2000]
    loss = Loss((signs[:2000] + 1) / 2.0, np.ones((2000, 8)), 1.0, True)
    coefficients = fit_dual((known @ known.T).toarray().astype(np.float32) + np.float32(1), loss)
    few = rows @ (known.T @ coefficients) + coefficients.sum(axis=0)
    search = DualCoordinateDescent(
        StoredRows.write(found.rows(tfidf), len(tfidf.idf), tmp_path), signs, np.ones(8, np.float32), tmp_path
    )
    search.fit(np.arange(2000), 1.0)
    weights, intercepts = search.model()
    many = rows @ weights + intercepts
    assert np.abs(few).max() > 1
    np.testing.assert_allclose(many, few, atol=5e-3)


def dying(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.slow
def test_a_process_that_is_killed_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "cpu_count", lambda: 2)
    monkeypatch.setattr(module, "_descend", dying)
    points, signs = drawn(40, 12, 20, 0)
    search = DualCoordinateDescent(stored(points, tmp_path), signs, np.ones(20, np.float32), tmp_path)
    with pytest.raises(ServerError, match="ended from outside"):
        search.fit(np.arange(40), 1.0)
