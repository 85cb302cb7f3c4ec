from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from labeler.errors import InputError
from labeler.features.background import Background, load_background, save_background
from labeler.features.learn_background import _halves, learn_background
from tests.features.factories import GENERIC, THEMES, corpus


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    with threadpool_limits(1, "blas"):
        yield


@cache
def learned() -> Background:
    return learn_background(corpus(), "tiny")


def same(one: Background, other: Background) -> bool:
    parts = [(found.shares, found.topicality, found.vectors) for found in (one, other)]
    equal = all(left.tobytes() == right.tobytes() for left, right in zip(*parts, strict=True))
    return equal and (one.words, one.papers) == (other.words, other.papers)


def test_the_same_papers_give_the_same_background() -> None:
    assert same(learn_background(corpus(), "tiny"), learned())


@pytest.mark.parametrize("seed", range(2))
def test_the_order_of_papers_and_papers_given_twice_do_not_matter(seed: int) -> None:
    texts = corpus() + corpus()[:30]
    random.Random(seed).shuffle(texts)
    assert same(learn_background(texts, "tiny"), learned())


def test_other_papers_give_another_background() -> None:
    assert not same(learn_background(corpus(seed=1), "tiny"), learned())


def test_figures_are_of_the_papers() -> None:
    found, texts = learned(), corpus()
    assert (found.name, found.papers) == ("tiny", len(texts))
    assert list(found.words) == sorted({*GENERIC, *(word for theme in THEMES.values() for word in theme)})
    for word in ("rock07", "thing11"):
        count = sum(word in text.replace("\n", " ").replace(".", "").split() for text in texts)
        assert found.shares[found.words.index(word)] == pytest.approx(count / len(texts))
    assert all(np.isfinite(part).all() for part in (found.shares, found.topicality, found.vectors))


def test_a_word_that_belongs_to_no_theme_is_less_topical_than_every_one_that_does() -> None:
    topical = dict(zip(learned().words, learned().topicality.tolist(), strict=True))
    generic = [topical.pop(word) for word in GENERIC]
    assert max(generic) < 0.5 * min(topical.values())
    assert np.median([*generic, *topical.values()]) == pytest.approx(1, abs=0.01)


def test_words_of_a_theme_point_the_same_way() -> None:
    found = learned()
    units = found.vectors / np.linalg.norm(found.vectors, axis=1, keepdims=True)
    means = {theme: units[[found.words.index(word) for word in words]].mean(axis=0) for theme, words in THEMES.items()}
    for theme, words in THEMES.items():
        for word in words:
            nearest = max(means, key=lambda name: float(units[found.words.index(word)] @ means[name]))
            assert nearest == theme, word


def test_what_is_learned_is_what_is_loaded_from_its_file(tmp_path: Path) -> None:
    save_background(learned(), tmp_path / "tiny.npz")
    found = load_background(tmp_path / "tiny.npz")
    exact = learned().vectors
    agreement = (found.vectors * exact).sum(axis=1) / np.linalg.norm(found.vectors, axis=1)
    assert np.median(agreement / np.linalg.norm(exact, axis=1)) > 0.97
    np.testing.assert_allclose(found.topicality, learned().topicality, rtol=1e-3)


def test_a_word_of_fewer_than_three_papers_is_left_out() -> None:
    texts = [*corpus(), "zebra\nzebra zebra. zebra", "zebra ostrich", "ostrich lion", "lion\nostrich"]
    found = learn_background(texts, "tiny").words
    assert "ostrich" in found
    assert not {"zebra", "lion"} & set(found)


def test_it_says_what_it_does() -> None:
    messages: list[str] = []
    learn_background(corpus(), "tiny", messages.append)
    assert "600 papers" in messages[0]
    assert "220 words" in messages[1]


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ([], "at least 100 papers, here are 0"),
        (corpus()[:99] * 2, "at least 100 papers, here are 99"),
        ([f"one two three{number}" for number in range(300)], "only 2 words are in 3 papers or more"),
    ],
)
def test_too_little_is_told(texts: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        learn_background(texts, "tiny")


def test_abstracts_of_one_sentence_have_no_halves_and_a_background_all_the_same() -> None:
    found = learn_background(corpus(sentences=1), "tiny")
    assert np.isfinite(found.vectors).all()
    assert found.vectors.any()


def test_some_abstracts_of_one_sentence_do_no_harm() -> None:
    found = learn_background(corpus() + corpus(60, sentences=1, seed=3), "tiny")
    assert found.papers == 660
    assert np.isfinite(found.vectors).all()


def test_sentences_of_scripts_without_blanks_have_halves_too() -> None:
    assert _halves("题目\n一。二！三？四。五") == ("一。 三？ 五", "二！ 四。")
    assert _halves("Title\nOne. Two! 3.5 three?") == ("One. 3.5 three?", "Two!")


def test_pairs_of_characters_are_learned_as_words_are(tmp_path: Path) -> None:
    themes = [
        [f"{chr(first + 2 * word)}{chr(first + 2 * word + 1)}" for word in range(30)] for first in (0x5000, 0x6000)
    ]
    rng = random.Random(0)
    texts = ["\n".join("".join(rng.choices(themes[number % 2], k=6)) for _ in range(3)) for number in range(240)]
    found = learn_background(texts, "zh")
    at = {word: number for number, word in enumerate(found.words)}
    pairs = [[at[" ".join(word)] for word in theme] for theme in themes]
    assert themes[0][0][0] in at
    units = found.vectors / np.linalg.norm(found.vectors, axis=1, keepdims=True)
    own, other = (units[numbers].mean(axis=0) for numbers in pairs)
    assert (units[pairs[0]] @ own > units[pairs[0]] @ other).all()
    save_background(found, tmp_path / "zh.npz")
    assert load_background(tmp_path / "zh.npz").words == found.words
