"""Where sentences end, in texts of every script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.papers.sentences import sentences
from tests.growth import LARGEST_RATIO, doubling


@pytest.mark.parametrize(
    "text",
    [
        "We sort papers. Do they fit? They do! Good.",
        "我们整理论文。合适吗？合适！好。",
        "我们整理论文。合适吗?合适!好。",
        "論文を並べる。合うか？合う！「よい。」",
        "우리는 논문을 정리한다. 맞는가? 맞다! 좋다.",
        "हम पत्र छाँटते हैं। क्या वे ठीक हैं? हाँ॥ अच्छा।",
        "نفرز الأوراق. هل تناسب؟ نعم! جيد.",
        "ہم مقالے ترتیب دیتے ہیں۔ کیا وہ ٹھیک ہیں؟ ہاں! اچھا۔",
        "Մենք դասավորում ենք։ Հարմա՞ր են։ Այո։ Լավ։",
        "ጽሑፎችን እንደረድራለን። ይስማማሉ፧ አዎ። ጥሩ።",
        "စာတမ်းစီသည်။ ကိုက်သလား။ ကိုက်သည်။ ကောင်းသည်။",
        "យើងរៀបចំ។ ត្រូវទេ? ត្រូវ! ល្អ៕",
        "རྩོམ་ཡིག་སྒྲིག་། འགྲིག་གམ། འགྲིག་། ཡག་པོ།",
    ],
)
def test_sentences_end_where_their_script_ends_them(text: str) -> None:
    found = sentences(text)
    assert len(found) == 4
    assert "".join(found).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    "text",
    [
        "We sort, e.g. by topic, as in Fig. 3 and Eq. (4).",
        "The method of Roe et al. (2020) sorts papers vs. books.",
        "So wird z. B. nach J. Roe sortiert, vgl. Abb. 2 und S. 17.",
        "Roe et al. show that 3.14 papers fit (cf. section 2).",
        "Мы сортируем, т.е. читаем, см. рис. 2.",
        "See https://example.org/?q=a.b for version 1.2.3",
    ],
)
def test_abbreviations_initials_and_numbers_end_no_sentence(text: str) -> None:
    assert sentences(text) == [text]


def test_what_may_be_an_abbreviation_ends_a_sentence_before_a_capital() -> None:
    assert (
        len(sentences("We reach the state of the art. We sort papers, books, etc. They fit. The answer is no. So?"))
        == 5
    )


@given(st.text(alphabet='ab .!?。।\n"e.gA', max_size=80))
def test_no_character_but_blanks_is_lost(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@pytest.mark.slow
@pytest.mark.parametrize("sign", [".", "a. ", '!"', "。", "?)"])
def test_the_time_grows_with_the_length_alone(sign: str) -> None:
    assert doubling(lambda size: sign * size + "x", sentences, 20_000) <= LARGEST_RATIO
