"""`python -m tests.bench.themes`: fields that come new into a stream of papers, each as one group.

A stream is 2,000 arXiv papers of twelve categories, and among them 100 papers, or 40, of each of three more, which are
of other archives of arXiv than the twelve; 400 others of the twelve were judged. A field is found if a group consists
of its papers by seven tenths or more. The map of fields is made from other papers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from labeler.drift.themes import themes
from labeler.features.background import shipped
from tests.bench.drift import JUDGED, OWN, PAPERS, field_map, own_papers
from tests.bench.quality import splits
from tests.paths import ROOT

PAGE = ROOT / "tests/bench/THEMES.md"
STREAMS, NEW, COUNTS, PURE = 10, 3, (100, 40), 0.7
MUST = "Must: each of three fields is one group of 70 % purity."


class Outcome(NamedTuple):
    """Of a stream: the fields that are one group, those that are several, other groups, the share of papers found."""

    one_group: int
    several: int
    others: int
    recall: float


def outcome(seed: int, count: int) -> Outcome:
    """The groups in a stream with so many papers of each new field."""
    rng, rows = np.random.default_rng(seed), own_papers()
    first = np.array([categories[0] for categories in rows["categories"]])
    frequent = sorted(name for name in set(first.tolist()) if (first == name).sum() >= max(COUNTS))
    archives = rng.permutation(sorted({name.split(".")[0] for name in frequent}))
    new = [str(rng.choice([name for name in frequent if name.split(".")[0] == archive])) for archive in archives[:NEW]]
    own = rng.permutation([name for name in frequent if name.split(".")[0] not in archives[:NEW]])[:OWN]
    order = rng.permutation(np.flatnonzero(np.isin(first, own)))
    chosen = [order[JUDGED : JUDGED + PAPERS - NEW * count]]
    chosen += [rng.permutation(np.flatnonzero(first == name))[:count] for name in new]
    stream = rng.permutation(np.concatenate(chosen))
    texts = splits._texts(rows)
    judged = [texts[row] for row in order[:JUDGED]]
    groups = themes([texts[row] for row in stream], judged, shipped(), field_map())
    return scored([first[stream[list(group.members)]].tolist() for group in groups], new, count)


def scored(groups: Sequence[Sequence[str]], new: Sequence[str], count: int) -> Outcome:
    """What groups, given by the categories of their papers, say of the ``new`` fields of so many papers each."""
    found: dict[str, list[int]] = {}
    others = 0
    for group in groups:
        names, sizes = np.unique(list(group), return_counts=True)
        name, size = str(names[sizes.argmax()]), int(sizes.max())
        if name in new and size >= PURE * len(group):
            found.setdefault(name, []).append(size)
        else:
            others += 1
    single = sum(len(sizes) == 1 for sizes in found.values())
    recall = float(np.mean([sum(sizes) / count for sizes in found.values()])) if found else 0.0
    return Outcome(single, len(found) - single, others, recall)


def table(rows: Sequence[tuple[int, Sequence[Outcome]]]) -> str:
    """A row for each number of papers."""
    lines = ["| papers of a field | one group | several groups | other groups | of its papers in it |"]
    lines.append("|---|---|---|---|---|")
    for count, outcomes in rows:
        one, several, others = (sum(getattr(each, name) for each in outcomes) for name in Outcome._fields[:3])
        recall = np.mean([each.recall for each in outcomes if each.one_group + each.several] or [0.0])
        total = NEW * len(outcomes)
        lines.append(f"| {count} of {PAPERS:,} | {one} of {total} | {several} | {others} | {recall:.0%} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, and write the page."""
    rows = [(count, [outcome(seed, count) for seed in range(STREAMS)]) for count in COUNTS]
    about = " ".join(str(__doc__).split())
    PAGE.write_text(f"# Themes\n\n{about} {MUST}\n\n{table(rows)}\n\nMade on {date.today()}.\n", encoding="utf-8")
    print(table(rows))


if __name__ == "__main__":
    main()
