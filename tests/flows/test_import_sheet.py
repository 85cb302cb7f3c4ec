"""A sheet of labelled papers goes out, people correct it in a spreadsheet, and it comes back as judgements."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from labeler.judgements import Judgement, JudgementLog
from labeler.judgements.from_sheet import CORRECTED
from labeler.publish.sheet import COLUMNS
from tests.cli.process import run_process
from tests.conftest import Labeler

Rows = list[dict[str, str]]
SHEETS = ["csv", "xlsx"]
OFFICE = shutil.which("soffice")


def log() -> list[Judgement]:
    return JudgementLog(Path("annotations/judgements.jsonl")).read().judgements


def corrections(before: int) -> dict[str, Judgement]:
    """The judgements that were added, by title."""
    return {judgement.title: judgement for judgement in log()[before:]}


def labelled(labeler: Labeler, digest: Path, name: str, *options: str) -> Rows:
    """The rows of a sheet of the digest, which is written."""
    outcome = labeler("label", digest, "-o", name, *options)
    assert outcome.code == 0, outcome.err
    return read(name)


def read(name: str) -> Rows:
    if name.endswith(".csv"):
        with Path(name).open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))
    head, *rows = load_workbook(name).worksheets[0].iter_rows(values_only=True)
    names = [str(name) for name in head]
    return [dict(zip(names, ("" if cell is None else str(cell) for cell in row), strict=True)) for row in rows]


def save(name: str, rows: Rows, at: int = 1_800_000_000, **how: str) -> str:
    """Save a sheet as a spreadsheet does, at a time."""
    path = Path(name)
    if name.endswith(".csv"):
        text = io.StringIO(newline="")
        table = csv.DictWriter(text, list(rows[0]), delimiter=how.get("delimiter", ","), lineterminator="\r\n")
        table.writeheader()
        table.writerows(rows)
        path.write_bytes(text.getvalue().encode(how.get("encoding", "utf-8"), "replace"))
    else:
        book = Workbook()
        assert book.active is not None
        for row in [list(rows[0]), *(list(row.values()) for row in rows)]:
            book.active.append(row)
        book.save(name)
    os.utime(path, (at, at))
    return name


def added(labeler: Labeler, *arguments: str) -> dict[str, Any]:
    outcome = labeler("import", *arguments, "--json")
    assert outcome.code == 0, outcome.err
    record: dict[str, Any] = json.loads(outcome.out)
    return record


def test_the_sheets_have_the_column_that_is_read() -> None:
    assert {CORRECTED, "ids", "id", "topics", "decision"} <= set(COLUMNS)


@pytest.mark.parametrize("kind", SHEETS)
def test_what_people_write_becomes_judgements_and_twice_is_once(
    labeler: Labeler, trained: Path, digest: Path, kind: str
) -> None:
    before = len(log())
    rows = labelled(labeler, digest, f"sheet.{kind}")
    shown = {row["title"]: row["topics"] for row in rows}
    with_topics = [row for row in rows if row["topics"]]
    first, second, *_ = rows
    first[CORRECTED], second[CORRECTED], with_topics[-1][CORRECTED] = "Speech and audio; llm", "None", "OK"
    counts = added(labeler, save(f"sheet.{kind}", rows), "--annotator", "ada")
    assert (counts["added"], counts["annotators"], counts["empty"], counts["not_judged"]) == (3, 1, 1, 21)
    found = corrections(before)
    one, two, three = found[first["title"]], found[second["title"]], found[with_topics[-1]["title"]]
    assert (one.yes, one.annotator, one.prefill) == (("llm", "speech"), "ada", "changed")
    assert set(one.offered) == {*one.yes, *one.no}
    assert len(one.offered) == 8
    assert (two.yes, len(two.no)) == ((), 8)
    assert len(three.yes) == len(shown[three.title].split("; "))
    assert (three.prefill, three.suggested) == ("kept", three.yes)
    assert one.source["file"] == f"sheet.{kind}"
    assert one.ids == tuple(first["ids"].split())
    assert one.abstract == first["abstract"]
    again = added(labeler, save(f"sheet.{kind}", rows, at=1_900_000_000), "--annotator", "ada")
    assert (again["added"], again["known"]) == (0, 3)


@pytest.mark.parametrize("kind", SHEETS)
def test_a_later_sheet_corrects_an_earlier_one(labeler: Labeler, trained: Path, digest: Path, kind: str) -> None:
    before = len(log())
    rows = labelled(labeler, digest, f"sheet.{kind}")
    rows[0][CORRECTED] = "vision"
    assert added(labeler, save(f"sheet.{kind}", rows))["added"] == 1
    rows[0][CORRECTED] = "robotics"
    counts = added(labeler, save(f"sheet.{kind}", rows, at=1_800_000_100))
    assert (counts["added"], counts["corrections"]) == (1, 1)
    tuesday = labelled(labeler, digest, f"tuesday.{kind}")
    assert (tuesday[0]["decision"], tuesday[0]["topics"]) == ("judged", "Robotics and control")
    tuesday[0][CORRECTED] = "speech"
    assert added(labeler, save(f"tuesday.{kind}", tuesday, at=1_800_000_200))["added"] == 1
    assert log()[-1].prefill == "none"  # what people had said was no suggestion
    assert {judgement.annotator for judgement in log()[before:]} == {"table"}
    row = labelled(labeler, digest, "wednesday.csv")[0]
    assert (row["topics"], row["by"]) == ("Speech and audio", "table")


def shuffled(rows: Rows) -> Rows:
    """As a person may leave a sheet: sorted, with columns in another order, left out, added and in capitals."""
    kept = ["ids", "corrected", "topics", "title", "abstract"]
    return [
        {"my notes": "look", **{name.upper() if name == "ids" else name: row[name] for name in kept}}
        for row in sorted(rows, key=lambda row: row["title"], reverse=True)
    ]


SAVED: dict[str, Callable[[Rows], str]] = {
    "semicolons": lambda rows: save("again.csv", rows, delimiter=";"),
    "tabs and a byte order mark": lambda rows: save("again.csv", rows, delimiter="\t", encoding="utf-8-sig"),
    "UTF-16": lambda rows: save("again.csv", rows, delimiter="\t", encoding="utf-16"),
    "Windows-1252": lambda rows: save("again.csv", rows, delimiter=";", encoding="cp1252"),
    "ASCII": lambda rows: save("again.csv", rows, encoding="ascii"),
    "dates of Germany": lambda rows: save("again.csv", [row | {"date": "27.11.2026"} for row in rows]),
    "sorted and cut": lambda rows: save("again.csv", shuffled(rows)),
    "sorted and cut, in Excel": lambda rows: save("again.xlsx", shuffled(rows)),
    "without ids": lambda rows: save("again.csv", [{k: row[k] for k in row if k != "ids"} for row in rows]),
    "without id": lambda rows: save("again.csv", [{k: row[k] for k in row if k != "id"} for row in rows]),
    "without abstracts": lambda rows: save("again.csv", [{k: row[k] for k in row if k != "abstract"} for row in rows]),
    "without titles": lambda rows: save("again.csv", [{k: row[k] for k in row if k != "title"} for row in rows]),
    "without texts": lambda rows: save(
        "again.csv", [{k: row[k] for k in row if k not in ("title", "abstract")} for row in rows]
    ),
    "spaces": lambda rows: save("again.csv", [{k: f" {row[k]} " for k in row} for row in rows]),
}


@pytest.mark.parametrize("how", SAVED)
def test_a_sheet_that_was_saved_again_says_the_same(labeler: Labeler, trained: Path, how: str) -> None:
    papers = [
        {
            "id": "arxiv:2601.00001",
            "title": "Kühne Roboter — “Towels”",
            "abstract": "Two arms fold towels, naïvely. " * 9,
        },
        {"title": "Ωmega-3 and 日本語 with words enough", "abstract": "We measure α and β for π of them. " * 9},
        {"title": "=SUM(A1:A9) of papers", "abstract": "-1 is a number that begins with a sign. " * 9},
        {"title": "Nobody corrects this", "abstract": "It stays as it is."},
    ]
    Path("papers.jsonl").write_text("\n".join(map(json.dumps, papers)))
    before = len(log())
    rows = labelled(labeler, Path("papers.jsonl"), "sheet.csv")
    for row, topics in zip(rows, ("robotics", "speech; vision", "-"), strict=False):
        row[CORRECTED] = topics
    assert added(labeler, save("sheet.csv", rows))["added"] == 3
    first = corrections(before)
    assert [set(one.yes) for one in first.values()] == [{"robotics"}, {"speech", "vision"}, set()]
    assert first["=SUM(A1:A9) of papers"].abstract.startswith("-1 is")
    counts = added(labeler, SAVED[how](rows))
    assert (counts["added"], counts["known"], counts["refused"]) == (0, 3, [])


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("visoin", "Visual understanding"),
        ("Robotik", "Robotics and control"),
        ("Robotics (minor)", "Robotics and control"),
        ("llms?", "Language models"),
        ("xylophone", ""),
        ("spech; adio", "Speech and audio"),
    ],
)
def test_a_topic_that_there_is_not_is_told_and_its_row_left_out(
    labeler: Labeler, trained: Path, digest: Path, cell: str, meant: str
) -> None:
    before = len(log())
    rows = labelled(labeler, digest, "sheet.csv")
    rows[0][CORRECTED], rows[1][CORRECTED] = cell, "llm"
    outcome = labeler("import", save("sheet.csv", rows))
    assert outcome.code == 0
    assert "note: sheet.csv, row ending on line 2: " in outcome.err
    assert " no topic" in outcome.err
    assert (f"; is {meant!r} meant?" in outcome.err) is bool(meant)
    assert [one.yes for one in log()[before:]] == [("llm",)]
    rows[1][CORRECTED] = ""
    alone = labeler("import", save("sheet.csv", rows))
    assert (alone.code, alone.err.count("\n")) == (3, 1)
    assert "nothing in sheet.csv can be used: sheet.csv, row ending on line 2: " in alone.err


def test_a_slip_beside_a_topic_leaves_open_what_it_resembles(labeler: Labeler, trained: Path, digest: Path) -> None:
    rows = labelled(labeler, digest, "sheet.csv")
    rows[0][CORRECTED] = "llm; robotic"
    outcome = labeler("import", save("sheet.csv", rows))
    assert "'robotic' is no topic; is 'Robotics and control' meant? That one is left open" in outcome.err
    judgement = log()[-1]
    assert (judgement.yes, judgement.unknown) == (("llm",), ("robotic",))
    assert "robotics" not in judgement.offered


@pytest.mark.parametrize("mark", ["ok", "OK", " Ok ", "okay", "=", "'=", "✓"])
def test_a_mark_says_that_the_suggested_topics_are_right(
    labeler: Labeler, trained: Path, digest: Path, mark: str
) -> None:
    before = len(log())
    rows = labelled(labeler, digest, "sheet.csv")
    for row in rows:
        row[CORRECTED] = mark
    assert added(labeler, save("sheet.csv", rows))["added"] == 24
    for row, judgement in zip(rows, log()[before:], strict=True):
        assert len(judgement.yes) == (len(row["topics"].split("; ")) if row["topics"] else 0)
        assert judgement.prefill == "kept"


def test_topics_may_be_added_to_the_suggested_ones(labeler: Labeler, trained: Path, digest: Path) -> None:
    row, *_ = rows = labelled(labeler, digest, "sheet.csv")
    row[CORRECTED] = "ok; Speech and audio"
    assert added(labeler, save("sheet.csv", rows))["added"] == 1
    judgement = log()[-1]
    assert judgement.suggested is not None
    assert set(judgement.yes) == {*judgement.suggested, "speech"}
    assert judgement.prefill == "changed"


def test_topics_of_another_scheme_cannot_be_taken_as_suggested(labeler: Labeler, workspace: Path, digest: Path) -> None:
    rows = labelled(labeler, digest, "sheet.csv")  # by the model that comes with labeler
    one, other, *_ = [row for row in rows if row["topics"] == "Computation and Language"]
    one[CORRECTED], other[CORRECTED] = "ok", "llm"
    outcome = labeler("import", save("sheet.csv", rows))
    assert "'ok' needs topics of the scheme under 'topics'; name the right ones" in outcome.err
    (judgement,) = log()
    assert (judgement.yes, judgement.prefill, judgement.suggested) == (("llm",), "none", None)


def test_a_row_may_name_its_annotator(labeler: Labeler, trained: Path, digest: Path) -> None:
    before = len(log())
    rows = labelled(labeler, digest, "sheet.csv")
    rows[0][CORRECTED] = rows[1][CORRECTED] = "llm"
    named = [row | {"annotator": "bo" if row is rows[0] else ""} for row in rows]
    assert added(labeler, save("sheet.csv", named), "--annotator", "ada")["annotators"] == 2
    assert [one.annotator for one in log()[before:]] == ["bo", "ada"]


def test_a_sheet_that_names_nobody_says_so(labeler: Labeler, trained: Path, digest: Path) -> None:
    rows = labelled(labeler, digest, "sheet.csv")
    rows[0][CORRECTED] = "llm"
    told = "the annotator is called 'table'"
    assert told in labeler("import", save("sheet.csv", rows), "--dry-run").err
    assert told not in labeler("import", save("sheet.csv", rows), "--annotator", "ada").err


def test_what_is_to_know_of_a_workbook_is_told_once(labeler: Labeler, trained: Path, digest: Path) -> None:
    rows = labelled(labeler, digest, "sheet.xlsx")
    rows[0][CORRECTED] = "llm"
    book = load_workbook(save("sheet.xlsx", rows))
    book.create_sheet("secret").sheet_state = "hidden"
    book.save("sheet.xlsx")
    outcome = labeler("import", "sheet.xlsx")
    assert outcome.code == 0
    assert outcome.err.count("the hidden sheet secret was passed over") == 1


def test_sheets_and_exports_come_apart_and_options_of_other_files_are_refused(
    labeler: Labeler, trained: Path, digest: Path, tmp_path: Path
) -> None:
    labelled(labeler, digest, "sheet.csv")
    Path("export.json").write_text("[]")
    outcome = labeler("import", "sheet.csv", "export.json")
    assert outcome.code == 2
    assert "sheet.csv is a sheet of labelled papers, and export.json is none" in outcome.err
    assert labeler("import", "sheet.csv", "--complete").code == 2
    assert labeler("import", "export.json", "--annotator", "ada").code == 2


@pytest.mark.parametrize("kind", SHEETS)
@pytest.mark.slow
def test_a_sheet_may_come_through_standard_input(labeler: Labeler, trained: Path, digest: Path, kind: str) -> None:
    rows = labelled(labeler, digest, f"sheet.{kind}")
    rows[0][CORRECTED] = "llm"
    content = Path(save(f"sheet.{kind}", rows)).read_bytes()
    done = run_process("import", "-", cwd=trained, given=content)
    assert done.returncode == 0, done.stderr
    assert b"1 added" in done.stderr


def test_a_sheet_that_is_damaged_is_bad_input(labeler: Labeler, trained: Path, digest: Path) -> None:
    labelled(labeler, digest, "sheet.xlsx")
    Path("sheet.xlsx").write_bytes(Path("sheet.xlsx").read_bytes()[:3000])
    outcome = labeler("import", "sheet.xlsx")
    assert (outcome.code, outcome.err.count("\n")) == (3, 1)


@pytest.mark.slow
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("kind", SHEETS)
@pytest.mark.parametrize("saved", ["xlsx", "csv:Text - txt - csv (StarCalc):59,34,ANSI,1"])
def test_what_libreoffice_saves_says_the_same(
    labeler: Labeler, trained: Path, digest: Path, kind: str, saved: str
) -> None:
    before = len(log())
    rows = labelled(labeler, digest, f"sheet.{kind}")
    for row, topics in zip(rows, ("robotics", "ok", "None"), strict=False):
        row[CORRECTED] = topics
    save(f"sheet.{kind}", rows)
    home = f"-env:UserInstallation=file://{Path('office').resolve()}"
    command = [str(OFFICE), home, "--headless", "--convert-to", saved, "--outdir", "saved", f"sheet.{kind}"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert added(labeler, f"sheet.{kind}")["added"] == 3
    (again,) = Path("saved").iterdir()
    counts = added(labeler, str(again))
    assert (counts["added"], counts["known"], counts["refused"]) == (0, 3, [])
    assert len(log()) == before + 3


def test_a_model_learns_from_corrections(labeler: Labeler, trained: Path, digest: Path) -> None:
    rows = labelled(labeler, digest, "sheet.xlsx", "--only", "review")
    for row in rows:
        row[CORRECTED] = "ok"
    save("sheet.xlsx", rows)
    assert added(labeler, "sheet.xlsx")["added"] == len(rows)
    status = json.loads(labeler("status", "--json").out)
    assert status["behind"] == len(rows)
    assert labelled(labeler, digest, "again.csv", "--only", "review") == []
