from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from labeler import Paper
from labeler.learn.recipe import REGRESSIONS, TrainingData
from labeler.learn.time_ordered import time_blocks, time_ordered_scores
from labeler.topics import Mode
from tests.learn.factories import classifier, single_papers


def months(papers: int) -> list[str | None]:
    """Ten months, in an order that is not that of time."""
    return [f"2025-{number * 7 % 10 + 1:02d}" for number in range(papers)]


def test_blocks_follow_time_and_hold_the_last_two_fifths() -> None:
    dates = months(300)
    blocks = time_blocks(dates)
    assert (blocks > 0).mean() == pytest.approx(0.4, abs=0.11)
    assert set(blocks) == {0, 1, 2, 3}
    for block in (1, 2, 3):
        before = max(date for date, one in zip(dates, blocks, strict=True) if date and one < block)
        now = min(date for date, one in zip(dates, blocks, strict=True) if date and one == block)
        assert before < now


@pytest.mark.parametrize(
    "dates",
    [months(150), ["2025-03"] * 400, [None] * 400, [*months(150), *[None] * 300], ["2025-01"] * 10 + ["2025-02"] * 300],
    ids=["few", "one month", "none", "most without", "hardly any before"],
)
def test_too_few_papers_or_all_of_one_time_make_no_blocks(dates: list[str | None]) -> None:
    blocks = time_blocks(dates)
    assert (blocks > 0).sum() == 0
    assert [block < 0 for block in blocks] == [date is None for date in dates]


def test_papers_without_a_date_are_of_no_block() -> None:
    dates = [*months(300), *[None] * 50]
    blocks = time_blocks(dates)
    assert (blocks[300:] == -1).all()
    np.testing.assert_array_equal(blocks[:300], time_blocks(months(300)))


def test_dates_are_compared_as_exactly_as_all_are_told() -> None:
    dates = [f"{month}-{number % 28 + 1:02d}" if number % 2 else month for number, month in enumerate(months(300))]  # type: ignore[str-bytes-safe]
    np.testing.assert_array_equal(time_blocks(dates), time_blocks(months(300)))


class Spied:
    """Papers whose score is how many models were learned before, and the rows that each was learned from."""

    def __init__(self, answers: np.ndarray) -> None:
        self.answers, self.seen = answers, []  # type: ignore[var-annotated]

    def held_out(self, _recipe: object, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
        self.seen.append(rows)
        return np.where(
            (self.answers[rows] == 1).any(axis=0), np.full((len(others), 1), float(len(self.seen))), -np.inf
        )


def later_of(spied: Spied, dates: Sequence[str | None], groups: np.ndarray | None = None):  # type: ignore[no-untyped-def]
    data: TrainingData = spied  # type: ignore[assignment]
    groups = np.arange(len(dates)) if groups is None else groups
    return time_ordered_scores(data, REGRESSIONS[0], dates, groups)


def test_each_block_is_scored_by_a_model_of_what_came_before_it() -> None:
    dates = [*months(300), None, "2025", "--03-14"]
    spied = Spied(np.ones((303, 2)))
    late = later_of(spied, dates)
    assert late.since == min(dates[row] for row in late.rows)
    assert len(spied.seen) == 3
    for number, seen in enumerate(spied.seen, start=1):
        test = late.rows[late.scores[:, 0] == number]
        assert max(dates[row] for row in seen) < min(dates[row] for row in test)
    assert set(late.rows) | set(spied.seen[0]) == set(range(300))


def test_a_topic_without_a_paper_before_has_no_score() -> None:
    dates = months(300)
    answers = np.ones((300, 2))
    answers[[date is not None and date < "2025-09" for date in dates], 1] = 0
    late = later_of(Spied(answers), dates)
    early = np.array([(dates[row] or "") < "2025-09" for row in late.rows])
    assert np.isinf(late.scores[early, 1]).all()
    assert np.isfinite(late.scores[:, 0]).all()


def test_a_paper_that_repeats_an_earlier_one_is_no_test() -> None:
    dates = [*months(300), "2025-01", "2025-09", None]
    groups = np.arange(303)
    every = later_of(Spied(np.ones((303, 2))), dates).rows
    first, last = (next(row for row in range(300) if dates[row] == f"2025-{month}") for month in ("01", "10"))
    groups[last] = groups[first]
    assert set(every) - set(later_of(Spied(np.ones((303, 2))), dates, groups).rows) == {last}
    groups = np.arange(303)
    groups[302] = groups[last]
    found = later_of(Spied(np.ones((303, 2))), dates, groups).rows
    assert set(found) == set(every), "papers without a date are not learned from"


@pytest.mark.slow
@pytest.mark.parametrize("mode", [Mode.SINGLE, Mode.MULTI])
def test_a_classifier_reads_dates_from_papers_and_learns_the_same_without(mode: str) -> None:
    texts, topics = single_papers(each=80)
    parts = [text.split("\n") for text in texts]
    answers = topics if mode == Mode.SINGLE else [[topic] for topic in topics]
    dated = [
        Paper.make(title, abstract, date=f"2025-{number % 10 + 1:02d}-05")
        for number, (title, abstract) in enumerate(parts)
    ]
    with_dates, without = classifier(mode).fit(dated, answers), classifier(mode).fit(texts, answers)
    assert without.time_ordered(0.8) is None
    found = with_dates.time_ordered(0.8)
    assert found is not None
    assert (found.papers, found.since) == (96, "2025-07-05")
    assert found.decided > 0
    np.testing.assert_array_equal(with_dates.predict_proba(texts), without.predict_proba(texts))
