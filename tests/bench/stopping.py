"""`python -m tests.bench.stopping`: whether "you may stop" is true when it is said, and how late it is said.

The curves are those of tests/bench/curves.py: of each set and order of the papers the first half is judged. The rule
looks at them twice, with three and with all four of the sizes measured, as `labeler curve` looks at so many judged
papers. What is true is read off the mean of the curves of a set, in which chance of one order counts little: by how
much 100 more papers raise the macro-F1.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from labeler.flows.curve import SMALL_GAIN
from tests.bench.curves import SETS, Run, run
from tests.paths import ROOT

PAGE = ROOT / "tests/bench/STOPPING.md"
SEEDS, MORE, LOOKS = 7, 100, (3, 4)  # sizes of the curve that are looked at
MUST = "Must: true in 33 of 40."


class Look(NamedTuple):
    """What the rule says of so many judged ``papers``, and whether it is true that they do."""

    papers: int
    stops: bool
    may_stop: bool


def looks(runs: Sequence[Run]) -> list[list[Look]]:
    """The looks of each run of one set."""
    curves = [[run.curve(count) for count in LOOKS] for run in runs]
    sizes = np.mean([run.held_out.sizes for run in runs], axis=0)
    at = np.log(np.append(sizes, runs[0].judged))
    means = np.append(np.mean([one[-1].figures[0] for one in curves], axis=0), np.mean([run.came for run in runs]))
    means = np.maximum.accumulate(means)
    found = []
    for own in curves:
        found.append(list[Look]())
        for curve in own:
            gain = curve.projection().gain(MORE, SMALL_GAIN)
            now, later = np.interp(np.log([curve.papers, curve.papers + MORE]), at, means)
            found[-1].append(Look(curve.papers, gain.is_small, bool(later - now < SMALL_GAIN)))
    return found


def table(by_set: dict[str, list[list[Look]]]) -> str:
    """A row for each set, and one for all."""
    rows = ["| | runs | said to stop | of these true | beyond the right moment | not said, though true |"]
    rows.append("|---|---|---|---|---|---|")
    every = [run for runs in by_set.values() for run in runs]
    for name, runs in [*by_set.items(), ("all", every)]:
        stops = [next((look for look in run if look.stops), None) for run in runs]
        said = [look for look in stops if look is not None]
        late = [
            look.papers - first.papers
            for run, look in zip(runs, stops, strict=True)
            if look is not None and look.may_stop and (first := next(one for one in run if one.may_stop))
        ]
        missed = sum(look is None and run[-1].may_stop for run, look in zip(runs, stops, strict=True))
        beyond = f"{np.mean(late):.0f} labels" if late else "–"
        true = f"{sum(look.may_stop for look in said)} of {len(said)}"
        rows.append(f"| {name} | {len(runs)} | {len(said)} | {true} | {beyond} | {missed} |")
    return "\n".join(rows)


def main() -> None:
    """Run the curves that were not run before, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.stopping", description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS, help="orders of the judged papers")
    seeds = parser.parse_args().seeds
    by_set = {name: looks([run(name, seed) for seed in range(seeds)]) for name in SETS}
    about = " ".join(str(__doc__).split())
    made = f"Made on {date.today()} with `{' '.join(['python -m tests.bench.stopping', *sys.argv[1:]])}`."
    PAGE.write_text(f"# Stopping\n\n{about} {MUST}\n\n{table(by_set)}\n\n{made}\n", encoding="utf-8")
    print(table(by_set))


if __name__ == "__main__":
    main()
