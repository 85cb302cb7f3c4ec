"""The symbols of commands are one character each, and the right one."""

from __future__ import annotations

import unicodedata
from string import ascii_letters, ascii_uppercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.papers.latex_symbols import ACCENTS, FUNCTIONS, LETTERS, OPERATORS, blackboard


@pytest.mark.parametrize(
    ("command", "symbol"),
    [
        ("alpha", "α"), ("Omega", "Ω"), ("varepsilon", "ε"), ("epsilon", "ϵ"), ("hbar", "ℏ"), ("infty", "∞"),
        ("leq", "≤"), ("to", "→"), ("subseteq", "⊆"), ("times", "×"), ("backslash", "\\"), ("nabla", "∇"),
    ],
)  # fmt: skip
def test_commands_stand_for_their_symbols(command: str, symbol: str) -> None:
    assert (LETTERS | OPERATORS)[command] == symbol


def test_each_command_is_one_of_a_kind_and_stands_for_one_character() -> None:
    kinds = [set(LETTERS), set(OPERATORS), set(FUNCTIONS), set(ACCENTS)]
    assert len(set.union(*kinds)) == sum(map(len, kinds))
    assert all(command.isalpha() and command.isascii() for command in set.union(*kinds[:3]))
    assert all(len(symbol) == 1 for table in (LETTERS, OPERATORS) for symbol in table.values() if symbol != "aa")


def test_letters_of_greek_are_those_that_unicode_names_so() -> None:
    for command, symbol in LETTERS.items():
        name = unicodedata.name(symbol)
        if name.startswith(("GREEK SMALL LETTER ", "GREEK CAPITAL LETTER ")):
            assert command.lower().removeprefix("var")[:2] in name.lower(), command
            assert command.startswith("var") or command[0].isupper() == ("CAPITAL" in name), command


def test_accents_stand_on_the_letter_before() -> None:
    assert all(unicodedata.combining(accent) for accent in ACCENTS.values())
    assert unicodedata.normalize("NFC", "e" + ACCENTS["acute"]) == "é"
    assert unicodedata.normalize("NFC", "n" + ACCENTS["~"]) == "ñ"
    assert unicodedata.normalize("NFC", "u" + ACCENTS['"']) == "ü"


def test_letters_of_sets_of_numbers() -> None:
    assert blackboard("CHNPQRZ") == "ℂℍℕℙℚℝℤ"
    assert blackboard("ABFk1") == "𝔸𝔹𝔽k1"


@given(st.text(ascii_letters + "12 +é", max_size=12))
def test_blackboard_letters_are_forms_of_the_capital_ones(text: str) -> None:
    assert unicodedata.normalize("NFKC", blackboard(text)) == text
    assert not set(blackboard(text)) & set(ascii_uppercase)
