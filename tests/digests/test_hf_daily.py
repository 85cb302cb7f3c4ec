"""Daily papers of Hugging Face: the inner paper, and never a text that a model wrote."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labeler import read_digest
from labeler.errors import InputError
from labeler.papers.cleaning import clean
from tests.digests.factories import messages, read, titles

_ITEM = {
    "paper": {
        "id": "2601.88001",
        "authors": [{"name": "Ann Lee", "hidden": False}, {"name": "Gone", "hidden": True}],
        "publishedAt": "2026-01-12T20:33:39.000Z",
        "title": "Inner Title",
        "summary": "What the authors wrote.",
        "ai_summary": "What a model wrote.",
        "upvotes": 12,
    },
    "title": "Outer Title",
    "summary": "Outer.",
    "publishedAt": "2026-02-02T00:00:00.000Z",
}


def test_item_is_read_by_its_inner_paper(tmp_path: Path) -> None:
    (paper,) = read(tmp_path, "a.json", json.dumps([_ITEM])).papers
    assert (paper.id, paper.title, paper.abstract) == ("arxiv:2601.88001", "Inner Title", "What the authors wrote.")
    assert (paper.authors, paper.date) == (("Ann Lee",), "2026-01-12")
    assert paper.url == "https://arxiv.org/abs/2601.88001"


@pytest.mark.parametrize("summary", [None, ""])
def test_summary_of_a_model_is_no_abstract_even_where_there_is_no_other(tmp_path: Path, summary: str | None) -> None:
    item = {"paper": {**_ITEM["paper"], "summary": summary}}  # type: ignore[dict-item]
    (paper,) = read(tmp_path, "a.json", json.dumps([item])).papers
    assert (paper.abstract, paper.flags) == ("", ("no_abstract",))


def test_item_without_a_paper_is_refused(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.json", json.dumps([_ITEM, {"title": "Alone"}, {"paper": "x"}, 3]))
    assert titles(reading) == ["Inner Title"]
    assert messages(reading) == [
        "a.json, record 2: has no paper in it",
        "a.json, record 3: has no paper in it",
        "a.json, record 4: not an object but int",
    ]


def test_answer_cut_in_the_middle_keeps_what_came(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.json", json.dumps([_ITEM, _ITEM])[:-100])
    assert titles(reading) == ["Inner Title"]
    assert "broken JSON" in messages(reading)[0]


def test_other_document_read_as_daily_papers_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="record 1: has no paper in it"):
        read(tmp_path, "a.json", '[{"title": "A"}]', "hf_daily")


def test_real_answer_takes_summary_and_never_ai_summary(shared: Path) -> None:
    path = shared / "digests" / "hf_daily_papers" / "hf_daily_papers_2026-06-12.json"
    items = [item["paper"] for item in json.loads(path.read_text(encoding="utf-8"))]
    papers = read_digest(path)
    assert len(papers) == 30
    assert [paper.abstract for paper in papers] == [clean(item["summary"]) for item in items]
    assert not {clean(item.get("ai_summary")) for item in items} & {paper.abstract for paper in papers}
    assert [paper.id for paper in papers] == [f"arxiv:{item['id']}" for item in items]
    assert all(paper.date and paper.authors for paper in papers)
