"""Lists of identifiers, of titles and of references in plain text. All texts are invented."""

# ruff: noqa: E501  (references are long)

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeler.digests import read_inputs
from labeler.digests.reference_lines import reference_fields
from labeler.errors import InputError
from tests.conftest import Labeler
from tests.digests.factories import ABSTRACT, OTHER, lines, messages, read, saved, titles

_IDS = """\
# for Monday
2601.88001
arXiv:math/0309136v2
- https://arxiv.org/abs/2601.88002v1  # again
10.5555/Inv.1, doi: 10.5555/inv.2
https://doi.org/10.5555/inv.3
PMID: 88000001
88000002
https://pubmed.ncbi.nlm.nih.gov/88000003/
no identifier
"""
_ARXIV_IDS = """\
2601.88001
arXiv:2601.88002v2
https://arxiv.org/abs/math/0309136
https://www.biorxiv.org/content/10.1101/2024.01.02.888001v1.full
https://onlinelibrary.wiley.com/doi/abs/10.5555/inv.3
10.5555/inv.1
https://doi.org/10.5555/inv.2
PMID: 88000001
https://pubmed.ncbi.nlm.nih.gov/88000002/
PMC8800003
"""
_TITLES = """\
Sorting the papers of a day
Listening to bridges at night
Decks of wood: a survey
Small teams and the many papers that they have no time to read
What microphones below a deck hear of lorries
Forty answers are enough for most topics
"""
_REFERENCES = (
    "Lee A and Ek B (2013) Sorting: a day. Journal of Days 6(4): 232–235.\nEk B (2014) Decks of wood. Days 1: 2.\n"
)


def test_identifiers(tmp_path: Path) -> None:
    reading = read(tmp_path, "ids.txt", _IDS + "2601.88010\n" * 9)
    assert list(reading.formats.values()) == ["identifiers"]
    assert [paper.id for paper in reading.papers] == [
        "arxiv:2601.88001", "arxiv:math/0309136", "arxiv:2601.88002", "doi:10.5555/inv.1", "doi:10.5555/inv.2",
        "doi:10.5555/inv.3", "pmid:88000001", "pmid:88000002", "pmid:88000003", "arxiv:2601.88010",
    ]  # fmt: skip
    assert {paper.flags for paper in reading.papers} == {("no_abstract",)}
    assert reading.papers[0].title == "arXiv:2601.88001"
    assert messages(reading) == [
        "ids.txt, line 10: no identifier of a paper: 'no'",
        "ids.txt, line 10: no identifier of a paper: 'identifier'",
    ]
    assert reading.notes[0].startswith("ids.txt has identifiers alone; ")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (_ARXIV_IDS, 10),("doi\n10.5555/inv.1\n10.5555/inv.2\n", 2), ("\ufeff2601.88001\r\n2601.88002\r\n", 2), ("1. 2601.88001\n2. 2601.88002", 2),
     ('"10.5555/inv.1"\n', 1), ("2601.88001 2601.88002;2601.88003", 3)],
)  # fmt: skip
def test_lists_of_identifiers_in_other_spellings(tmp_path: Path, text: str, count: int) -> None:
    reading = read(tmp_path, "ids.csv", text)
    assert (list(reading.formats.values()), len(reading.papers), reading.refused) == (["identifiers"], count, [])


def test_an_identifier_and_the_paper_of_another_input_are_one(tmp_path: Path) -> None:
    saved(tmp_path, "ids.txt", "2601.88001\n2601.88002\n")
    saved(tmp_path, "b.jsonl", lines({"id": "2601.88001", "title": "Sorting a Day", "abstract": ABSTRACT}))
    reading = read_inputs([str(tmp_path)])
    assert {paper.title for paper in reading.papers} == {"Sorting a Day", "arXiv:2601.88002"}


def test_papers_of_a_list_are_labeled(tmp_path: Path, labeler: Labeler) -> None:
    outcome = labeler("label", saved(tmp_path, "ids.txt", "2601.88001\n2601.88002\n"), "--json")
    assert (outcome.code, outcome.out.count("\n")) == (0, 2)


@pytest.mark.parametrize(
    "text",
    [
        _TITLES,
        "1. Sorting the papers of a day.\n2. Listening to bridges at night.\n\n3. Decks of wood: a survey.\n",
        "My titles\n\n- Sorting the papers of a day\n- Listening to bridges at night\n- Decks of wood: a survey\n" * 2,
        "整理一天的论文的方法研究\n倾听桥梁的声音：一种方法\n木板桥面的调查\n",
    ],
)
def test_lists_of_titles(tmp_path: Path, text: str) -> None:
    reading = read(tmp_path, "titles.txt", text)
    assert list(reading.formats.values()) == ["titles"]
    assert len(titles(reading)) >= 3
    assert {paper.flags for paper in reading.papers} == {("no_abstract",)}
    assert "taken for a list of titles" in reading.notes[0]


@pytest.mark.parametrize(
    "text",
    [
        f"Dear all,\n\n{OTHER}\n\nBest wishes,\nAnn\n",
        "import os\nprint(os)\nfor x in y:\n    pass\n",
        "2026-01-12 12:00:00 INFO the server has begun\n2026-01-12 12:00:01 INFO it goes on\n",
        "name;place;year\nAnn Lee;The Hill College;2024\nBo Ek;The Lake School;2025\n",
        "Subject: a letter to all\nFrom: me and you\nDate: today or so\n",
        "\n".join(OTHER[start : start + 70] for start in range(0, len(OTHER), 70)),
        "Ann\nBo\nCleo\n",
    ],
)
def test_other_texts_are_no_lists_of_titles(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError):
        read(tmp_path, "a.txt", text)


@pytest.mark.parametrize(
    ("line", "title", "authors", "venue"),
    [
        ("Lee A, Ek B, and Fox C (2013) Sorting: a day. Journal of Days 6(4): 232–235.", "Sorting: a day", 3, "Journal of Days"),
        ("Lee, A., & Ek, B. (2013a). Big days, big nights? Sorting both. Days, 6, 1-9. https://doi.org/10.5555/x", "Big days, big nights? Sorting both", 2, "Days"),
        ("A. Lee and B. Ek, “Sorting a day,” J. Days, vol. 6, no. 4, pp. 1–9, 2013.", "Sorting a day", 2, "J. Days"),
        ("Lee A, Ek B, et al. (2013) Listening to bridges. In: Proceedings of the day, Hill, 2013.", "Listening to bridges", 2, "Proceedings of the day, Hill"),
    ],
)  # fmt: skip
def test_references(tmp_path: Path, line: str, title: str, authors: int, venue: str) -> None:
    reading = read(tmp_path, "refs.md", f"{line}\nEk B (2014) Another one of them. Days 1(1): 2.\n")
    paper = reading.papers[0]
    assert list(reading.formats.values()) == ["titles"]
    assert (paper.title, len(paper.authors), paper.date, paper.venue) == (title, authors, "2013", venue)


def test_list_of_references(tmp_path: Path) -> None:
    assert titles(read(tmp_path, "refs.txt", _REFERENCES)) == ["Sorting: a day", "Decks of wood"]


def test_real_references_are_read(shared: Path) -> None:
    reading = read_inputs([str(shared / "digests" / "databases" / "colrev__md_data.md")])
    assert (len(reading.papers), reading.refused) == (6, [])
    assert all(paper.authors and paper.date and paper.venue for paper in reading.papers)


@given(st.text())
def test_any_line_may_be_looked_at(line: str) -> None:
    assert reference_fields(line) is None or isinstance(reference_fields(line), dict)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.one_of(st.sampled_from(_IDS.splitlines()), st.text(max_size=30))),
    st.sampled_from(["titles", "identifiers"]),
)
def test_no_list_is_too_odd(tmp_path: Path, some: list[str], kind: str) -> None:
    text = "2601.88001\nA title of a paper\n" + "\n".join(some)
    reading = read(tmp_path, "a.txt", text.encode("utf-8", "replace"), kind)
    assert reading.records == len(reading.papers) + len(reading.merged) + len(reading.refused)
