"""`python -m tests.bench.quality [TABLE…]`: run what was not run before, and print the tables."""

from __future__ import annotations

import argparse
import sys

from tests.bench.quality.cache import folder
from tests.bench.quality.ledger import Ledger
from tests.bench.quality.methods import METHODS
from tests.bench.quality.report import PAGE, about, page
from tests.bench.quality.runs import Bench
from tests.bench.quality.tables import TABLES

QUICK_SEEDS, QUICK_COUNTS = 2, (100, 400, 500, 1000)
QUICK_TABLES = ("arxiv24", "no_unread", "chinese", "r8", "reuters90", "decisions")


def main() -> None:
    """Print tables, or write the page of them."""
    wanted = options()
    if wanted.quick:
        wanted.seeds, wanted.counts, wanted.tables = QUICK_SEEDS, QUICK_COUNTS, wanted.tables or QUICK_TABLES
    bench = Bench(Ledger(folder() / "runs.jsonl"), wanted.development, wanted.seeds, wanted.counts, wanted.methods)
    parts = {name: TABLES[name](bench) for name in wanted.tables or TABLES}
    if wanted.write:
        command = " ".join(["python -m tests.bench.quality", *sys.argv[1:]])
        before = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        PAGE.write_text(page(parts, command, before), encoding="utf-8")
    else:
        print("\n\n".join(f"## {name}\n\n{about(name)}\n\n{table}" for name, table in parts.items()))


def options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.quality", description=__doc__)
    parser.add_argument("tables", nargs="*", metavar="TABLE", help=f"all of these otherwise: {', '.join(TABLES)}")
    parser.add_argument(
        "--write", action="store_true", help="put the tables into tests/bench/QUALITY.md instead of printing them"
    )
    parser.add_argument("--development", action="store_true", help="ask arXiv papers of the learning part")
    parser.add_argument("--seeds", type=int, help="at most so many draws of labels")
    parser.add_argument("--quick", action="store_true", help="a look of ten minutes: two draws, few numbers of labels")
    parser.add_argument("--counts", type=_count, nargs="+", default=(), help="only these numbers of labels, or 'all'")
    parser.add_argument("--methods", choices=METHODS, nargs="+", default=(), help="only these")
    wanted = parser.parse_args()
    if unknown := set(wanted.tables) - set(TABLES):
        parser.error(f"there is no table {min(unknown)!r}; there are {', '.join(TABLES)}")
    return wanted


def _count(text: str) -> int | None:
    return None if text == "all" else int(text)


if __name__ == "__main__":
    main()
