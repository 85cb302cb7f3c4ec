"""Run the campaign: ``python -m tests.campaign --minutes 30``. A trial is a kind and a seed, and can be repeated."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import count
from pathlib import Path
from random import Random

from tests.campaign.kinds import KINDS, NEEDED, base_workspace
from tests.campaign.trial import FaultError
from tests.paths import ROOT

PAGE = ROOT / "tests/bench/FAULTS.md"
FUZZED = 1 / 3  # of the time
ABOUT = (
    "labeler is killed, doubled, starved of room, given other clocks, odd surroundings and damaged files. Each trial "
    "has a workspace of its own. It harms where a command prints a traceback, hangs or ends with the exit code of a "
    "fault of its own, where a line of the log is torn or missing, or where what the table says does not hold."
)


def trial(kind: str, seed: int, base: Path) -> int:
    """Run one trial in a copy of the base workspace, and return how many commands it ran.

    Raises:
        FaultError: something happened that must not.
    """
    with tempfile.TemporaryDirectory(prefix="campaign-") as folder:
        workspace = shutil.copytree(base, Path(folder) / "workspace")
        return KINDS[kind](workspace, Random(f"{kind} {seed}"))


def main() -> int:
    """Run trials until the time is over, print each fault with how to repeat it, and return how many there were."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--only", choices=KINDS, help="one kind of trial")
    parser.add_argument("--repeat", action="store_true", help="only the trial with this kind and seed")
    parser.add_argument(
        "--write", action="store_true", help=f"write {PAGE.name}, with some of the time for mutated files"
    )
    options = parser.parse_args()
    kinds = [options.only] if options.only else [kind for kind in KINDS if all(map(shutil.which, NEEDED.get(kind, ())))]
    minutes = options.minutes * (1 - FUZZED) if options.write else options.minutes
    until = time.monotonic() + 60 * minutes
    trials, commands, faults = Counter[str](), Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory(prefix="campaign-base-") as folder:
        base = base_workspace(Path(folder))
        for seed in count(options.seed):
            for kind in kinds:
                if time.monotonic() > until and not options.repeat:
                    break
                trials[kind] += 1
                try:
                    commands[kind] += trial(kind, seed, base)
                except FaultError as fault:
                    faults[kind] += 1
                    print(f"--only {kind} --seed {seed} --repeat: {fault}", flush=True)
            if time.monotonic() > until or options.repeat:
                break
    rows = [
        f"| {kind.replace('_', ' ')} | {about(kind)} | {trials[kind]:,} | {commands[kind]:,} | {faults[kind]} |"
        for kind in kinds
    ]
    print(*rows, sep="\n")
    if options.write:
        PAGE.write_text(page(rows, fuzzed(options.minutes * FUZZED)), encoding="utf-8")
    return min(faults.total(), 100)


def about(kind: str) -> str:
    """What a trial of a kind does, in a sentence."""
    return " ".join(str(KINDS[kind].__doc__).split("\n\n")[0].split())


def fuzzed(minutes: float) -> str:
    """What came of reading mutated files, in a line."""
    words = [sys.executable, "-m", "tests.fuzz", "--minutes", str(minutes)]
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    return done.stdout.strip().splitlines()[-1]


def page(rows: Sequence[str], told: str) -> str:
    """The page of faults, as Markdown."""
    head = "| kind | what is done, and what must hold | trials | commands | harmed |\n|---|---|---|---|---|"
    table = "\n".join([head, *rows])
    made = f"Made on {date.today()} with `{' '.join(['python -m tests.campaign', *sys.argv[1:]])}`."
    said = f"Mutated files given to all readers of digests (`python -m tests.fuzz`): {told}."
    return "\n\n".join(("# Faults", ABOUT, table, said, made)) + "\n"


if __name__ == "__main__":
    sys.exit(main())
