"""XML of any other kind: of DBLP, the ACL Anthology, anyone's. All texts are invented."""

# ruff: noqa: E501  (records stand as programs write them)

from __future__ import annotations

from pathlib import Path

import pytest

from labeler.errors import InputError
from labeler.papers import Paper
from tests.digests.factories import ABSTRACT, OTHER, read, titles

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
