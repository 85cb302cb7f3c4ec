"""Read mutated files: ``python -m tests.fuzz --minutes 60``. A trial is a format and a number, and can be repeated."""

from __future__ import annotations

import argparse
import resource
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from labeler.temporary import temporary_folder
from tests.fuzz.seeds import seeds
from tests.fuzz.trial import FaultError, check, content_of

_MEMORY = 3 << 30  # bytes of addresses: what needs more for a file of some hundred kilobytes is not bounded


def _trials(options: argparse.Namespace, formats: list[str]) -> Iterator[tuple[int, str]]:
    """The trials until the time is over, or of the number that is wanted of each format."""
    until = time.monotonic() + 60 * options.minutes
    for number in count(options.first):
        for name in formats:
            if options.each is None and time.monotonic() > until:
                return
            yield number, name
        if options.each is not None and number + 1 >= options.first + options.each:
            return


def main() -> int:
    """Run trials, print each fault with how to repeat it, and return how many there were."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--each", type=int, help="so many trials of each format instead")
    parser.add_argument("--first", type=int, default=0, help="the first number")
    parser.add_argument("--only", help="one format")
    parser.add_argument("--own", action="store_true", help="without the files of ../shared")
    parser.add_argument("--keep", type=Path, help="a folder for the files of faults")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    known = seeds(not options.own)
    formats = [options.only] if options.only else [name for name in known if known[name]]
    runs, faults, slowest = Counter[str](), Counter[str](), (0.0, "")
    with temporary_folder() as folder:
        for number, format_name in _trials(options, formats):
            content, name, named = content_of(number, format_name, not options.own)
            print(f"{format_name} {number}", file=sys.stderr, end="\r")  # what an end of the process was at
            runs[format_name] += 1
            try:
                slowest = max(slowest, (check(content, folder, name, named), f"{format_name} {number}"))
            except FaultError as error:
                faults[format_name] += 1
                again = f"python -m tests.fuzz --each 1 --only {format_name} --first {number}{' --own' * options.own}"
                cause = traceback.extract_tb(error.__cause__.__traceback__)[-1] if error.__cause__ else ""
                print(f"{name}, --format {named}: {error} {cause}\n  {again}", flush=True)
                if options.keep:
                    options.keep.mkdir(parents=True, exist_ok=True)
                    (options.keep / f"{format_name}-{number}-{name}").write_bytes(content)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{runs.total()} files, {faults.total()} faults; {peak} MB; the slowest took {slowest[0]:.1f} s ({slowest[1]})"
    )
    return min(faults.total(), 100)


if __name__ == "__main__":
    sys.exit(main())
