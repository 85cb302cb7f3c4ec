"""Words that are written in several ways are one word, as they are for people who type them."""

from __future__ import annotations

import pickle
import unicodedata
from operator import methodcaller

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.features.folding import folded, kept_places, table
from labeler.features.terms import words

TEXTS = st.text(
    st.characters(codec=None) | st.sampled_from("أـ\u064e\u05b0\u093cه\u200b\u200c\u200dab 学"), max_size=40
)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("الكِتَابُ", "الكتاب"),
        ("مـــدرسة", "مدرسه"),
        ("أحمد إلى آخر ٱلله", "احمد الي اخر الله"),
        ("فارسی کتاب", "فارسي كتاب"),
        ("خانهٔ خانۀ", "خانه خانه"),
        ("رہے اردو", "رهي اردو"),
        ("שָׁלוֹם עֲלֵיכֶם", "שלום עליכם"),
        ("आवाज़ हँसना", "आवाज हंसना"),
        ("क्‍ष", "क्ष"),
        ("ภาษา\u200bไทย", "ภาษาไทย"),
    ],
    ids=["points", "tatweel", "alef", "yeh and kaf", "heh with yeh", "Urdu", "Hebrew", "Hindi", "joiner", "Thai"],
)
def test_words_with_points_are_those_that_people_type_without(written: str, typed: str) -> None:
    assert folded(unicodedata.normalize("NFC", written)) == typed
    assert words(unicodedata.normalize("NFC", written)) == words(typed)


def test_the_non_joiner_of_persian_keeps_a_word_and_its_ending_apart() -> None:
    assert words("کتاب\u200cها") == words("کتاب ها") == ["كتاب", "ها"]


@pytest.mark.parametrize("text", ["straße é ñ ø", "дом й", "学习", "한국어", "বাংলা য়", "ภาษา", "Ἀθῆναι", "e\u0301"])
def test_letters_of_other_scripts_stay(text: str) -> None:
    assert folded(text) is text


@given(TEXTS)
def test_it_is_what_a_table_of_characters_does_and_once_is_enough(text: str) -> None:
    assert folded(text) == methodcaller("translate", pickle.loads(pickle.dumps(table())))(text)
    assert folded(folded(text)) == folded(text)


@given(TEXTS)
def test_places_are_those_of_the_characters_that_are_kept(text: str) -> None:
    places = list(kept_places(text))
    assert places == sorted(set(places))
    assert folded("".join(text[place] for place in places)) == folded(text)
    assert len(places) == len(folded(text))


def test_no_character_becomes_two_and_none_becomes_another_kind_of_character() -> None:
    for code, other in table().items():
        assert other is None or unicodedata.category(chr(other)) == unicodedata.category(chr(code))
        assert code > 0x7F
