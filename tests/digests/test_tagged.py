"""Readers of references under every kind of harm: nothing stops them, and each record counts once."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.digests import Source, read_inputs
from labeler.digests.registry import reader_named
from labeler.digests.source import Record
from labeler.digests.tagged import TagRules, entries, first_date, numbers_of

_NAMES = (
    "cochrane", "endnote_text", "enw", "nbib", "ovid", "pubmed_text", "refworks", "scopus_text", "web_of_science",
)  # fmt: skip
_SAMPLES = {name: importlib.import_module(f"tests.digests.test_{name}").SAMPLE for name in _NAMES}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tagged")


def _saved(folder: Path, text: str) -> Source:
    file = folder / "a.txt"
    file.write_text(text, encoding="utf-8", newline="")
    return Source(str(file))


def _records(name: str, folder: Path, text: str) -> list[Record]:
    return [found for found in reader_named(name).records(_saved(folder, text)) if isinstance(found, Record)]


@pytest.mark.parametrize("name", _NAMES)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff", "\n\n", "\ufeff\n"])
def test_line_ends_and_marks_of_byte_order_change_nothing(folder: Path, name: str, end: str, start: str) -> None:
    expected = [record.fields for record in _records(name, folder, _SAMPLES[name])]
    text = (start + _SAMPLES[name]).replace("\n", end)
    assert [record.fields for record in _records(name, folder, text)] == expected
    assert reader_named(name).looks_like(_saved(folder, text))


@pytest.mark.parametrize("name", _NAMES)
def test_a_format_is_known_by_its_content_alone(folder: Path, name: str) -> None:
    file = folder / "a.csv"
    file.write_text(_SAMPLES[name], encoding="utf-8")
    assert read_inputs([str(file)]).formats == {"a.csv": name}


@pytest.mark.parametrize("name", _NAMES)
def test_the_same_file_ten_times_has_ten_times_the_records(folder: Path, name: str) -> None:
    once = len(_records(name, folder, _SAMPLES[name]))
    joined = "\n\n".join([_SAMPLES[name]] * 10)
    assert len(_records(name, folder, joined)) == 10 * once


@settings(max_examples=120, deadline=None)
@given(data=st.data(), name=st.sampled_from(_NAMES))
def test_a_damaged_file_is_read_as_far_as_it_goes(data: st.DataObject, name: str, folder: Path) -> None:
    lines = _SAMPLES[name].splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        lines[at : at + data.draw(st.integers(0, 2))] = data.draw(
            st.lists(
                st.sampled_from(["", "\x00\x00", "  -", "<", "\ud7ff", "(2020) X, 1", lines[at]]) | st.text(max_size=9)
            )
        )
        lines = lines or [""]
    for record in _records(name, folder, "\n".join(lines)):
        assert re.fullmatch(r"line \d+", record.where)
        assert all(value for value in record.fields.values())


@pytest.mark.slow
@pytest.mark.parametrize("name", _NAMES)
@pytest.mark.parametrize("letter", ["x ", "\\", "A. ", "1) ", "; ", "- "])
def test_lines_of_many_megabytes_end(folder: Path, name: str, letter: str) -> None:
    text = _SAMPLES[name]
    at = text.index("We study")
    found = _records(name, folder, text[:at] + letter * 1_000_000 + text[at:])
    assert len(found) == len(_records(name, folder, text))


def test_tags_come_again_where_a_record_begins() -> None:
    rules = TagRules(re.compile("([A-Z])=(.*)"), starts=frozenset("S"), ends=frozenset("E"), passed=frozenset("P"))
    text = ["x", "P=0", "S=1", "A=a", " more ", "", "A=b", "E=", "between", "A=c", "S=2", "S=3", "P=9", "lost"]
    assert [(entry.line, entry.values) for entry in entries(text, rules)] == [
        (3, {"S": ["1"], "A": ["a\nmore", "b"]}),
        (10, {"A": ["c"], "S": ["2"]}),
        (12, {"S": ["3"]}),
    ]


@pytest.mark.parametrize(
    ("texts", "date"),
    [
        (["2020 Jan-Feb"], "2020-01"), (["2019 Winter"], "2019"), (["Sep 4", "2016"], "2016-09-04"), (["no"], ""),
        (["", "Published 12/2019"], "2019"), (["99999"], ""),
    ],
)  # fmt: skip
def test_dates_as_databases_write_them(texts: list[str], date: str) -> None:
    assert first_date(*texts) == date


def test_only_what_begins_a_line_is_an_identifier_of_the_paper() -> None:
    assert numbers_of(["See PMID: 1234567", "arXiv:2301.00022 [cs.LG]"]) == {"arxiv_id": "arxiv:2301.00022"}
    assert numbers_of(["x\nPMID: 1234567\nPMCID: PMC12"]) == {"pmid": "1234567", "pmcid": "12"}
    assert numbers_of([], ["https://pubmed.ncbi.nlm.nih.gov/12/"]) == {"pmid": "12"}
