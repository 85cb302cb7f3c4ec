"""Keys of citations: what they are made of, and that each is there once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.publish.citation_keys import CitationKeys
from tests.publish.factories import paper


@pytest.mark.parametrize(
    ("title", "fields", "key"),
    [
        ("Sorting a Day", {"authors": ("Ann Lee",), "date": "2026-01-12"}, "lee2026sorting"),
        ("On the Sorting of Days", {"authors": ("Lee, Ann",), "date": "2026"}, "lee2026sorting"),
        ("Über Größe", {"authors": ("Žižka, Jan",)}, "zizkauber"),
        ("A B", {"authors": ("Ann van der Ek",), "date": "2026"}, "ek2026"),
        ("机器学习 methods", {"authors": ("李安",), "date": "2026"}, "2026methods"),
        ("2026 visions", {}, "2026"),
    ],
)
def test_author_year_and_first_telling_word(title: str, fields: dict[str, Any], key: str) -> None:
    assert CitationKeys().of(paper(title, **fields)) == key


def test_of_papers_with_one_key_the_second_has_a_hash_behind_it() -> None:
    keys = CitationKeys()
    first = keys.of(paper("Sorting a Day", authors=("Ann Lee",)))
    second = keys.of(paper("Sorting Nights", authors=("Bo Lee",)))
    assert (first, second[:10]) == ("leesorting", "leesorting")
    assert second[10:].isalnum()
    assert CitationKeys().of(paper("Sorting Nights", authors=("Bo Lee",))) == "leesorting"


def test_a_paper_without_a_word_in_latin_letters_has_a_key() -> None:
    assert CitationKeys().of(paper("机器学习")).startswith("paper")


@given(st.lists(st.text(max_size=8), min_size=1, max_size=6))
def test_keys_are_plain_and_each_is_there_once(titles: list[str]) -> None:
    keys = CitationKeys()
    found = [keys.of(paper(f"Paper {title}")) for title in titles]
    assert len(set(found)) == len(found)
    assert all(key.isascii() and key.isalnum() for key in found)
