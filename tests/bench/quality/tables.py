"""The tables, each a function of a :class:`Bench`; running what was not run before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median

import numpy as np

from tests.bench.quality import splits
from tests.bench.quality.compare import EMPTY, Figure, comparison, difference, heading, short, spread
from tests.bench.quality.figures import Floats, average_precision, draws, macro_f1, micro_f1
from tests.bench.quality.ledger import scores_of
from tests.bench.quality.methods import METHODS
from tests.bench.quality.runs import Bench, counted
from tests.bench.quality.splits import Split

SIZES = (0, 25, 100, 250, 500, 1000, 2400, None)
SKEWED = (100, 250, 500, 1000, None)
PEERS = ("defaults", "tuned", "svc", "fasttext", "minilm", "minilm-self")
BOTH: dict[str, Figure] = {"macro-F1": macro_f1, "micro-F1": micro_f1}
CALIBRATED = (("arxiv24", (250, 1000, 2400, None)), ("reuters90", (1000, None)), ("conferences", (None,)))
PROMISED, PROMISE_SEEDS = (("arxiv24", 1000), ("reuters90", 1000)), 10


def arxiv24(bench: Bench) -> str:
    """24 primary categories of arXiv, as many papers of each; whoever can also reads the unread rest of the pool."""
    return comparison(bench, bench.split("arxiv24"), ("labeler", *PEERS), SIZES, {"macro-F1": macro_f1})


def no_unread(bench: Bench) -> str:
    """The same without any unread papers, for those who begin with a few judged ones and nothing else."""
    methods = ("labeler-no-unread", "labeler-plain-no-unread", "tuned", "svc", "minilm", "minilm-names")
    return comparison(bench, bench.split("arxiv24"), methods, (25, 100, 250), {"macro-F1": macro_f1})


def plain(bench: Bench) -> str:
    """The same without names and without self-training: unread papers only tell how words are used."""
    methods = ("labeler-plain", "minilm")
    return comparison(bench, bench.split("arxiv24"), methods, SIZES[2:], {"macro-F1": macro_f1})


def stream(bench: Bench) -> str:
    """The 24 categories in the shares in which they come, learned from early papers and asked of late ones."""
    methods = ("labeler", "tuned", "svc", "minilm", "minilm-self")
    return comparison(bench, bench.split("stream"), methods, (100, 250, 1000, None), BOTH)


def chinese(bench: Bench) -> str:
    """16 primary categories of arXiv, of papers told in Chinese: learned from early papers and asked of late ones. The
    background is the one that ships, which is English and which labeler therefore leaves out.
    """
    methods = ("labeler-shipped", "labeler-shipped-alone", "characters", "characters-svc")
    return comparison(bench, bench.split("chinese"), methods, (0, 25, 100, 250, 1000, None), BOTH)


def r8(bench: Bench) -> str:
    """Reuters R8, one of eight very unequal topics a paper: micro-F1 is the share of papers that are right."""
    return comparison(bench, bench.split("r8"), ("labeler", "tuned"), SKEWED, BOTH)


def reuters90(bench: Bench) -> str:
    """Reuters-21578 (ModApte), any of 90 topics a paper."""
    return comparison(bench, bench.split("reuters90"), ("labeler", "tuned"), SKEWED, BOTH)


def conferences(bench: Bench) -> str:
    """IJCAI and AAAI, learned from 2020-2022 (AAAI names one area of a paper, the others are unknown), asked of
    2023-2024; to the peers, unknown is "no".
    """
    return comparison(bench, bench.split("conferences"), ("labeler", "defaults", "tuned"), (None,), BOTH)


def screening(bench: Bench) -> str:
    """Systematic reviews: of half of the papers some are judged, the other half is put in order."""
    counts, present = bench.limited((100, None)), bench.taking_part(("labeler", "tuned"))
    rows, means = [heading("average precision, labels:", counts)], {}
    found = {
        (split, method, count): _precisions(bench, split, method, count)
        for split in splits.screening() for method in present for count in counts
    }  # fmt: skip
    for split, method in ((split, method) for split in splits.screening() for method in present):
        told = " | ".join(spread(found[split, method, count][:, 0]) for count in counts)
        rows.append(f"| {split.name.removeprefix('screening-')}, {METHODS[method].label} | {told} |")
    for method in present:
        for count in counts:
            reviews = [found[split, method, count].mean(axis=0) for split in splits.screening()]
            means[method, count] = np.mean(reviews, axis=0)
        told = " | ".join(short(means[method, count][0]) for count in counts)
        rows.append(f"| mean of all, {METHODS[method].label} | {told} |")
    if len(present) == 2:
        told = " | ".join(difference(means["labeler", count], means["tuned", count]) for count in counts)
        rows.append(f"| mean of all, difference | {told} |")
    return "\n".join(rows)


def calibration(bench: Bench) -> str:
    """Expected calibration error on the test part, 10 bins of equally many answers: with one topic a paper of the most
    probable one, with several over the pairs of paper and topic with a probability from 0.05 up.
    """
    rows = ["| papers | labels | error |", "|---|---|---|"]
    for name, counts in CALIBRATED if bench.taking_part(("labeler",)) else ():
        for count in bench.limited(counts):
            errors = np.array([run["calibration"] for run in bench.runs(bench.split(name), "labeler", count)])
            rows.append(f"| {name} | {counted(count)} | {spread(errors)} |")
    return "\n".join(rows)


def promise(bench: Bench) -> str:
    """What comes of `decide(precision=…)` on the test part. Kept: of the topics given without a person the promised
    share or more is right, or none was given.
    """
    rows = [
        "| papers | labels | promised | decided alone, mean (least) | right, mean (least) | kept |",
        "|---|---|---|---|---|---|",
    ]
    for name, count in PROMISED if bench.taking_part(("labeler",)) else ():
        if not bench.limited((count,)):
            continue
        runs = bench.runs(bench.split(name), "labeler", count, PROMISE_SEEDS)
        for promised in runs[0]["promises"]:
            told = [run["promises"][promised] for run in runs]
            decided = [one["decided"] / one["papers"] for one in told]
            right = [one["right"] / one["given"] for one in told if one["given"]]
            kept = sum(one["right"] >= float(promised) * one["given"] for one in told)
            cells = [_mean_and_least(decided), _mean_and_least(right), f"{kept} of {len(told)}"]
            rows.append(f"| {name} | {counted(count)} | {promised} | {' | '.join(cells)} |")
    return "\n".join(rows)


def seconds(bench: Bench) -> str:
    """Seconds to learn and then to label the test part, the median over seeds, on one thread. MiniLM's leave out its
    embeddings, which are made once and kept.
    """
    split, counts = bench.split("arxiv24"), bench.limited(SIZES)
    rows = [heading("seconds, labels:", counts)]
    for method in bench.taking_part(("labeler", *PEERS)):
        cells = []
        for count in counts:
            runs = bench.runs(split, method, count) if METHODS[method].can_learn_from(count) else []
            parts = [median(run[part] for run in runs) for part in ("learned", "asked")] if runs else []
            cells.append(" + ".join(f"{part:.1f}" for part in parts) or EMPTY)
        rows.append(f"| {METHODS[method].label} | {' | '.join(cells)} |")
    return "\n".join(rows)


TABLES: dict[str, Callable[[Bench], str]] = {
    table.__name__: table
    for table in (
        arxiv24, no_unread, plain, stream, chinese, r8, reuters90, conferences, screening, calibration, promise,
        seconds,
    )
}  # fmt: skip


def _precisions(bench: Bench, split: Split, method: str, count: int | None) -> Floats:
    """The average precision of each seed and draw (n_seeds, n_draws)."""
    drawn, wanted = draws(len(split.test)), split.test_truth[:, split.topics.index(split.ranked)] == 1
    runs = bench.runs(split, method, count)
    return np.array([average_precision(wanted, scores_of(run["answer"]), drawn) for run in runs])


def _mean_and_least(values: Sequence[float]) -> str:
    return f"{short(float(np.mean(values)))} ({short(min(values))})" if values else EMPTY
