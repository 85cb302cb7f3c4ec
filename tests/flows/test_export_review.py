"""A review in a sheet, for people without a server: written, filled in, and brought back."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from labeler.judgements import JudgementLog
from tests.conftest import Labeler
from tests.review.factories import said


@pytest.fixture
def tied(workspace: Path) -> Path:
    JudgementLog(workspace / "annotations/judgements.jsonl").update(
        lambda _: [
            said(1, "ada", "llm", comment="=of text"), said(1, "ben", "vision"),
            said(2, "ada", "llm"), said(2, "ben", "llm"), said(2, "cleo", "speech"),
        ]
    )  # fmt: skip
    return workspace


def write_verdicts(sheet: Path, **verdicts: str) -> None:
    """A person writes under ``corrected``, by the last digit of the paper's identifier."""
    if sheet.suffix == ".xlsx":
        book = load_workbook(sheet)
        head, *rows = book.worksheets[0].rows
        names = [cell.value for cell in head]
        for row in rows:
            row[names.index("corrected")].value = verdicts.get(f"p{str(row[0].value)[-1]}")
        book.save(sheet)
        return
    with sheet.open(encoding="utf-8", newline="") as stream:
        records = list(csv.DictReader(stream))
    with sheet.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, records[0])
        table.writeheader()
        table.writerows(one | {"corrected": verdicts.get(f"p{one['id'][-1]}", "")} for one in records)


@pytest.mark.parametrize("name", ["review.csv", "review.xlsx"])
def test_a_verdict_in_a_sheet_is_the_adjudicators(tied: Path, labeler: Labeler, name: str) -> None:
    outcome = labeler("export", "--review", "disagreements", "-o", name)
    assert (outcome.code, "2 papers to settle (disagreements)." in outcome.err) == (0, True), outcome.err
    write_verdicts(tied / name, p1="Visual understanding")
    refused = labeler("export", "--review", "disagreements", "-o", name)
    assert (refused.code, "corrections that were not imported" in refused.err) == (6, True)
    dry = labeler("import", name, "--annotator", "ben", "--dry-run").err
    assert "1 would be added, 1 verdict (1 on judgements of their own) among them, 0 known before." in dry
    brought = labeler("import", name, "--annotator", "ben", "--json")
    assert json.loads(brought.out)["added"] == 1, brought.err
    verdict = JudgementLog(tied / "annotations/judgements.jsonl").read().judgements[-1]
    assert (verdict.annotator, verdict.role, verdict.yes, verdict.status) == (
        "ben",
        "adjudicator",
        ("vision",),
        "judged",
    )
    assert verdict.asked == {"review": "disagreements", "own": True}
    assert verdict.ids[0] == "arxiv:2503.00001"
    assert json.loads(labeler("import", name, "--annotator", "ben", "--json").out)["added"] == 0
    again = json.loads(labeler("export", "--review", "disagreements", "-o", name, "--json").out)
    assert [one["paper"] for one in again["papers"]] == ["arxiv:2503.00002"]
    assert json.loads(labeler("status", "--json").out)["review"]["own"] == 1


@pytest.mark.parametrize("name", ["review.csv", "review.xlsx"])
def test_the_same_sheet_counts_once_under_whatever_name_it_comes(tied: Path, labeler: Labeler, name: str) -> None:
    assert labeler("export", "--review", "disagreements", "-o", name).code == 0
    write_verdicts(tied / name, p1="Visual understanding")
    assert json.loads(labeler("import", name, "--json").out)["added"] == 1
    (tied / f"copy-{name}").write_bytes((tied / name).read_bytes())
    for file in (name, f"copy-{name}"):
        for who in ((), ("--annotator", "eve")):
            again = labeler("import", file, *who)
            assert "0 added, 1 known before." in again.err
            told = (
                "1 verdict of this sheet is in the log already, under the name 'table', and not added again"
                in again.err
            )
            assert told == bool(who)
    write_verdicts(tied / f"copy-{name}", p1="Visual understanding", p2="none")  # more of the same
    more = json.loads(labeler("import", f"copy-{name}", "--annotator", "eve", "--json").out)
    assert (more["added"], more["known"]) == (1, 1)
    write_verdicts(tied / name, p1="Language models")  # another opinion
    assert json.loads(labeler("import", name, "--annotator", "eve", "--json").out)["added"] == 1


@pytest.mark.parametrize("name", ["review.csv", "review.xlsx"])
def test_a_sheet_without_a_paper_is_one_all_the_same(workspace: Path, labeler: Labeler, name: str) -> None:
    assert labeler("export", "--review", "ties", "-o", name).code == 0
    for who in ((), ("--annotator", "eve")):
        outcome = labeler("import", name, *who)
        assert outcome.code == 0
        assert outcome.err.splitlines()[1:] == [f"{name} has no row with a paper"]


def test_a_verdict_that_repeats_what_the_same_person_wrote_in_an_earlier_sheet_counts(
    tied: Path, labeler: Labeler
) -> None:
    assert labeler("export", "--review", "ties", "-o", "one.csv").code == 0
    text = (tied / "one.csv").read_text().replace("review", "why", 1)
    (tied / "plain.csv").write_text(text.replace(",ties,", ",,"))
    write_verdicts(tied / "plain.csv", p1="Language models")
    assert json.loads(labeler("import", "plain.csv", "--annotator", "eve", "--json").out)["added"] == 1
    assert JudgementLog(tied / "annotations/judgements.jsonl").read().judgements[-1].role == ""
    write_verdicts(tied / "one.csv", p1="Language models")
    assert json.loads(labeler("import", "one.csv", "--annotator", "eve", "--json").out)["added"] == 1
    assert JudgementLog(tied / "annotations/judgements.jsonl").read().judgements[-1].role == "adjudicator"


def test_standard_output_is_csv_without_formulas_and_blind_has_no_names(tied: Path, labeler: Labeler) -> None:
    outcome = labeler("export", "--review", "ties", "--blind")
    (row,) = csv.DictReader(outcome.out.splitlines())
    assert row["review"] == "ties"
    assert "ada" not in outcome.out
    assert {row["said"][0]} <= {"A", "B"}
    assert row["url"] == "https://arxiv.org/abs/2503.00001"
    assert row["corrected"] == ""


def test_other_endings_and_inputs_are_refused(tied: Path, labeler: Labeler) -> None:
    assert labeler("export", "--review", "ties", "-o", "review.json").code == 2
    assert labeler("export", "digest.txt", "--review", "ties").code == 2
    assert labeler("export", "--review", "ties", "--count", "3").code == 2
    assert labeler("export", "--review", "ties", "--json").code == 2
    assert labeler("export").code == 2


def test_a_sheet_has_pseudonyms_where_names_are_to_be_hidden(tied: Path, labeler: Labeler) -> None:
    assert labeler("export", "--review", "disagreements", "-o", "hidden.csv", "--pseudonyms").code == 0
    text = (tied / "hidden.csv").read_text(encoding="utf-8")
    assert "person-" in text
    assert not any(name in text for name in ("ada", "ben", "cleo"))
