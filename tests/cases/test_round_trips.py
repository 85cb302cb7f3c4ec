"""Real digests and exports, written for reference managers and read again: nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from labeler import read_digest
from tests.paths import DIGESTS
from tests.publish.factories import NAMES, labelled, written
from tests.publish.round_trip import differences, read_again

pytestmark = pytest.mark.skipif(not DIGESTS.is_dir(), reason="needs the folder of real data beside the project")

FILES = (
    "ris_csv_exports/baseline_zotero.ris", "ris_csv_exports/pubmed_zotero.ris", "ris_csv_exports/scopus.ris",
    "ris_csv_exports/_baseline.ris", "databases/revtools__avian_ecology_bibliography.ris",
    "databases/colrev__acm_bib.bib", "databases/colrev__dblp_bib.bib",
    "databases/colrev__web_of_science_bib.bib", "databases/synthesisr__scopus.ris",
    "databases/bibtexparser__traps.bib", "databases/colrev__nbib_data.nbib", "hf_page/trending_page.txt",
    "daily_repos/Straw674__2025-12-10.jsonl",
)  # fmt: skip


@pytest.mark.parametrize("output", ["ris", "bibtex"])
@pytest.mark.parametrize("file", FILES)
def test_what_came_in_comes_out(file: str, output: str, tmp_path: Path) -> None:
    papers = read_digest(DIGESTS / file)
    again = read_again(output, list(map(labelled, papers)), tmp_path)
    topics = tuple(NAMES.values())
    lost = [differences(one, other, topics) for one, other in zip(papers, again, strict=True)]
    assert [found for found in lost if found] == []
    second = read_again(output, list(map(labelled, again)), tmp_path)
    assert [sorted(one.kept) for one in second] == [sorted(one.kept) for one in again]


@pytest.mark.parametrize("file", [file for file in FILES if file.endswith((".ris", ".bib"))])
def test_what_a_reference_manager_said_goes_back_to_it(file: str, tmp_path: Path) -> None:
    papers = read_digest(DIGESTS / file)
    output = "ris" if file.endswith(".ris") else "bibtex"
    again = read_again(output, list(map(labelled, papers)), tmp_path)
    assert [sorted(one.kept) for one in again] == [sorted(one.kept) for one in papers]


def test_lines_of_zotero_come_back() -> None:
    file = DIGESTS / "ris_csv_exports/baseline_zotero.ris"
    lines = {line.rstrip() for line in file.read_text(encoding="utf-8").splitlines()} - {""}
    missing = lines - {line.rstrip() for line in written("ris", list(map(labelled, read_digest(file)))).splitlines()}
    tags = [line[:2] for line in missing]
    assert len(lines) > 1500
    # Abstracts and notes are without tags of HTML, days are not ``nan``, and two records are one paper.
    assert sum(tag not in ("AB", "N1", "DA") for tag in tags) < 12
    assert not {"TY", "KW", "T2", "PY", "IS", "EP", "SN", "L4", "ER"}.intersection(tags)
