from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from labeler.learning_curve.margins import FARTHEST
from tests.learning_curve.factories import PAPERS, SIZES, held_out

AT = np.array([400.0, 1600.0])


def test_f1_is_that_of_the_margins_at_a_size_that_was_measured() -> None:
    known = held_out(np.full(4, 0.7))
    right, wrong = known.given[3][known.truth == 1].sum(), known.given[3][known.truth == 0].sum()
    have = (known.truth == 1).sum()
    found = known.f1(AT)
    assert found.shape == (len(known.weights), 2, 1)
    assert found[0, 0, 0] == pytest.approx(2 * right / (right + min(wrong, have) + have), abs=0.02)


def test_margins_that_grow_with_the_logarithm_bring_the_f1_that_they_have_then() -> None:
    known = held_out(-1.0 + 0.5 * np.log2(SIZES / 86), 0.6, papers=4000)
    known = known._replace(margins=np.where(known.truth == 1, known.margins, -3.0))
    right = norm.cdf((-1.0 + 0.5 * np.log2(AT / 86)) / 0.6)
    assert known.f1(AT)[0, :, 0] == pytest.approx(2 * right / (1 + right), abs=0.05)


def test_a_topic_that_no_paper_is_given_yet_comes_all_the_same() -> None:
    known = held_out(np.array([-3.0, -2.4, -1.8, -1.2]), 0.4)
    known = known._replace(margins=np.where(known.truth == 1, known.margins, -3.0))
    known = known._replace(given=known.margins > 0)
    assert not known.given.any()
    now, then = known.f1(np.array([400.0, 3200.0]))[0, :, 0]
    assert now < 0.05
    assert then > 0.6


def test_a_topic_borrows_from_the_slopes_of_others() -> None:
    rising, flat = held_out(np.array([-1.5, -1.0, -0.5, 0.0]), 0.4), held_out(np.full(4, -0.5), 0.4)
    both = rising._replace(
        margins=np.concatenate([rising.margins, flat.margins], axis=2), truth=np.hstack([rising.truth, flat.truth])
    )
    assert both.f1(AT)[0, 1, 1] > flat.f1(AT)[0, 1, 0]
    assert both.f1(AT)[0, 1, 0] < rising.f1(AT)[0, 1, 0] + 1e-9


@pytest.mark.parametrize("kind", ["all", "unknown"])
def test_without_papers_that_do_not_have_the_topic_nothing_is_given_wrongly(kind: str) -> None:
    known = held_out(np.full(4, 1.0))
    known.truth[known.truth == 0] = 1 if kind == "all" else np.nan
    assert np.isfinite(known.f1(AT)).all()


def test_a_topic_that_could_not_be_learned_at_first_has_the_farthest_margin() -> None:
    known = held_out(np.array([1.0, 1.0, 1.0, 1.0]), 0.5)
    known.margins[0], known.margins[1] = -1e9, -np.inf
    same = known._replace(margins=np.maximum(known.margins, -FARTHEST))
    assert (known.f1(AT) == same.f1(AT)).all()


def test_some_topics_alone_are_these() -> None:
    known = held_out(np.full(4, 0.5), topics=3)
    some = known.of_topics(np.array([2]))
    assert (some.margins == known.margins[:, :, 2:]).all()
    assert (some.given.shape, some.truth.shape) == ((4, PAPERS, 1), (PAPERS, 1))
