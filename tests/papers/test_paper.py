"""The paper: its identifiers, its text, and its record."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.files import json_line
from labeler.papers import Paper
from labeler.papers.ids import text_id, title_id, title_key

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
KEYS = ["id", "ids", "title", "abstract", "authors", "date", "url", "categories", "source", "flags"]
KEYS += ["venue", "language", "keywords", "notes", "curator"]


def test_the_title_always_gives_an_identifier() -> None:
    paper = Paper.make("A Title", "Words.", ids=["doi:10.1000/x", "arxiv:2503.11731"])
    assert paper.ids == ("arxiv:2503.11731", "doi:10.1000/x", title_id("A Title"))
    assert paper.id == "arxiv:2503.11731"
    assert Paper.make("A Title").id == title_id("A Title")


def test_an_identifier_given_twice_is_kept_once() -> None:
    assert len(Paper.make("A", ids=["doi:10.1000/x", "doi:10.1000/x", title_id("A")]).ids) == 2


@pytest.mark.parametrize("title", ["", "???", " — "])
def test_without_a_title_the_abstract_identifies(title: str) -> None:
    assert Paper.make(title, "Some words.").ids == (text_id("some words"),)


@pytest.mark.parametrize(("title", "abstract"), [("", ""), ("…", "–"), (" ", "\n")])
def test_a_paper_without_a_letter_is_refused(title: str, abstract: str) -> None:
    with pytest.raises(ValueError, match="neither a title nor an abstract"):
        Paper.make(title, abstract, ids=["arxiv:2503.11731"])
    with pytest.raises(ValueError, match="neither a title nor an abstract"):
        Paper.from_dict({"title": title, "abstract": abstract})


@pytest.mark.parametrize(
    ("title", "abstract", "text"),
    [("A title", "Words.", "A title\nWords."), ("A title", "", "A title"), ("", "Words.", "Words.")],
)
def test_a_model_reads_title_and_abstract(title: str, abstract: str, text: str) -> None:
    assert Paper.make(title, abstract).text == text


def test_unknown_fields_are_null_or_empty_in_the_record() -> None:
    record = Paper.make("A").to_dict()
    assert list(record) == KEYS
    assert record == {
        "id": title_id("A"),
        "ids": [title_id("A")],
        "title": "A",
        "abstract": "",
        "authors": [],
        "date": None,
        "url": None,
        "categories": [],
        "source": None,
        "flags": [],
        "venue": None,
        "language": None,
        "keywords": [],
        "notes": [],
        "curator": None,
    }


@pytest.mark.parametrize(
    ("record", "ids"),
    [
        (
            {"title": "A", "ids": ["arXiv:2503.11731v2", "nonsense", "doi:10.1000/X", None, 5]},
            ("arxiv:2503.11731", "doi:10.1000/x"),
        ),
        ({"title": "A", "ids": None, "abstract": None, "authors": None}, ()),
        ({"title": "A", "id": "arxiv:2503.11731"}, ("arxiv:2503.11731",)),
        ({"title": "A", "ids": ["pmid:²"]}, ()),
    ],
)
def test_identifiers_of_a_record_are_checked(record: dict[str, Any], ids: tuple[str, ...]) -> None:
    assert Paper.from_dict(record).ids == (*ids, title_id("A"))


def test_one_author_as_a_text_is_one_author() -> None:
    assert Paper.from_dict({"title": "A", "authors": "Jane Doe"}).authors == ("Jane Doe",)


@settings(max_examples=80, deadline=None)
@given(
    TEXTS,
    TEXTS,
    st.sets(st.sampled_from(["arxiv:2503.11731", "arxiv:hep-th/9901001", "doi:10.1000/a(1)", "pmid:7"])),
    st.lists(TEXTS, max_size=3),
)
def test_a_record_reads_back_as_the_same_paper(title: str, abstract: str, ids: set[str], authors: list[str]) -> None:
    if not title_key(title) and not title_key(abstract):
        return
    paper = Paper.make(
        title, abstract, ids=ids, authors=tuple(authors), date="--03-14", categories=("cs.CL",), flags=("no_abstract",)
    )
    assert Paper.from_dict(json.loads(json_line(paper.to_dict()))) == paper
