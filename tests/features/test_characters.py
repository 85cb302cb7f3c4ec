"""Characters that are words by themselves, and what belongs to each of them."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.features.characters import Alone, words_alone
from labeler.features.scripts import marks
from labeler.features.terms import words
from tests.features.reference import ODD, tokens_of


@given(st.text("学习機カなﾊ々한𠀀", max_size=8), st.text("ab_1é ,。", min_size=1, max_size=8))
@settings(max_examples=100, deadline=None)
def test_no_word_holds_characters_of_a_script_without_blanks_and_others(one: str, other: str) -> None:
    assert tokens_of(one) == [*one]
    assert tokens_of(one + other + one) == [*one, *tokens_of(other), *one]


@given(st.text("学カเกั้ำ្ករဗုဒ္ဓ한\u1112\u1161\u11ab\u0301ﾊﾟ ", max_size=20))
@settings(max_examples=200, deadline=None)
def test_no_mark_is_torn_from_its_letter_and_no_character_is_lost(text: str) -> None:
    found = tokens_of(text)
    assert not [word for word in found if re.match(f"[{marks()}]", word)]
    assert "".join(found) == re.sub(f"(?<![^ ])[{marks()}]+| ", "", text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("用BERT模型", "用 bert 模 型"),
        ("准确率92.5%，提升", "准 确 率 92 提 升"),
        ("人々の時々、ゝ", "人 々 の 時 々 ゝ"),
        ("データ　ﾃﾞｰﾀ", "デ ー タ ﾃﾞ ｰ ﾀ"),
        ("か\u3099く", "か\u3099 く"),
        ("𠀀𪛖字", "𠀀 𪛖 字"),
        ("葛\U000e0100城", "葛\U000e0100 城"),
        ("漢字 汉字", "漢 字 汉 字"),
        ("ที่น้ำเด็กไทย", "ที่ น้ำ เด็ ก ไท ย"),
        ("ປະເທດລາວ", "ປ ະ ເທ ດ ລ າ ວ"),
        ("ភាសាខ្មែរ", "ភា សា ខ្មែ រ"),
        ("မြန်မာ ဗုဒ္ဓ", "မြ န် မာ ဗု ဒ္ဓ"),
        ("한국어 NLP", "한 국 어 nlp"),
        ("हिन्दी में", "हिन्दी में"),
        ("๑๒๓ ปี", "๑๒๓ ปี"),
    ],
)
def test_characters_of_scripts_without_blanks_are_words(text: str, expected: str) -> None:
    assert tokens_of(text) == words(text) == expected.split(" ")


def alone_in(text: str) -> tuple[str, list[str]]:
    """What is left of a text, and its characters that are words by themselves."""
    left, alone = words_alone(f" {text} ".encode())
    return left.decode(), [left[begin:end].decode() for begin, end in zip(alone.begins, alone.ends, strict=True)]


@pytest.mark.parametrize(
    ("text", "left", "alone"),
    [
        ("", "  ", []),
        ("plain words", " plain words ", []),
        ("学习", " 学习 ", ["学", "习"]),
        ("学。习", " 学   习 ", ["学", "习"]),
        ("é学é", "   学   ", ["学"]),
        ("été学", " été学 ", ["学"]),
        ("か\u3099き", " か\u3099き ", ["か\u3099", "き"]),
        ("\u0301学", "   学 ", ["学"]),
    ],
)
def test_signs_loose_marks_and_single_letters_are_blanked(text: str, left: str, alone: list[str]) -> None:
    assert alone_in(text) == (left, alone)


@pytest.mark.parametrize("text", ODD)
def test_no_byte_moves_and_no_words_alone_overlap(text: str) -> None:
    data = f" {text} ".lower().encode("utf-8", "surrogatepass")
    data = re.sub(rb"[\x00-\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\x7f]", b" ", data)  # as ASCII that is in no word
    left, alone = words_alone(data)
    assert len(left) == len(data)
    assert all(one in (other, 0x20) for one, other in zip(left, data, strict=True))
    assert (alone.begins < alone.ends).all()
    assert (alone.ends[:-1] <= alone.begins[1:]).all()


def test_words_are_cut_where_a_character_stands_alone() -> None:
    alone = Alone(np.array([5, 8]), np.array([8, 11]))  # ab学习cd, after two blanks and a letter
    starts, lengths = alone.cut_from(np.array([3, 14]), np.array([10, 4]))
    assert [*zip(starts.tolist(), lengths.tolist(), strict=True)] == [(3, 2), (5, 3), (8, 3), (11, 2), (14, 4)]


def test_a_single_byte_that_is_left_of_a_word_is_none() -> None:
    alone = Alone(np.array([4]), np.array([7]))
    starts, lengths = alone.cut_from(np.array([3]), np.array([5]))  # x学y
    assert (starts.tolist(), lengths.tolist()) == ([4], [3])
