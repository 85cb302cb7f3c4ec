"""Embase's CSV with a row for each field. All texts are invented."""

from __future__ import annotations

from pathlib import Path

from tests.digests.factories import ABSTRACT, OTHER, read

_EMBASE = f'''"SEARCH QUERY"
"rivers"

"TITLE","Rivers of the North"
"AUTHOR NAMES","Lee A.","Ek B."
"SOURCE","Journal of Now (2020) 1:2 (3-4). Date of Publication: 1 May 2020"
"PUBLICATION YEAR","2020"
"ABSTRACT","{ABSTRACT}"
"DOI","10.5555/inv.1"
"LANGUAGE OF ARTICLE","English"

"TITLE","Ponds of the South"
"AUTHOR NAMES","Diaz C."
"ABSTRACT","{OTHER}"
'''


def test_each_title_begins_a_record(tmp_path: Path) -> None:
    reading = read(tmp_path, "embase.csv", _EMBASE.replace("\n", "\r\n"))
    assert list(reading.formats.values()) == ["embase_rows"]
    first, second = reading.papers
    assert (first.id, first.title, first.abstract) == ("doi:10.5555/inv.1", "Rivers of the North", ABSTRACT)
    assert (first.authors, first.date, first.language) == (("Lee A.", "Ek B."), "2020", "English")
    assert first.venue == "Journal of Now"
    assert (second.title, second.abstract, second.authors) == ("Ponds of the South", OTHER, ("Diaz C.",))


def test_a_table_of_titles_is_none(tmp_path: Path) -> None:
    reading = read(tmp_path, "table.csv", f"TITLE,ABSTRACT\nRivers,{OTHER.replace(',', '')}\n")
    assert list(reading.formats.values()) == ["table"]
