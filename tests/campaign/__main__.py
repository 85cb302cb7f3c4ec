"""Run the campaign: ``python -m tests.campaign --minutes 30``. A trial is a kind and a seed, and can be repeated."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

from tests.campaign.kinds import KINDS, base_workspace
from tests.campaign.trial import FaultError


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
    options = parser.parse_args()
    kinds = [options.only] if options.only else list(KINDS)
    until = time.monotonic() + 60 * options.minutes
    runs: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="campaign-base-") as folder:
        base = base_workspace(Path(folder))
        seed = options.seed
        while time.monotonic() < until:
            for kind in kinds:
                try:
                    runs[kind] += trial(kind, seed, base)
                except FaultError as fault:
                    runs[kind] += 1
                    faults[kind] += 1
                    print(f"--only {kind} --seed {seed} --repeat: {fault}", flush=True)
            seed += 1
            if options.repeat:
                break
    for kind in kinds:
        print(f"{kind}: {runs[kind]} commands, {faults[kind]} faults")
    return min(faults.total(), 100)


if __name__ == "__main__":
    sys.exit(main())
