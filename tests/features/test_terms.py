from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from labeler.features.terms import WORD, terms

SKLEARN = TfidfVectorizer(ngram_range=(1, 2)).build_analyzer()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("a I 7 x", []),
        ("one", ["one"]),
        ("Deep  Nets,\nDEEP nets", ["deep", "nets", "deep", "nets", "deep nets", "nets deep", "deep nets"]),
        ("state-of-the-art", ["state", "of", "the", "art", "state of", "of the", "the art"]),
        ("β-VAE a b 3D", ["vae", "3d", "vae 3d"]),
        ("GROẞE STRAßE", ["große", "straße", "große straße"]),
        ("学习 机器", ["学习", "机器", "学习 机器"]),
        ("snake_case _x_", ["snake_case", "_x_", "snake_case _x_"]),
        ("broken \ud800 half", ["broken", "half", "broken half"]),
    ],
)
def test_terms_are_lower_cased_words_of_two_characters_then_pairs(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@given(st.text(st.characters(codec=None), max_size=60))
@settings(max_examples=100, deadline=None)
def test_terms_are_those_of_scikit_learn(text: str) -> None:
    assert terms(text) == SKLEARN(text)


def test_the_pattern_is_the_one_of_scikit_learn() -> None:
    assert TfidfVectorizer().token_pattern == WORD


@given(st.text(max_size=60))
@settings(max_examples=50, deadline=None)
def test_no_term_holds_a_line_break_so_that_terms_can_be_lines_of_a_file(text: str) -> None:
    assert "".join(terms(f"{text}\n{text}\r{text}")).splitlines() in ([], ["".join(terms(f"{text}\n{text}\r{text}"))])
