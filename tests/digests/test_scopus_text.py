"""Scopus' plain text. All samples are invented."""

from __future__ import annotations

from pathlib import Path

from tests.digests.factories import ABSTRACT, read, titles

SAMPLE = f"""\
Scopus
EXPORT DATE: 26 November 2026

Lee, A., Ek, B.
AUTHOR FULL NAMES: Lee, Ann (5719); Ek, Bo (5720)
57190000000; 57200000000;
Sorting the papers of a day
(2020) Journal of Examples, Series B, 12 (3), art. no. 1, pp. 1-10. Cited 3 times.
https://www.scopus.com/inward/record.uri?eid=2-s2.0-1
DOI: 10.5555/x.1

AFFILIATIONS: School of Sorting

ABSTRACT: {ABSTRACT}

AUTHOR KEYWORDS: sorting;  papers
DOCUMENT TYPE: Article
SOURCE: Scopus

Roe, R.
Counting cars
(2021) Example Letters, pp. 1-2.

ABSTRACT: {ABSTRACT} Two.
PUBLISHER: None
"""


def test_all_fields_of_a_record_are_kept(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.txt", SAMPLE)
    paper = reading.papers[0]
    assert reading.formats == {"a.txt": "scopus_text"}
    assert paper.ids[:1] == ("doi:10.5555/x.1",)
    assert (paper.title, paper.abstract) == ("Sorting the papers of a day", ABSTRACT)
    assert paper.authors == ("Lee, A.", "Ek, B.")
    assert (paper.date, paper.venue, paper.language) == ("2020", "Journal of Examples, Series B", None)
    assert paper.keywords == ("sorting", "papers")
    assert paper.notes == ()
    assert paper.url == "https://www.scopus.com/inward/record.uri?eid=2-s2.0-1"
    assert titles(reading)[1:] == ["Counting cars"]
    assert reading.records == 2
