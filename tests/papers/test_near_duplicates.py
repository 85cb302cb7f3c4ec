"""Near-duplicates: versions of one paper, and nothing else."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.papers.near_duplicates import (
    SKETCH_SIZE,
    near_duplicate_groups,
    near_duplicates,
    repeated_among,
    sketches_of,
)

WORDS = [f"{first}{last}" for first in "bcdfgklmnprst" for last in ("ale", "ine", "ord", "ust")]


def text(seed: int, words: int = 120) -> str:
    chance = random.Random(seed)
    return " ".join(chance.choice(WORDS) for _ in range(words))


def test_a_later_version_of_a_paper_is_its_twin() -> None:
    first = text(1)
    revised = " ".join(word if place % 25 else "changed" for place, word in enumerate(first.split()))
    assert near_duplicates([first, revised, text(2)]) == {1}
    assert near_duplicates([revised, text(2)], before=[first]) == {0}


def test_a_paper_cut_short_is_a_twin_of_the_whole() -> None:
    assert near_duplicates([text(1), " ".join(text(1).split()[:60])]) == {1}


def test_papers_of_the_same_words_are_not_twins() -> None:
    assert near_duplicates([text(seed) for seed in range(60)]) == set()


def test_texts_of_a_few_words_are_never_twins() -> None:
    assert near_duplicates(["Editorial", "Editorial", "", ""]) == set()


def test_a_line_out_of_a_paper_is_no_twin_of_it() -> None:
    whole = text(5)
    lines = [" ".join(whole.split()[start : start + 6]) for start in range(0, 110, 6)]
    assert near_duplicates([whole, *lines]) == set()


def test_case_and_marks_do_not_matter() -> None:
    assert near_duplicates([text(3), text(3).upper().replace(" ", ", ")]) == {1}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=80), max_size=6), st.lists(st.text(max_size=80), max_size=4))
def test_any_text_is_taken(texts: list[str], before: list[str]) -> None:
    found = near_duplicates(texts, before)
    assert found <= set(range(len(texts)))
    if not before:
        assert 0 not in found


def changed(original: str, words: int, seed: int = 0) -> str:
    """The text with so many of its words changed."""
    chance, parts = random.Random(seed), original.split()
    for place in chance.sample(range(len(parts)), words):
        parts[place] = f"changed{chance.randrange(100)}"
    return " ".join(parts)


@pytest.mark.parametrize("words", [30, 60, 120, 300])
def test_another_title_and_three_changed_words_make_a_near_duplicate(words: int) -> None:
    others = [text(seed, words) for seed in range(50, 80)]
    one, other = f"A first title of a paper\n{text(1, words)}", f"Another name\n{changed(text(1, words), 3)}"
    assert near_duplicates([*others, one, other]) == {31}


@pytest.mark.parametrize(("words", "changes"), [(5, 0), (8, 0), (12, 1), (15, 2), (20, 3), (30, 3)])
def test_a_short_text_is_a_near_duplicate_where_hardly_a_word_is_another(words: int, changes: int) -> None:
    for seed in range(20):
        original = text(seed, words)
        assert near_duplicates([original, changed(original, changes, seed)]) == {1}


def test_short_titles_that_differ_in_a_word_are_two_papers() -> None:
    titles = [
        "Deep learning for image segmentation",
        "Deep learning for image classification",
        "A survey of deep learning for images",
        "A survey of deep learning for records",
        "Comment on deep learning for image segmentation and the like",
    ]
    assert near_duplicates(titles) == set()


CHINESE = "我们提出一种新的方法用于训练小型网络并在四十只鸟的歌声上进行评估结果表明它们的叫声因山谷而异且随季节变化"
JAPANESE = "小さなネットワークを四十羽の鳥の歌で訓練し谷ごとに鳴き声が異なることを示した"
THAI = "เราฝึกเครือข่ายขนาดเล็กด้วยเพลงของนกสี่สิบตัวและพบว่าเสียงร้องแตกต่างกันไปตามหุบเขา"


@pytest.mark.parametrize("original", [CHINESE, JAPANESE, THAI])
def test_scripts_without_blanks_are_compared_by_their_characters(original: str) -> None:
    revised_text = original[:9] + original[8] + original[10:-2]
    other = "".join(random.Random(0).sample(original, len(original)))
    assert near_duplicates([original, other, f"{revised_text}。"]) == {2}


def test_what_very_many_texts_share_says_nothing() -> None:
    notice = "An abstract is not available for this content so a preview has been provided please use the link above"
    assert near_duplicates([f"{text(seed, 8)}\n{notice}" for seed in range(80)]) == set()


def test_groups_join_what_is_similar_one_after_the_other_in_any_order() -> None:
    first = text(1)
    texts = [text(9), first, "Editorial", changed(first, 20), changed(changed(first, 20), 20, 1), "editorial!", ""]
    groups = near_duplicate_groups(texts)
    assert groups.tolist() == [0, 1, 2, 1, 1, 2, 6]
    order = np.random.default_rng(0).permutation(len(texts))
    again = near_duplicate_groups([texts[place] for place in order])
    assert [[one == other for other in groups[order]] for one in groups[order]] == [
        [one == other for other in again] for one in again
    ]
    assert near_duplicate_groups([]).tolist() == []


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=8))
def test_groups_are_numbered_by_their_first_text(texts: list[str]) -> None:
    groups = near_duplicate_groups(texts)
    assert groups.shape == (len(texts),)
    assert all(groups[group] == group <= place for place, group in enumerate(groups.tolist()))


def test_sketches_tell_near_duplicates_in_blocks() -> None:
    known = [text(seed) for seed in range(40)]
    new = [changed(known[3], 5), text(90), "Editorial", changed(known[7], 5, 1), text(91, 8), ""]
    others = sketches_of([*known, "Editorial", text(91, 8), ""])
    assert others.shape == (43, SKETCH_SIZE)
    found = repeated_among(sketches_of(new), [others[:20], others[20:20], others[20:]])
    assert found.tolist() == [True, False, False, True, True, False]
    assert repeated_among(sketches_of([]), [others]).shape == (0,)
    assert not repeated_among(sketches_of(new), []).any()


def test_a_sketch_does_not_depend_on_the_texts_beside_it() -> None:
    texts = [text(1), "Editorial", CHINESE]
    assert [sketches_of([one])[0].tolist() for one in texts] == sketches_of(texts).tolist()
