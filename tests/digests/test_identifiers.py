"""Lists of identifiers. All texts are invented."""

# ruff: noqa: E501  (files stand as sites and programs write them)

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeler.digests import read_inputs
from tests.conftest import Labeler
from tests.digests.factories import ABSTRACT, assert_complete, lines, messages, read, saved

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


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.sampled_from(_IDS.splitlines()), st.text(max_size=30))))
def test_no_list_is_too_odd(tmp_path: Path, some: list[str]) -> None:
    text = "2601.88001\nA title of a paper\n" + "\n".join(some)
    assert_complete(read(tmp_path, "a.txt", text.encode("utf-8", "replace"), "identifiers"))
