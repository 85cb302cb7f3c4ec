"""Ovid's references as text. All samples are invented."""

from __future__ import annotations

from pathlib import Path

from tests.digests.factories import ABSTRACT, read, titles

SAMPLE = f"""\
<1>
Database
  Ovid MEDLINE(R) <1946 to Present>
Unique Identifier
  30922926
Title
  Sorting the papers of a day.
Source
  Journal of Examples. 63(2):103640, 2020 Feb.
Authors
  Lee A; Ek B.
Abstract
  {ABSTRACT[:96]}
  {ABSTRACT[97:]}
Digital Object Identifier
  https://dx.doi.org/10.5555/x.1
Language
  English
MeSH Subject Headings
  Sorting
  Papers

<2>
Title
  Counting cars
Abstract
  {ABSTRACT}
"""


def test_all_fields_of_a_record_are_kept(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.txt", SAMPLE)
    paper = reading.papers[0]
    assert reading.formats == {"a.txt": "ovid"}
    assert paper.ids[:2] == ("doi:10.5555/x.1", "pmid:30922926")
    assert (paper.title, paper.abstract) == ("Sorting the papers of a day.", ABSTRACT)
    assert paper.authors == ("Lee A", "Ek B")
    assert (paper.date, paper.venue, paper.language) == ("2020", "Journal of Examples", "English")
    assert paper.keywords == ("Sorting", "Papers")
    assert paper.notes == ()
    assert paper.url == "https://doi.org/10.5555/x.1"
    assert titles(reading)[1:] == ["Counting cars"]
    assert reading.records == 2
