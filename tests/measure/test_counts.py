from __future__ import annotations

import numpy as np

from labeler.measure.counts import counts
from tests.measure.factories import NAN


def test_each_topic_has_its_true_positives_false_positives_and_false_negatives() -> None:
    truth = np.array([[1, 0, NAN], [1, 0, 1], [0, 0, 1]])
    guess = np.array([[1, 1, 1], [0, 0, 0], [1, 0, 0]], dtype=bool)
    assert [column.tolist() for column in counts(truth, guess)] == [[1, 0, 0], [1, 1, 0], [1, 0, 2]]
