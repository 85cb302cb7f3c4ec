from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from labeler.features.terms import (
    WORD,
    Tokenizer,
    as_written,
    is_character,
    parts_of,
    printed,
    terms,
    words,
    words_and_character_pairs,
)
from tests.features.reference import accents_of, words_of

SKLEARN = {
    tokenizer: TfidfVectorizer(
        ngram_range=(1, 2), token_pattern=tokenizer.pattern, strip_accents=accents_of(tokenizer)
    ).build_analyzer()
    for tokenizer in Tokenizer
}
LINES = st.text(st.characters(codec=None, exclude_characters="\n"), max_size=40)
TEXTS = st.text(st.characters(codec=None), max_size=60)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("a I 7 x", []),
        ("one", ["one"]),
        ("Deep  Nets, DEEP nets", ["deep", "nets", "deep", "nets", "deep nets", "nets deep", "deep nets"]),
        ("state-of-the-art", ["state", "of", "the", "art", "state of", "of the", "the art"]),
        ("β-VAE a b 3D", ["vae", "3d", "vae 3d"]),
        ("GROẞE STRAßE", ["große", "straße", "große straße"]),
        ("学习。机器", ["学", "习", "机", "器", "学 习", "习 机", "机 器"]),
        ("snake_case _x_", ["snake_case", "_x_", "snake_case _x_"]),
        ("__init__ ___ a __b", ["__init__", "___", "__b", "__init__ ___", "___ __b"]),
        ("broken \ud800 half", ["broken", "half", "broken half"]),
    ],
)
def test_terms_are_lower_cased_words_of_two_characters_then_pairs(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Deep nets\ntrees", ["deep", "nets", "deep", "nets", "trees", "deep nets", "deep nets"]),
        ("nets\nnets", ["nets", "nets", "nets"]),
        ("one\ntwo\nthree", ["one", "one", "two", "three", "two three"]),
        ("\nDeep nets", ["deep", "nets", "deep nets"]),
        ("Deep nets", ["deep", "nets", "deep nets"]),
        ("Deep nets\n \t\n", ["deep", "nets", "deep nets"]),
        ("Deep nets\nx", ["deep", "nets", "deep", "nets", "deep nets", "deep nets"]),
    ],
    ids=["title", "equal", "two breaks", "no title", "one line", "blank abstract", "abstract without words"],
)
def test_a_title_counts_twice_where_something_follows_and_no_pair_reaches_across(
    text: str, expected: list[str]
) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize("tokenizer", Tokenizer)
@given(title=LINES, abstract=TEXTS)
@settings(max_examples=100, deadline=None)
def test_terms_of_a_title_and_an_abstract_are_those_of_scikit_learn(
    title: str, abstract: str, tokenizer: Tokenizer
) -> None:
    assume(abstract.strip() and "__" not in words_of(f"{title} {abstract}", tokenizer))
    found = [term for term in SKLEARN[tokenizer](f"{title} __ {title} __ {abstract}") if "__" not in term.split()]
    assert Counter(terms(f"{title}\n{abstract}", tokenizer)) == Counter(found)


@pytest.mark.parametrize("tokenizer", Tokenizer)
@given(text=LINES)
@settings(max_examples=100, deadline=None)
def test_terms_of_one_line_are_those_of_scikit_learn(text: str, tokenizer: Tokenizer) -> None:
    assume("__" not in words_of(text, tokenizer))
    assert terms(text, tokenizer) == SKLEARN[tokenizer](text)


@pytest.mark.parametrize("tokenizer", Tokenizer)
@given(text=st.text(st.characters(max_codepoint=127) | st.sampled_from("éßбλ—“"), max_size=60))
@settings(max_examples=100, deadline=None)
def test_without_marks_all_words_of_scripts_with_blanks_are_those_of_scikit_learn(
    text: str, tokenizer: Tokenizer
) -> None:
    assert words(text, tokenizer) == [word for word in re.findall(WORD, text.lower()) if word != "__"]


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("学", "学"),
        ("学 习", "学习"),
        ("用 bert", "用 bert"),
        ("deep nets", "deep nets"),
        ("ที่ สุ", "ที่สุ"),
        ("é1 学", "é1 学"),
    ],
)
def test_a_pair_of_characters_is_printed_as_it_is_written(term: str, expected: str) -> None:
    assert printed(term) == expected


@given(TEXTS)
@settings(max_examples=50, deadline=None)
def test_no_word_of_a_text_is_lost_and_only_titles_are_repeated(text: str) -> None:
    parts = [words(part) for part in parts_of(text)]
    assert len(parts) in (1, 3)
    once = words(text) if len(parts) == 1 else [*parts[1], *parts[2]]
    assert once == words(text)
    assert Counter(term for term in terms(text) if " " not in term) == Counter(word for part in parts for word in part)


@pytest.mark.parametrize("text", ["fill the __ blank", "__", "a __\n__ b"])
def test_what_keeps_parts_apart_for_scikit_learn_is_no_word(text: str) -> None:
    assert "__" not in words(text)
    assert not [term for term in terms(text) if "__" in term.split(" ")]


def test_the_pattern_is_the_one_of_scikit_learn() -> None:
    assert TfidfVectorizer().token_pattern == WORD


@given(st.text(max_size=60))
@settings(max_examples=50, deadline=None)
def test_no_term_holds_a_line_break_so_that_terms_can_be_lines_of_a_file(text: str) -> None:
    assert "".join(terms(f"{text}\n{text}\r{text}")).splitlines() in ([], ["".join(terms(f"{text}\n{text}\r{text}"))])


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("学", True),
        ("ที่", True),
        ("한", True),
        ("学 习", False),
        ("deep", False),
        ("é1", False),
        ("हिन्दी", False),
        ("๑๒", False),
    ],
)
def test_a_character_is_a_word_of_a_script_without_blanks(term: str, expected: bool) -> None:
    assert is_character(term) is expected


def test_behind_a_character_stands_its_pair_with_the_next_one() -> None:
    assert words_and_character_pairs("本文 GPT 模型") == ["本", "本 文", "文", "gpt", "模", "模 型", "型"]
    assert words_and_character_pairs("Plain words, no pairs") == ["plain", "words", "no", "pairs"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Deep nets\nof trees", {}),
        ("GROẞE STRAßE", {}),
        ("קוֹל\nsound", {"קול": "קוֹל"}),
        ("Sound\nקוֹל רָם", {"קול": "קוֹל", "רם": "רָם", "קול רם": "קוֹל רָם"}),
        ("सड़क sound", {"सडक": "सड़क", "sound": "sound", "सडक sound": "सड़क sound"}),
    ],
)
def test_folded_terms_are_found_as_the_text_writes_them(text: str, expected: dict[str, str]) -> None:
    assert as_written(text) == expected


@given(st.text(st.sampled_from("abAB \nقوٌّلةـىسड़क़ं\u200b\u200dקוֹ學习"), max_size=30))
def test_what_is_written_stands_in_the_text_and_folds_to_the_term(text: str) -> None:
    for term, own in as_written(text).items():
        assert term in {printed(known) for known in terms(text)}
        assert {printed(known) for known in terms(own)} >= {term}
        assert own in text.lower() or " " in own or len(term) == 2, "the words of a pair may stand apart"
