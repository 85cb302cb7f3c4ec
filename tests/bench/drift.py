"""`python -m tests.bench.drift`: how often a change in a stream of papers is found, and one that is none is told.

A stream is 2,000 arXiv papers of twelve categories in a random order, labelled in runs; 400 others were judged. In one
of each two, from the 1,000th paper on every tenth, by chance, is of a field that comes new: a thirteenth category, or,
in the last rows, medicine (papers of screening reviews) and news (Reuters). The map of fields is made from other papers
than those of the streams.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from labeler.drift.fields import FieldMap, field_counts, read_field_map
from labeler.drift.streams import risen
from labeler.features.background import shipped
from labeler.history import LabellingRun
from labeler.measure.figures import FieldCounts
from models.fields.build import field_map_of
from tests.bench.quality import splits
from tests.bench.quality.cache import code_of, folder
from tests.paths import ROOT

PAGE = ROOT / "tests/bench/DRIFT.md"
STREAMS, PAPERS, CHANGED, SHARE, JUDGED, OWN, WITHIN = 40, 2000, 1000, 0.1, 400, 12, 300
RUNS = (25, 100)  # papers of a run
MUST = "Must: at most 4 false alarms in 40 streams; found within 300 papers in 32 of 40."
Fields = dict[str, float]


class Outcome(NamedTuple):
    """Of a stream: whether it alarms without a change, before the change, and after how many papers (None: never)."""

    false_alarm: bool
    early: bool
    found_after: int | None


def field_map() -> FieldMap:
    """The map of fields that is made from other papers than those of :func:`own_papers`."""
    every = splits._all_arxiv()
    of_map = every[~every["id"].isin(set(own_papers()["id"]))]
    path = folder() / f"fields-{code_of('models/fields/build.py')}.npz"
    if not path.exists():
        categories = [categories[0] for categories in of_map["categories"]]
        path.write_bytes(field_map_of(shipped(), splits._texts(of_map), categories))
    return read_field_map(path.read_bytes())


@cache
def own_papers() -> pd.DataFrame:
    """Two thirds of the arXiv papers before October 2025."""
    rows = splits.arxiv_rows()[0].sort_values("id")
    return rows[np.arange(len(rows)) % 3 != 0]


@cache
def streams() -> tuple[list[Fields], npt.NDArray[np.str_], dict[str, list[Fields]]]:
    """The fields of arXiv papers, their categories, and the fields of papers of other kinds."""
    rows, found = own_papers(), field_map()
    others = {"medicine": splits.screening()[0].learn, "news": splits.r8().learn}
    of_others = {kind: found.fields_of(texts) for kind, texts in others.items()}
    return found.fields_of(splits._texts(rows)), rows["topic"].to_numpy().astype(str), of_others


def drawn(seed: int, kind: str) -> tuple[list[Fields], list[Fields], list[Fields]]:
    """A stream without a change, the same one with a change, and the fields of judged papers."""
    fields, topics, others = streams()
    rng = np.random.default_rng(seed)
    names = rng.permutation(sorted(set(topics.tolist()) & set(splits.NAMES)))
    own = rng.permutation(np.flatnonzero(np.isin(topics, names[:OWN])))
    before = [fields[row] for row in own[JUDGED : JUDGED + PAPERS]]
    new = others[kind] if kind else [fields[row] for row in np.flatnonzero(topics == names[OWN])]
    after = list(before)
    for place in CHANGED + np.flatnonzero(rng.random(PAPERS - CHANGED) < SHARE):
        after[place] = new[rng.integers(len(new))]
    return before, after, [fields[row] for row in own[:JUDGED]]


def alarms(stream: Sequence[Fields], learned: FieldCounts, size: int) -> Iterator[bool]:
    """Whether each run alarms."""
    began, runs = datetime(2026, 1, 1, tzinfo=UTC), list[LabellingRun]()
    for start in range(0, len(stream), size):
        papers = stream[start : start + size]
        at = (began + timedelta(days=len(runs))).isoformat()
        ids = [[f"arxiv:{start + place}"] for place in range(len(papers))]
        runs.append(LabellingRun(at, (f"day-{len(runs)}.txt",), "mine@1", len(papers), ids=ids, fields=papers))
        yield bool(risen(runs, learned))


def outcome(seed: int, size: int, kind: str) -> Outcome:
    """What is told of a stream with and without a change, in runs of so many papers."""
    before, after, judged = drawn(seed, kind)
    counts: dict[str, dict[float, int]] = {}
    for (name, level), count in field_counts(judged).items():
        counts.setdefault(name, {})[level] = count
    learned = FieldCounts(len(judged), counts)
    calm, changed = list(alarms(before, learned, size)), list(alarms(after, learned, size))
    first = CHANGED // size
    found = next((place for place, is_alarm in enumerate(changed[first:], start=1) if is_alarm), None)
    return Outcome(any(calm), any(changed[:first]), found * size if found else None)


def table(rows: Sequence[tuple[str, int, Sequence[Outcome]]]) -> str:
    """A row for each kind of new field and size of runs."""
    lines = ["| new field | papers a run | false alarms | found within 300 | after, median |", "|---|---|---|---|---|"]
    for name, size, outcomes in rows:
        found = [one for one in outcomes if not one.early and (one.found_after or PAPERS) <= WITHIN]
        after = np.median([one.found_after or PAPERS for one in outcomes])
        false = sum(one.false_alarm for one in outcomes)
        lines.append(
            f"| {name} | {size} | {false} of {len(outcomes)} | {len(found)} of {len(outcomes)} | {after:.0f} papers |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.drift", description=__doc__)
    parser.add_argument("--first", type=int, default=1000, help="the first of forty seeds")
    first = parser.parse_args().first
    rows = []
    for kind, name in (("", "a category"), ("medicine", "medicine"), ("news", "news")):
        for size in RUNS:
            rows.append((name, size, [outcome(seed, size, kind) for seed in range(first, first + STREAMS)]))
            print(table(rows[-1:]).splitlines()[-1], flush=True)
    about = " ".join(str(__doc__).split())
    PAGE.write_text(f"# Drift\n\n{about} {MUST}\n\n{table(rows)}\n\nMade on {date.today()}.\n", encoding="utf-8")


if __name__ == "__main__":
    main()
