"""Lists of titles and of references. All texts are invented."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeler.digests import read_inputs
from labeler.errors import InputError
from tests.digests.factories import OTHER, assert_complete, read, titles

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


def test_list_of_references(tmp_path: Path) -> None:
    assert titles(read(tmp_path, "refs.txt", _REFERENCES)) == ["Sorting: a day", "Decks of wood"]


def test_real_references_are_read(shared: Path) -> None:
    reading = read_inputs([str(shared / "digests" / "databases" / "colrev__md_data.md")])
    assert (len(reading.papers), reading.refused) == (6, [])
    assert all(paper.authors and paper.date and paper.venue for paper in reading.papers)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.sampled_from((_TITLES + _REFERENCES).splitlines()), st.text(max_size=30))))
def test_no_list_is_too_odd(tmp_path: Path, some: list[str]) -> None:
    text = "A title of a paper\n" + "\n".join(some)
    assert_complete(read(tmp_path, "a.txt", text.encode("utf-8", "replace"), "titles"))


def test_references_whose_initials_look_like_a_column_are_no_table(tmp_path: Path) -> None:
    text = "Lee, A. B., & Ek, B. (2020). Rivers of nowhere. Journal of Now, 1(2), 3-4. https://doi.org/10.5555/inv.1\n"
    text += "Creek, C. (2019). Ponds of the south: A study. Nowhere Press.\n"
    first, second = read(tmp_path, "references.txt", text).papers
    assert (first.id, first.title, first.date) == ("doi:10.5555/inv.1", "Rivers of nowhere", "2020")
    assert (second.title, second.authors) == ("Ponds of the south: A study", ("Creek, C.",))


def test_references_with_numbers_in_brackets(tmp_path: Path) -> None:
    text = '[1] A. Lee and B. Ek, "Rivers of nowhere," J. Now, vol. 1, pp. 3-4, 2020, doi: 10.5555/inv.1.\n'
    text += '[2] C. Creek, "Ponds of the south," in Proc. Inv. Conf., 2019, pp. 1-2.\n'
    first, second = read(tmp_path, "references.txt", text).papers
    assert (first.id, first.title, first.authors) == ("doi:10.5555/inv.1", "Rivers of nowhere", ("A. Lee", "B. Ek"))
    assert (second.title, second.venue) == ("Ponds of the south", "Proc. Inv. Conf")
