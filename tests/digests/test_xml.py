"""Elements of XML one at a time, whole or broken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeler.digests.source import Record, Refusal
from labeler.digests.xml import Element, beginning, entries, local_name, namespace_of
from labeler.digests.xml_markup import text_of
from tests.digests.factories import source


def fields_of(element: Element) -> dict[str, Any] | str | None:
    """The text of an element as its title; none of ``nothing``, a fault of ``fault``."""
    text = text_of(element).strip()
    return None if text == "nothing" else "it is a fault" if text == "fault" else {"title": text}


def found_in(folder: Path, content: str | bytes, *names: str) -> tuple[list[str], list[str], list[str]]:
    """The titles of entries, the refusals and the notes of a file."""
    given_ = source(folder, "a.xml", content)
    found = list(entries(given_, names or ("item",), fields_of))
    titles = [
        f"{one.fields['title']}{'|cut' if one.fields.get('flags') else ''}" for one in found if type(one) is Record
    ]
    return titles, [str(one) for one in found if isinstance(one, Refusal)], given_.notes


@pytest.mark.parametrize(
    ("content", "titles"),
    [
        ("<a><item>One</item><b><item>Two</item></b></a>", ["One", "Two"]),
        ('<a xmlns="urn:x" xmlns:y="urn:y"><y:item>One</y:item><item>Two</item></a>', ["One", "Two"]),
        ("<a><y:item>One</y:item></a>", ["One"]),
        ("<a><item>One<!-- x --> and<?php x ?> more</item></a>", ["One and more"]),
        ("<a><item><![CDATA[a < b & c]]></item></a>", ["a < b & c"]),
        ("<a><item>nothing</item><item>Two</item></a>", ["Two"]),
        ("<a><item>R&D; &eacute; a < b</item></a>", ["R&D; é a < b"]),
        ("<a></a>", []),
    ],
)
def test_entries_are_the_outermost_elements_of_a_name(tmp_path: Path, content: str, titles: list[str]) -> None:
    assert found_in(tmp_path, content) == (titles, [], [])


def test_entries_may_have_several_names(tmp_path: Path) -> None:
    content = "<a><item>One</item><entry>Two <item>inside</item></entry><other>no</other></a>"
    assert found_in(tmp_path, content, "item", "entry")[0] == ["One", "Two inside"]


def test_a_fault_is_told_with_the_number_of_its_entry(tmp_path: Path) -> None:
    titles, refused, _ = found_in(tmp_path, "<a><item>One</item><item>nothing</item><item>fault</item></a>")
    assert (titles, refused) == (["One"], ["a.xml, entry 2: it is a fault"])


@pytest.mark.parametrize(
    ("content", "titles"),
    [
        ("<a><item>One</item><item>Tw", ["One", "Tw|cut"]),
        ("<a><item>One</item>", ["One"]),
        ("<a><item>One</item><b>", ["One"]),
    ],
)
def test_a_file_that_breaks_off_is_told(tmp_path: Path, content: str, titles: list[str]) -> None:
    found, refused, notes = found_in(tmp_path, content)
    assert (found, refused) == (titles, [])
    assert notes == ["a.xml breaks off before its end; there may have been more in it"]


def test_entries_without_an_end_are_apart_and_too_many_ends_do_no_harm(tmp_path: Path) -> None:
    assert found_in(tmp_path, "<a><item>One<item>Two</item></a>")[0][0] == "One"
    assert found_in(tmp_path, "<a></b></a></a><item>One</item></a>")[0] == ["One"]


@pytest.mark.parametrize(
    "doctype",
    ['<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>', '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd">'],
)
def test_no_entity_is_defined_and_nothing_is_opened(tmp_path: Path, doctype: str) -> None:
    titles, _, _ = found_in(tmp_path, f"<?xml version='1.0'?>{doctype}<a><item>One &x;</item></a>")
    assert titles == ["One &x;"]


@pytest.mark.parametrize("name", ["ISO-8859-15", "windows-1251", "utf-8", "no-such-thing"])
def test_the_encoding_is_the_one_that_is_named(tmp_path: Path, name: str) -> None:
    codec = "utf-8" if name == "no-such-thing" else name
    word = "слово" if name == "windows-1251" else "Žižka"
    content = f'<?xml version="1.0" encoding="{name}"?><a><item>{word}</item></a>'
    assert found_in(tmp_path, content.encode(codec))[0] == [word]


def test_names_and_namespaces_of_elements() -> None:
    from lxml import etree

    root = etree.fromstring('<a xmlns="urn:x"><b xmlns="">text</b><!-- no element --></a>')
    assert [(local_name(one), namespace_of(one)) for one in root.iter()] == [("a", "urn:x"), ("b", ""), ("", "")]
    prefixed = etree.Element("b")
    assert (local_name(prefixed), namespace_of(prefixed)) == ("b", "")


def test_the_beginning_is_that_of_the_first_element(tmp_path: Path) -> None:
    text = "\ufeff <?xml version='1.0'?>\n<!-- a --> <!DOCTYPE x><a><b/></a>"
    assert beginning(source(tmp_path, "a.xml", text)) == "<a><b/></a>"
    assert beginning(source(tmp_path, "b.xml", "no XML <a/>")) == ""


PIECES = st.sampled_from(
    ["<item>", "</item>", "<a>", "</a>", "x", "&", "<", "]]>", "<![CDATA[", "<!--", "-->", "<!DOCTYPE"]
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PIECES | st.text(max_size=3), max_size=20).map("".join))
def test_anything_is_read_as_far_as_it_goes(tmp_path: Path, text: str) -> None:
    titles, refused, _ = found_in(tmp_path, ("<a>" + text).encode("utf-8", "replace"))
    assert len(titles) + len(refused) <= text.count("<item>") + 1
