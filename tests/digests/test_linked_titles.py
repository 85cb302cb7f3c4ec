"""Plain text with links below titles or beside them. All texts are invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.digests.factories import ABSTRACT, OTHER, read

_ONE, _TWO = "https://arxiv.org/abs/2601.88001", "https://doi.org/10.5555/inv.1"
_BELOW = f"""Top papers this week

Rivers of the far North
Ann Lee, Bo Ek
{_ONE}
{ABSTRACT}

Ponds of the far South
{_TWO}

{OTHER}
"""


@pytest.mark.parametrize(
    "text",
    [
        _BELOW,
        _BELOW.replace("\n", "\r\n"),
        f"Rivers of the far North\n\n{_ONE}\n{ABSTRACT}\n\nPonds of the far South\n\n{_TWO}\n{OTHER}\n",
        f"Rivers of the far North\n{_ONE}\n{ABSTRACT}\nPonds of the far South\n{_TWO}\n{OTHER}\n",
    ],
)
def test_links_below_titles(tmp_path: Path, text: str) -> None:
    reading = read(tmp_path, "mail.txt", text)
    assert list(reading.formats.values()) == ["linked_titles"]
    first, second = reading.papers
    assert (first.id, first.title, first.abstract) == ("arxiv:2601.88001", "Rivers of the far North", ABSTRACT)
    assert (second.id, second.title, second.abstract) == ("doi:10.5555/inv.1", "Ponds of the far South", OTHER)


@pytest.mark.parametrize("between", ["\t", " - ", ": ", " "])
def test_links_beside_titles(tmp_path: Path, between: str) -> None:
    text = f"Rivers of the far North{between}{_ONE}\nPonds of the far South{between}{_TWO}\n"
    first, second = read(tmp_path, "links.txt", text).papers
    assert (first.id, first.title) == ("arxiv:2601.88001", "Rivers of the far North")
    assert (second.id, second.title) == ("doi:10.5555/inv.1", "Ponds of the far South")


def test_a_second_link_is_of_the_same_paper_and_one_without_a_title_is_refused(tmp_path: Path) -> None:
    pdf = "https://arxiv.org/pdf/2601.88001"
    text = f"Rivers of the far North\n{_ONE}\n{pdf}\n\nPonds of the far South\n{_TWO}\n\nSee\nhttps://arxiv.org/abs/2601.88009\n"
    reading = read(tmp_path, "links.txt", text)
    assert [paper.title for paper in reading.papers] == ["Rivers of the far North", "Ponds of the far South"]
    assert len(reading.refused) == 1
