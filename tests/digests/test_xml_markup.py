"""The text of elements as people read it, and elements by their names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from labeler.digests.xml import Element
from labeler.digests.xml_markup import child, children, text_at, text_of


def element(text: str) -> Element:
    return etree.fromstring(text)


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<t>Sorting <i>a</i> Day</t>", "Sorting a Day"),
        ("<t>H<sub>2</sub>O</t>", "H2O"),
        ("<t><p>One.</p><p>Two.</p></t>", "One.\n\nTwo."),
        ("<t><sec><title>Aim</title><p>One.</p></sec></t>", "Aim\n\nOne."),
        ("<t>One<br/>two</t>", "One\n\ntwo"),
        ("<t>See <fig><p>a picture</p></fig>here<object-id>7</object-id></t>", "See here"),
        ('<t><style face="italic">E. coli</style> again</t>', "E. coli again"),
        ('<t><style xmlns="http://www.w3.org/1999/xhtml">p {}</style>text</t>', "text"),
        ("<t>Let <tex-math>$x^2$</tex-math> be</t>", "Let $x^2$ be"),
        (r"<t><tex-math>\documentclass{a}\begin{document}$$x$$\end{document}</tex-math></t>", "$x$"),
        ("<t>Let <math><mi>x</mi> <mo>=</mo> <mn>2</mn></math> be</t>", "Let x=2 be"),
        (
            '<t><math><mrow><mi>x</mi></mrow><annotation encoding="application/x-tex">\\xi</annotation></math></t>',
            r"$\xi$",
        ),
        ('<t><math><mi>x</mi><annotation encoding="other">no</annotation></math></t>', "x"),
        ("<t><alternatives><graphic/><math><mi>y</mi></math></alternatives></t>", "y"),
        ("<t>One<!-- no --> two</t>", "One two"),
        ("<t/>", ""),
    ],
)
def test_text_is_what_people_read(xml: str, text: str) -> None:
    lines = [line.strip() for line in text_of(element(xml)).splitlines() if line.strip()]
    assert lines == [line for line in text.splitlines() if line]


def test_elements_are_found_by_their_names() -> None:
    one = element('<a xmlns:y="urn:y"><b>1</b><y:c>2</y:c><b>3</b><d><e> 4 </e></d></a>')
    assert [text_of(found) for found in children(one, "b", "c")] == ["1", "2", "3"]
    assert text_of(child(one, "c", "b")) == "2"
    assert child(one, "e") is None
    assert (text_at(one, "d", "e"), text_at(one, "d", "b"), text_at(one, "x", "e")) == ("4", "", "")


def test_of_no_element_there_is_nothing() -> None:
    assert (text_of(None), child(None, "a"), children(None, "a"), text_at(None, "a")) == ("", None, [], "")


@given(st.lists(st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1), min_size=1, max_size=5))
def test_no_letter_is_lost(words: list[str]) -> None:
    root = etree.Element("t")
    root.text = words[0]
    for number, word in enumerate(words[1:]):
        inner = etree.SubElement(root, ("p", "i", "sec", "b")[number % 4])
        inner.text, inner.tail = word, word
    expected = words[0] + "".join(word * 2 for word in words[1:])
    assert "".join(text_of(root).split()) == "".join(expected.split())
