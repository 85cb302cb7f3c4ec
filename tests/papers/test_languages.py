"""Which language a text is in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.papers.languages import language_of, main_language
from tests.digests.factories import ABSTRACT, OTHER

SAMPLES = {
    "en": "We study how small teams sort the papers of a day, and compare three ways of asking for labels.",
    "de": "Wir untersuchen, wie kleine Gruppen die Arbeiten ordnen, und vergleichen drei Wege zu den Themen.",
    "fr": "Nous étudions la manière dont des équipes trient les articles dans le temps.",
    "es": "Estudiamos cómo los equipos pequeños ordenan los artículos de un día y las tres formas.",
    "pt": "Estudamos como as equipes pequenas ordenam os artigos de um dia e as três formas.",
    "it": "Studiamo come i gruppi ordinano gli articoli della giornata con tre modi di chiedere.",
    "nl": "Wij onderzoeken hoe kleine groepen de artikelen van een dag ordenen en wat dat is.",
    "zh": "我们研究小团队如何整理一天的论文，并比较三种询问标签的方法。",
    "ja": "本研究では、小さなチームが一日の論文をどのように整理するかを調べ、三つの方法を比較する。",
    "ko": "우리는 작은 팀이 하루의 논문을 어떻게 정리하는지 연구하고 세 가지 방법을 비교한다.",
    "ru": "Мы изучаем, как небольшие группы сортируют статьи за день, и сравниваем три способа спрашивать метки.",
    "ar": "ندرس كيف تقوم الفرق الصغيرة بفرز أوراق اليوم ونقارن بين ثلاث طرق لطلب التسميات.",
}


@pytest.mark.parametrize("language", SAMPLES)
def test_a_language_is_known_by_its_script_and_words(language: str) -> None:
    assert language_of(SAMPLES[language]) == language
    assert main_language([SAMPLES[language], SAMPLES[language], "42", ABSTRACT]) == language


@pytest.mark.parametrize(
    "text", ["", "42", "Deep Residual Learning", "$a$ de $b$ la $c$ le $d$ et", "BERT: MNLI, SQuAD"]
)
def test_what_is_too_little_is_no_language(text: str) -> None:
    assert language_of(text) == ""


def test_english_with_words_of_others_is_english() -> None:
    assert language_of(f"De Rham and la Vallée Poussin: {OTHER}") == "en"
    assert language_of(f"The word 猫 means cat. {ABSTRACT}") == "en"


def test_the_main_language_of_nothing_is_english() -> None:
    assert main_language([]) == main_language(["42"]) == "en"


@given(st.text(max_size=500))
def test_any_text_has_a_language_or_none(text: str) -> None:
    assert language_of(text) == "" or len(language_of(text)) == 2
