"""LaTeX becomes the characters that it stands for; mathematics stays."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.papers.latex import delatex

COMMANDS = {"'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
            "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "r": "\u030a", "d": "\u0323",
            "b": "\u0331"}  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [r"Schr\"odinger", r"Schr\"{o}dinger", r"Schr{\"o}dinger", r"Schr{\"{o}}dinger", r"Schr\" odinger", "Schrödinger"],
)
def test_every_spelling_of_an_accent_is_one_letter(text: str) -> None:
    assert delatex(text) == "Schrödinger"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (r"Erd\H{o}s", "Erdős"),
        (r"Erd{\H o}s", "Erdős"),
        (r"Erd{\H{o}}s", "Erdős"),
        (r"Erd\H os", "Erdős"),
        (r"Gar{\c{c}}on", "Garçon"),
        (r"Gar\c con", "Garçon"),
        (r"T\"ULU", "TÜLU"),
        (r"\'Elan vital", "Élan vital"),
        (r"\v{S}koda and \u{a}", "Škoda and ă"),
        (r"Poincar\'e's H\"older L\'evy", "Poincaré's Hölder Lévy"),
        (r"universit{\'e}, It\^o, \~Nandu", "université, Itô, Ñandu"),
        (r"\k{a}\r{a}\d{h}\b{d}\=a\.I", "ąåḥḏāİ"),
    ],
)
def test_accents_of_names(text: str, plain: str) -> None:
    assert unicodedata.normalize("NFC", delatex(text)) == plain


@pytest.mark.parametrize(
    "text",
    [r"na\"{\i}ve", r"na{\"\i}ve", r"na{\"{\i}}ve", r"na\"ive", r"na\"\i ve", r"na\"\i{}ve"],
)
def test_an_accent_takes_a_dotless_i(text: str) -> None:
    assert delatex(text) == "naïve"


@pytest.mark.parametrize("text", [r"Garc\'\i a M\'\i nguez", r"Garc\'{\i}a M{\'\i}nguez", r"Garc\'ia M\'{i}nguez"])
def test_a_space_that_ends_a_dotless_i_goes(text: str) -> None:
    assert delatex(text) == "García Mínguez"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (r"\O rsted", "Ørsted"),
        (r"\O{}rsted", "Ørsted"),
        (r"{\O}rsted", "Ørsted"),
        (r"S{\o}ren M\o ller", "Søren Møller"),
        (r"\L{}ukasz \l{}\'od\'z", "Łukasz łódź"),
        (r"Stra\ss{}e, Stra{\ss}e, Stra\ss e", "Straße, Straße, Straße"),
        (r"\AA ngstr\"om and \aa", "Ångström and å"),
        (r"\ae on \OE uvre {\DJ}or{\dj}e {\th} \DH", "æon Œuvre Đorđe þ Ð"),
        (r"\omega \Lambda \order", r"\omega \Lambda \order"),
    ],
)
def test_letters_that_have_a_command(text: str, plain: str) -> None:
    assert delatex(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (r"an \emph{old} {\it idea} in \textbf{bold \textit{and} thin}", "an old idea in bold and thin"),
        (r"\textsc{Bert} and \texttt{a\_b}", "Bert and a_b"),
        (r"\textbf{Schr\"{o}dinger}", "Schrödinger"),
        (r"{\em Erd\H{o}s}", "Erdős"),
        (r"an \emph{$\epsilon$-greedy} rule", r"an $\epsilon$-greedy rule"),
        (r"\textbf{$3.7\times$} faster", r"$3.7\times$ faster"),
    ],
)
def test_style_goes_and_its_text_stays(text: str, plain: str) -> None:
    assert delatex(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (r"see \href{https://example.org}{our page}", "see our page"),
        (r"at \url{https://example.org/~us}", "at https://example.org/~us"),
        (r"as before~\cite{one,two}.", "as before."),
        (r"as before \citep[p.~3]{one} and \citet{two}", "as before and"),
        (r"50\% of R\&D for \$5 \#1 a\_b", "50% of R&D for $5 #1 a_b"),
        ("``quoted'' words~here", '"quoted" words here'),
        ("~100 GPUs, a ~ b", "~100 GPUs, a ~ b"),
        (r"i.i.d.\ uniform", "i.i.d. uniform"),
        (r"within 300\,pc", "within 300 pc"),
        ("plain words", "plain words"),
        ("", ""),
    ],
)
def test_links_citations_and_escapes_read_as_text(text: str, plain: str) -> None:
    assert delatex(text) == plain


@pytest.mark.parametrize(
    "math",
    [
        r"$\hat{x}\cite{a}$",
        r"$\mathrm{d}x = \text{eff}$",
        r"$a~b \% c$",
        r"$$\sum_{i=1}^n \'o$$",
        r"\(\mathrm{d}x \% 3\)",
        r"\[ x \text{ if } y \]",
    ],
)
def test_mathematics_stays_as_it_is(math: str) -> None:
    assert delatex(rf"For {math} we use \"o.") == f"For {math} we use ö."


def test_a_price_is_no_mathematics() -> None:
    assert delatex(r"It costs \$5 and \$6 for Erd\H{o}s") == "It costs $5 and $6 for Erdős"
    assert delatex(r"It costs $5 for Erd\H{o}s") == "It costs $5 for Erdős"


@pytest.mark.parametrize("text", ["{GPT}-4 {Schr}", r"{\O rsted}", "a { b } c"])
def test_braces_round_more_than_one_letter_stay(text: str) -> None:
    assert delatex(text).count("{") == 1 + (text.startswith("{GPT}"))
    assert delatex(text).count("}") == delatex(text).count("{")


@pytest.mark.parametrize("text", ["\\", "\\'", '\\"{}', "\\c", "{\\'", "\\cite{", "\\emph{open", "$", "\\$"])
def test_broken_latex_does_not_fail(text: str) -> None:
    assert isinstance(delatex(text), str)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(COMMANDS)), st.sampled_from("abcdeghklnorstuyzACEGLNOSTUZ"), st.integers(0, 3))
def test_each_accent_on_each_letter_in_each_spelling(mark: str, letter: str, form: int) -> None:
    spelled = [rf"\{mark}{{{letter}}}", rf"{{\{mark}{{{letter}}}}}", rf"{{\{mark} {letter}}}", rf"\{mark} {letter}"]
    assert delatex(f"x{spelled[form]}y") == unicodedata.normalize("NFC", f"x{letter}{COMMANDS[mark]}y")


@pytest.mark.parametrize("rest", ["plain words", "caf\u00e9", "\ue000 and \uf8ff", "\ue001\ue000"])
def test_formulas_come_back_to_their_places_whatever_stands_beside_them(rest: str) -> None:
    cleaned = delatex(f"$a$ \\emph{{one}} {rest} $b$ \\% $c$")
    assert [cleaned.index(formula) for formula in ("$a$", "$b$", "$c$")] == sorted(
        map(cleaned.index, ("$a$", "$b$", "$c$"))
    )
    assert cleaned == f"$a$ one {rest.translate(dict.fromkeys(range(0xE000, 0xF900)))} $b$ % $c$"
