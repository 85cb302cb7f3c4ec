"""PubMed's plain text. All samples are invented."""

from __future__ import annotations

from pathlib import Path

from tests.digests.factories import ABSTRACT, read, titles

SAMPLE = f"""\
1. Eur J Invent. 2020 Feb 3;63(2):103640. doi: 10.5555/j.ex.2019.03.004. Epub
2019 Mar 26.

Sorting the papers of a day: a study.

Lee A(1), van der Ek B(2)(3), O'Connor RE Jr(1).

Author information:
(1)School of Sorting, Hill College.
(2)Lakeside.

BACKGROUND: {ABSTRACT[:96]}
{ABSTRACT[97:]}

RESULTS: Forty answers are enough.

Copyright © 2020 Nobody.

DOI: 10.5555/j.ex.2019.03.004
PMCID: PMC1234567
PMID: 30922926 [Indexed for MEDLINE]

Conflict of interest statement: none.

2. J Ex. 2021;1:2.

Editorial.

[No authors listed]

PMID: 30922927

3. J Ex. 2021 Mar;1:2.

A title without authors or numbers.

{ABSTRACT}

PMID: 30922928
"""


SUMMARY = """\
1: Lee A, Ek B. Sorting the papers of a day. Part two. J Ex (Basel).
2020 Feb 3;63(2):10. doi: 10.5555/x.1. Epub 2019 Mar 26. PMID: 30922926; PMCID: PMC123.

2: Roe R. Counting cars at night? J Ex. 2021;1:2. PMID: 30922927.
"""


def test_records_in_paragraphs(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.txt", SAMPLE)
    first, second, third = reading.papers
    assert reading.formats == {"a.txt": "pubmed_text"}
    assert first.ids[:2] == ("doi:10.5555/j.ex.2019.03.004", "pmid:30922926")
    assert first.abstract == f"BACKGROUND: {ABSTRACT} RESULTS: Forty answers are enough."
    assert first.authors == ("Lee A", "van der Ek B", "O'Connor RE Jr")
    assert (first.date, first.venue) == ("2020-02-03", "Eur J Invent")
    assert (second.title, second.abstract, second.authors) == ("Editorial.", "", ())
    assert (third.id, third.abstract, third.date) == ("pmid:30922928", ABSTRACT, "2021-03")


def test_records_in_one_paragraph(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.txt", SUMMARY)
    assert titles(reading) == ["Sorting the papers of a day. Part two.", "Counting cars at night?"]
    assert [paper.ids[0] for paper in reading.papers] == ["doi:10.5555/x.1", "pmid:30922927"]
    first = reading.papers[0]
    assert (first.authors, first.venue, first.date) == (("Lee A", "Ek B"), "J Ex (Basel)", "2020-02-03")


def test_numbers_inside_an_abstract_begin_no_record(tmp_path: Path) -> None:
    content = SAMPLE.replace("RESULTS:", "2. RESULTS:")
    assert len(read(tmp_path, "a.txt", content).papers) == 3


def test_what_a_mail_of_pubmed_says_before_its_results_is_left_out(tmp_path: Path) -> None:
    text = "This message contains My NCBI what's new results.\n\nPubMed Results\nItems 1 - 2 of 2\n\n"
    text += "1. J Now. 2026 May 6. doi: 10.5555/inv.1. Online ahead of print.\n\nRivers of the North.\n\n"
    text += "Lee A(1), Ek B.\n\nAuthor information:\n(1)U.\n\nWe study rivers.\n\nPMID: 30000050\n\n"
    text += "2. J Now. 2026.\n\nPonds.\n\nLee A.\n\nPMID: 30000051\n"
    first, second = read(tmp_path, "mail.txt", text).papers
    assert (first.title, first.authors, first.date) == ("Rivers of the North.", ("Lee A", "Ek B"), "2026-05-06")
    assert "pmid:30000050" in first.ids
    assert (second.id, second.title) == ("pmid:30000051", "Ponds.")
