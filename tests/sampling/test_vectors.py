from __future__ import annotations

import numpy as np
import pytest

from labeler.features.background import NO_BACKGROUND, Background
from labeler.sampling.vectors import paper_vectors
from tests.features.factories import corpus
from tests.learn.factories import TINY
from tests.sampling.factories import unread

GREEK = ["λόγος νόμος", "φύσις λόγος", "νόμος φύσις", "λόγος φύσις", "νόμος λόγος νόμος", "φύσις φύσις λόγος"]


@pytest.mark.parametrize("background", [TINY, NO_BACKGROUND])
def test_papers_about_one_thing_point_the_same_way(background: Background) -> None:
    found = paper_vectors(unread(each=10), background)
    cosines = found @ found.T
    same = np.kron(np.eye(4), np.ones((10, 10))).astype(bool)
    assert found.dtype == np.float32
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert cosines[same].mean() > 0.3 + cosines[~same].mean()


def test_a_text_has_the_same_direction_wherever_it_stands() -> None:
    texts = unread()
    order = np.random.RandomState(1).permutation(len(texts))
    assert np.allclose(paper_vectors([texts[n] for n in order], TINY), paper_vectors(texts, TINY)[order], atol=1e-5)


def test_a_background_of_another_language_is_not_used() -> None:
    assert np.allclose(paper_vectors(GREEK, TINY), paper_vectors(GREEK, NO_BACKGROUND))
    assert paper_vectors(GREEK, TINY).any()


def test_a_name_that_a_background_knows_does_not_make_it_one_of_this_language() -> None:
    texts = [f"{text} robot" for text in GREEK]
    assert np.allclose(paper_vectors(texts, TINY), paper_vectors(texts, NO_BACKGROUND))
    assert not np.allclose(paper_vectors(["robot arm", "robot voice", *texts[:1]], TINY)[0], 0)


@pytest.mark.parametrize("copies", [1, 4])
def test_of_another_language_texts_of_the_same_words_point_the_same_way_however_few(copies: int) -> None:
    found = paper_vectors([*GREEK, "ψυχή ζωή"] * copies, TINY)[:7]
    cosines = found @ found.T
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert cosines[0, 4] > 0.6 < cosines[1, 5]
    assert cosines[6, :6].max() < 0.1
    assert cosines[0, [1, 3, 5]].max() < 0


@pytest.mark.parametrize("background", [TINY, NO_BACKGROUND])
@pytest.mark.parametrize("texts", [[], [""], ["", " ", "!"], ["robot"], ["robot", ""]])
def test_texts_with_hardly_a_word_have_finite_directions(background: Background, texts: list[str]) -> None:
    found = paper_vectors(texts, background)
    assert len(found) == len(texts)
    assert np.isfinite(found).all()


def test_of_many_texts_a_sample_tells_the_directions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labeler.sampling.vectors._READ", 100)
    found = paper_vectors(corpus(350), NO_BACKGROUND)
    assert found.shape == (350, len(range(0, 350, 4)) // 10)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
