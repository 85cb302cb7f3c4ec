"""Judged papers that are judged once more as a sheet, a row a paper, for people without a server.

The verdict is written under ``corrected``, and the column ``review`` says that it is one
(:mod:`labeler.judgements.from_sheet`).
"""

from __future__ import annotations

from collections.abc import Sequence

from labeler.review.papers import ReviewPaper
from labeler.review.said import Said, as_text

COLUMNS = ("id", "title", "corrected", "said", "reason", "review", "abstract", "date", "url", "ids")
PROMPT = "none: no topic fits. Else the topics, divided by ;"


def cells_of(one: ReviewPaper, said: Sequence[Said], kind: str) -> tuple[str, ...]:
    """The texts of the cells of a row, in the order of the columns; ``kind`` is why the paper is in review."""
    from labeler.papers.cleaning import printable

    paper = one.paper
    lines = "\n".join(map(printable, as_text(said, one.notes).splitlines()))
    cells = (paper.id, paper.title, "", lines, one.reason, kind, paper.abstract, paper.date or "", paper.url or "")
    return (*cells, " ".join(paper.ids))
