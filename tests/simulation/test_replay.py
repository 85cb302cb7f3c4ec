from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest

from labeler.learning_curve.measured import JudgedTexts
from labeler.simulation.replay import ENDS, FOLDS, Key, Rows, replayed, sizes_of

PAPERS, TOPICS = 90, 3


def judged() -> JudgedTexts:
    """Invented papers of three topics in turn."""
    truth = np.eye(TOPICS)[np.arange(PAPERS) % TOPICS]
    texts = [f"paper {n} of its own number {n * 7919} and of {n * 104729}" for n in range(PAPERS)]
    return JudgedTexts(texts, ("a", "b", "c"), truth)


class Counting:
    """A model is the papers that it was trained on; it guesses the first topic as soon as it knows 30 papers."""

    def __init__(self) -> None:
        self.trained: list[frozenset[int]] = []
        self.asked: list[tuple[str, int, int]] = []

    def train(self, rows: Rows, unread: Rows) -> frozenset[int] | None:
        assert len({*rows.tolist(), *unread.tolist()}) == len(rows) + len(unread) == 60
        self.trained.append(frozenset(rows.tolist()))
        return self.trained[-1]

    def ask(self, model: frozenset[int] | None, rows: Rows, count: int, strategy: str) -> Rows:
        assert model is not None
        assert not model & set(rows.tolist())
        self.asked.append((strategy, len(model), count))
        return rows[:count] if strategy == "first" else rows[-count:]

    def guess(self, model: frozenset[int] | None, rows: Rows) -> np.ndarray:
        assert model is not None
        assert not model & set(rows.tolist())
        return np.tile([len(model) >= 30, False, False], (len(rows), 1))


def test_strategies_start_from_the_same_papers_ask_in_the_same_rounds_and_end_with_all() -> None:
    learner, done = Counting(), dict[Key, np.ndarray]()
    found = replayed(judged(), ("first", "last"), learner, done, orders=2)
    sizes = sizes_of(60)
    assert found.sizes.tolist() == sizes
    assert len(done) == 2 * FOLDS * 3
    rounds = len(sizes) - 2
    assert len(learner.trained) == 2 * FOLDS * (2 + 2 * rounds)
    assert [count for _, count, _ in learner.asked[:rounds]] == sizes[:-2]
    start, everything, *rest = learner.trained[: 2 + 2 * rounds]
    assert all(start < one < everything for one in rest)
    assert set(found.guesses) == {"first", "last"}
    for guesses in found.guesses.values():
        assert guesses.shape == (2, len(sizes), PAPERS, TOPICS)
        assert (guesses[:, :, :, 0] == (found.sizes >= 30)[None, :, None]).all()


def test_every_order_starts_from_other_papers() -> None:
    learner = Counting()
    replayed(judged(), (), learner, {}, orders=3)
    assert len(set(learner.trained)) == 2 * 3 * FOLDS


def test_what_is_done_is_not_done_again_and_nothing_else_comes_of_it() -> None:
    whole = replayed(judged(), ("first", "last"), Counting(), done := dict[Key, np.ndarray](), orders=2)
    for ended in range(len(done)):
        again = Counting()
        some = dict(list(done.items())[:ended])
        found = replayed(judged(), ("first", "last"), again, some, orders=2)
        assert {name: one.tobytes() for name, one in found.guesses.items()} == {
            name: one.tobytes() for name, one in whole.guesses.items()
        }
    everything = Counting()
    replayed(judged(), ("first", "last"), everything, done, orders=2)
    assert not everything.trained


def test_a_strategy_that_comes_later_is_replayed_alone() -> None:
    done, later = dict[Key, np.ndarray](), Counting()
    replayed(judged(), ("first",), Counting(), done, orders=1)
    replayed(judged(), ("first", "last"), later, done, orders=1)
    assert {strategy for strategy, *_ in later.asked} == {"last"}


def test_a_person_is_told_how_long_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    def seconds() -> Iterator[float]:
        yield from map(float, range(10_000))

    ticks = seconds()
    monkeypatch.setattr("labeler.simulation.replay.time.monotonic", lambda: next(ticks))
    messages = list[str]()
    replayed(judged(), ("first", "last"), Counting(), {}, messages.append, orders=2)
    assert messages[0] == f"order 1 of 2, fold 1 of {FOLDS} …"
    assert messages[1].startswith(f"order 1 of 2, fold 1 of {FOLDS}; ")
    assert len(messages) == 1 + 2 * FOLDS
    assert all(message.endswith(" left …") for message in messages[1:])


def test_the_ends_are_kept_under_no_strategy() -> None:
    done = dict[Key, np.ndarray]()
    replayed(judged(), ("first",), Counting(), done, orders=1)
    assert {key.strategy for key in done} == {ENDS, "first"}


@pytest.mark.parametrize("papers", [40, 133, 400, 667, 1333])
def test_rounds_grow_geometrically_up_to_all(papers: int) -> None:
    sizes = sizes_of(papers)
    assert sizes[-1] == papers
    assert 20 <= sizes[0] <= 50
    growth = [later / earlier for earlier, later in pairwise(sizes)]
    assert max(growth) - min(growth) < 0.1
    assert sum(sizes) < 3 * papers
