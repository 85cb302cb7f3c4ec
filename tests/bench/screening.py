"""`python -m tests.bench.screening`: when rules stop the search for the included papers of a review, and with what.

Nine systematic reviews are read in five orders each. A person has read one included and one excluded paper; a model of
all that was read ranks the others, and a batch of the likeliest is read, at least 20 papers and half as many as
were read, again and again. All rules are asked after each paper of the same order. What is wanted is a recall of .95.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import binom
from threadpoolctl import threadpool_limits

from labeler import TopicClassifier
from labeler.measure.stopping import stopping
from tests.bench.quality import splits
from tests.bench.quality.cache import code_of, folder
from tests.bench.quality.ledger import Ledger, guess_of, packed
from tests.bench.quality.ours import background
from tests.paths import ROOT

PAGE = ROOT / "tests/bench/SCREENING.md"
SEEDS, RECALL, CONFIDENCE = 5, 0.95, 0.95
LEAST, SHARE, UNREAD = 20, 0.5, 300
CODE = ("labeler/learn", "labeler/features")
MUST = "Must: ours reaches .95 in 41 of 45."
Flags = npt.NDArray[np.bool_]
# A rule says after how many papers of an order it stops.
Rule = Callable[[Flags], int]


class End(NamedTuple):
    """Where a rule ended: how many papers were ``read`` of ``papers``, and the ``recall`` of the included ones."""

    papers: int
    read: int
    recall: float


def order(review: int, seed: int) -> Flags:
    """Which papers of a review are included (n_papers,), in the order of reading."""
    split = splits.screening()[review]
    texts = [*split.learn, *split.test]
    included = np.concatenate([split.learn_truth[:, 1], split.test_truth[:, 1]]) == 1
    rng = np.random.RandomState(seed)
    read = [int(rng.permutation(np.flatnonzero(included == answer))[0]) for answer in (True, False)]
    while len(read) < len(texts):
        left = np.setdiff1d(np.arange(len(texts)), read)
        model = TopicClassifier("single", background=background(), random_state=seed)
        answers = ["included" if included[row] else "excluded" for row in read]
        unread = [texts[row] for row in rng.permutation(left)[:UNREAD]]
        model.fit([texts[row] for row in read], answers, unlabeled=unread)
        likely = model.predict_proba([texts[row] for row in left])[:, list(model.classes_).index("included")]
        read += left[np.argsort(-likely, kind="stable")[: max(LEAST, round(SHARE * len(read)))]].tolist()
    return np.asarray(included[read])


def run(review: int, seed: int, ledger: Ledger) -> Flags:
    """An order; what was run before is read."""
    key: dict[str, Any] = {"data": f"screening-{review}", "papers": "", "method": "read", "code": code_of(*CODE)}
    key |= {"count": 0, "seed": seed}
    record = ledger.get(**key)
    if record is None:
        with threadpool_limits(1):
            found = order(review, seed)
        record = key | {"included": packed(found), "shape": list(found.shape)}
        ledger.add(record)
        print(f"review {review}, order {seed}: {found.sum()} of {len(found)}", file=sys.stderr, flush=True)
    return guess_of(record["included"], record["shape"])


def ours(included: Flags) -> int:
    """The rule of labeler: recall .95 with 95 % confidence."""
    return _first(included, lambda read: stopping(included[:read], len(included), RECALL, CONFIDENCE).stop)


def biased(odds: float) -> Rule:
    """The same test, if each included paper is read by so many times the odds of a paper picked at random.

    A ranking that learns reads included papers earlier; by how much, nobody knows beforehand.
    """

    def stop(included: Flags, read: int) -> bool:
        found, left = np.cumsum(np.append(False, included[:read])), len(included) - read
        least = int(np.floor(found[-1] / RECALL + 1e-9)) + 1
        if found[-1] == 0 or least - found[-1] > left:
            return bool(found[-1] > 0)
        since = odds * np.arange(read, 0, -1)  # papers read since each point
        few = binom.cdf(found[-1] - found[:-1], least - found[:-1], since / (since + left))
        return bool(few.min() <= 1 - CONFIDENCE)

    return lambda included: _first(included, lambda read: stop(included, read))


def consecutive(count: int) -> Rule:
    """So many excluded papers one after the other, as users of ASReview set it."""

    def rule(included: Flags) -> int:
        last = np.maximum.accumulate(np.where(included, np.arange(len(included)), -1))
        done = np.arange(len(included)) - last >= count
        return int(done.argmax()) + 1 if done.any() else len(included)

    return rule


def half(included: Flags) -> int:
    """Half of the papers."""
    return (len(included) + 1) // 2


def knee(included: Flags) -> int:
    """The knee of the curve of finds: a slope before it that is steep beside that behind it.

    G. Cormack, M. Grossman, "Engineering quality and reliability in technology-assisted review", 2016, without their
    least number of papers.
    """
    found = np.cumsum(included)

    def stop(read: int) -> bool:
        at = np.arange(1, read)
        if read < 2:
            return False
        far = int(at[np.argmax(found[at - 1] - at * found[read - 1] / read)])
        behind = (1 + found[read - 1] - found[far - 1]) / (read - far)
        return bool(found[far - 1] / far / behind >= 156 - min(int(found[read - 1]), 150))

    return _first(included, stop)


def target(included: Flags, seed: int, count: int = 10) -> End:
    """Ten included papers that are found at random, and read until the order has come by all of them.

    The target method of Cormack and Grossman, 2016. The papers that are read at random count as read.
    """
    random = np.random.RandomState(seed).permutation(len(included))
    enough = int(np.searchsorted(np.cumsum(included[random]), count)) + 1
    sample = random[:enough]
    read = np.zeros(len(included), bool)
    read[: sample[included[sample]].max() + 1] = True
    read[sample] = True
    return End(len(included), int(read.sum()), float(included[read].sum() / included.sum()))


RULES: dict[str, Rule] = {
    "labeler: .95 with 95 % confidence": ours,
    "the same, read by twice the odds": biased(2),
    "the same, read by three times the odds": biased(3),
    "50 excluded in a row": consecutive(50),
    "100 excluded in a row": consecutive(100),
    "200 excluded in a row": consecutive(200),
    "half of the papers": half,
    "knee (Cormack, Grossman)": knee,
}


def ends(orders: Sequence[tuple[int, Flags]]) -> dict[str, list[End]]:
    """Where each rule ends each order (with its seed)."""
    found: dict[str, list[End]] = {}
    for name, rule in RULES.items():
        reads = [rule(included) for _, included in orders]
        found[name] = [
            End(len(included), read, float(included[:read].sum() / included.sum()))
            for read, (_, included) in zip(reads, orders, strict=True)
        ]
    found["target (Cormack, Grossman)"] = [target(included, seed) for seed, included in orders]
    return found


def table(by_rule: dict[str, list[End]]) -> str:
    """A row for each rule."""
    rows = ["| rule | .95 reached | lowest recall | mean recall | share of the papers read |", "|---|---|---|---|---|"]
    for name, found in by_rule.items():
        recalls = [end.recall for end in found]
        reached = sum(recall >= RECALL - 1e-9 for recall in recalls)
        read = np.mean([end.read / end.papers for end in found])
        rows.append(
            f"| {name} | {reached} of {len(found)} | {min(recalls):.3f} | {np.mean(recalls):.3f} | {read:.2f} |"
        )
    return "\n".join(rows)


def _first(included: Flags, stop: Callable[[int], bool]) -> int:
    """After how many papers it is first true, else all."""
    return next((read for read in range(1, len(included)) if stop(read)), len(included))


def main() -> None:
    """Read what was not read before, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.screening", description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS, help="orders of reading")
    seeds = parser.parse_args().seeds
    ledger = Ledger(folder() / "screening.jsonl")
    reviews = range(len(splits.screening()))
    by_rule = ends([(seed, run(review, seed, ledger)) for seed in range(seeds) for review in reviews])
    about = " ".join(str(__doc__).split())
    made = f"Made on {date.today()} with `{' '.join(['python -m tests.bench.screening', *sys.argv[1:]])}`."
    PAGE.write_text(f"# Screening\n\n{about} {MUST}\n\n{table(by_rule)}\n\n{made}\n", encoding="utf-8")
    print(table(by_rule))


if __name__ == "__main__":
    main()
