from __future__ import annotations

import numpy as np
import pytest

from labeler.features.space import Points, Space, fit_space
from labeler.features.tfidf import Tfidf
from labeler.features.weighting import fit_tfidf
from labeler.learn.definitions import definition_points
from tests.learn.factories import TINY, single_papers

TOPICS = ("absent", "robots", "speech", "vision")
DEFINITIONS = {"vision": "Vision. Pixels of a camera", "robots": "robot arm with a gripper", "gone": "voice"}


def space_of() -> tuple[Tfidf, Space]:
    texts = single_papers(each=10)[0]
    tfidf = fit_tfidf(texts, 1, TINY)
    return tfidf, fit_space(tfidf, tfidf.transform(texts), TINY)[0]


def defined(definitions: dict[str, str]) -> tuple[Points, list[int]]:
    return definition_points(definitions, TOPICS, *space_of())


def test_definitions_of_topics_are_points_in_the_order_of_columns() -> None:
    points, columns = defined(DEFINITIONS)
    assert columns == [1, 3]
    tfidf, space = space_of()
    expected = space.points(tfidf.transform([DEFINITIONS["robots"], DEFINITIONS["vision"]])).normalized()
    np.testing.assert_array_equal(points.terms.toarray(), expected.terms.toarray())
    for found, block in zip(points.blocks, expected.blocks, strict=True):
        np.testing.assert_array_equal(found, block)


def test_they_weigh_as_much_as_a_paper_in_every_block() -> None:
    points, _ = defined(DEFINITIONS)
    assert [block.shape[1] for block in points.blocks] == [4, 3]
    for block in points.blocks:
        np.testing.assert_allclose(np.linalg.norm(block, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(np.sqrt(points.terms.power(2).sum(axis=1)), 1)


@pytest.mark.parametrize("text", ["", "!", "unheard words alone"])
def test_a_definition_without_a_known_word_defines_nothing(text: str) -> None:
    points, columns = defined(DEFINITIONS | {"speech": text})
    assert (len(points), columns) == (2, [1, 3])


def test_without_definitions_there_are_no_points() -> None:
    points, columns = defined({})
    assert (len(points), columns) == (0, [])


def test_the_order_of_definitions_does_not_matter() -> None:
    one, other = defined(DEFINITIONS), defined(dict(reversed(DEFINITIONS.items())))
    assert one[1] == other[1]
    assert (one[0].terms != other[0].terms).nnz == 0
