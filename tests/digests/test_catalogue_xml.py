"""XML of catalogues and bibliographies: MARC, Zotero's RDF, EBSCO, DBLP, the ACL Anthology, anyone's. All invented."""

# ruff: noqa: E501  (records stand as programs write them)

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from labeler.errors import InputError
from labeler.papers import Paper
from tests.digests.factories import ABSTRACT, OTHER, read, titles
from tests.paths import ROOT

_MARC_RECORD = f"""<record><leader>00000nam</leader><controlfield tag="001">1</controlfield><controlfield tag="008">200505s2020    xx            000 0 ger d</controlfield>
<datafield tag="020" ind1=" " ind2=" "><subfield code="a">9783161484100 (pbk.)</subfield></datafield><datafield tag="024" ind1="7" ind2=" "><subfield code="a">10.5555/inv.1</subfield><subfield code="2">doi</subfield></datafield>
<datafield tag="100" ind1="1" ind2=" "><subfield code="a">Lee, Ann B.,</subfield><subfield code="4">aut</subfield></datafield><datafield tag="245" ind1="1" ind2="0"><subfield code="a">Sorting a day :</subfield><subfield code="b">a study /</subfield><subfield code="c">Ann Lee.</subfield></datafield>
<datafield tag="264" ind1=" " ind2="1"><subfield code="c">[2021]</subfield></datafield><datafield tag="520" ind1=" " ind2=" "><subfield code="a">{ABSTRACT}</subfield></datafield><datafield tag="650" ind1=" " ind2="0"><subfield code="a">Rivers.</subfield><subfield code="x">Beds</subfield></datafield>
<datafield tag="700" ind1="1" ind2=" "><subfield code="a">Ek, Bo.</subfield></datafield><datafield tag="700" ind1="1" ind2=" "><subfield code="a">Itor, Ed</subfield><subfield code="e">editor.</subfield></datafield><datafield tag="773" ind1="0" ind2=" "><subfield code="t">Invented Studies.</subfield></datafield><datafield tag="856" ind1="4" ind2="0"><subfield code="u">https://example.org/1</subfield></datafield></record>"""
_MARC = f'<?xml version="1.0"?><collection xmlns="http://www.loc.gov/MARC21/slim">{_MARC_RECORD}</collection>'
_RDF = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/export#" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:bib="http://purl.org/net/biblio#" xmlns:foaf="http://xmlns.com/foaf/0.1/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<bib:Article rdf:about="https://example.org/1"><z:itemType>journalArticle</z:itemType><dcterms:isPartOf rdf:resource="urn:issn:1"/><bib:authors><rdf:Seq><rdf:li><foaf:Person><foaf:surname>Lee</foaf:surname><foaf:givenName>Ann</foaf:givenName></foaf:Person></rdf:li></rdf:Seq></bib:authors>
<dc:subject>rivers</dc:subject><dc:subject><z:AutomaticTag><rdf:value>beds</rdf:value></z:AutomaticTag></dc:subject><dc:title>Sorting a Day</dc:title><dcterms:abstract>{ABSTRACT}</dcterms:abstract><dc:date>2020-05-06</dc:date><z:language>en</z:language></bib:Article>
<rdf:Description rdf:about="#item_3"><z:itemType>preprint</z:itemType><dc:title>A Preprint of Rivers</dc:title><dcterms:isPartOf><bib:Series><dc:title>A Series</dc:title></bib:Series></dcterms:isPartOf><dc:identifier><dcterms:URI><rdf:value>https://arxiv.org/abs/2601.88001</rdf:value></dcterms:URI></dc:identifier></rdf:Description>
<bib:Journal rdf:about="urn:issn:1"><dc:title>Invented Studies</dc:title><dc:identifier>DOI 10.5555/inv.1</dc:identifier><dc:identifier>ISSN 1</dc:identifier></bib:Journal><z:Attachment rdf:about="#item_2"><z:itemType>attachment</z:itemType><dc:title>PDF of the paper</dc:title></z:Attachment><bib:Memo rdf:about="#n"><rdf:value>note</rdf:value></bib:Memo></rdf:RDF>"""
_EBSCO = f"""<?xml version="1.0" encoding="UTF-8"?><records><rec resultID="1"><header shortDbName="aph" longDbName="Academic" uiTerm="1"><controlInfo><bkinfo/><jinfo><jtl>Invented Studies</jtl></jinfo><pubinfo><dt year="2020" month="05" day="06">May2020</dt></pubinfo>
<artinfo><ui type="doi">10.5555/inv.1</ui><tig><atl>Sorting a Day</atl></tig><aug><au>Lee, Ann</au><au>Ek, Bo</au></aug><sug><subj>RIVERS</subj></sug><ab>{ABSTRACT}</ab></artinfo><language code="eng">English</language></controlInfo></header></rec></records>"""
_DBLP = """<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE dblp SYSTEM "dblp.dtd"><dblp><article mdate="2020-01-01" key="journals/x/L20"><author>Ann Lee</author><author>Bo M&uuml;ller 0002</author><title>Sorting <i>a</i> Day.</title><journal>Invented Studies</journal><year>2020</year><ee>https://doi.org/10.5555/inv.1</ee><ee>https://example.org</ee><url>db/x.html</url></article>
<inproceedings key="c"><author>Ann Lee</author><title>Another Day.</title><booktitle>Inv. Conf.</booktitle><year>2019</year></inproceedings></dblp>"""
_ACL = f"""<?xml version='1.0' encoding='UTF-8'?><collection id="2026.acl"><volume id="long"><meta><booktitle>Proceedings</booktitle><editor><first>Ed</first><last>Itor</last></editor><year>2026</year></meta><frontmatter><url>2026.acl-long.0</url></frontmatter>
<paper id="1"><title><fixed-case>S</fixed-case>orting a <fixed-case>D</fixed-case>ay</title><author><first>Ann</first><last>Lee</last></author><author><first>Bo</first><last>Ek</last></author><abstract>{ABSTRACT}</abstract><doi>10.5555/inv.1</doi></paper>
<paper id="2"><title>Another</title><author><first>Ann</first><last>Lee</last></author><abstract>{OTHER}</abstract></paper></volume></collection>"""
_OWN = f"<papers><paper><Title>Sorting a Day</Title><Summary>{ABSTRACT}</Summary><Authors><Author>Ann Lee</Author><Author>Bo Ek</Author></Authors><DOI>10.5555/inv.1</DOI><Keywords><Keyword>rivers</Keyword></Keywords></paper></papers>"


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


def test_rdf_of_zotero(tmp_path: Path) -> None:
    paper, preprint = papers(tmp_path, _RDF, "zotero_rdf")
    assert (paper.id, paper.title, paper.abstract) == ("doi:10.5555/inv.1", "Sorting a Day", ABSTRACT)
    assert (paper.authors, paper.date, paper.venue) == (("Ann Lee",), "2020-05-06", "Invented Studies")
    assert (paper.keywords, paper.language, paper.url) == (("rivers", "beds"), "en", "https://example.org/1")
    assert (preprint.id, preprint.title, preprint.venue) == ("arxiv:2601.88001", "A Preprint of Rivers", "A Series")


def test_rdf_of_zotero_is_read_from_a_pipe(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "labeler", "read", "-", "--json"]
    done = subprocess.run(command, input=_RDF.encode(), capture_output=True, cwd=ROOT, check=True)
    assert done.stdout.count(b"\n") == 2


def test_xml_of_ebsco(tmp_path: Path) -> None:
    (paper,) = papers(tmp_path, _EBSCO, "ebsco_xml")
    assert (paper.id, paper.title, paper.abstract) == ("doi:10.5555/inv.1", "Sorting a Day", ABSTRACT)
    assert (paper.authors, paper.date, paper.venue) == (("Lee, Ann", "Ek, Bo"), "2020-05-06", "Invented Studies")
    assert (paper.keywords, paper.language) == (("RIVERS",), "English")


def test_xml_of_dblp(tmp_path: Path) -> None:
    first, second = papers(tmp_path, _DBLP, "xml_records")
    assert (first.id, first.title, first.authors) == ("doi:10.5555/inv.1", "Sorting a Day.", ("Ann Lee", "Bo Müller"))
    assert (first.venue, first.date) == ("Invented Studies", "2020")
    assert (second.title, second.venue, second.date) == ("Another Day.", "Inv. Conf.", "2019")
    info = "<info><authors><author>Ann Lee</author></authors><title>Sorting.</title><doi>10.5555/inv.1</doi></info>"
    (found,) = papers(tmp_path, f"<result><hits><hit>{info}</hit></hits></result>", "xml_records")
    assert (found.id, found.authors) == ("doi:10.5555/inv.1", ("Ann Lee",))


def test_xml_of_the_acl_anthology(tmp_path: Path) -> None:
    first, second = papers(tmp_path, _ACL, "xml_records")
    assert (first.id, first.title, first.abstract) == ("doi:10.5555/inv.1", "Sorting a Day", ABSTRACT)
    assert (first.authors, second.abstract) == (("Ann Lee", "Bo Ek"), OTHER)


def test_xml_that_somebody_made(tmp_path: Path) -> None:
    (paper,) = papers(tmp_path, _OWN, "xml_records")
    assert (paper.id, paper.title, paper.abstract) == ("doi:10.5555/inv.1", "Sorting a Day", ABSTRACT)
    assert (paper.authors, paper.keywords) == (("Ann Lee", "Bo Ek"), ("rivers",))


@pytest.mark.parametrize(
    "content",
    [
        "<TEI><teiHeader><titleStmt><title>Rivers</title><author>Ann Lee</author></titleStmt></teiHeader></TEI>",
        "<opml><head><title>Feeds</title><author>x</author></head></opml>",
        "<html><head><title>Rivers</title></head><body><author>x</author></body></html>",
        "<urlset><url><loc>x</loc></url></urlset>",
    ],
)
def test_other_xml_is_still_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(InputError, match="does not read yet"):
        read(tmp_path, "other.xml", content)


def test_a_file_that_breaks_off_keeps_its_whole_records(tmp_path: Path) -> None:
    reading = read(tmp_path, "library.xml", _ACL[: _ACL.index('<paper id="2">') + 40])
    assert titles(reading)[0] == "Sorting a Day"
