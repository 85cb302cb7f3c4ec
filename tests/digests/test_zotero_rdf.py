"""Zotero's RDF. All texts are invented."""

# ruff: noqa: E501  (records stand as programs write them)

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from labeler.papers import Paper
from tests.digests.factories import ABSTRACT, read
from tests.paths import ROOT

_RDF = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/export#" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:bib="http://purl.org/net/biblio#" xmlns:foaf="http://xmlns.com/foaf/0.1/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<bib:Article rdf:about="https://example.org/1"><z:itemType>journalArticle</z:itemType><dcterms:isPartOf rdf:resource="urn:issn:1"/><bib:authors><rdf:Seq><rdf:li><foaf:Person><foaf:surname>Lee</foaf:surname><foaf:givenName>Ann</foaf:givenName></foaf:Person></rdf:li></rdf:Seq></bib:authors>
<dc:subject>rivers</dc:subject><dc:subject><z:AutomaticTag><rdf:value>beds</rdf:value></z:AutomaticTag></dc:subject><dc:title>Sorting a Day</dc:title><dcterms:abstract>{ABSTRACT}</dcterms:abstract><dc:date>2020-05-06</dc:date><z:language>en</z:language></bib:Article>
<rdf:Description rdf:about="#item_3"><z:itemType>preprint</z:itemType><dc:title>A Preprint of Rivers</dc:title><dcterms:isPartOf><bib:Series><dc:title>A Series</dc:title></bib:Series></dcterms:isPartOf><dc:identifier><dcterms:URI><rdf:value>https://arxiv.org/abs/2601.88001</rdf:value></dcterms:URI></dc:identifier></rdf:Description>
<bib:Journal rdf:about="urn:issn:1"><dc:title>Invented Studies</dc:title><dc:identifier>DOI 10.5555/inv.1</dc:identifier><dc:identifier>ISSN 1</dc:identifier></bib:Journal><z:Attachment rdf:about="#item_2"><z:itemType>attachment</z:itemType><dc:title>PDF of the paper</dc:title></z:Attachment><bib:Memo rdf:about="#n"><rdf:value>note</rdf:value></bib:Memo></rdf:RDF>"""


def papers(folder: Path, content: str, kind: str) -> list[Paper]:
    reading = read(folder, "library.xml", content)
    assert (list(reading.formats.values()), reading.refused) == ([kind], [])
    return reading.papers


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
