"""JSON documents: wherever the papers stand in them, and documents that break off."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from labeler import read_digest
from labeler.errors import InputError
from tests.digests.factories import messages, read, titles

_TWO = [{"title": "One", "abstract": "Words."}, {"title": "Two", "summary": "More."}]


@pytest.mark.parametrize(
    "document",
    [
        _TWO,
        {"papers": _TWO},
        {"total": 2, "next": None, "data": _TWO},
        {"message": {"status": "ok", "items": _TWO}},
        {"tags": ["a", "b"], "results": _TWO},
        {"topics": [{"id": 1}], "papers": _TWO},
        {"version": "1", "title": "Papers of the day", "items": _TWO},
    ],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_papers_are_found_where_documents_keep_them(tmp_path: Path, document: Any, indent: int | None) -> None:
    assert titles(read(tmp_path, "a.json", json.dumps(document, indent=indent))) == ["One", "Two"]


def test_one_paper_alone_is_a_document(tmp_path: Path) -> None:
    paper = {"title": "One", "abstract": "Words.", "authors": [{"name": "Ann Lee"}], "references": [{"title": "Old"}]}
    reading = read(tmp_path, "a.json", json.dumps(paper))
    assert titles(reading) == ["One"]
    assert reading.papers[0].authors == ("Ann Lee",)


def test_what_is_no_object_is_refused_by_its_number(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.json", '[{"title": "One"}, 7, null, ["x"], {"title": "Two"}]')
    assert titles(reading) == ["One", "Two"]
    assert messages(reading) == [
        "a.json, record 2: not an object but int",
        "a.json, record 3: not an object but NoneType",
        "a.json, record 4: not an object but list",
    ]


@pytest.mark.parametrize(
    "document",
    [
        {"status": "ok", "message": {"title": ["One"], "author": [{"family": "Lee"}], "reference": [{"year": "2020"}]}},
        {"2601.88001": {"title": "One", "abstract": "Words."}},
        {"answer": {"found": 1, "work": {"title": "One", "summary": "Words."}}},
    ],
)
def test_a_paper_inside_an_object_is_found(tmp_path: Path, document: Any) -> None:
    assert titles(read(tmp_path, "a.json", json.dumps(document))) == ["One"]


def test_papers_by_their_identifiers_are_all_found(tmp_path: Path) -> None:
    document = {str(number): paper for number, paper in enumerate(_TWO)}
    assert titles(read(tmp_path, "a.json", json.dumps(document))) == ["One", "Two"]


@pytest.mark.parametrize(
    "inner", [{"title": "Journal of Studies"}, {"title": "A Journal", "url": "https://example.org"}]
)
def test_what_has_a_title_alone_inside_an_object_is_no_paper(tmp_path: Path, inner: dict[str, str]) -> None:
    with pytest.raises(InputError, match="record 1: neither a title nor an abstract"):
        read(tmp_path, "a.json", json.dumps({"year": 2020, "journal": inner}))


@pytest.mark.parametrize("name", ["paper", "data"])
def test_what_stands_beside_a_wrapped_paper_is_read_with_it(tmp_path: Path, name: str) -> None:
    document = {name: {"title": "One", "abstract": "Words."}, "date": "2026-01-12"}
    (paper,) = read(tmp_path, "a.json", json.dumps(document)).papers
    assert (paper.title, paper.date) == ("One", "2026-01-12")


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        "{}",
        "[[]]",
        '{"papers": []}',
        '{"2026-01-12": {}}',
        '{"title": {}, "abstract": {}}',
        '{"columns": ["title", "abstract"], "index": [], "data": []}',
        '{"status": "ok", "message": {"total-results": 0, "items": []}}',
        '{"messages": [{"status": "no posts found"}], "collection": []}',
    ],
)
def test_document_of_no_papers_is_a_digest_without_papers(tmp_path: Path, content: str) -> None:
    reading = read(tmp_path, "a.json", content)
    assert (reading.papers, reading.refused) == ([], [])
    assert reading.notes == ["a.json (read as json) has no papers in it"]


@pytest.mark.parametrize(
    "content",
    [
        '[{"year": 2020}]',
        "[",
        "{",
        '{"error": "rate limit", "data": []}',
        '{"year": 2020}',
        '{"name": "x", "tags": []}',
    ],
)
def test_document_without_papers_is_bad_input(tmp_path: Path, content: str) -> None:
    with pytest.raises(InputError, match=r"no papers in a\.json|cannot tell what kind"):
        read(tmp_path, "a.json", content)


def test_scalar_read_as_json_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="record 1: not an object but int"):
        read(tmp_path, "a", "42", "json")


@pytest.mark.parametrize("wrap", ["{}", '{{"papers": {}}}', '{{"keywords": ["x", "y"], "papers": {}}}'])
def test_papers_before_the_break_are_kept_and_the_break_is_told(tmp_path: Path, wrap: str) -> None:
    papers = [*_TWO, {"title": "Three", "abstract": "Cut here and lost"}]
    whole = wrap.format(json.dumps(papers, indent=1))
    reading = read(tmp_path, "a.json", whole[: whole.index("and lost")])
    assert titles(reading) == ["One", "Two"]
    (refusal,) = reading.refused
    assert refusal.where == f"line {whole[: whole.index('Three')].count(chr(10)) + 2}"
    assert refusal.why.startswith("broken JSON")
    assert refusal.why.endswith("what follows is lost")


def test_odd_items_before_the_break_are_refused(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.json", '[{"title": "One"}, 7, {"tit', "json")
    assert titles(reading) == ["One"]
    assert messages(reading)[0] == "a.json, record 2: not an object but int"


def test_single_paper_that_breaks_off_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line 1: broken JSON"):
        read(tmp_path, "a.json", '{"title": "One", "authors": ["Ann Lee", "Bo Ek"], "abstract": "Cut h')


def test_first_of_several_documents_is_kept_and_the_rest_is_told(tmp_path: Path) -> None:
    several = "\n".join(json.dumps({**paper, "authors": ["Ann Lee"]}, indent=1) for paper in _TWO)
    reading = read(tmp_path, "a.json", several)
    assert titles(reading)[0] == "One"
    assert titles(reading) == ["One", "Two"] or "broken JSON" in messages(reading)[-1]


@pytest.mark.parametrize(
    "content",
    [
        '{"title": ' * 100_000,
        '{"title": "One", "x": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '[{"title": "One"}, ' + "[" * 100_000,
        '[{"title": "One", "year": ' + "9" * 5000 + "}]",
    ],
)
def test_document_that_is_too_deep_or_long_for_the_parser_is_no_fault(tmp_path: Path, content: str) -> None:
    with suppress(InputError):
        assert titles(read(tmp_path, "a.json", content)) == ["One"]


def test_lone_surrogates_do_not_stop_the_reading(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.json", '[{"title": "One \\ud800 half", "abstract": "b"}, {"title": "Two"}]')
    assert len(reading.papers) == 2
    assert reading.papers[0].title.startswith("One ")


def test_not_a_number_is_nothing(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.json", '[{"title": "One", "abstract": NaN, "year": Infinity}]')
    assert (reading.papers[0].abstract, reading.papers[0].date) == ("", None)


def test_real_search_answer_keeps_authors_and_identifiers(shared: Path) -> None:
    path = shared / "digests" / "semantic_scholar" / "semantic_scholar_transformer.json"
    items = json.loads(path.read_text(encoding="utf-8"))["data"]
    papers = read_digest(path)
    assert [len(paper.authors) for paper in papers] == [len(item["authors"]) for item in items]
    assert all(paper.id.startswith(("arxiv:", "doi:")) for paper in papers)


def test_real_works_of_crossref_are_read(shared: Path) -> None:
    (paper,) = read_digest(shared / "digests" / "databases" / "colrev__10.17705_1cais.04607.json")
    assert paper.id == "doi:10.17705/1cais.04607"
    assert paper.title.startswith("A Knowledge Development Perspective on Literature Reviews")
    assert "Guido Schryen" in paper.authors
    assert len(read_digest(shared / "cases" / "j07_crossref.json")) == 2
