"""A judged paper as a row of a sheet."""

from __future__ import annotations

from labeler.publish.review_sheet import COLUMNS, cells_of
from labeler.review.papers import ReviewPaper, unsettled
from labeler.review.said import Said
from tests.judgements.factories import scheme
from tests.review.factories import said


def test_a_row_has_what_was_said_and_room_for_the_verdict() -> None:
    (found,) = unsettled([said(1, "ada", "llm", date="2025-03-01")], scheme())
    one = ReviewPaper(found.paper, "people are tied", found.judgements, notes=("a copy\x1b[2J",))
    row = dict(zip(COLUMNS, cells_of(one, [Said("ada", "Vision")], "ties"), strict=True))
    assert row == {
        "id": "arxiv:2503.00001",
        "title": one.paper.title,
        "corrected": "",
        "said": "ada: Vision\na copy [2J",
        "reason": "people are tied",
        "review": "ties",
        "abstract": one.paper.abstract,
        "date": "2025-03-01",
        "url": "https://arxiv.org/abs/2503.00001",
        "ids": " ".join(one.paper.ids),
    }


def test_a_paper_that_only_a_title_tells_of_has_no_link() -> None:
    (found,) = unsettled([said(1, "ada", "llm", ids=())], scheme())
    row = dict(zip(COLUMNS, cells_of(found, [], "unsure"), strict=True))
    assert (row["url"], row["date"], row["said"]) == ("", "", "")
