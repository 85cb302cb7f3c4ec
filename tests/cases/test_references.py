"""Real exports of reference managers and databases: every record that the format's own marks count is accounted for."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from labeler.digests import read_inputs
from tests.conftest import Labeler

_BIB = r"^[ \t]*@(?!string|comment)\w+ *\{"
_PMID = r"^PMID- \d"
_TITLE = r"^%T "
_RIS = r"^(?:\xef\xbb\xbf)?TY  -"
# A file, its format, what begins a record, and how many papers, merged and refused records there are.
_REAL = [
    ("ris_csv_exports/_baseline.ris", "ris", _RIS, (99, 1, 0)),
    ("ris_csv_exports/baseline_empty_values.ris", "ris", _RIS, (3, 1, 0)),
    ("ris_csv_exports/baseline_tag-notes.ris", "ris", _RIS, (1, 0, 11)),
    ("ris_csv_exports/baseline_tag-notes_labels.ris", "ris", _RIS, (5, 27, 0)),
    ("ris_csv_exports/baseline_tag-notes_zotero.ris", "ris", _RIS, (1, 3, 0)),
    ("ris_csv_exports/baseline_tag_and_field_definitions.ris", "ris", _RIS, (1, 0, 0)),
    ("ris_csv_exports/baseline_zotero.ris", "ris", _RIS, (99, 1, 0)),
    ("ris_csv_exports/embase.ris", "ris", _RIS, (6, 0, 0)),
    ("ris_csv_exports/faulty_year.ris", "ris", _RIS, (1, 0, 0)),
    ("ris_csv_exports/ovid_psycinfo.ris", "ris", _RIS, (6, 0, 0)),
    ("ris_csv_exports/pubmed_zotero.ris", "ris", _RIS, (6, 0, 0)),
    ("ris_csv_exports/scopus.ris", "ris", _RIS, (6, 0, 0)),
    ("ris_csv_exports/pubmed_endnote.txt", "ris", _RIS, (6, 0, 0)),
    ("ris_csv_exports/ris_issue_1099.txt", "ris", _RIS, (6, 1, 0)),
    ("ris_csv_exports/ris_issue_992.txt", "ris", _RIS, (19, 0, 0)),
    ("databases/colrev__jstor_ris.ris", "ris", _RIS, (4, 0, 0)),
    ("databases/revtools__avian_ecology_bibliography.ris", "ris", _RIS, (20, 0, 0)),
    ("databases/rispy__example_full.ris", "ris", _RIS, (2, 0, 0)),
    ("databases/rispy__example_multi_unknown_tags.ris", "ris", _RIS, (1, 0, 0)),
    ("databases/rispy__example_multiline_multitag.ris", "ris", _RIS, (1, 0, 0)),
    ("databases/rispy__example_urls.ris", "ris", _RIS, (1, 3, 0)),
    ("databases/synthesisr__ASP_ris_example.ris", "ris", _RIS, (4, 0, 0)),
    ("databases/synthesisr__scopus.ris", "ris", _RIS, (92, 0, 0)),
    ("databases/bibtexparser__article_with_strings.bib", "bibtex", _BIB, (1, 0, 0)),
    ("databases/bibtexparser__encoding.bib", "bibtex", _BIB, (1, 0, 0)),
    ("databases/bibtexparser__multiple_entries.bib", "bibtex", _BIB, (3, 0, 0)),
    ("databases/bibtexparser__traps.bib", "bibtex", _BIB, (1, 0, 0)),
    ("databases/colrev__abi_inform_proquest_bib.bib", "bibtex", _BIB, (2, 0, 0)),
    ("databases/colrev__acm_bib.bib", "bibtex", _BIB, (2, 0, 0)),
    ("databases/colrev__dblp_bib.bib", "bibtex", _BIB, (2, 0, 0)),
    ("databases/colrev__scopus_bib.bib", "bibtex", _BIB, (11, 0, 0)),
    ("databases/colrev__taylor_and_francis_bib.bib", "bibtex", _BIB, (2, 0, 0)),
    ("databases/colrev__web_of_science_bib.bib", "bibtex", _BIB, (2, 0, 0)),
    ("databases/synthesisr__Scopus_bib_example.bib", "bibtex", _BIB, (3, 0, 0)),
    ("databases/synthesisr__litsearchr.txt", "bibtex", _BIB, (1, 0, 0)),
    ("databases/colrev__eric_nbib.nbib", "nbib", r"^OWN - ", (1, 0, 0)),
    ("databases/colrev__nbib_data.nbib", "nbib", r"^OWN - ", (1, 0, 0)),
    ("databases/rispy__example_pubmed.txt", "nbib", _PMID, (10, 0, 0)),
    ("databases/synthesisr__PubMed_example.txt", "nbib", _PMID, (3, 0, 0)),
    ("databases/colrev__ais_enl.txt", "enw", _TITLE, (6, 0, 0)),
    ("databases/colrev__enl_data.enl", "enw", _TITLE, (3, 0, 0)),
    ("databases/synthesisr__WoS_txt_example.txt", "web_of_science", r"^PT ", (4, 0, 0)),
]
_WITHOUT_PAPERS = [
    ("databases/bibtexparser__crossref_cascading_cycle.bib", _BIB),
    ("ris_csv_exports/baseline_reference_types.ris", _RIS),
    ("ris_csv_exports/baseline_tag_and_field_definitions_lists.ris", _RIS),
    ("databases/rispy__example_bom.ris", _RIS),
]


@pytest.mark.parametrize(("name", "format_name", "mark", "counts"), _REAL, ids=[name for name, *_ in _REAL])
def test_every_record_is_a_paper_or_merged_or_refused(
    shared: Path, name: str, format_name: str, mark: str, counts: tuple[int, int, int]
) -> None:
    path = shared / "digests" / name
    reading = read_inputs([str(path)])
    assert len(re.findall(mark.encode(), path.read_bytes(), re.MULTILINE | re.IGNORECASE)) == sum(counts)
    assert (len(reading.papers), len(reading.merged), len(reading.refused)) == counts
    assert reading.formats == {path.name: format_name}
    assert not reading.notes


@pytest.mark.parametrize(("name", "mark"), _WITHOUT_PAPERS, ids=[name for name, _ in _WITHOUT_PAPERS])
def test_records_without_title_and_abstract_are_no_papers(shared: Path, labeler: Labeler, name: str, mark: str) -> None:
    assert re.search(mark.encode(), (shared / "digests" / name).read_bytes(), re.MULTILINE | re.IGNORECASE)
    outcome = labeler("read", shared / "digests" / name)
    assert (outcome.code, outcome.out) == (3, "")
    assert "neither a title nor an abstract" in outcome.err


def test_every_real_file_of_references_is_among_the_files_above(shared: Path) -> None:
    digests = shared / "digests"
    kinds = {".ris", ".bib", ".nbib", ".enl", ".txt"}
    folders = (digests / "ris_csv_exports", digests / "databases")
    found = {
        path.relative_to(digests).as_posix() for folder in folders for path in folder.iterdir() if path.suffix in kinds
    }
    assert found == {name for name, *_ in (*_REAL, *_WITHOUT_PAPERS)}


def test_the_parts_of_an_abstract_in_two_fields_are_kept(cases: Path, labeler: Labeler) -> None:
    outcome = labeler("read", cases / "f01_ris_two_ab.ris", "--json")
    first, second = map(json.loads, outcome.out.splitlines())
    assert (first["id"], first["authors"]) == ("doi:10.1000/ex.1", ["Example, Ann"])
    assert first["abstract"].startswith("First part of the abstract. We study how short prompts")
    assert first["abstract"].count("short prompts change") == 1
    assert second["abstract"].startswith("A single camera over a street")


def test_braces_and_accents_of_bibtex_become_letters(cases: Path, labeler: Labeler) -> None:
    outcome = labeler("read", cases / "f02_bib.bib", "--json")
    first, second = map(json.loads, outcome.out.splitlines())
    assert first["title"] == "Short prompts that steer small LLMs"
    assert (first["authors"], first["date"]) == (["Martín, Ann", "Sample, Ben"], "2024")
    assert second["id"] == "arxiv:2301.00022"
