"""Which languages a text is in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.papers.languages import language_counts, language_of, languages_of, main_language, told_counts
from tests.digests.factories import ABSTRACT, OTHER
from tests.papers.samples import SAMPLES


@pytest.mark.parametrize("language", SAMPLES)
def test_a_language_is_known_by_its_script_words_and_letters(language: str) -> None:
    assert language_of(SAMPLES[language]) == language
    assert main_language([SAMPLES[language], SAMPLES[language], "42", ABSTRACT]) == language


@pytest.mark.parametrize(
    "text", ["", "42", "Deep Residual Learning", "$a$ de $b$ la $c$ le $d$ et", "BERT: MNLI, SQuAD"]
)
def test_what_is_too_little_is_no_language(text: str) -> None:
    assert language_of(text) == ""
    assert languages_of(text) == ()


def test_english_with_words_of_others_is_english() -> None:
    assert language_of(f"De Rham and la Vallée Poussin: {OTHER}") == "en"
    assert language_of(f"The word 猫 means cat. {ABSTRACT}") == "en"


def test_an_english_title_and_english_terms_leave_a_chinese_abstract_chinese() -> None:
    title = "On the state of the art of models for papers, and of what is to be done with them\n"
    assert languages_of(title + 4 * SAMPLES["zh"]) == ("zh",)
    assert language_of(title + 2 * SAMPLES["zh"]) == "zh"
    assert (
        language_of(3 * "我们用 the Transformer 和 a mixture of experts 与 the BERT 来做研究。" + SAMPLES["zh"]) == "zh"
    )


@pytest.mark.parametrize(("one", "other"), [("zh", "en"), ("en", "zh"), ("en", "de"), ("fr", "en"), ("ar", "fr")])
def test_a_text_with_an_abstract_in_each_of_two_languages_is_in_both(one: str, other: str) -> None:
    text = f"{SAMPLES[one] * 9} {SAMPLES[other] * 8}"
    assert set(languages_of(text)) == {one, other}


def test_it_is_told_how_many_papers_are_in_which_language() -> None:
    chinese, english = SAMPLES["zh"], SAMPLES["en"]
    counts = language_counts([chinese, english, english, "42", f"{english * 8} {chinese * 8}"])
    assert told_counts(counts) == (
        "5 papers: 2 in English, 1 in Chinese, 1 in a language that cannot be told, 1 in English and Chinese"
    )
    assert told_counts(language_counts([english, english, "42"])) == ""


def test_the_main_language_of_nothing_is_english() -> None:
    assert main_language([]) == main_language(["42"]) == "en"


@given(st.text(max_size=500))
def test_any_text_has_a_language_or_none(text: str) -> None:
    assert language_of(text) == "" or 2 <= len(language_of(text)) <= 3
    assert language_of(text) in ("", *languages_of(text)) or language_of(text) == "en"


def test_letters_of_formulas_are_no_words() -> None:
    formulas = " (a_n)_{n=1}^\\infty s_a (k_s)_{z=1}^\\infty"
    assert languages_of(ABSTRACT * 4 + 12 * formulas) == ("en",)
