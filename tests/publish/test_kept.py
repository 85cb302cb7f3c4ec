"""What one reference manager said, for it or for another one."""

from __future__ import annotations

import pytest

from labeler.digests.kept import kept
from labeler.papers import Paper
from labeler.publish.kept import BIBTEX_TYPES, RIS_TYPES, kept_for, said_type
from tests.publish.factories import paper


def with_fields(form: str, **fields: str) -> Paper:
    return paper(kept=kept(form, fields.items()))


def fields_of(one: Paper, form: str) -> dict[str, str]:
    return {name: value for name, value in kept_for(one, form) if value}


def test_its_own_fields_come_back_as_they_were() -> None:
    ris = with_fields("ris", TY="JOUR", VL="3", SP="7", EP="9", PB="R&D Press")
    assert fields_of(ris, "ris") == {"TY": "JOUR", "VL": "3", "SP": "7", "EP": "9", "PB": "R&D Press"}
    bibtex = with_fields("bibtex", type="article", volume="3", pages="7--9")
    assert fields_of(bibtex, "bibtex") == {"type": "article", "volume": "3", "pages": "7--9"}


def test_fields_of_the_other_one_are_named_as_it_names_them() -> None:
    ris = with_fields("ris", VL="3", IS="4", SP="7", EP="9", PB="R&D Press")
    assert fields_of(ris, "bibtex") == {"volume": "3", "number": "4", "publisher": r"R\&D Press", "pages": "7--9"}
    bibtex = with_fields("bibtex", volume="3", pages="7--9", publisher=r"{R}\&D Press", issue="4", howpublished="x")
    assert fields_of(bibtex, "ris") == {"VL": "3", "IS": "4", "SP": "7", "EP": "9", "PB": "R&D Press"}


@pytest.mark.parametrize(
    ("pages", "tags"), [("7", {"SP": "7"}), ("7 – 9", {"SP": "7", "EP": "9"}), ("e7-9-1", {"SP": "e7", "EP": "9-1"})]
)
def test_pages_are_divided_at_the_first_dash(pages: str, tags: dict[str, str]) -> None:
    assert fields_of(with_fields("bibtex", pages=pages), "ris") == tags


@pytest.mark.parametrize(
    ("form", "said", "asked", "expected"),
    [
        ("ris", {"TY": "THES"}, "ris", ("THES", "thesis")),
        ("ris", {"TY": "THES"}, "bibtex", ("", "thesis")),
        ("ris", {"TY": "CPAPER"}, "bibtex", ("", "conference")),
        ("bibtex", {"type": "techreport"}, "bibtex", ("techreport", "report")),
        ("bibtex", {"type": "misc"}, "ris", ("", "")),
        ("ris", {"TY": "VIDEO"}, "ris", ("VIDEO", "")),
        ("ris", {}, "ris", ("", "")),
    ],
)
def test_the_type_that_a_record_had(form: str, said: dict[str, str], asked: str, expected: tuple[str, str]) -> None:
    assert said_type(with_fields(form, **said), asked) == expected


def test_each_kind_of_a_work_has_a_type_in_both() -> None:
    assert set(RIS_TYPES) == set(BIBTEX_TYPES)
