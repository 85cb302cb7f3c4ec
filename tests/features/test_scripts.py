"""Characters of scripts without blanks, and marks, by their ranges."""

from __future__ import annotations

import re
import unicodedata

import pytest

from labeler.features.scripts import JOINERS, MARK_LETTERS, WORD_BLOCKS, is_in, marks

ALL = "".join(map(chr, [*range(0xD800), *range(0xE000, 0x110000)]))


@pytest.mark.parametrize("text", ["学习", "々〇", "かナｶ", "ไทย", "ລາວ", "မြ", "ខ្មែ", "한국", "\u1112", "ꀀ", "𠀀"])
def test_characters_of_scripts_without_blanks(text: str) -> None:
    assert all(is_in(char, WORD_BLOCKS) for char in text)


@pytest.mark.parametrize("text", ["az09_", "éß", "Ωя", "हि", "தமிழ்", "བོད", "。、「」"])
def test_characters_of_other_scripts_and_signs(text: str) -> None:
    assert not any(is_in(char, WORD_BLOCKS) for char in text)


def test_marks_are_all_that_unicode_calls_so_and_the_letters_that_act_as_such() -> None:
    found = set(re.findall(f"[{marks()}]", ALL))
    letters = set(re.findall(f"[{MARK_LETTERS}]", ALL))
    assert {"\u0e33", "\uff9f", "\u11a8"} <= letters
    assert found == letters.union(char for char in ALL if unicodedata.category(char)[0] == "M")


def test_what_joins_the_character_behind_it_is_of_these_scripts() -> None:
    joiners = re.findall(f"[{JOINERS}]", ALL)
    assert {"เ", "ໄ", "\u17d2", "\u1039"} <= set(joiners)
    assert all(is_in(char, WORD_BLOCKS) for char in joiners)
