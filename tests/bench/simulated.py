"""`python -m tests.bench.simulated [--small]`: does `labeler simulate` rank strategies as asking anew does?

Asked anew: each strategy asks papers of a whole set from the beginning (tests/bench/asking.py), some times, and models
are measured on the set's test papers. Simulated: a thousand random papers of the set are judged, and `labeler simulate`
replays the strategies on these alone. Either way models learn from papers that were not asked yet, too: where only
those anew did so, margin was first of the review when simulated, beyond chance, and last anew.

Either way the figure is the mean macro-F1 in which each doubling of the labels counts the same. Two strategies differ
where the difference of their figures, asked anew, is beyond its 95 % interval over the times (paired, Student's t);
other pairs are equal, and do not count. Of the pairs that differ, those that are simulated in the same order less those
in the opposite one, by all of them, are Kendall's tau. The ranking is the same where tau is 1; a set without such a
pair tells nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections import UserDict
from collections.abc import Sequence
from datetime import date
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats
from threadpoolctl import threadpool_limits

from labeler import TopicClassifier, choose
from labeler.errors import InputError
from labeler.learning_curve.measured import JudgedTexts
from labeler.sampling.registry import STRATEGIES
from labeler.simulation.comparison import Comparison
from labeler.simulation.replay import ORDERS, Key, replayed
from tests.bench.asking import Pool, curve
from tests.bench.quality import splits
from tests.bench.quality.cache import code_of, folder
from tests.bench.quality.ledger import Ledger, guess_of, packed
from tests.bench.quality.ours import background
from tests.bench.quality.splits import Split
from tests.paths import ROOT

PAGE = ROOT / "tests/bench/SIMULATED.md"
COUNTS = (50, 100, 200, 400, 800)
SETS = ("arxiv24", "r8", "reuters90", "conferences", "screening-3")
ASKING = ("labeler/learn", "labeler/features", "labeler/sampling")
REPLAYED = (*ASKING, "labeler/simulation/replay.py")
FULL, SMALL = (1000, 5, ORDERS), (600, 3, 2)  # judged papers, times anew, orders simulated
FIRST = 100  # of the draws; on those before it the recipe of the simulation was chosen
Rows = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]


@cache
def split_of(name: str) -> Split:
    """The papers of a set; reviews are numbered in the order of their names."""
    kind, _, number = name.partition("-")
    return splits.screening()[int(number)] if kind == "screening" else splits.made(name)


@cache
def pool_of(name: str) -> Pool:
    """The papers of a set, each read once."""
    return Pool(split_of(name), background())


def asked(name: str, strategy: str, seed: int, ledger: Ledger) -> list[float]:
    """The macro-F1 on the test papers after each of `COUNTS` labels, where a strategy asks papers of the whole set."""
    key: dict[str, Any] = {"data": name, "papers": split_of(name).papers, "method": f"asking {strategy}"}
    key |= {"code": code_of(*ASKING), "count": COUNTS[-1], "seed": seed}
    record = ledger.get(**key)
    if record is None:
        with threadpool_limits(1):
            record = key | {"figures": curve(pool_of(name), strategy, seed, COUNTS).round(5).tolist()}
        ledger.add(record)
        print(f"{name}: {strategy}, time {seed}: {record['figures']}", file=sys.stderr, flush=True)
    return list(record["figures"])


class Learner:
    """Trains as :func:`tests.bench.asking.curve`, on judged papers of a set alone."""

    def __init__(self, split: Split, judged: Sequence[int]) -> None:
        self.split, self.judged = split, np.array(judged)

    def texts(self, rows: Rows) -> list[str]:
        """The texts of judged papers."""
        return [self.split.learn[row] for row in self.judged[rows]]

    def train(self, rows: Rows, unread: Rows) -> TopicClassifier | None:
        """A model of judged papers, and of those that were not asked yet."""
        model = TopicClassifier(self.split.mode, self_training=False, background=background())
        columns = self.split.topics if self.split.mode == "multi" else None
        try:
            answers = self.split.answers(self.judged[rows].tolist())
            return model.fit(self.texts(rows), answers, unlabeled=self.texts(unread), classes=columns)
        except InputError:
            return None

    def ask(self, model: TopicClassifier | None, rows: Rows, count: int, strategy: str) -> Rows:
        """Those of some papers that a strategy asks next."""
        return rows[choose(model, self.texts(rows), count, strategy, background=background())]

    def guess(self, model: TopicClassifier | None, rows: Rows) -> npt.NDArray[np.bool_]:
        """What a model says."""
        if model is None:
            return np.zeros((len(rows), len(self.split.topics)), bool)
        return self.split.guess(model.predict(self.texts(rows)))


class Parts(UserDict[Key, npt.NDArray[np.bool_]]):
    """The parts of a simulation, which a ledger keeps: a killed run goes on where it was."""

    def __init__(self, name: str, papers: int, ledger: Ledger) -> None:
        super().__init__()
        self.ledger = ledger
        self.name = {
            "data": name,
            "papers": split_of(name).papers,
            "code": code_of(*REPLAYED),
            "count": papers,
            "draw": FIRST,
        }

    def __contains__(self, key: Any) -> bool:
        """Whether a part is done."""
        if key not in self.data and (record := self.ledger.get(**self._named(key))):
            self.data[key] = guess_of(record["given"], record["shape"])
        return key in self.data

    def __setitem__(self, key: Key, guesses: npt.NDArray[np.bool_]) -> None:
        """Keep a part."""
        self.ledger.add(self._named(key) | {"given": packed(guesses), "shape": list(guesses.shape)})
        self.data[key] = guesses

    def _named(self, key: Key) -> dict[str, Any]:
        return self.name | {"method": f"part {key.fold} {key.strategy}", "seed": key.order}


def simulated(name: str, papers: int, orders: int, ledger: Ledger) -> dict[str, dict[str, Any]]:
    """What is simulated on so many judged papers, by strategy: the area and its difference to random ones."""
    split = split_of(name)
    judged, _ = split.draw(papers, FIRST)
    texts = JudgedTexts([split.learn[row] for row in judged], split.topics, split.learn_truth[judged])
    with threadpool_limits(1):
        parts = Parts(name, papers, ledger)
        replays = replayed(texts, STRATEGIES.names, Learner(split, judged), parts, _say(name), orders)
    found = Comparison.of(texts, replays)
    return {one: {"area": found.area(one)[0], "beside": list(found.difference(one))} for one in found.figures}


def _say(name: str) -> Any:
    return lambda text: print(f"{name}: {text}", file=sys.stderr, flush=True)


def areas(figures: npt.ArrayLike) -> Floats:
    """The mean of figures (…, n_counts) in which each doubling of `COUNTS` counts the same (…)."""
    steps, each = np.diff(np.log(COUNTS)), np.asarray(figures, np.float64)
    return np.asarray((each[..., 1:] + each[..., :-1]) / 2 @ steps / steps.sum())


def decided(runs: dict[str, Floats]) -> dict[tuple[str, str], float]:
    """The pairs of strategies whose areas (n_times,) differ beyond their interval: by how much the first is better."""
    found = {}
    for one, other in combinations(sorted(runs), 2):
        differences = runs[one] - runs[other]
        error = float(differences.std(ddof=1)) / np.sqrt(len(differences))
        if abs(differences.mean()) > stats.t.ppf(0.975, len(differences) - 1) * error:
            found[one, other] = float(differences.mean())
    return found


def tau(pairs: dict[tuple[str, str], float], areas_simulated: dict[str, float]) -> float:
    """Kendall's tau between the pairs that differ and what is simulated, NaN where there is no such pair."""
    same = [
        np.sign(better) * np.sign(areas_simulated[one] - areas_simulated[other])
        for (one, other), better in pairs.items()
    ]
    return float(np.mean(same)) if same else float("nan")


def row(name: str, runs: dict[str, Floats], told: dict[str, dict[str, Any]]) -> tuple[str, float]:
    """A line of the table, and tau."""
    pairs = decided(runs)
    order = sorted(runs, key=lambda strategy: -runs[strategy].mean())
    anew = ", ".join(f"{strategy} {runs[strategy].mean():.3f}" for strategy in order)
    simulated_areas = {strategy: float(one["area"]) for strategy, one in told.items()}
    again = ", ".join(f"{one} {area:.3f}" for one, area in sorted(simulated_areas.items(), key=lambda item: -item[1]))
    off = [
        f"{one}, {other}" for (one, other), better in pairs.items() if tau({(one, other): better}, simulated_areas) < 1
    ]
    agreed = tau(pairs, simulated_areas)
    told_tau = f"{agreed:.2f}" if pairs else "–"
    return f"| {name} | {anew} | {again} | {len(pairs)} of 6 | {told_tau} | {'; '.join(off)} |", agreed


def right_beyond_chance(runs: dict[str, Floats], told: dict[str, dict[str, Any]]) -> tuple[int, int]:
    """Of the differences to random papers that are told to be beyond chance: how many have the sign of those anew."""
    signs = [
        np.sign(told[strategy]["beside"][0]) == np.sign((runs[strategy] - runs["random"]).mean())
        for strategy in runs
        if strategy != "random" and np.prod(told[strategy]["beside"][1:]) > 0
    ]
    return int(np.sum(signs)), len(signs)


def main() -> None:
    """Run what was not run before, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.simulated", description=__doc__)
    parser.add_argument(
        "--small", action="store_true", help="{} judged papers, {} times anew, {} orders".format(*SMALL)
    )
    papers, times, orders = SMALL if parser.parse_args().small else FULL
    ledger = Ledger(folder() / "simulated.jsonl")
    rows = [
        "| | asked anew | simulated | pairs that differ | tau | in the opposite order |",
        "|---|---|---|---|---|---|",
    ]
    each, beyond = [], []
    for name in SETS:
        runs = {
            strategy: areas([asked(name, strategy, FIRST + at, ledger) for at in range(times)])
            for strategy in STRATEGIES.names
        }
        told = simulated(name, papers, orders, ledger)
        line, agreed = row(name, runs, told)
        rows.append(line)
        each.append(agreed)
        beyond.append(right_beyond_chance(runs, told))
        print(line, flush=True)
    about = "\n\n".join(" ".join(part.split()) for part in str(__doc__).split("\n\n"))
    right, all_told = np.sum(beyond, axis=0).tolist()
    came = (
        f"{papers:,} judged papers; {times} times anew, {orders} orders simulated. The ranking is the same in "
        f"{each.count(1)} of {int(np.isfinite(each).sum())} sets with pairs that differ. Must: in 4 of 5. Of the "
        f"{all_told} differences to random papers that are told to be beyond chance, {right} have the sign that they "
        "have anew."
    )
    made = f"Made on {date.today()} with `{' '.join(['python -m tests.bench.simulated', *sys.argv[1:]])}`."
    table = "\n".join(rows)
    PAGE.write_text(f"# Strategies simulated\n\n{about}\n\n{table}\n\n{came}\n\n{made}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
