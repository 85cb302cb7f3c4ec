"""The Cochrane Library's plain text. All samples are invented."""

from __future__ import annotations

from pathlib import Path

from tests.digests.factories import ABSTRACT, read, titles

SAMPLE = f"""\
Record #1 of 2
ID: CN-02112345
AU: Lee A
AU: Ek B
TI: Sorting the papers of a day
SO: Journal of examples
YR: 2020
VL: 1
XR: EMBASE 2003
PM: PUBMED 30922926
PT: Journal article
KY: *Sorting; Papers
DOI: 10.5555/x.1
AB: {ABSTRACT}
US: https://www.cochranelibrary.com/central/doi/10.1002/central/CN-02112345/full


Record #2 of 2
ID: CN-2
TI: Counting cars
AB: AIM: to count. CARS: many.
"""


def test_all_fields_of_a_record_are_kept(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.txt", SAMPLE)
    paper = reading.papers[0]
    assert reading.formats == {"a.txt": "cochrane"}
    assert paper.ids[:2] == ("doi:10.5555/x.1", "pmid:30922926")
    assert (paper.title, paper.abstract) == ("Sorting the papers of a day", ABSTRACT)
    assert paper.authors == ("Lee A", "Ek B")
    assert (paper.date, paper.venue, paper.language) == ("2020", "Journal of examples", None)
    assert paper.keywords == ("Sorting", "Papers")
    assert paper.notes == ()
    assert paper.url == "https://www.cochranelibrary.com/central/doi/10.1002/central/CN-02112345/full"
    assert titles(reading)[1:] == ["Counting cars"]
    assert reading.records == 2
