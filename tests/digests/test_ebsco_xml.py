"""EBSCO's XML. All texts are invented."""

# ruff: noqa: E501  (records stand as programs write them)

from __future__ import annotations

from pathlib import Path

from labeler.papers import Paper
from tests.digests.factories import ABSTRACT, read

_EBSCO = f"""<?xml version="1.0" encoding="UTF-8"?><records><rec resultID="1"><header shortDbName="aph" longDbName="Academic" uiTerm="1"><controlInfo><bkinfo/><jinfo><jtl>Invented Studies</jtl></jinfo><pubinfo><dt year="2020" month="05" day="06">May2020</dt></pubinfo>
<artinfo><ui type="doi">10.5555/inv.1</ui><tig><atl>Sorting a Day</atl></tig><aug><au>Lee, Ann</au><au>Ek, Bo</au></aug><sug><subj>RIVERS</subj></sug><ab>{ABSTRACT}</ab></artinfo><language code="eng">English</language></controlInfo></header></rec></records>"""


def papers(folder: Path, content: str, kind: str) -> list[Paper]:
    reading = read(folder, "library.xml", content)
    assert (list(reading.formats.values()), reading.refused) == ([kind], [])
    return reading.papers


def test_xml_of_ebsco(tmp_path: Path) -> None:
    (paper,) = papers(tmp_path, _EBSCO, "ebsco_xml")
    assert (paper.id, paper.title, paper.abstract) == ("doi:10.5555/inv.1", "Sorting a Day", ABSTRACT)
    assert (paper.authors, paper.date, paper.venue) == (("Lee, Ann", "Ek, Bo"), "2020-05-06", "Invented Studies")
    assert (paper.keywords, paper.language) == (("RIVERS",), "English")
