"""EndNote's references as text. All samples are invented."""

from __future__ import annotations

from pathlib import Path

from tests.digests.factories import ABSTRACT, read, titles

SAMPLE = f"""\
Reference Type:  Journal Article
Record Number: 12
Author: Lee, A. and Ek, B.
Year: 2020
Title: Sorting the papers of a day: a study
Journal: Journal of Examples
Date: Feb 3
DOI: 10.5555/x.1
Keywords: sorting
papers
Abstract: {ABSTRACT}
Notes: Read it
URL: https://example.org/1


Reference Type:  Book Section
Author: Roe, R.
Year: 2019
Title: Counting cars
Book Title: Cars
"""


def test_all_fields_of_a_record_are_kept(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.txt", SAMPLE)
    paper = reading.papers[0]
    assert reading.formats == {"a.txt": "endnote_text"}
    assert paper.ids[:1] == ("doi:10.5555/x.1",)
    assert (paper.title, paper.abstract) == ("Sorting the papers of a day: a study", ABSTRACT)
    assert paper.authors == ("Lee, A.", "Ek, B.")
    assert (paper.date, paper.venue, paper.language) == ("2020-02-03", "Journal of Examples", None)
    assert paper.keywords == ("sorting", "papers")
    assert paper.notes == ("Read it",)
    assert paper.url == "https://example.org/1"
    assert titles(reading)[1:] == ["Counting cars"]
    assert reading.records == 2
