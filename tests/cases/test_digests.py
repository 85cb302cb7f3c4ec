"""Digests in every shape."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from labeler.digests import Reading, read_inputs
from tests.conftest import Labeler

PROMPTS = "Short prompts that steer small language models"
CARS = "Counting cars at night from one street camera"
FRUIT = "Picking soft fruit with a two finger gripper"
COURTS = "Summaries of court rulings by fine tuned language models"
VIDEO = "Video frames filled in by a diffusion model"
STONES = "Walking over loose stones with learned foot placement"
MAIL = [PROMPTS, CARS, FRUIT, COURTS, VIDEO, STONES]
IDS = [f"arxiv:2303.088{number}" for number in (67, 68, 69, 70, 71, 72)]


def _read(cases: Path, name: str) -> Reading:
    return read_inputs([str(cases / name)])


def _titles(reading: Reading) -> list[str]:
    return [paper.title for paper in reading.papers]


@pytest.mark.parametrize(
    "name", ["m00_plain.txt", "m01_forwarded_quoted.txt", "m02a_quoted_printable.eml", "m06_crlf_latin1.txt"]
)
def test_a_mail_of_arxiv_is_read_however_it_was_kept(cases: Path, name: str) -> None:
    reading = _read(cases, name)
    assert _titles(reading) == MAIL
    assert [paper.id for paper in reading.papers] == IDS
    assert [len(paper.abstract.split()) > 20 for paper in reading.papers] == [True] * 4 + [False] * 2
    assert [paper.flags for paper in reading.papers[3:]] == [
        ("cross_listed",),
        ("no_abstract", "replaced"),
        ("cross_listed", "no_abstract", "replaced"),
    ]
    assert not reading.refused


def test_letters_of_decoded_mails_are_whole(cases: Path) -> None:
    first = _read(cases, "m02a_quoted_printable.eml").papers[0]
    assert "change naïvely — what small language models write. Over nine tasks" in first.abstract
    assert _read(cases, "m06_crlf_latin1.txt").papers[0].authors[0] == "José Exémple"


def test_heads_of_entries_of_other_years_and_long_titles(cases: Path) -> None:
    old = _read(cases, "m03_old_paper_head.txt").papers
    assert [paper.id for paper in old] == ["arxiv:hep-th/9901001", "arxiv:cond-mat/9701067"]
    assert [paper.flags for paper in old] == [(), ("cross_listed",)]
    (wrapped,) = _read(cases, "m09_title_wrap_colon.txt").papers
    assert wrapped.title == "Short prompts: a study of Notes: that steer small language models"


def test_withdrawn_papers_are_kept_and_flagged(cases: Path) -> None:
    papers = _read(cases, "m05_withdrawn.txt").papers
    assert [paper.flags for paper in papers] == [("withdrawn",), ("no_abstract", "replaced", "withdrawn")]


@pytest.mark.parametrize("name", ["m07_empty_day.txt", "j15_empty_list.json"])
@pytest.mark.parametrize("command", ["read", "label"])
def test_a_day_without_papers_is_no_error(cases: Path, labeler: Labeler, command: str, name: str) -> None:
    outcome = labeler(command, cases / name, "--json")
    assert (outcome.code, outcome.out) == (0, "")
    assert f"{name} (read as " in outcome.err
    assert "has no papers in it" in outcome.err


def test_mails_in_one_file_are_all_read(cases: Path) -> None:
    reading = _read(cases, "m08_two_mails.mbox")
    assert len(reading.papers) == 7
    assert reading.records == 12


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("j01_by_category.json", [PROMPTS, COURTS, CARS, VIDEO, FRUIT, STONES]),
        ("j02_list_of_lists.json", [PROMPTS, CARS, FRUIT]),
        ("j03_id_to_paper.json", [PROMPTS, CARS, FRUIT]),
        ("j03c_paper_prefix.jsonl", [PROMPTS, CARS, FRUIT]),
        ("j04_python_dicts.jsonl", [PROMPTS, CARS, FRUIT]),
        ("j05b_pandas_split.json", [PROMPTS, CARS]),
        ("j05c_pandas_table.json", [PROMPTS, CARS]),
        ("j05e_pandas_default.json", [PROMPTS, CARS, FRUIT, COURTS, VIDEO, STONES]),
        ("j08_kaggle_arxiv.json", [PROMPTS, CARS, FRUIT]),
        ("j11_biorxiv.json", [PROMPTS, CARS]),
        ("j16_abstract_lines.json", [PROMPTS]),
    ],
)
def test_json_is_read_wherever_papers_stand_in_it(cases: Path, name: str, titles: list[str]) -> None:
    reading = _read(cases, name)
    assert _titles(reading) == titles
    assert not reading.refused
    assert all(len(paper.abstract.split()) > 20 and not paper.flags for paper in reading.papers)


def test_what_stands_beside_the_texts_in_json_is_read(cases: Path) -> None:
    assert [paper.id for paper in _read(cases, "j03_id_to_paper.json").papers] == [
        f"arxiv:2401.0000{number}" for number in (1, 2, 3)
    ]
    prefixed = _read(cases, "j03c_paper_prefix.jsonl").papers[0]
    assert (prefixed.id, prefixed.authors) == ("arxiv:2401.00000", ("A. Example", "B. Sample"))
    assert prefixed.url == "http://arxiv.org/abs/2401.00000"
    assert _read(cases, "j04_python_dicts.jsonl").papers[2].id == "arxiv:2606.00002"
    assert _read(cases, "j11_biorxiv.json").notes == []  # what the service says of its answer is no paper


def test_labels_of_columns_as_json_are_those_of_papers(cases: Path, labeler: Labeler) -> None:
    outcome = labeler("label", cases / "j05e_pandas_default.json", "--json")
    assert outcome.code == 0
    assert [json.loads(line)["title"] for line in outcome.out.splitlines()][:2] == [PROMPTS, CARS]


def test_what_is_missing_or_broken_in_json_is_told(cases: Path) -> None:
    crossref = _read(cases, "j07_crossref.json").papers
    assert [paper.flags for paper in crossref] == [(), ("no_title",)]
    assert (crossref[0].id, crossref[0].date) == ("doi:10.1000/ex.1", "2024-02-03")
    missing = _read(cases, "j13_nan.json")
    assert [paper.flags for paper in missing.papers] == [("no_abstract",), ("no_title",)]
    assert [refusal.where for refusal in missing.refused] == ["record 3"]
    commas = _read(cases, "j14_bom_commas.jsonl")
    assert len(commas.papers) + len(commas.refused) == 3


@pytest.mark.parametrize(
    ("name", "kind", "identifier", "flags"),
    [
        ("f05_rss.xml", "feed", "arxiv:2401.00001", ("replaced",)),
        ("f06_atom.xml", "feed", "arxiv:2401.00001", ()),
        ("f07_oai.xml", "oai_pmh", "arxiv:math/0309136", ()),
        ("f11_scholar.html", "scholar_alert", "arxiv:2401.00001", ("cut_short",)),
    ],
)
def test_feeds_and_pages_are_read(cases: Path, name: str, kind: str, identifier: str, flags: tuple[str, ...]) -> None:
    reading = _read(cases, name)
    (paper,) = reading.papers
    assert list(reading.formats.values()) == [kind]
    assert (paper.id, paper.title, paper.flags) == (identifier, PROMPTS, flags)
    assert paper.abstract.startswith("We study how short prompts")


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("f09_wos_tab.txt", ["doi:10.1000/ex.1", "doi:10.1000/ex.2"]),
        ("f13_pubmed.csv", ["doi:10.1000/ex.1", "doi:10.1000/ex.2"]),
        ("f14_zotero.csv", ["doi:10.1000/ex.1", "arxiv:2301.00022"]),
        ("f15_ieee_like.csv", ["doi:10.1000/ex.1"]),
    ],
)
def test_tables_of_databases_are_read_with_their_identifiers(cases: Path, name: str, ids: list[str]) -> None:
    papers = _read(cases, name).papers
    assert [paper.id for paper in papers] == ids
    assert all(paper.title in (PROMPTS, CARS) for paper in papers)


def test_numbers_of_pubmed_in_tables_are_identifiers(cases: Path) -> None:
    assert "pmid:12345678" in _read(cases, "f09_wos_tab.txt").papers[0].ids
    assert "pmid:12345679" in _read(cases, "f13_pubmed.csv").papers[1].ids


def test_latex_and_entities_become_letters(cases: Path) -> None:
    expected: list[Any] = json.loads((cases / "x01_latex.expected.json").read_text(encoding="utf-8"))
    found = _titles(_read(cases, "x01_latex.jsonl"))
    wanted = [clean for _, clean in expected]
    assert len(found) == len(wanted)
    assert [title for title, clean in zip(found, wanted, strict=True) if clean] == [clean for clean in wanted if clean]


def test_papers_in_other_languages_are_for_review(cases: Path, labeler: Labeler) -> None:
    outcome = labeler("label", cases / "n01_other_languages.jsonl", "--json")
    assert outcome.code == 0
    assert {json.loads(line)["decision"] for line in outcome.out.splitlines()} == {"review"}
