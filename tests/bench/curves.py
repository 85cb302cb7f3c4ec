"""`python -m tests.bench.curves`: what the first half of the judged papers says of all of them.

Of each set some papers are judged, in five orders. `labeler curve` measures half of them and carries the curve on to
all; a model of all is asked for other papers of the same kind. Topics with five judged papers in the half count. The
reviews are those with the most included papers.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from labeler import TopicClassifier
from labeler.learning_curve.measured import MIN_POSITIVES, JudgedTexts, learning_curve
from labeler.learning_curve.projection import Projection
from tests.bench.quality import figures, splits
from tests.bench.quality.cache import code_of, folder
from tests.bench.quality.ledger import Ledger
from tests.bench.quality.ours import background
from tests.paths import ROOT

PAGE = ROOT / "tests/bench/CURVES.md"
SEEDS, UNREAD, ASKED = 5, 600, 2000
CODE = ("labeler/learn", "labeler/features", "labeler/learning_curve/measured.py")
SETS = {"arxiv24": 2400, "reuters90": 3000, "conferences": 2400, "screening-2": 0, "screening-3": 0, "screening-5": 0}
MUST = "Must: the interval holds in 24 of 30, its median width is at most .08, the mean error at most .02."
Rows = npt.NDArray[np.intp]


class Drawn:
    """One order of the papers of a set: those that are judged (``judged``), unread ones, and those that are asked."""

    def __init__(self, name: str, seed: int) -> None:
        self.split, count = split_of(name), SETS[name]
        order = self.split.draw(None, seed)[0]
        self.judged, rest = (order[:count], order[count:]) if count else (order, [])
        halves = np.random.RandomState(seed).permutation(len(self.judged))
        self.half = [self.judged[row] for row in sorted(halves[: len(halves) // 2])]
        self.unread = [self.split.learn[row] for row in (rest[-UNREAD:] if count else [])]
        asked = rest[:ASKED]
        self.asked = [self.split.learn[row] for row in asked] if count else list(self.split.test)
        self.truth = self.split.learn_truth[asked] if count else self.split.test_truth
        self.seed = seed

    def model(self, rows: Sequence[int]) -> TopicClassifier:
        """A model of some of the papers."""
        model = TopicClassifier(
            self.split.mode, definitions=self.split.names or None, background=background(), random_state=self.seed
        )
        columns = self.split.topics if self.split.mode == "multi" else None
        texts = [self.split.learn[row] for row in rows]
        return model.fit(texts, self.split.answers(rows), unlabeled=self.unread, classes=columns)

    def guesses(self, rows: Rows, asked: Rows) -> npt.NDArray[np.bool_]:
        """What a model of papers of the half says of others of it."""
        model = self.model([self.half[row] for row in rows])
        return self.split.guess(model.predict([self.split.learn[self.half[row]] for row in asked]))


@cache
def split_of(name: str) -> splits.Split:
    """The papers of a set; reviews are numbered in the order of their names."""
    kind, _, number = name.partition("-")
    return splits.screening()[int(number)] if kind == "screening" else splits.made(name)


def run(name: str, seed: int) -> dict[str, Any]:
    """The curve of a half, and what comes of all."""
    drawn = Drawn(name, seed)
    truth = drawn.split.learn_truth[drawn.half]
    texts = JudgedTexts([drawn.split.learn[row] for row in drawn.half], drawn.split.topics, truth)
    curve = learning_curve(texts, drawn.guesses)
    columns = (truth == 1).sum(axis=0) >= MIN_POSITIVES
    guess = drawn.split.guess(drawn.model(drawn.judged).predict(drawn.asked))
    once = np.ones((1, len(drawn.asked)))
    came = float(figures.macro_f1(drawn.truth[:, columns], guess[:, columns], once)[0])
    measured = {"half": curve.papers, "sizes": curve.sizes.tolist(), "figures": curve.figures.round(4).tolist()}
    return {"judged": len(drawn.judged), "came": came} | measured


def told(name: str, seed: int, ledger: Ledger) -> dict[str, Any]:
    """The figures of a run; what was run before is read."""
    key = {"data": name, "papers": "", "method": "curve", "code": code_of(*CODE), "count": SETS[name], "seed": seed}
    record = ledger.get(**key)
    if record is None:
        with threadpool_limits(1):
            record = key | run(name, seed)
        ledger.add(record)
        print(f"{name}, draw {seed}: {record['figures'][0]}, then {record['came']:.3f}", file=sys.stderr, flush=True)
    half = np.array(record["sizes"]), np.array(record["figures"]), record["half"]
    said = Projection.of(*half).at(record["judged"])
    return record | {"said": said.value, "low": said.low, "high": said.high}


def table(runs: Sequence[dict[str, Any]]) -> str:
    """A row for each set, and one for all."""
    rows = ["| | judged | came | said | interval holds | median width | mean error |", "|---|---|---|---|---|---|---|"]
    for name in [*SETS, ""]:
        own = [one for one in runs if name in ("", one["data"])]
        holds = sum(one["low"] <= one["came"] <= one["high"] for one in own)
        width = float(np.median([one["high"] - one["low"] for one in own]))
        error = float(np.mean([abs(one["said"] - one["came"]) for one in own]))
        counts = sorted({int(one["judged"]) for one in own})
        judged = f"{counts[0]:,}" if len(counts) == 1 else ""
        came, said = (f"{np.mean([one[key] for one in own]):.3f}" if name else "" for key in ("came", "said"))
        rows.append(
            f"| {name or 'all'} | {judged} | {came} | {said} | {holds} of {len(own)} | {width:.3f} | {error:.3f} |"
        )
    return "\n".join(rows)


def main() -> None:
    """Run what was not run before, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.curves", description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS, help="orders of the judged papers")
    wanted = parser.parse_args()
    ledger = Ledger(folder() / "curves.jsonl")
    runs = [told(name, seed, ledger) for seed in range(wanted.seeds) for name in SETS]
    about = " ".join(str(__doc__).split())
    made = f"Made on {date.today()} with `{' '.join(['python -m tests.bench.curves', *sys.argv[1:]])}`."
    PAGE.write_text(f"# Curves\n\n{about} {MUST}\n\n{table(runs)}\n\n{made}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
