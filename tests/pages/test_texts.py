"""Texts of papers as HTML."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.pages.texts import html_text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Robots & <b>arms</b>", "<mark>Robots</mark> &amp; &lt;b&gt;arms&lt;/b&gt;"),
        ("$O(n^2)$ robots", "O(n<sup>2</sup>) <mark>robots</mark>"),
        (r"an $\alpha$-stable law", "an <mark>α</mark><mark>-stable</mark> law"),
        ("$x<y$", "x&lt;y"),
        (r"$\foo{<}$ & $a_{<}$", r"<code>$\foo{&lt;}$</code> &amp; a<sub>&lt;</sub>"),
        ("x_{i_j} and CO_{2}", "x<sub>i<sub>j</sub></sub> and CO<sub>2</sub>"),
        ("a\u202eb\x00c", "a b c"),
        ("", ""),
    ],
)
def test_texts_read_and_nothing_in_them_is_markup(text: str, html: str) -> None:
    assert html_text(text, ("robots", "alpha stable")) == html


ANY = st.lists(st.sampled_from([*"$\\{}^_ab <>&", "\\alpha", "robot ", "<script>", "</script>"])).map("".join)


@given(ANY, st.lists(st.sampled_from(["robot", "alpha", "robot alpha", "aa", "ab ba"])))
def test_there_are_no_tags_but_those_of_the_page(text: str, terms: list[str]) -> None:
    html = html_text(text, terms)
    assert set(re.findall(r"<[^>]*>", html)) <= {
        f"<{sign}{tag}>" for sign in ("", "/") for tag in ("mark", "sup", "sub", "code")
    }
    assert html.count("<mark>") == html.count("</mark>")


@given(
    st.text(
        st.characters(exclude_characters="$\\{}", exclude_categories=["Cc", "Cs", "Cf", "Co", "Cn", "Zl", "Zp", "Zs"])
    )
)
def test_a_text_without_formulas_stays_as_it_is(text: str) -> None:
    assert unescape(re.sub(r"</?mark>", "", html_text(text, text.lower().split()))) == text
