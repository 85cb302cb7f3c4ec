"""Lines of references, and what their parts are. All texts are invented."""

# ruff: noqa: E501  (files stand as sites and programs write them)

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.digests.reference_lines import reference_fields
from tests.digests.factories import read


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


@given(st.text())
def test_any_line_may_be_looked_at(line: str) -> None:
    assert reference_fields(line) is None or isinstance(reference_fields(line), dict)


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("Lee A (2013) Sorting the days. Journal of Days 6(4): 2.",
         {"title": "Sorting the days", "authors": "Lee A", "date": "2013", "venue": "Journal of Days"}),
        ("Lee, A., & Ek, B. (2013, May). Sorting the days. Days, 6, 1-9. https://doi.org/10.5555/x",
         {"title": "Sorting the days", "authors": "Lee, A., Ek, B.", "date": "2013", "venue": "Days", "doi": "doi:10.5555/x"}),
        ("Lee A, Ek B (2013) Sorting the days. arXiv preprint arXiv:1301.00001.",
         {"title": "Sorting the days", "authors": "Lee A, Ek B", "date": "2013", "venue": "arXiv preprint arXiv:1301.00001", "arxiv_id": "arxiv:1301.00001"}),
        ("Lee A, et al. (2020) Sorting the days. bioRxiv. doi:10.5555/x",
         {"title": "Sorting the days", "authors": "Lee A", "date": "2020", "venue": "bioRxiv", "doi": "doi:10.5555/x"}),
        ("Lee A, et al. (2013) Sorting the days. arXiv:1301.00001",
         {"title": "Sorting the days", "authors": "Lee A", "date": "2013", "venue": "arXiv:1301.00001", "arxiv_id": "arxiv:1301.00001"}),
        ("A. Lee and B. Ek, \"Sorting the days,\" in Proc. Days, 2012, pp. 1–9, 2013.",
         {"title": "Sorting the days", "authors": "A. Lee and B. Ek", "date": "2013", "venue": "Proc. Days"}),
        ("Lee A (1999) Do days end? In: Proceedings of days, 1999.",
         {"title": "Do days end?", "authors": "Lee A", "date": "1999", "venue": "Proceedings of days"}),
    ],
)  # fmt: skip
def test_parts_of_references(line: str, fields: dict[str, str]) -> None:
    assert reference_fields(line) == fields


@pytest.mark.parametrize(
    "line",
    ["", "A sentence of words.", "we met (2013) on a day of rain and it was cold", 'he said, "this is a long quotation," in 2013',
     "Lee A (13) Sorting the days.", "Lee A (2013) Short.", "Lee A (2013) " + "x" * 3000],
)  # fmt: skip
def test_other_lines_are_no_references(line: str) -> None:
    assert reference_fields(line) is None
