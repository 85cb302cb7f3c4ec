"""Strategies replayed on judged papers: what each would have asked, and what models of that say of held-out papers.

In each of several orders the papers are put into folds anew. Outside a fold all strategies start from the same papers,
drawn at random, and ask for more, round after round, until all are learned from. Rounds grow by a constant factor, so
that the trainings of a strategy together take a few times as long as that of all papers.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from labeler.measure.folds import grouped_folds
from labeler.papers.near_duplicates import near_duplicate_groups
from labeler.wording import duration

if TYPE_CHECKING:
    from labeler.learning_curve.measured import JudgedTexts
    from labeler.measure.counts import Guess

ModelT = TypeVar("ModelT")
Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]
FOLDS = 3
ORDERS = 5
ENDS = ""  # in the place of a strategy: what all have in common, the models of the first papers and of all
_FIRST = (20, 50)  # papers to start from: a sixteenth of all, within these bounds
_GROWTH = 1.75  # of the papers that are learned from, in a round
_ALONE = 500  # papers: a training takes as long as if each cost the same and there were so many more


class Learner(Protocol[ModelT]):
    """Trains, asks and guesses. Papers are given by their rows; a model is None where nothing could be learned."""

    def train(self, rows: Rows, unread: Rows) -> ModelT | None:
        """A model of judged papers, while others were not asked yet, so that nobody had read them."""

    def ask(self, model: ModelT | None, rows: Rows, count: int, strategy: str) -> Rows:
        """Those ``count`` of some papers that a strategy asks next."""

    def guess(self, model: ModelT | None, rows: Rows) -> Guess:
        """What a model says of papers (n_papers, n_topics)."""


class Key(NamedTuple):
    """One part of a simulation: a strategy (or `ENDS`) in a fold of an order."""

    order: int
    fold: int
    strategy: str


@dataclass(frozen=True, slots=True, eq=False)
class Replays:
    """What models of ``sizes`` (n_sizes,) judged papers, ascending, say of each paper when it is held out.

    ``guesses`` are by strategy (n_orders, n_sizes, n_papers, n_topics); ``groups`` (n_papers,) has one number for
    near-duplicates.
    """

    sizes: Floats
    guesses: dict[str, npt.NDArray[np.bool_]]
    groups: Rows


def replayed(
    judged: JudgedTexts,
    strategies: Sequence[str],
    learner: Learner[ModelT],
    done: MutableMapping[Key, npt.NDArray[np.bool_]],
    say: Callable[[str], None] = lambda _: None,
    orders: int = ORDERS,
) -> Replays:
    """Replay strategies on judged papers, in so many ``orders``.

    Parts that are in ``done`` are not done again; each is put there (its guesses, by round) when it is.
    """
    groups = near_duplicate_groups(judged.texts)
    folds = [grouped_folds(judged.truth == 1, groups.tolist(), FOLDS, order) for order in range(orders)]
    sizes = sizes_of(min(int((own != fold).sum()) for own in folds for fold in range(FOLDS)))
    keys = [Key(order, fold, one) for order, fold in np.ndindex(orders, FOLDS) for one in (ENDS, *strategies)]
    pace = _Pace(sum(_cost(key, sizes) for key in keys if key not in done), say)
    for key in keys:
        if key.strategy == ENDS:
            part = _Fold(learner, key, folds[key.order], sizes, pace)
        if key not in done:
            pace.tell(f"order {key.order + 1} of {orders}, fold {key.fold + 1} of {FOLDS}")
            done[key] = part.ends() if key.strategy == ENDS else part.asked(key.strategy)
    shape = orders, len(sizes), *judged.truth.shape
    guesses = {strategy: np.zeros(shape, bool) for strategy in strategies}
    for order, fold_number, strategy in keys:
        if strategy != ENDS:
            asked = np.flatnonzero(folds[order] == fold_number)
            first, last = done[Key(order, fold_number, ENDS)]
            guesses[strategy][order][:, asked] = [first, *done[Key(order, fold_number, strategy)], last]
    learned = [*sizes[:-1], round((1 - 1 / FOLDS) * len(groups))]
    return Replays(np.array(learned, np.float64), guesses, groups)


def sizes_of(papers: int) -> list[int]:
    """How many of so many papers are learned from in each round, up to all of them."""
    first = min(max(papers // 16, _FIRST[0]), _FIRST[1], papers - 1)
    rounds = max(2, round(np.log(papers / first) / np.log(_GROWTH)))
    return sorted({round(size) for size in np.geomspace(first, papers, rounds + 1).tolist()})


def _cost(key: Key, sizes: Sequence[int]) -> int:
    """How long a part takes, in papers that a model is trained on."""
    trained = (sizes[0], sizes[-1]) if key.strategy == ENDS else sizes[1:-1]
    return sum(size + _ALONE for size in trained)


class _Fold(Generic[ModelT]):
    """One fold of an order: the papers outside it are learned from, its own are held out."""

    def __init__(self, learner: Learner[ModelT], key: Key, folds: Rows, sizes: Sequence[int], pace: _Pace) -> None:
        self.learner, self.sizes, self.pace = learner, sizes, pace
        self.held_out = np.flatnonzero(folds == key.fold)
        pool = np.flatnonzero(folds != key.fold)
        self.pool = np.random.RandomState(key.order * FOLDS + key.fold).permutation(pool)
        self.first = self.pool[: sizes[0]]
        self._start: list[ModelT | None] = []  # the model of the first papers, once it is made

    def ends(self) -> npt.NDArray[np.bool_]:
        """What models of the first papers and of all say (2, n_held_out, n_topics)."""
        models = self.start(), self._trained(self.pool)
        return np.array([self.learner.guess(model, self.held_out) for model in models])

    def asked(self, strategy: str) -> npt.NDArray[np.bool_]:
        """What models say after each round in which a strategy asks (n_rounds, n_held_out, n_topics)."""
        return np.array([self.learner.guess(model, self.held_out) for model in self._rounds(strategy)])

    def start(self) -> ModelT | None:
        """The model of the first papers."""
        if not self._start:
            self._start.append(self._trained(self.first))
        return self._start[0]

    def _rounds(self, strategy: str) -> Iterator[ModelT | None]:
        rows, model = self.first, self.start()
        for size in self.sizes[1:-1]:
            rows = np.concatenate([rows, self.learner.ask(model, self._left(rows), size - len(rows), strategy)])
            model = self._trained(rows)
            yield model

    def _left(self, rows: Rows) -> Rows:
        """The papers outside the fold that are not among ``rows``."""
        return self.pool[~np.isin(self.pool, rows)]

    def _trained(self, rows: Rows) -> ModelT | None:
        model = self.learner.train(rows, self._left(rows))
        self.pace.add(len(rows) + _ALONE)
        return model


class _Pace:
    """How far a simulation is, and how long the rest of its cost, of ``total``, takes."""

    def __init__(self, total: int, say: Callable[[str], None]) -> None:
        self.total, self.say = total, say
        self.began, self.spent, self.told = time.monotonic(), 0, ""

    def tell(self, place: str) -> None:
        """Say where it is, once, and once more as soon as it is known how long everything takes."""
        left = (self.total - self.spent) * (time.monotonic() - self.began) / self.spent if self.spent else None
        if left is None:
            self.say(f"{place} …")
        elif place != self.told:
            self.say(f"{place}; {duration(max(left, 0))} left …")
            self.told = place

    def add(self, cost: int) -> None:
        """So much was done."""
        self.spent += cost
