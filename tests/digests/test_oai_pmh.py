"""Answers of archives by OAI-PMH. All texts are invented."""

# ruff: noqa: E501  (records stand as archives have them)

from __future__ import annotations

from pathlib import Path

import pytest

from labeler.digests import read_inputs
from labeler.errors import InputError
from tests.digests.factories import ABSTRACT, OTHER, messages, read, titles

_DC = 'xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
_ARXIV = f"""<record><header><identifier>oai:arXiv.org:2601.88001</identifier><datestamp>2026-01-14</datestamp>
<setSpec>cs</setSpec></header><metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>2601.88001</id><created>2026-01-12</created>
<updated>2026-01-14</updated><authors><author><keyname>Lee</keyname><forenames>Ann</forenames><suffix>Jr</suffix></author>
<author><keyname>:</keyname></author><author><keyname>Ek</keyname></author></authors><title>Sorting a &lt;SEG&gt; Day</title>
<categories>cs.LG hep-th</categories><comments>9 pages. Withdrawn by the author</comments><journal-ref>Inv. Stud. 3</journal-ref>
<doi>10.5555/Inv.1</doi><abstract>  {ABSTRACT}\n</abstract></arXiv></metadata></record>"""
_RAW = f"""<record><header><identifier>oai:arXiv.org:math/0309136</identifier></header><metadata>
<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>math/0309136</id><submitter>Ann Lee</submitter>
<version version="v1"><date>Mon, 8 Sep 2003 10:00:00 GMT</date><size>9kb</size></version><version version="v2"><date>Tue, 9 Sep 2008 10:00:00 GMT</date></version>
<title>Listening to Bridges</title><authors>Ann Lee (Hill College) and Bo Ek</authors><categories>math.CO</categories>
<abstract>{OTHER}</abstract></arXivRaw></metadata></record>"""
_DELETED = '<record><header status="deleted"><identifier>oai:x.org:7</identifier><datestamp>2026-01-01</datestamp></header></record>'
_DUBLIN = f"""<record><header><identifier>oai:repo.example.org:123</identifier></header><metadata><oai_dc:dc {_DC}>
<dc:title>Ponts</dc:title><dc:creator>Lee, Ann</dc:creator><dc:creator>Ek, Bo</dc:creator><dc:subject>bridges</dc:subject>
<dc:description>12 p.</dc:description><dc:description>{OTHER} Heard again.</dc:description><dc:date>2024-05</dc:date><dc:language>fra</dc:language>
<dc:identifier>https://repo.example.org/123</dc:identifier><dc:identifier>https://doi.org/10.5555/inv.9</dc:identifier>
<dc:source>Études inventées</dc:source></oai_dc:dc></metadata></record>"""


def _answer(*records: str, rest: str = "", verb: str = "ListRecords") -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
    <responseDate>2026-01-15T00:00:00Z</responseDate><request verb="{verb}">http://export.arxiv.org/oai2</request>
    <{verb}>{"".join(records)}{rest}</{verb}></OAI-PMH>"""


def test_answer_in_all_forms(tmp_path: Path) -> None:
    rest = '<resumptionToken completeListSize="900" cursor="0">1234|1001</resumptionToken>'
    reading = read(tmp_path, "oai.xml", _answer(_ARXIV, _RAW, _DELETED, _DUBLIN, rest=rest))
    assert reading.summary() == "4 records = 3 papers + 0 merged + 1 refused"
    first, raw, dublin = reading.papers
    assert (first.ids[:2], first.title) == (("arxiv:2601.88001", "doi:10.5555/inv.1"), "Sorting a <SEG> Day")
    assert (first.abstract, first.date, first.venue) == (ABSTRACT, "2026-01-12", "Inv. Stud. 3")
    assert (first.authors, first.categories, first.flags) == (("Ann Lee Jr", "Ek"), ("cs.LG", "hep-th"), ("withdrawn",))
    assert (raw.id, raw.authors, raw.date) == ("arxiv:math/0309136", ("Ann Lee", "Bo Ek"), "2003-09-08")
    assert (dublin.id, dublin.authors, dublin.language) == ("doi:10.5555/inv.9", ("Lee, Ann", "Ek, Bo"), "fra")
    assert (dublin.abstract, dublin.venue, dublin.keywords) == (
        f"{OTHER} Heard again.",
        "Études inventées",
        ("bridges",),
    )
    assert messages(reading) == ["oai.xml, entry 3: the archive has deleted oai:x.org:7"]
    assert reading.notes == [
        "oai.xml is one part of a list of 900 records; the next part is at resumptionToken=1234|1001"
    ]


@pytest.mark.parametrize(
    "content",
    [
        _ARXIV,
        _DUBLIN,
        _answer(_RAW, verb="GetRecord"),
        _ARXIV + _DUBLIN,
        _ARXIV[_ARXIV.index("<arXiv ") : _ARXIV.index("</metadata>")],
    ],
)
def test_records_alone_and_in_a_row(tmp_path: Path, content: str) -> None:
    reading = read(tmp_path, "record.xml", content)
    assert list(reading.formats.values()) == ["oai_pmh"]
    assert len(reading.papers) == content.count("<title>") + content.count("<dc:title>")


def test_categories_are_those_of_the_sets_where_the_record_has_none(tmp_path: Path) -> None:
    dublin = _DUBLIN.replace("https://repo.example.org/123", "http://arxiv.org/abs/2601.88005").replace(
        "</header>", "<setSpec>cs</setSpec><setSpec>cs:cs:LG</setSpec><setSpec>physics:hep-th</setSpec></header>"
    )
    assert read(tmp_path, "oai.xml", _answer(dublin)).papers[0].categories == ("cs.LG", "hep-th")


def test_answers_without_papers(tmp_path: Path) -> None:
    nothing = _answer().replace("<ListRecords></ListRecords>", '<error code="noRecordsMatch">none</error>')
    reading = read(tmp_path, "oai.xml", nothing)
    assert (reading.papers, reading.refused) == ([], [])
    with pytest.raises(InputError, match="the archive answered with an error: bad argument"):
        read(tmp_path, "oai.xml", nothing.replace("noRecordsMatch", "badArgument").replace("none", "bad argument"))
    marc = '<record><metadata><m:record xmlns:m="http://www.loc.gov/MARC21/slim"><m:leader/></m:record></metadata></record>'
    reading = read(tmp_path, "oai.xml", _answer(marc, _ARXIV))
    assert messages(reading) == ["oai.xml, entry 1: neither a title nor an abstract"]
    assert titles(reading) == ["Sorting a <SEG> Day"]


def test_answer_that_breaks_off(tmp_path: Path) -> None:
    reading = read(tmp_path, "oai.xml", _answer(_ARXIV, _DUBLIN)[: -len(_DUBLIN) // 2])
    assert (reading.records, len(reading.notes)) == (2, 1)


def test_real_answers_are_read(shared: Path) -> None:
    files = sorted((shared / "digests" / "oai_pmh").glob("*.xml"))
    assert len(files) == 20
    for path in files:
        reading = read_inputs([str(path)])
        text = path.read_text(encoding="utf-8")
        assert list(reading.formats.values()) == ["oai_pmh"]
        assert (reading.records, reading.refused) == (text.count("<record>"), [])
        assert all(
            paper.abstract and paper.authors and paper.date and paper.ids[0].startswith("arxiv:")
            for paper in reading.papers
        )


def test_records_of_datacite(tmp_path: Path) -> None:
    resource = f"""<resource xmlns="http://datacite.org/schema/kernel-4"><identifier identifierType="DOI">10.5555/inv.7</identifier>
    <creators><creator><creatorName nameType="Personal">Lee, Ann</creatorName></creator></creators><titles><title>Listening to Bridges</title></titles>
    <publicationYear>2024</publicationYear><subjects><subject>bridges</subject></subjects><language>en</language><dates><date dateType="Issued">2024-05-03</date></dates>
    <descriptions><description descriptionType="Other">x</description><description descriptionType="Abstract">&lt;p&gt;{OTHER}&lt;/p&gt;</description></descriptions></resource>"""
    wrapped = f'<record><metadata><oai_datacite xmlns="http://schema.datacite.org/oai/oai-1.1/"><payload>{resource}</payload></oai_datacite></metadata></record>'
    for content in (resource, _answer(wrapped), _answer(f"<record><metadata>{resource}</metadata></record>")):
        (paper,) = read(tmp_path, "a.xml", content).papers
        assert (paper.id, paper.title, paper.abstract) == ("doi:10.5555/inv.7", "Listening to Bridges", OTHER)
        assert (paper.authors, paper.date, paper.keywords, paper.language) == (
            ("Lee, Ann",),
            "2024-05-03",
            ("bridges",),
            "en",
        )
