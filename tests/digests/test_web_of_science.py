"""Web of Science's plain text. All samples are invented."""

from __future__ import annotations

from pathlib import Path

from tests.digests.factories import ABSTRACT, read, titles

SAMPLE = f"""\
FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Lee, A
   Ek, B
AF Lee, Ann
   Ek, Bo
TI Sorting the papers of
   a day
SO JOURNAL OF EXAMPLES
LA English
DE Sorting; few
   labels
ID PAPERS
AB {ABSTRACT[:96]}
   {ABSTRACT[97:]}
PD FEB
PY 2020
DI 10.5555/x.1
PM 30922926
UT WOS:0001
ER

PT C
TI Counting cars
PY 2019
ER

EF
"""


def test_all_fields_of_a_record_are_kept(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.txt", SAMPLE)
    paper = reading.papers[0]
    assert reading.formats == {"a.txt": "web_of_science"}
    assert paper.ids[:2] == ("doi:10.5555/x.1", "pmid:30922926")
    assert (paper.title, paper.abstract) == ("Sorting the papers of a day", ABSTRACT)
    assert paper.authors == ("Lee, Ann", "Ek, Bo")
    assert (paper.date, paper.venue, paper.language) == ("2020-02", "JOURNAL OF EXAMPLES", "English")
    assert paper.keywords == ("Sorting", "few labels", "PAPERS")
    assert paper.notes == ()
    assert paper.url == "https://doi.org/10.5555/x.1"
    assert titles(reading)[1:] == ["Counting cars"]
    assert reading.records == 2


def test_joined_files_and_missing_ends(tmp_path: Path) -> None:
    first = SAMPLE.replace("\nER\n", "\n")
    second = "FN Web of Science\nVR 1.0\nPT J\nTI A third title\nPD DEC 16\nPY 2019\nER\nEF\n"
    reading = read(tmp_path, "a.txt", first + second)
    assert titles(reading)[1:] == ["Counting cars", "A third title"]
    assert (reading.records, reading.papers[2].date) == (3, "2019-12-16")
