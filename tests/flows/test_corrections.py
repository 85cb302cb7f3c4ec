"""Corrections in sheets: what is wrong with them is told, and none is lost where a new sheet would take their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeler.judgements.from_sheet import CORRECTED
from tests.conftest import Labeler
from tests.flows.test_import_sheet import SHEETS, added, labelled, log, read, save
from tests.watching.conftest import SETTINGS, arrive, watch_with


@pytest.mark.parametrize("kind", SHEETS)
def test_a_sheet_with_corrections_is_not_written_over_before_they_are_imported(
    labeler: Labeler, trained: Path, digest: Path, kind: str
) -> None:
    name = f"sheet.{kind}"
    rows = labelled(labeler, digest, name)
    labelled(labeler, digest, name)  # nobody has written anything yet
    rows[0][CORRECTED] = "llm"
    before = Path(save(name, rows)).read_bytes()
    outcome = labeler("label", digest, "-o", name)
    assert outcome.code == 6
    assert f"{name} has corrections that were not imported" in outcome.err
    assert Path(name).read_bytes() == before
    added(labeler, name, "--annotator", "ada")
    assert labelled(labeler, digest, name)[0]["by"] == "ada"
    rows[0][CORRECTED] = "xylophone"
    save(name, rows)
    outcome = labeler("label", digest, "-o", name)
    assert (outcome.code, "'xylophone' is no topic of the scheme; mend this, then" in outcome.err) == (6, True)


@pytest.mark.parametrize("kind", SHEETS)
def test_a_sheet_is_imported_though_rows_or_a_label_that_is_no_topic_are_left_open(
    labeler: Labeler, trained: Path, digest: Path, kind: str
) -> None:
    name = f"sheet.{kind}"
    rows = labelled(labeler, digest, name)
    rows[0][CORRECTED], rows[1][CORRECTED] = "llm; visoin", "robotics"
    save(name, rows)
    outcome = added(labeler, name)
    assert "'visoin' is no topic" in str(outcome)
    assert labeler("label", digest, "-o", name).code == 0
    rows[2][CORRECTED] = "xylophone"
    outcome = labeler("label", digest, "-o", save(name, rows))
    assert (outcome.code, "'xylophone' is no topic" in outcome.err, "visoin" in outcome.err) == (6, True, False)


def test_a_sheet_is_not_written_over_outside_a_workspace(
    labeler: Labeler, digest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("sheet.csv").write_text("ids,title,corrected\ndoi:10.1234/5,Papers,llm\n", encoding="utf-8")
    outcome = labeler("label", digest, "-o", "sheet.csv")
    assert outcome.code == 6
    assert "would be lost" in outcome.err


def test_labels_of_many_papers_do_not_take_its_place_either(labeler: Labeler, trained: Path, digest: Path) -> None:
    Path("pile").mkdir()
    Path("pile/one.txt").write_bytes(digest.read_bytes())
    assert labeler("label", "pile/", "-o", "sheet.csv").code == 0
    rows = read("sheet.csv")
    rows[0][CORRECTED] = "llm"
    save("sheet.csv", rows)
    assert labeler("label", "pile/", "-o", "sheet.csv").code == 6
    assert read("sheet.csv") == rows


def test_other_files_are_written_over(labeler: Labeler, trained: Path, digest: Path) -> None:
    Path("sheet.csv").write_text("title,corrections\nPapers,llm\n", encoding="utf-8")
    Path("sheet.xlsx").write_bytes(b"PK no workbook")
    assert labeler("label", digest, "-o", "sheet.csv", "-o", "sheet.xlsx").code == 0


def test_a_watch_waits_until_corrections_are_imported(labeler: Labeler, trained: Path) -> None:
    Path("inbox").mkdir()
    watch_with(trained, SETTINGS.replace("digest.md", "digest.xlsx"))
    arrive(trained, "one.jsonl", ["Robots that grasp"])
    assert labeler("watch", "--once").code == 0
    rows = read("digest.xlsx")
    rows[0][CORRECTED] = "ok; robotics"
    save("digest.xlsx", rows)
    arrive(trained, "two.jsonl", ["Models of language"])
    outcome = labeler("watch", "--once")
    assert outcome.code == 6
    assert "digest.xlsx has corrections that were not imported" in outcome.err
    assert len(Path("latest.jsonl").read_text(encoding="utf-8").splitlines()) == 2
    added(labeler, "digest.xlsx")
    assert labeler("watch", "--once").code == 0
    assert len(read("digest.xlsx")) == 2


def test_of_a_slip_beside_none_the_slip_is_told(labeler: Labeler, trained: Path, digest: Path) -> None:
    rows = labelled(labeler, digest, "sheet.csv")
    rows[0][CORRECTED], rows[1][CORRECTED], rows[2][CORRECTED] = "none; xylophone", "oboe; lute", "none; none"
    outcome = labeler("import", save("sheet.csv", rows))
    assert "line 2: 'xylophone' is no topic of the scheme\n" in outcome.err
    assert "'oboe', 'lute' are no topics of the scheme\n" in outcome.err
    assert log()[-1].yes == ()


def test_a_dry_run_adds_nothing(labeler: Labeler, trained: Path, digest: Path) -> None:
    before = log()
    rows = labelled(labeler, digest, "sheet.csv")
    rows[0][CORRECTED] = "llm"
    outcome = labeler("import", save("sheet.csv", rows), "--dry-run")
    assert (outcome.code, "1 would be added" in outcome.err) == (0, True)
    assert log() == before


def test_a_sheet_without_a_correction_says_so(labeler: Labeler, trained: Path, digest: Path) -> None:
    labelled(labeler, digest, "sheet.csv")
    outcome = labeler("import", "sheet.csv")
    assert outcome.code == 0
    assert "nothing stands under 'corrected' in sheet.csv: write the right topics there, or ok" in outcome.err
    assert labeler("import", "sheet.csv", "--dry-run").code == 0
