from __future__ import annotations

import pytest

from labeler.errors import NotFoundError, UsageError
from labeler.papers import Paper
from labeler.papers.named import paper_named

PAPERS = [
    Paper.make("A Grammar of Glances", "x", ids={"arxiv:2511.00001"}),
    Paper.make("Kitchen  Brigade: Two Arms", "x", ids={"doi:10.1000/abc"}),
    Paper.make("Kitchen", "x"),
    Paper.make("", "no title at all"),
]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("arxiv:2511.00001", 0),
        ("2511.00001v2", 0),
        ("https://arxiv.org/abs/2511.00001", 0),
        ("https://doi.org/10.1000/ABC", 1),
        ("10.1000/abc", 1),
        ("glances", 0),
        ("KITCHEN brigade", 1),
        ("kitchen", 2),
        (PAPERS[3].id, 3),
    ],
)
def test_a_paper_is_found_by_identifier_and_title(text: str, number: int) -> None:
    assert paper_named(text, PAPERS) is PAPERS[number]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("kitch", "'kitch' may be 2 papers: 'Kitchen  Brigade: Two Arms', 'Kitchen'; give more of the title"),
        ("A Gramar of Glance", "no paper has the identifier .*; did you mean 'A Grammar of Glances'?"),
        ("zoology", "`labeler read` lists the papers"),
    ],
)
def test_none_or_several_are_told(text: str, why: str) -> None:
    with pytest.raises(NotFoundError, match=why):
        paper_named(text, PAPERS)


@pytest.mark.parametrize("text", ["", "  "])
def test_a_blank_text_names_no_paper(text: str) -> None:
    with pytest.raises(UsageError, match="no paper is named"):
        paper_named(text, PAPERS)
