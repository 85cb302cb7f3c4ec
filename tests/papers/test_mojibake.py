"""Letters that a program took for others are mended where that is certain, and only there."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.digests.fields import paper_of, readable
from labeler.papers.ids import title_id
from labeler.papers.mojibake import is_misread, mended
from tests.digests.factories import ABSTRACT, lines, read

TEXTS = [
    "naïve Bayes – “a” study’s end",
    "Gödel and Erdős",
    "Schrödinger, Müller & Łukasiewicz",
    "€ 5 … caf\u00e9",
    "中文论文",
]


@pytest.mark.parametrize("text", TEXTS)
def test_misread_letters_are_mended(text: str) -> None:
    once = text.encode().decode("latin-1")
    assert is_misread(once)
    assert mended(once) == text


@pytest.mark.parametrize("text", ["naïve Bayes – “a study’s end", "Gödel’s", "€ 5 … café"])
def test_letters_misread_as_windows_1252_are_mended(text: str) -> None:
    assert mended(text.encode().decode("cp1252")) == text


@pytest.mark.parametrize(
    "text", [*TEXTS, "", "plain", "Â", "Ã", "À côté", "São Paulo ÃO", "âge", "ÄÖÜ äöü", "Ðe íslenska", "5 Â°C Ã\ufffd"]
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    if not is_misread(text):
        assert mended(text) is text


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C"])))
def test_mended_texts_have_nothing_unreadable(text: str) -> None:
    assert ("\ufffd" in mended(text)) == ("\ufffd" in text)


def test_a_paper_is_found_by_the_title_that_it_had(tmp_path: Path) -> None:
    misread = "Gödel’s theorem".encode().decode("cp1252")
    paper = read(tmp_path, "a.jsonl", lines({"title": misread, "abstract": ABSTRACT})).papers[0]
    assert (paper.title, paper.flags) == ("Gödel’s theorem", ())
    assert {title_id("Gödel’s theorem"), title_id(misread)} <= set(paper.ids)


def test_columns_have_the_same_texts() -> None:
    title, abstract = ("GÃ¶del and a na\u00c3\u00afve cat", "It\u00e2\u20ac\u2122s " + ABSTRACT)
    paper = paper_of({"title": title, "abstract": abstract}, "a")
    assert readable(title, abstract) == (paper.title, paper.abstract)
    assert (paper.title, paper.abstract[:4]) == ("Gödel and a naïve cat", "It’s")
