"""Clean text: entities, tags, broken lines and characters in odd forms."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from labeler.papers.cleaning import clean, join_lines, plain, printable, printable_json
from labeler.papers.needs_cleaning import needs_cleaning

PIECES = st.sampled_from(
    ["&amp;", "&amp;amp;", "&lt;", "&gt;", "amp;", "&#233;", "<i>", "</i>", "<p>", "<b ", ">", "<", "<think>", "\\",
     '\\"', "\\'", "{", "}", "o", "\\i", "\\o ", "\\c{c}", "\\emph{", "\\%", "$", "~", "-", "- ", "-\n", "\n", " ",
     "\u00a0", "pre", "training", "and", "ﬁ", "ｗ", "＆", "；", "\u0301", "\u200b", "\u00ad", "``", "''", "\\cite{x}",
     "é", "D", "4"]
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("R&amp;D", "R&D"),
        ("R&amp;amp;D", "R&D"),
        ("a &amp;lt; b", "a < b"),
        ("caf&eacute; &amp;eacute; &#233; &#xE9; &amp;#233;", "café é é é é"),
        ("a&nbsp;b", "a b"),
        ("AT&T; R&D &copy &notanentity;", "AT&T; R&D &copy &notanentity;"),
        ("&lt;think&gt; &amp;lt;SEG&amp;gt;", "<think> <SEG>"),
        ("&#xD800;&#0;", "\ufffd\ufffd"),
    ],
)
def test_entities_are_resolved_also_when_they_are_escaped_twice(text: str, plain: str) -> None:
    assert clean(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<p>One <b>bold</b> step.</p><p>Two.</p>", "One bold step. Two."),
        ("<jats:title>Abstract</jats:title><jats:p>We <jats:italic>show</jats:italic></jats:p>", "Abstract We show"),
        ("one<br/>two<BR>three<br />four", "one two three four"),
        ("<h4>Aim</h4>One step.<ul><li>Two</li></ul>", "Aim One step. Two"),
        ("CO<inf>2</inf> and <mml:math><mml:mi>x</mml:mi></mml:math>", "CO2 and x"),
        ("H<sub>2</sub>O and 10<sup class='x'>3</sup>", "H2O and 103"),
        ('<span style="color: red">red</span>', "red"),
        ("&lt;i&gt;E. coli&lt;/i&gt;", "E. coli"),
    ],
)
def test_markup_goes_and_its_text_stays(text: str, plain: str) -> None:
    assert clean(text) == plain


@pytest.mark.parametrize(
    "text",
    [
        "models that <think> before </think> they act",
        "a <SEG> token, a <s> token and </s>",
        "<UNK> and <image> placeholders",
        "if x < y and y > z",
        "if a<b and b>c",
        "for all i<p and q>3",
        "0<p<1, p>0.5",
    ],
)
def test_angle_brackets_that_are_words_or_signs_stay(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Ｆｕｌｌ　ｗｉｄｔｈ，２５％", "Full width,25%"),
        ("e\u0301tude, n\u0303andu", "étude, ñandu"),
        ("o\ufb03ce, \ufb01ne, \ufb05", "office, fine, st"),
        ("ﾍﾟｰｼﾞ ｶﾞｲﾄﾞ｡ ￥５", "ページ ガイド。 ¥5"),
        ("ﻣﺮﺣﺒﺎ ﻻ ﷲ", "مرحبا لا الله"),
        ("\ufb2a\ufb4b \u2f08 \uf900 ﾡￂ", "\u05e9\u05c1\u05d5\u05b9 人 豈 가"),
        ("soft\u00adware zero\u200bwidth \ufeffstart", "software zerowidth start"),
        ("a\x00b\x07c\x1b\x9b", "abc"),
        ("one\x85two", "one two"),
        ("10² x₁ ½ ℝ Σ", "10² x₁ ½ ℝ Σ"),
        ("深層学習 и नमस्ते", "深層学習 и नमस्ते"),
        ("  many\t\tspaces\r\n\r\nand\u00a0lines\u2028here ", "many spaces and lines here"),
        ("", ""),
        (None, ""),
        (" \n ", ""),
    ],
)
def test_characters_in_odd_forms_become_plain(text: str | None, plain: str) -> None:
    assert clean(text) == plain


@pytest.mark.parametrize(
    ("text", "shown"), [("a\x1b[31mb\x9bc\rd\u202ee", "a [31mb c d e"), ("Schrödinger 深層 🙂", "Schrödinger 深層 🙂")]
)
def test_what_could_steer_a_terminal_is_not_printed(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("the stabil-\nity of", "the stability of"),
        ("the stabil-\r\n  ity of", "the stability of"),
        ("the stabil\u2010\nity of", "the stability of"),
        ("a Riemann-\nLiouville one", "a Riemann-Liouville one"),
        ("a multi-\nagent one", "a multi-agent one"),
        ("is state-of-the-\nart", "is state-of-the-art"),
        ("is state-of-\nthe-art", "is state-of-the-art"),
        ("an X-\nray", "an X-ray"),
        ("vitamin-\nd", "vitamin-d"),
        ("the finetuning and fine-\ntuning", "the finetuning and finetuning"),
        ("a semi-norm and semi-\nnorm", "a semi-norm and semi-norm"),
        ("a GPT-\n4 model", "a GPT-4 model"),
        ("in 3-\nD and COVID-\n19", "in 3-D and COVID-19"),
        ("an end-\nto-end one", "an end-to-end one"),
        ("a dash -\nhere", "a dash -\nhere"),
        ("no hyphen\nhere", "no hyphen\nhere"),
    ],
)
def test_words_broken_at_a_line_end_are_whole_again(text: str, joined: str) -> None:
    assert join_lines(text) == joined


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("large- scale pre- training", "large-scale pre-training"),
        ("an end- to-end one", "an end-to-end one"),
        ("low- and high-level, pre- or post-hoc", "low- and high-level, pre- or post-hoc"),
        ("short- to long-range", "short- to long-range"),
        ("low-\nand high-level", "low- and high-level"),
        ("macro-\nor micro-level", "macro- or micro-level"),
        ("short- as well as long-range", "short- as well as long-range"),
        ("a trade - off", "a trade - off"),
    ],
)
def test_a_gap_after_a_hyphen_closes_but_a_hyphen_left_hanging_stays(text: str, plain: str) -> None:
    assert clean(text) == plain


@pytest.mark.parametrize(
    "math",
    [r"$\alpha_{i}^2 < \beta$", r"$O(n \log n)$", r"$$x = \frac{1}{2}$$", r"$p<q$ and $r>s$", "$x^{10}$", "$a- b$"],
)
def test_mathematics_stays(math: str) -> None:
    assert clean(f"We  need {math} &amp; more.") == f"We need {math} & more."


def test_a_minus_at_a_line_end_in_mathematics_stays() -> None:
    assert clean("for $pq-\nrs$ steps") in ("for $pq-rs$ steps", "for $pq- rs$ steps")


def test_latex_and_entities_work_together() -> None:
    assert clean(r"Schr&ouml;dinger, Schr\&quot;odinger &amp; Erd\H{o}s:" + "\n a {\\it super-\nposition}") == (
        "Schrödinger, Schrödinger & Erdős: a super-position"
    )


@settings(max_examples=100, deadline=None)
@example("R&amp;amp;amp;D")
@example("＆lt;")
@example("pre-\u00a0training")
@example("pre-  training")
@example(r"\href{https://example.org}{\href{https://example.org/b}{here}}")
@example("<b <b >>")
@example(r"$\\$")
@given(st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=20))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=20))
def test_clean_text_is_one_line_in_nfc_without_outer_spaces(text: str) -> None:
    once = clean(text)
    assert once == " ".join(once.split())
    assert once == unicodedata.normalize("NFC", once)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(categories=["Ll", "Lu", "Nd"], max_codepoint=0x24F), min_size=1), max_size=8))
def test_plain_words_stay_as_they_are(words: list[str]) -> None:
    text = unicodedata.normalize("NFC", " ".join(words))
    assert clean(text) == text


ANY = st.text(st.characters() | st.sampled_from("\ud83d\ude00\udc00&;#-\n"), max_size=12)


@settings(max_examples=200, deadline=None)
@given(st.lists(ANY | PIECES, max_size=6).map("".join))
@example("cut \ud83d")
@example("\udc00")
@example("a &#xD83D; b")
def test_what_is_clean_can_be_written(text: str) -> None:
    for cleaned in (clean(text), plain(text)):
        assert cleaned.encode("utf-8").decode("utf-8") == cleaned


@pytest.mark.parametrize("way", [clean, plain])
def test_half_a_character_is_shown_as_one_that_is_missing(way: Callable[[str], str]) -> None:
    assert way("cut \ud83d here") == "cut \ufffd here"
    assert way("whole \ud83d\ude00") == "whole 😀"


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES | st.sampled_from(["  ", "robots", " a", "- b"]), max_size=8).map("".join))
def test_the_short_way_of_cleaning_gives_what_the_long_way_gives(text: str) -> None:
    long_way = clean(text + " \u00e9").removesuffix("\u00e9")
    if text.isascii() and "\\" not in text and "$" not in text and text.strip():
        assert clean(text) == long_way.rstrip(" ")


def test_text_that_was_escaped_very_often_is_decoded_at_once() -> None:
    assert clean(f"a &{'amp;' * 20_000}lt;p> b") == "a b"


def test_very_many_broken_words_are_joined() -> None:
    lines = "-\n".join(f"part{chr(97 + n % 26)}x word{chr(97 + n % 23)}y" for n in range(4000))
    assert "\n" not in clean(lines)


@pytest.mark.parametrize(
    "override", [*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A)), "\x1b", "\x9b"]
)
def test_overrides_of_the_direction_and_control_characters_reach_no_reader(override: str) -> None:
    assert override not in clean(f"A{override}title")
    assert override not in printable(f"A{override}title")


@pytest.mark.parametrize("mark", ["\u200c", "\u200d", "\u200e", "\u200f", "\u061c"])
def test_marks_and_joiners_of_scripts_stay(mark: str) -> None:
    persian = f"\u0645\u06cc{mark}\u062e\u0648\u0627\u0647\u0645"
    assert clean(persian) == persian
    assert printable(persian) == persian


@pytest.mark.parametrize("levels", [1, 2, 5, 15])
def test_styles_inside_styles_are_removed(levels: int) -> None:
    assert clean("\\textbf{\\emph{" * levels + "word" + "}}" * levels) == "word"
    assert clean("&" + "amp;" * levels + "lt;b&" + "amp;" * levels + "gt;word") == "word"


@pytest.mark.parametrize("sign", ["\x1b", "\x9b", "\u202e", "\u2066", "\u2028", "\ufff9", "\U000e0041", "\U000e0001"])
def test_what_steers_or_hides_text_is_removed(sign: str) -> None:
    for way in (clean, plain, printable):
        assert sign not in way(f"one{sign} two")


@given(st.text(max_size=10) | st.text("\x1b\x7f\x85\x9b\u2028\u202e\u2066\ufff9\U000e0041\u200c\u0627", max_size=5))
def test_json_that_is_shown_has_its_value_and_steers_nothing(text: str) -> None:
    shown = printable_json(json.dumps({text: text}, ensure_ascii=False))
    assert json.loads(shown) == {text: text}
    assert not set("\x1b\x7f\x85\x9b\u2028\u202e\u2066\ufff9\U000e0041") & set(shown)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Let <math xmlns='x'><mrow><mi>x</mi><mo>=</mo><mn>2</mn></mrow></math> be", "Let x=2 be"),
        (
            "<sec><st>Background</st><p>One.</p></sec><sec><title>Results</title>Two.</sec>",
            "Background One. Results Two.",
        ),
        ("In <inline-formula><mml:math><mml:mi>x</mml:mi></mml:math></inline-formula> all", "In x all"),
        ("See <ext-link ext-link-type='uri' href='http://x'>here</ext-link>", "See here"),
        ("the <mi> token, <title>, <list> and <s>", "the <mi> token, <title>, <list> and <s>"),
    ],
)
def test_jats_and_mathml_without_prefixes_are_taken_off_where_they_show(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned
    assert needs_cleaning(text) is (text != cleaned)
