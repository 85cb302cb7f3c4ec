"""Columns in the order of names, and back in the order that was given."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.learn.column_order import by_name, in_order_of, name_order
from labeler.learn.targets import Targets
from labeler.learn.time_ordered import TimeOrderedPredictions
from labeler.learn.training import TrainingResult
from tests.learn.factories import NEW, fitted

TOPICS = ("vision", "robots", "speech")  # their own order; by name it is 1, 2, 0


def test_topics_are_put_in_the_order_of_their_names_with_their_columns() -> None:
    assert name_order(TOPICS).tolist() == [1, 2, 0]
    assert name_order(()).tolist() == []
    found = by_name(Targets(np.array([[0.0, 1.0, np.nan]]), TOPICS, "matrix"))
    assert found.classes == ("robots", "speech", "vision")
    np.testing.assert_array_equal(found.matrix, [[1.0, np.nan, 0.0]])


@given(st.lists(st.text(max_size=3), unique=True, max_size=6))
def test_columns_stay_with_their_topics(topics: list[str]) -> None:
    matrix = np.arange(2.0 * len(topics)).reshape(2, -1)
    found = by_name(Targets(matrix, tuple(topics), "matrix"))
    assert list(found.classes) == sorted(topics)
    for column, topic in enumerate(found.classes):
        assert found.matrix[:, column].tolist() == matrix[:, topics.index(topic)].tolist()


def learned(mode: str) -> TrainingResult:
    """A training as if it had just come to its end, with the topics in the order of their names."""
    model = fitted(mode, none=6 if mode == "single" else 0).model_
    model = replace(model, unlearned={"robots": "too few", "vision": "too few"})
    late = TimeOrderedPredictions(*model.held_out, "2026-01-01")
    shares = {"robots": 0.5, "speech": 0.3, "vision": 0.2}
    return TrainingResult(model, {}, {}, ("robots", "vision"), np.arange(3), time_ordered=late, stream_shares=shares)


@pytest.mark.parametrize("mode", ["single", "multi"])
def test_what_was_learned_is_put_in_the_order_that_was_given(mode: str) -> None:
    before = learned(mode)
    after = in_order_of(before, TOPICS)
    columns = [2, 0, 1]
    rest = list(range(3, before.model.held_out[0].shape[1]))  # a column for "none of these"
    assert bool(rest) == (mode == "single")
    assert after.model.linear.topics == TOPICS
    assert after.model.linear.weights.flags.c_contiguous
    given = before.model.predict_proba(NEW)[:, columns]
    np.testing.assert_allclose(after.model.predict_proba(NEW), given, rtol=1e-12)
    np.testing.assert_array_equal(after.model.thresholds, before.model.thresholds[columns])
    for found, known in zip(after.model.held_out, before.model.held_out, strict=True):
        np.testing.assert_array_equal(found, known[:, columns + list(range(3, known.shape[1]))])
    assert list(after.model.unlearned) == ["vision", "robots"]
    assert after.weak == ("vision", "robots")
    assert list((after.stream_shares or {}).items()) == [("vision", 0.2), ("robots", 0.5), ("speech", 0.3)]
    assert after.time_ordered is not None
    np.testing.assert_array_equal(after.time_ordered.probabilities, before.model.held_out[0][:, columns + rest])
    assert after.time_ordered.since == "2026-01-01"


def test_what_is_not_known_stays_so() -> None:
    after = in_order_of(replace(learned("multi"), time_ordered=None, stream_shares=None), TOPICS)
    assert (after.time_ordered, after.stream_shares) == (None, None)
