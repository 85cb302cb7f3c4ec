"""Values as people type them, and those that options take."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.cli.meant_values import OUTPUTS, outputs_called, values_meant, version_meant
from labeler.publish.registry import OUTPUTS as KNOWN

OPTIONS = dict.fromkeys(
    ("--to", "-o", "--output", "--count", "--precision", "--jobs", "--model", "--only", "--topic", "--format"), True
) | {"--strategy": True, "--json": False}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("--to excel", "-o labels.xlsx"),
        ("--to exel", "-o labels.xlsx"),
        ("--to xlsx", "-o labels.xlsx"),
        ("--to XLSX a.txt", "-o labels.xlsx a.txt"),
        ("--to mail", "-o labels.eml"),
        ("--to zotero", "--to ris"),
        ("--to bib", "--to bibtex"),
        ("--to excel -o my.xlsx", "--to xlsx -o my.xlsx"),
        ("--to .md", "--to md"),
        ("--to parquet", "-o labels.parquet"),
        ("--to whatever", "--to whatever"),
        ("--count Twenty", "--count 20"),
        ("--count many", "--count many"),
        ("--precision 90", "--precision 0.9"),
        ("--precision 85%", "--precision 0.85"),
        ("--precision 0,95", "--precision 0.95"),
        ("--jobs max", "--jobs -1"),
        ("--jobs -1", "--jobs -1"),
        ("--model models/mine/2/", "--model mine@2"),
        ("--only unsure", "--only review"),
        ("--only atuo", "--only auto"),
        ("--strategy margn", "--strategy margin"),
        ("--topic a,b", "--topic a --topic b"),
        ("--format bibtx a.bib", "--format bibtex a.bib"),
        ("--format whatever a.bib", "a.bib"),
        ("--count", "--count 20"),
        ("--count --json", "--count 20 --json"),
        ("--to --count", "--to md --count 20"),
        ("--count --to excel", "--count 20 -o labels.xlsx"),
        ("--json a.txt", "--json a.txt"),
    ],
)
def test_values_are_those_that_options_take(typed: str, meant: str) -> None:
    assert values_meant(typed.split(), OPTIONS) == meant.split()


@pytest.mark.parametrize("name", ["mine:1", "mine/1", "mine@v1", "models/mine/1", "/home/me/models/mine/1/", "mine 1"])
def test_a_version_has_one_name(name: str) -> None:
    assert version_meant(name) == "mine@1"


@given(st.text(max_size=8))
def test_what_is_no_version_stays(name: str) -> None:
    assert version_meant(version_meant(name)) == version_meant(name)
    assert "@" in version_meant(name) or version_meant(name) == name


def test_what_people_call_an_output_is_the_name_of_one_that_there_is() -> None:
    assert set(OUTPUTS.values()) <= set(KNOWN.names)
    assert not set(OUTPUTS) & set(KNOWN.names)
    assert {"html", "excel"} <= outputs_called()


@given(st.lists(st.sampled_from([*OPTIONS, "a.txt", "20", "-", "", "excel"]), max_size=6))
def test_right_values_stay_as_they_are(words: list[str]) -> None:
    once = values_meant(words, OPTIONS)
    assert values_meant(once, OPTIONS) == once
