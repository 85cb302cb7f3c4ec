"""Which topics papers were chosen by is known beside the names of all."""

from __future__ import annotations

import pytest

from labeler.publish.chosen import TopicNames, chosen_of
from tests.publish.factories import NAMES, labelled, written


@pytest.mark.parametrize(
    ("chosen", "expected"), [((), ()), (("vision",), ("vision",)), (("vision", "lang", "gone"), ("lang", "vision"))]
)
def test_chosen_topics_stand_in_the_order_of_the_names(chosen: tuple[str, ...], expected: tuple[str, ...]) -> None:
    names = TopicNames(NAMES, chosen)
    assert chosen_of(names) == expected
    assert names == NAMES
    assert names.get("lang") == "Language"


def test_plain_names_tell_of_none() -> None:
    assert chosen_of(NAMES) == ()


@pytest.mark.parametrize("output", ["md", "html", "eml"])
def test_a_heading_tells_the_topics_that_papers_were_chosen_by(output: str) -> None:
    one = labelled()
    assert f"1 paper on {NAMES['lang']}" in written(output, [one], TopicNames(NAMES, ["lang"]))
    assert "1 paper by topic" in written(output, [one], TopicNames(NAMES))
