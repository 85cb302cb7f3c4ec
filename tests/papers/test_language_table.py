"""The languages that papers are told apart by."""

from __future__ import annotations

import unicodedata

import pytest

from labeler.papers.language_table import LANGUAGES, NAMES, Language


def test_a_language_is_there_once_for_each_of_its_scripts() -> None:
    pairs = [(language.code, language.script) for language in LANGUAGES]
    assert len(set(pairs)) == len(pairs)
    assert all(NAMES[language.code] == language.name for language in LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: f"{one.code}-{one.script}")
def test_letters_are_small_ones_of_the_script(language: Language) -> None:
    assert all(language.letters)
    for letter in "".join(language.letters):
        assert unicodedata.name(letter).split()[0] in (language.script, "MODIFIER")
    assert all(word == unicodedata.normalize("NFC", word.lower()) for word in language.words)


def test_scripts_are_called_as_in_unicode() -> None:
    first_words = {unicodedata.name(chr(code), "").partition(" ")[0] for code in range(0x1E960)}
    assert {language.script for language in LANGUAGES} <= first_words
