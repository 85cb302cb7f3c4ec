"""Saved pages: titles and abstracts in turn, dates, furniture, and titles left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler import Paper, read_digest
from labeler.digests.opening import open_sources
from labeler.digests.reading import PaperStream
from labeler.errors import InputError
from tests.digests.factories import ABSTRACT, OTHER, messages, page, read, titles

_HEAD = ("new", "Get trending papers in your email inbox!", "Subscribe", "byAK and the research community")


def test_papers_follow_head_and_date(tmp_path: Path) -> None:
    reading = read(tmp_path, "page.txt", page(*_HEAD, "Mar 14", "Sorting", ABSTRACT, "Bridges", OTHER))
    assert [(paper.title, paper.abstract, paper.date) for paper in reading.papers] == [
        ("Sorting", ABSTRACT, "--03-14"),
        ("Bridges", OTHER, "--03-14"),
    ]
    assert not reading.refused


def test_each_paper_has_the_date_above_it(tmp_path: Path) -> None:
    content = page("March 14, 2025", "Sorting", ABSTRACT, "2025-03-13", "Bridges", OTHER)
    assert [paper.date for paper in read(tmp_path, "a.txt", content).papers] == ["2025-03-14", "2025-03-13"]


def test_page_without_a_date_has_papers_without_one(tmp_path: Path) -> None:
    assert [paper.date for paper in read(tmp_path, "a.txt", page("Sorting", ABSTRACT)).papers] == [None]


def test_title_without_an_abstract_is_refused_by_its_line(tmp_path: Path) -> None:
    content = page("Mar 14", "Alone at the Top", "Sorting", ABSTRACT, "Alone", "Bridges", OTHER, "Alone at the End")
    reading = read(tmp_path, "a.txt", content)
    assert titles(reading) == ["Sorting", "Bridges"]
    assert messages(reading) == [
        "a.txt, line 3: a title without an abstract: 'Alone at the Top'",
        "a.txt, line 9: a title without an abstract: 'Alone'",
        "a.txt, line 15: a title without an abstract: 'Alone at the End'",
    ]


def test_title_just_before_a_date_is_refused(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.txt", page("Sorting", ABSTRACT, "Alone", "Mar 13", "Bridges", OTHER))
    assert messages(reading) == ["a.txt, line 5: a title without an abstract: 'Alone'"]


@pytest.mark.parametrize(
    "furniture",
    ["new", "Subscribe", "Upvote", "128", "1.2k", "GitHub", "GitHub 1.2k", "12 comments", "View arXiv page",
     "· 9 authors", "Published on Mar 12", "Submitted by someone", "Read more", "PDF"],
)  # fmt: skip
def test_furniture_between_papers_is_passed_over(tmp_path: Path, furniture: str) -> None:
    content = page(furniture, "Sorting", furniture, ABSTRACT, furniture, furniture, "Bridges", OTHER, furniture)
    reading = read(tmp_path, "a.txt", content)
    assert [(paper.title, paper.abstract) for paper in reading.papers] == [("Sorting", ABSTRACT), ("Bridges", OTHER)]
    assert not reading.refused


@pytest.mark.parametrize(
    "title",
    ["GitHub Copilot in the Classroom: A Field Study", "Byak: Tests of a Small Language", "New Ways to Sort",
     "PDF Parsing Revisited", "Trending Topics and Their End", "Published on Time? Delays of Journals",
     "Submitted by Machines: Reviews at Scale", "3.5 Ways to Sort", "Decoder 12", "Read More, Know Less"],
)  # fmt: skip
def test_title_that_begins_like_furniture_is_a_title(tmp_path: Path, title: str) -> None:
    reading = read(tmp_path, "a.txt", page("Mar 14", "Sorting", ABSTRACT, title, OTHER))
    assert [(paper.title, paper.abstract) for paper in reading.papers] == [("Sorting", ABSTRACT), (title, OTHER)]


def test_abstract_of_several_paragraphs_is_one(tmp_path: Path) -> None:
    reading = read(tmp_path, "a.txt", page("Sorting", ABSTRACT, OTHER, "Bridges", OTHER))
    assert [paper.abstract for paper in reading.papers] == [f"{ABSTRACT} {OTHER}", OTHER]


def test_long_paragraph_that_is_no_title_belongs_to_the_abstract(tmp_path: Path) -> None:
    formula = " + ".join(["a_very_long_name_of_a_term"] * 13)
    (paper,) = read(tmp_path, "a.txt", page("Sorting", ABSTRACT, formula)).papers
    assert paper.abstract == f"{ABSTRACT} {formula}"


def test_lines_wrapped_by_an_editor_are_joined(tmp_path: Path) -> None:
    wrapped = ABSTRACT.replace(", ", ",\n   ")
    (paper,) = read(tmp_path, "a.txt", page("A Title that is\nwrapped", wrapped)).papers
    assert (paper.title, paper.abstract) == ("A Title that is wrapped", ABSTRACT)


def test_lines_of_spaces_divide_paragraphs(tmp_path: Path) -> None:
    content = page("Sorting", ABSTRACT, "Bridges", OTHER).replace("\n\n", "\n \t\n")
    assert titles(read(tmp_path, "a.txt", content)) == ["Sorting", "Bridges"]


def test_real_page_is_read_whole(shared: Path) -> None:
    papers = read_digest(shared / "digests" / "hf_page" / "trending_page.txt")
    assert len(papers) == 73
    assert papers[0].title.startswith("Motion Consistency Model:")
    assert papers[-1].title.startswith("Subtle Errors Matter:")
    assert all(paper.title and paper.abstract and not paper.flags for paper in papers)
    assert {paper.date for paper in papers} == {"--03-14"}
    assert {paper.source for paper in papers} == {"trending_page.txt"}


def test_sample_page_is_read_whole(digest: Path) -> None:
    papers = read_digest(digest)
    assert len(papers) == 24
    assert {paper.date for paper in papers} == {"--11-23"}


_NAMES = st.lists(
    st.lists(st.sampled_from("amber boat cedar delta ember field grove harbor".split()), min_size=2, max_size=8),
    min_size=1, max_size=6, unique_by=tuple,
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pages")


@settings(max_examples=50, deadline=None)
@given(names=_NAMES, newline=st.sampled_from(["\n", "\r\n"]), gap=st.integers(2, 4))
def test_any_page_of_titles_and_abstracts_is_read_in_order(
    folder: Path, names: list[list[str]], newline: str, gap: int
) -> None:
    paragraphs = [text for words in names for text in (" ".join(words), f"{' '.join(words)}. {ABSTRACT}")]
    content = (newline * gap).join(["Mar 14", *paragraphs])
    (folder / "a.txt").write_text(content, encoding="utf-8", newline="")
    stream = PaperStream(open_sources([str(folder / "a.txt")]))  # unmerged: all have one abstract
    assert [paper.title for paper in stream if isinstance(paper, Paper)] == [" ".join(words) for words in names]


@pytest.mark.parametrize("greeting", ["Dear colleagues,", "Here it is:", "Hallo zusammen,"])
def test_letters_are_no_pages(tmp_path: Path, greeting: str) -> None:
    with pytest.raises(InputError, match="cannot tell"):
        read(tmp_path, "a.txt", page(greeting, ABSTRACT, "Best wishes\nAnn"))


def test_who_brought_the_papers_is_kept(tmp_path: Path) -> None:
    text = page("byAK and the research community", "Mar 14", "A Title of a Paper", ABSTRACT)
    reading = read(tmp_path, "page.txt", text)
    assert [paper.curator for paper in reading.papers] == ["AK"]
