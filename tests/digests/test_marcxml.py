"""MARC 21 in XML, alone and in answers of archives. All texts are invented."""

# ruff: noqa: E501  (records stand as programs write them)

from __future__ import annotations

from pathlib import Path

from labeler.papers import Paper
from tests.digests.factories import ABSTRACT, read

_MARC_RECORD = f"""<record><leader>00000nam</leader><controlfield tag="001">1</controlfield><controlfield tag="008">200505s2020    xx            000 0 ger d</controlfield>
<datafield tag="020" ind1=" " ind2=" "><subfield code="a">9783161484100 (pbk.)</subfield></datafield><datafield tag="024" ind1="7" ind2=" "><subfield code="a">10.5555/inv.1</subfield><subfield code="2">doi</subfield></datafield>
<datafield tag="100" ind1="1" ind2=" "><subfield code="a">Lee, Ann B.,</subfield><subfield code="4">aut</subfield></datafield><datafield tag="245" ind1="1" ind2="0"><subfield code="a">Sorting a day :</subfield><subfield code="b">a study /</subfield><subfield code="c">Ann Lee.</subfield></datafield>
<datafield tag="264" ind1=" " ind2="1"><subfield code="c">[2021]</subfield></datafield><datafield tag="520" ind1=" " ind2=" "><subfield code="a">{ABSTRACT}</subfield></datafield><datafield tag="650" ind1=" " ind2="0"><subfield code="a">Rivers.</subfield><subfield code="x">Beds</subfield></datafield>
<datafield tag="700" ind1="1" ind2=" "><subfield code="a">Ek, Bo.</subfield></datafield><datafield tag="700" ind1="1" ind2=" "><subfield code="a">Itor, Ed</subfield><subfield code="e">editor.</subfield></datafield><datafield tag="773" ind1="0" ind2=" "><subfield code="t">Invented Studies.</subfield></datafield><datafield tag="856" ind1="4" ind2="0"><subfield code="u">https://example.org/1</subfield></datafield></record>"""
_MARC = f'<?xml version="1.0"?><collection xmlns="http://www.loc.gov/MARC21/slim">{_MARC_RECORD}</collection>'


def papers(folder: Path, content: str, kind: str) -> list[Paper]:
    reading = read(folder, "library.xml", content)
    assert (list(reading.formats.values()), reading.refused) == ([kind], [])
    return reading.papers


def test_marc(tmp_path: Path) -> None:
    (paper,) = papers(tmp_path, _MARC, "marcxml")
    assert (paper.id, paper.title, paper.abstract) == ("doi:10.5555/inv.1", "Sorting a day: a study", ABSTRACT)
    assert (paper.authors, paper.date, paper.language) == (("Lee, Ann B.", "Ek, Bo"), "2021", "ger")
    assert (paper.venue, paper.keywords, paper.url) == ("Invented Studies", ("Rivers",), "https://example.org/1")
    assert "isbn:9783161484100" in paper.ids


def test_marc_alone_with_prefixes_and_in_answers_of_archives(tmp_path: Path) -> None:
    prefixed = _MARC_RECORD.replace("<", "<m:").replace("<m:/", "</m:")
    prefixed = prefixed.replace("<m:record>", '<m:record xmlns:m="http://www.loc.gov/MARC21/slim">', 1)
    (paper,) = papers(tmp_path, prefixed, "marcxml")
    assert paper.title == "Sorting a day: a study"
    answer = f"<OAI-PMH><ListRecords><record><header/><metadata>{prefixed}</metadata></record></ListRecords></OAI-PMH>"
    (paper,) = papers(tmp_path, answer, "oai_pmh")
    assert (paper.title, paper.abstract) == ("Sorting a day: a study", ABSTRACT)
