"""Answers of further services in JSON: links, identifiers, keywords and people where each of them has these."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from labeler.papers import Paper
from tests.digests.factories import read

A = "We study how invented rivers carve their beds over long periods of time."
OPENREVIEW = {
    "id": "Xy9",
    "forum": "Xy9",
    "replyto": None,
    "cdate": 1695000000000,
    "pdate": 1705400000000,
    "content": {"title": {"value": "Rivers"}, "authors": {"value": ["Ann Lee"]}, "abstract": {"value": A}},
}
REPLY = {"id": "R1", "forum": "Xy9", "replyto": "Xy9", "content": {"title": "Official review", "abstract": A}}
ZOTERO = {
    "key": "A1",
    "data": {
        "itemType": "journalArticle",
        "title": "Rivers",
        "abstractNote": A,
        "creators": [
            {"creatorType": "editor", "firstName": "Ed", "lastName": "Itor"},
            {"creatorType": "author", "firstName": "Ann", "lastName": "Lee"},
        ],
        "tags": [{"tag": "rivers", "type": 1}, {"tag": "beds"}],
    },
}
ATTACHMENT = {"key": "B1", "data": {"itemType": "attachment", "title": "Full Text PDF of rivers", "parentItem": "A1"}}


def only(tmp_path: Path, document: Any) -> Paper:
    (paper,) = read(tmp_path, "answer.json", json.dumps(document)).papers
    return paper


def test_submissions_of_openreview_have_link_and_date_and_replies_are_none(tmp_path: Path) -> None:
    reading = read(tmp_path, "answer.json", json.dumps({"notes": [OPENREVIEW, REPLY], "count": 2}))
    (paper,) = reading.papers
    assert (paper.url, paper.date, paper.title) == ("https://openreview.net/forum?id=Xy9", "2024-01-16", "Rivers")
    assert (paper.abstract, paper.authors) == (A, ("Ann Lee",))
    assert reading.notes == ["answer.json: passed over 1 attachment, note or reply"]


def test_attachments_of_zotero_are_no_papers_and_its_tags_are_keywords(tmp_path: Path) -> None:
    reading = read(tmp_path, "answer.json", json.dumps([ZOTERO, ATTACHMENT, {"data": {"itemType": "note"}}]))
    (paper,) = reading.papers
    assert (paper.authors, paper.keywords, paper.abstract) == (("Ann Lee",), ("rivers", "beds"), A)
    assert reading.notes == ["answer.json: passed over 2 attachments, notes and replies"]


@pytest.mark.parametrize("field", ["content_html", "content_text"])
def test_the_contents_of_a_json_feed_are_abstracts(tmp_path: Path, field: str) -> None:
    item = {"id": "1", "url": "https://example.org/1", "title": "Rivers", field: f"<p>{A}</p>", "tags": ["beds"]}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Feed", "items": [item]}
    paper = only(tmp_path, feed)
    assert (paper.abstract, paper.keywords, paper.url) == (A, ("beds",), "https://example.org/1")


def test_identifiers_of_lens_stand_in_a_list(tmp_path: Path) -> None:
    ids = [{"type": "doi", "value": "10.5555/inv.1"}, {"type": "pmid", "value": "77"}, {"type": "magid", "value": "1"}]
    paper = only(tmp_path, {"data": [{"title": "Rivers", "abstract": A, "external_ids": ids}]})
    assert paper.ids[:2] == ("doi:10.5555/inv.1", "pmid:77")


def test_the_identifier_of_alphaxiv_is_that_of_arxiv(tmp_path: Path) -> None:
    assert only(tmp_path, {"papers": [{"universal_paper_id": "2601.88001", "title": "Rivers", "abstract": A}]}).id == (
        "arxiv:2601.88001"
    )


def test_dblp_numbers_people_of_one_name_and_links_to_arxiv(tmp_path: Path) -> None:
    info = {
        "title": "Rivers of the World.",
        "authors": {"author": [{"@pid": "1", "text": "Ann Lee 0002"}]},
        "ee": "https://arxiv.org/abs/2601.88001",
        "url": "https://dblp.org/rec/x",
    }
    paper = only(tmp_path, {"result": {"hits": {"hit": [{"info": info}]}}})
    assert (paper.id, paper.authors) == ("arxiv:2601.88001", ("Ann Lee",))


def test_the_date_of_datacite_is_that_of_issue(tmp_path: Path) -> None:
    dates = [{"date": "2025-12-01", "dateType": "Created"}, {"date": "2026-01-12", "dateType": "Issued"}]
    attributes = {"titles": [{"title": "Rivers"}], "creators": [{"name": "Lee, Ann"}], "dates": dates}
    item = {"id": "10.5555/inv.1", "attributes": {**attributes, "publicationYear": 2026, "doi": "10.5555/inv.1"}}
    assert only(tmp_path, {"data": [item]}).date == "2026-01-12"


def test_authors_of_scopus_and_suffixes_of_crossref_are_read(tmp_path: Path) -> None:
    scopus = {"dc:title": "Rivers", "dc:description": A, "author": [{"authname": "Lee A."}, {"authname": "Ek B."}]}
    assert only(tmp_path, {"search-results": {"entry": [scopus]}}).authors == ("Lee A.", "Ek B.")
    crossref = {"title": ["Rivers"], "abstract": A, "author": [{"given": "Bo", "family": "Ek", "suffix": "Jr."}]}
    assert only(tmp_path, {"message": {"items": [crossref]}}).authors == ("Bo Ek Jr.",)


def test_terms_of_ieee_stand_in_objects_of_objects(tmp_path: Path) -> None:
    terms = {"author_terms": {"terms": ["rivers"]}, "ieee_terms": {"terms": ["Water"]}}
    article = {"title": "Rivers", "abstract": A, "index_terms": terms}
    assert only(tmp_path, {"articles": [article]}).keywords == ("rivers", "Water")


def test_the_heading_of_an_abstract_in_parts_is_left_out(tmp_path: Path) -> None:
    assert only(tmp_path, {"records": [{"title": "Rivers", "abstract": {"h1": "Abstract", "p": A}}]}).abstract == A


def test_unfurled_links_of_chats_name_their_papers(tmp_path: Path) -> None:
    link = "https://arxiv.org/abs/2601.88001"
    unfurled = {"title": "Rivers of the World", "title_link": link, "text": A}
    assert only(tmp_path, [{"type": "message", "text": "look", "attachments": [unfurled]}]).id == "arxiv:2601.88001"


def test_fields_of_solr_say_of_which_kind_they_are(tmp_path: Path) -> None:
    record = {
        "title_s": ["Rivers"],
        "abstract_s": [A],
        "authFullName_s": ["Ann Lee", "Bo Ek"],
        "doiId_s": "10.5555/inv.1",
        "producedDate_s": "2026-01-12",
        "uri_s": "https://hal.science/hal-1",
        "journalTitle_s": "Invented Studies",
        "keyword_s": ["beds"],
    }
    paper = only(tmp_path, {"response": {"docs": [record]}})
    assert (paper.id, paper.title, paper.abstract) == ("doi:10.5555/inv.1", "Rivers", A)
    assert (paper.authors, paper.date, paper.url) == (("Ann Lee", "Bo Ek"), "2026-01-12", "https://hal.science/hal-1")
    assert (paper.venue, paper.keywords) == ("Invented Studies", ("beds",))


def test_links_beside_the_attributes_of_osf(tmp_path: Path) -> None:
    item = {"id": "x", "attributes": {"title": "Rivers", "description": A}, "links": {"html": "https://osf.io/x/"}}
    assert only(tmp_path, {"data": [item]}).url == "https://osf.io/x/"


def test_identifiers_of_bulk_files_of_semantic_scholar(tmp_path: Path) -> None:
    record = {"corpusid": 1, "externalids": {"ArXiv": "2601.88001", "DOI": None}, "title": "Rivers", "abstract": A}
    assert only(tmp_path, [record]).id == "arxiv:2601.88001"
