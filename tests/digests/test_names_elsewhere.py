"""Names of fields in other languages are such that columns of them are found, and stand for one field each."""

from __future__ import annotations

from collections import Counter

import pytest

from labeler.digests import names_elsewhere
from labeler.digests.fields import normal_name, paper_of

NAMES = {name: value for name, value in vars(names_elsewhere).items() if isinstance(value, tuple)}


def test_names_are_written_as_they_are_compared() -> None:
    for names in NAMES.values():
        assert [normal_name(name) for name in names] == list(names)


def test_each_name_stands_for_one_field() -> None:
    counts = Counter(name for names in NAMES.values() for name in names)
    assert [name for name, count in counts.items() if count > 1] == []


@pytest.mark.parametrize(
    ("title", "abstract", "authors"),
    [
        ("Titel", "Zusammenfassung", "Autoren"),
        ("Titre", "Résumé", "Auteurs"),
        ("Título", "Resumen", "Autores"),
        ("Titolo", "Riassunto", "Autori"),
        ("Название", "Аннотация", "Авторы"),
        ("题名", "摘要", "作者"),
        ("タイトル", "抄録", "著者"),
        ("제목", "초록", "저자"),
    ],
)
def test_a_record_with_such_names_is_a_paper(title: str, abstract: str, authors: str) -> None:
    paper = paper_of({title: "Sorting a Day", abstract: "We study days.", authors: "Ann Lee; Bo Ek"}, "a.csv")
    assert (paper.title, paper.abstract, paper.authors) == ("Sorting a Day", "We study days.", ("Ann Lee", "Bo Ek"))
