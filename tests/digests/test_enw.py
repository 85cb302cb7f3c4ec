"""EndNote's tagged format. All samples are invented."""

from __future__ import annotations

from pathlib import Path

from tests.digests.factories import ABSTRACT, read, titles

SAMPLE = f"""\
%0 Journal Article
%A Lee, Ann
%A Ek, Bo
%T Sorting the papers of a day
%J Journal of Examples
%D 2020
%8 2020/02/03/
%K sorting
papers; labels
%X {ABSTRACT[:96]}
{ABSTRACT[97:]}
%R 10.5555/x.1
%G English
%U https://example.org/1
%Z Read it

%0 Generic
%T Counting cars
%J arXiv preprint arXiv:2301.00022
%D 2023
"""


def test_all_fields_of_a_record_are_kept(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.txt", SAMPLE)
    paper = reading.papers[0]
    assert reading.formats == {"a.txt": "enw"}
    assert paper.ids[:1] == ("doi:10.5555/x.1",)
    assert (paper.title, paper.abstract) == ("Sorting the papers of a day", ABSTRACT)
    assert paper.authors == ("Lee, Ann", "Ek, Bo")
    assert (paper.date, paper.venue, paper.language) == ("2020-02-03", "Journal of Examples", "English")
    assert paper.keywords == ("sorting", "papers", "labels")
    assert paper.notes == ("Read it",)
    assert paper.url == "https://example.org/1"
    assert titles(reading)[1:] == ["Counting cars"]
    assert reading.records == 2


def test_records_may_begin_with_their_title(tmp_path: Path) -> None:
    content = (
        f"%T A title\n%0 Journal Article\n%X {ABSTRACT}\n\n%T Another\n%A Lee, Ann\n\n%T A third\n%0 Book\n%D 2020\n"
    )
    reading = read(tmp_path, "a.enl", content)
    assert (titles(reading), reading.records) == (["A title", "Another", "A third"], 3)
    assert read(tmp_path, "b.enw", "%0 Journal Article\n%8 2001/01/01\n%D 2020\n%T A title\n").papers[0].date == "2020"
