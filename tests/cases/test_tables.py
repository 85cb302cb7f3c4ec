"""Tables of judged papers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labeler.digests import read_inputs
from labeler.judgements import JudgementLog
from tests.conftest import Labeler, Outcome


def _imported(labeler: Labeler, file: Path) -> Outcome:
    outcome = labeler("import", file, "--topics-column", "topics", "--complete")
    assert outcome.code == 0, outcome.err
    return outcome


def _yes(workspace: Path) -> list[tuple[str, ...]]:
    log = JudgementLog(workspace / "annotations" / "judgements.jsonl").read()
    return [judgement.yes for judgement in log.judgements]


def test_late_letters_of_an_old_encoding_are_letters(cases: Path) -> None:
    paper = read_inputs([str(cases / "t05_cp1252_late.csv")]).papers[-1]
    (same,) = read_inputs([str(cases / "t05b_same_paper_utf8.csv")]).papers
    assert paper.title == same.title == "Prévoir l’été à Genève"
    assert (paper.id, paper.flags) == (same.id, ())


def test_late_letters_of_an_old_encoding_are_imported(cases: Path, case_workspace: Path, labeler: Labeler) -> None:
    outcome = labeler("import", cases / "t05_cp1252_late.csv", "--topics-column", "topics", "--complete")
    assert outcome.code == 0, outcome.err
    log = (case_workspace / "annotations" / "judgements.jsonl").read_text(encoding="utf-8")
    assert "Prévoir l’été à Genève" in log
    assert "\ufffd" not in log


def test_rows_with_line_breaks_and_long_cells_are_read(cases: Path, case_workspace: Path, labeler: Labeler) -> None:
    _imported(labeler, cases / "t12_newlines_and_huge.csv")
    assert len(_yes(case_workspace)) == 3


def test_a_header_with_a_line_break_is_recognised(cases: Path, case_workspace: Path, labeler: Labeler) -> None:
    (paper,) = read_inputs([str(cases / "t14_header_with_newline.csv")]).papers
    assert (paper.title, paper.flags) == ("Short prompts that steer small language models", ())
    _imported(labeler, cases / "t14_header_with_newline.csv")
    assert len(_yes(case_workspace)) == 1


def test_cells_that_overflow_are_told(cases: Path, case_workspace: Path, labeler: Labeler) -> None:
    outcome = _imported(labeler, cases / "t15_pipe_overflow.csv")
    assert "has 6 cells, the header has 4" in outcome.err
    assert len(_yes(case_workspace)) == 1


def test_words_that_stand_for_no_abstract_are_none(cases: Path) -> None:
    papers = read_inputs([str(cases / "t18_scopus_placeholder.csv")]).papers
    assert [paper.flags for paper in papers] == [(), ("no_abstract",), ("no_abstract",)]
    assert [paper.abstract for paper in papers[1:]] == ["", ""]


def test_chapters_with_their_books_doi_stay_apart(cases: Path, case_workspace: Path, labeler: Labeler) -> None:
    _imported(labeler, cases / "t19_book_doi.csv")
    assert [len(yes) for yes in _yes(case_workspace)] == [1, 1, 1]
    again = _imported(labeler, cases / "t19_book_doi.csv")
    assert len(_yes(case_workspace)) == 3, again.err


@pytest.mark.parametrize("command", ["read", "label"])
def test_an_identifier_of_chapters_is_told(cases: Path, labeler: Labeler, command: str) -> None:
    outcome = labeler(command, cases / "t19_book_doi.csv", "--json")
    assert len([json.loads(line) for line in outcome.out.splitlines()]) == 3
    assert "3 different papers have doi:10.1007/978-1-0000-0000-1, and stay apart" in outcome.err


def test_a_doi_in_any_spelling_is_one(cases: Path, labeler: Labeler) -> None:
    (paper,) = read_inputs([str(cases / "t20_doi_spellings.csv")]).papers
    assert paper.id == "doi:10.1000/abc.1"
    assert "1 paper labelled" in labeler("label", cases / "t20_doi_spellings.csv", "--json").err
