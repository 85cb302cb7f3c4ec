"""RefWorks' tagged format. All samples are invented."""

from __future__ import annotations

from pathlib import Path

from tests.digests.factories import ABSTRACT, read, titles

SAMPLE = f"""\
RT Journal Article
SR Electronic
ID 1
A1 Lee, Ann
A1 Ek, Bo
T1 Sorting the papers of a day
JF Journal of Examples
YR 2020
FD 2020/02/03
K1 sorting
K1 papers
AB {ABSTRACT}
NO Read it
DO 10.5555/x.1
UL https://example.org/1

RT Book, Whole
T1 Counting cars
YR 2019
"""


def test_all_fields_of_a_record_are_kept(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.txt", SAMPLE)
    paper = reading.papers[0]
    assert reading.formats == {"a.txt": "refworks"}
    assert paper.ids[:1] == ("doi:10.5555/x.1",)
    assert (paper.title, paper.abstract) == ("Sorting the papers of a day", ABSTRACT)
    assert paper.authors == ("Lee, Ann", "Ek, Bo")
    assert (paper.date, paper.venue, paper.language) == ("2020-02-03", "Journal of Examples", None)
    assert paper.keywords == ("sorting", "papers")
    assert paper.notes == ("Read it",)
    assert paper.url == "https://example.org/1"
    assert titles(reading)[1:] == ["Counting cars"]
    assert reading.records == 2
