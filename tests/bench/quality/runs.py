"""One run: a method learns from a draw of a split and is asked its test papers. What was run before is read."""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from tests.bench.quality import splits
from tests.bench.quality.cache import code_of
from tests.bench.quality.days import Arm, simulated
from tests.bench.quality.ledger import Ledger, Record, packed
from tests.bench.quality.methods import METHODS
from tests.bench.quality.picked import LABELS, picked
from tests.bench.quality.splits import Split

SEEDS = 5
PICKS_CODE = ("labeler", *(f"tests/bench/quality/{name}.py" for name in ("picked", "decided", "ours")))
DAYS_CODE = ("labeler", "tests/bench/quality/days.py", "tests/bench/quality/ours.py")


@dataclass(frozen=True)
class Bench:
    """Where runs are kept, and what they are limited to for a quick look: seeds, counts of labels, methods.

    ``development``: the 24 categories are asked inside the learning part, so that the test part stays unseen.
    """

    ledger: Ledger
    development: bool = False
    seeds: int | None = None
    counts: Sequence[int | None] = ()
    methods: Sequence[str] = ()

    def split(self, name: str) -> Split:
        """The papers of a table."""
        return splits.made("development" if self.development and name == "arxiv24" else name)

    def limited(self, counts: Iterable[int | None]) -> list[int | None]:
        """The counts that are wanted (None: all papers)."""
        return [count for count in counts if not self.counts or count in self.counts]

    def taking_part(self, methods: Iterable[str]) -> list[str]:
        """The methods that are wanted and installed."""
        wanted = [name for name in methods if not self.methods or name in self.methods]
        return [name for name in wanted if METHODS[name].missing() is None]

    def runs(self, split: Split, name: str, count: int | None, seeds: int = SEEDS) -> list[Record]:
        """A record for each seed; with no paper or all of them there is nothing to draw, and one seed."""
        seeds = min(seeds, self.seeds or seeds) if count else 1
        return [self.run(split, name, count, seed) for seed in range(seeds)]

    def run(self, split: Split, name: str, count: int | None, seed: int) -> Record:
        """The record of one run: read, or made and kept."""
        method = METHODS[name]
        key: Record = {"data": split.name, "papers": split.papers, "method": name, "code": code_of(*method.code)}
        key |= {"count": count, "seed": seed}
        if (record := self.ledger.get(**key)) is None:
            record = key | _made(split, name, count, seed)
            self.ledger.add(record)
            seconds = record["learned"] + record["asked"]
            print(f"{split.name}: {name}, {counted(count)} labels, seed {seed}: {seconds:.1f} s", file=sys.stderr)
        return record

    def kept_days(self, name: str, arm: Arm, seed: int) -> list[Record]:
        """What came of each day of a simulation: read, or made and kept."""
        key: Record = {"data": "days", "papers": "", "method": name, "code": code_of(*DAYS_CODE)}
        key |= {"count": None, "seed": seed}
        if (record := self.ledger.get(**key)) is None:
            record = key | {"days": simulated(arm, seed)}
            self.ledger.add(record)
        days: list[Record] = record["days"]
        return days

    def kept_picks(self, split: Split, unread: bool, seed: int) -> Record:
        """What came of a model most of whose papers were picked: read, or made and kept."""
        key: Record = {
            "data": split.name,
            "papers": split.papers,
            "method": f"picked-{'unread' if unread else 'alone'}",
        }
        key |= {"code": code_of(*PICKS_CODE), "count": LABELS, "seed": seed}
        if (record := self.ledger.get(**key)) is None:
            record = key | picked(split, seed, unread)
            self.ledger.add(record)
        return record


def counted(count: int | None) -> str:
    """How a number of labels is called."""
    return "all" if count is None else f"{count:,}"


def _made(split: Split, name: str, count: int | None, seed: int) -> Record:
    method = METHODS[name]
    drawn, rest = split.draw(count, seed)
    if method.prepare is not None:
        method.prepare([*split.learn, *split.test, *split.names.values()])
    peer: Any = method.build(split, seed)
    with threadpool_limits(1), _quiet():
        begun = time.perf_counter()
        peer.fit(
            _of(split.learn, drawn),
            split.answers(drawn),
            unread=_of(split.learn, rest) if method.unread else [],
            names=split.names if method.names else None,
        )
        learned = time.perf_counter()
        if split.ranked:
            answer = packed(np.asarray(peer.scores(split.test, split.ranked), dtype=np.float32))
        else:
            answer = packed(split.guess(peer.predict(split.test)))
        asked = time.perf_counter()
        told = peer.told(split) if hasattr(peer, "told") and not split.ranked else {}
    return {"learned": round(learned - begun, 3), "asked": round(asked - learned, 3), "answer": answer, **told}


@contextmanager
def _quiet() -> Iterator[None]:
    """Without two warnings that few labels bring about: topics without a paper, nearly as many topics as papers."""
    with warnings.catch_warnings():
        for message in ("Label .* is present in", "The number of unique classes"):
            warnings.filterwarnings("ignore", message)
        yield


def _of(texts: Sequence[str], rows: Sequence[int]) -> list[str]:
    return [texts[row] for row in rows]
