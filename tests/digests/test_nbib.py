"""PubMed's MEDLINE format. All samples are invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.digests.factories import ABSTRACT, read, titles

SAMPLE = f"""\
PMID- 30922926
OWN - NLM
STAT- MEDLINE
DP  - 2020 Feb 3
TI  - Sorting the papers
      of a day
LID - S1769-7212(19)30059-X [pii]
LID - 10.5555/x.1 [doi]
AB  - {ABSTRACT[:96]}
      {ABSTRACT[97:]}
FAU - Lee, Ann
AU  - Lee A
AD  - Hill College.
FAU - Ek, Bo
AU  - Ek B
LA  - eng
PT  - Journal Article
JT  - Journal of Examples
TA  - J Ex
MH  - *Sorting/methods
OT  - papers
PMC - PMC1234567
GN  - NLM: a note
SO  - J Ex. 2020;1:2.

PMID- 30922927
OWN - NLM
TI  - Counting cars
"""


def test_all_fields_of_a_record_are_kept(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.txt", SAMPLE)
    paper = reading.papers[0]
    assert reading.formats == {"a.txt": "nbib"}
    assert paper.ids[:2] == ("doi:10.5555/x.1", "pmid:30922926")
    assert (paper.title, paper.abstract) == ("Sorting the papers of a day", ABSTRACT)
    assert paper.authors == ("Lee, Ann", "Ek, Bo")
    assert (paper.date, paper.venue, paper.language) == ("2020-02-03", "Journal of Examples", "eng")
    assert paper.keywords == ("papers", "Sorting/methods")
    assert paper.notes == ("NLM: a note",)
    assert paper.url == "https://doi.org/10.5555/x.1"
    assert titles(reading)[1:] == ["Counting cars"]
    assert reading.records == 2


@pytest.mark.parametrize(
    "content",
    [
        f"OWN - ERIC\nTI  - A title\nAB  - {ABSTRACT}\n\nOWN - ERIC\nTI  - Another\nAU  - Lee, A\n",
        f"PMID-12345678\nTI  - A title\nAB  - {ABSTRACT}\nPMID-12345679\nTI  - Another\n",
        f"PMID - 12345678\rOWN - NLM\rTI - A title\rAB - {ABSTRACT}\r\rPMID - 12345679\rOWN - NLM\rTI - Another\r",
        f"DCOM- 20200101\nTI  - A title\nAB  - {ABSTRACT}\n\nDCOM- 20200101\nTI  - Another\n",
        f"\r\n\ufeffPMID- 12345678\r\nTI  - A title\r\nAB  - {ABSTRACT}\r\n\r\nPMID- 12345679\r\nBTI - Another\r\n",
    ],
)
def test_records_of_other_databases_and_programs(tmp_path: Path, content: str) -> None:
    reading = read(tmp_path, "a.txt", content)
    assert (titles(reading), reading.records) == (["A title", "Another"], 2)
    assert reading.papers[0].abstract == ABSTRACT


def test_the_journal_of_a_citation(tmp_path: Path) -> None:
    content = "PMID- 30922926\nOWN - NLM\nTI  - A title\nSO  - J Ex. 2020 Feb 5:S1. doi: 10.5555/x.1.\n"
    assert read(tmp_path, "a.nbib", content).papers[0].venue == "J Ex"
