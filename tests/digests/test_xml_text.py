"""Text that is made XML: what a parser cannot take is mended, and nothing else is changed."""

from __future__ import annotations

from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.digests.xml_text import Mended, beginning_of, declared_encoding, root_name


def mended(text: str, size: int = 1 << 16) -> str:
    return "".join(Mended(StringIO(text), size))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<a>R&D</a>", "<a>R&amp;D</a>"),
        ("<a>R&amp;D &lt; &#233; &#xE9;</a>", "<a>R&amp;D &lt; &#233; &#xE9;</a>"),
        ("<a>&eacute;&nbsp;&unknown;</a>", "<a>é\u00a0&amp;unknown;</a>"),
        ("<a>&LT;&AMP;</a>", "<a>&amp;LT;&amp;AMP;</a>"),
        ("<a>p < 0.05 <3</a>", "<a>p &lt; 0.05 &lt;3</a>"),
        ("<a><![CDATA[p < 0.05 & more]]> & x</a>", "<a><![CDATA[p < 0.05 & more]]> &amp; x</a>"),
        ("<a>\x00\x08\ufffe</a>", "<a></a>"),
        ("<?xml version='1.0' encoding='x'?><a/>", "<a/>"),
        ("\ufeff<a/><?xml version='1.0'?><b/>", "<a/><b/>"),
        ("<!DOCTYPE a><a/>", "<a/>"),
        ('<!DOCTYPE a [<!ENTITY x "y"> <!ENTITY z "]">\n]><a/>', "<a/>"),
        ("<a><![CDATA[<!DOCTYPE a [<?xml x?>]]> &</a>", "<a><![CDATA[<!DOCTYPE a [<?xml x?>]]> &amp;</a>"),
        ("<!doctype a [ <![CDATA[ ]> <a/>", " <a/>"),
        ("<a>]]> is a sign</a>", "<a>]]> is a sign</a>"),
    ],
)
def test_what_a_parser_cannot_take_is_mended(text: str, expected: str) -> None:
    assert mended(text) == expected


PIECES = st.sampled_from(
    [
        "<a>",
        "</a>",
        "&",
        "&amp;",
        "&eacute;",
        "<",
        ">",
        "<![CDATA[",
        "]]>",
        "<!DOCTYPE a>",
        "<!DOCTYPE a [",
        "]>",
        "x",
        " ",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES | st.text(max_size=3), max_size=20).map("".join), st.integers(1, 30))
def test_in_pieces_it_is_as_a_whole(text: str, size: int) -> None:
    assert mended(text, size) == mended(text)


@given(st.text(st.characters(codec="utf-8", exclude_characters="<>&\ufeff", exclude_categories=["C"])))
def test_plain_text_stays(text: str) -> None:
    assert mended(text) == text


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ('<?xml version="1.0" encoding="ISO-8859-1"?><a/>', "ISO-8859-1"),
        ("\ufeff<?xml version='1.0' encoding = 'utf-8'?>", "utf-8"),
        ('<?xml version="1.0"?><a encoding="x"/>', ""),
        ("<a/>", ""),
        ("", ""),
    ],
)
def test_the_encoding_that_is_declared(head: str, name: str) -> None:
    assert declared_encoding(head) == name


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("<?xml version='1.0'?><!-- <no/> --><?style x?>\n<y:root-1 a='b'>", "y:root-1"),
        ("<!DOCTYPE html [<!ENTITY a 'b'>]><html>", "html"),
        ("text <a>", ""),
        ("<!-- never closed", ""),
        ("", ""),
    ],
)
def test_the_first_element_has_the_name_of_the_root(text: str, root: str) -> None:
    assert root_name(text) == root


def test_a_beginning_has_a_length() -> None:
    assert beginning_of("<!-- x --><a>" + "b" * 100, 10) == "<a>bbbbbbb"
